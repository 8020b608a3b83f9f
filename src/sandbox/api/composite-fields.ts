import type { Violation } from './api-error.ts';
import { type Field, malformed } from './message.ts';

/** A boolean; unset reads as false. */
export function flag(): Field<boolean> {
  const optional = optionalFlag();
  return {
    fromJson: (value, path) => optional.fromJson(value, path) ?? false,
    fromText: (value, path) => optional.fromText(value, path) ?? false,
    check: () => [],
  };
}

/** A boolean that the API declares optional or wraps: unset differs from false. */
export function optionalFlag(): Field<boolean | undefined> {
  return {
    fromJson(value, path) {
      if (value === undefined || value === null) return undefined;
      if (typeof value !== 'boolean') throw malformed(path, 'a boolean', value);
      return value;
    },
    fromText(value, path) {
      if (value !== 'true' && value !== 'false') throw malformed(path, 'a boolean', value);
      return value === 'true';
    },
    check: () => [],
  };
}

/** A 64-bit integer, which JSON carries as a string; numbers are accepted too. Unset reads as `undefined`. */
export function optionalInteger(
  rules: { readonly min?: number; readonly max?: number } = {},
): Field<string | undefined> {
  const fromText = (value: string, path: string): string => {
    if (!/^-?\d{1,19}$/.test(value)) throw malformed(path, 'an integer', value);
    return String(BigInt(value));
  };
  return {
    fromJson: (value, path) => (value === undefined || value === null ? undefined : fromText(String(value), path)),
    fromText,
    check(value, field) {
      if (value === undefined) return [];
      const violations: Violation[] = [];
      const report = (constraint: string, description: string) => violations.push({ field, description, constraint });
      if (rules.min !== undefined && Number(value) < rules.min) {
        report('int64.gte', `value must be greater than or equal to ${rules.min}`);
      }
      if (rules.max !== undefined && Number(value) > rules.max) {
        report('int64.lte', `value must be less than or equal to ${rules.max}`);
      }
      return violations;
    },
  };
}

/** A repeated field: a JSON array, or a query parameter that may stand several times. Unset reads as empty. */
export function list<T>(
  item: Field<T>,
  rules: { readonly minItems?: number; readonly maxItems?: number } = {},
): Field<readonly T[]> {
  return {
    fromJson(value, path) {
      if (value === undefined || value === null) return [];
      if (!Array.isArray(value)) throw malformed(path, 'an array', value);
      return value.map((entry, i) => item.fromJson(entry, `${path}[${i}]`));
    },
    fromText: (value, path) => [item.fromText(value, path)],
    fromTexts: (values, path) => values.map((value) => item.fromText(value, path)),
    check(value, path) {
      const violations = value.flatMap((entry, i) => item.check(entry, `${path}[${i}]`));
      const report = (constraint: string, description: string) =>
        violations.unshift({ field: path, description, constraint });
      if (rules.minItems !== undefined && value.length < rules.minItems) {
        report('repeated.min_items', `value must contain at least ${rules.minItems} item(s)`);
      }
      if (rules.maxItems !== undefined && value.length > rules.maxItems) {
        report('repeated.max_items', `value must contain no more than ${rules.maxItems} item(s)`);
      }
      return violations;
    },
  };
}

/** A repeated field that the API can tell apart from an unset one, because a field mask names it. */
export function optionalList<T>(
  item: Field<T>,
  rules: { readonly maxItems?: number } = {},
): Field<readonly T[] | undefined> {
  const whole = list(item, rules);
  return {
    fromJson: (value, path) => (value === undefined || value === null ? undefined : whole.fromJson(value, path)),
    fromText: whole.fromText,
    check: (value, path) => (value === undefined ? [] : whole.check(value, path)),
  };
}

/** `google.protobuf.Struct`: any JSON object. Unset reads as `undefined`. */
export function struct(): Field<Readonly<Record<string, unknown>> | undefined> {
  return {
    fromJson(value, path) {
      if (value === undefined || value === null) return undefined;
      if (typeof value !== 'object' || Array.isArray(value)) throw malformed(path, 'an object', value);
      return value as Readonly<Record<string, unknown>>;
    },
    fromText(value, path) {
      throw malformed(path, 'an object', value);
    },
    check: () => [],
  };
}
