import { optionalText } from './fields.ts';
import { type Field, malformed } from './message.ts';

const CONNECTOR = /^[a-zA-Z0-9_: -]*$/;

/** The name of a connection, wherever a request names one. */
export function connectorName(): Field<string | undefined> {
  return optionalText({ maxLen: 400, pattern: CONNECTOR });
}

/** A member of a `filter` in the query: it arrives as text, whatever its type. */
export function asText<T>(field: Field<T>): Field<T> {
  return {
    ...field,
    fromJson: (value, path) => (typeof value === 'string' ? field.fromText(value, path) : field.fromJson(value, path)),
  };
}

/** `google.protobuf.Duration`, such as `"3600s"`, in seconds. Unset reads as `undefined`. */
export function optionalDuration(rules: { readonly min: number; readonly max: number }): Field<number | undefined> {
  const fromText = (value: string, path: string): number => {
    if (!/^-?\d+(?:\.\d{1,9})?s$/.test(value)) throw malformed(path, 'a duration such as "3600s"', value);
    return Number.parseFloat(value);
  };
  return {
    fromJson(value, path) {
      if (value === undefined || value === null) return undefined;
      if (typeof value !== 'string') throw malformed(path, 'a duration such as "3600s"', value);
      return fromText(value, path);
    },
    fromText,
    check(value, field) {
      if (value === undefined || (value >= rules.min && value <= rules.max)) return [];
      const description = `value must be between ${rules.min}s and ${rules.max}s`;
      return [{ field, description, constraint: 'duration.gte_lte' }];
    },
  };
}
