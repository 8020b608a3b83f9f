import { ApiError, type Violation } from './api-error.ts';

/**
 * A field of a request message: how it is read, as the gateway reads it, and which rules the API has for it.
 * Reading throws `ApiError`; breaking a rule yields violations, so that all of them can be reported at once.
 */
export interface Field<T> {
  /** Reads a JSON value; null and undefined mean unset. */
  fromJson(value: unknown, path: string): T;
  /** Reads a query parameter or path segment. */
  fromText(value: string, path: string): T;
  /** Reads a query parameter that stands several times; fields without it refuse that. */
  fromTexts?(values: readonly string[], path: string): T;
  check(value: T, path: string): readonly Violation[];
}

/** The fields of a message by their proto names. */
export type Shape = Readonly<Record<string, Field<unknown>>>;

type FieldType<F> = F extends Field<infer T> ? T : never;

/** What a message of that shape reads as. */
export type Decoded<S extends Shape> = { readonly [Name in keyof S]: FieldType<S[Name]> };

/** A message as a field of another one. Unset reads as `undefined`, which a required one reports as a violation. */
export function message<const S extends Shape>(shape: S, rules: { readonly required: true }): Field<Decoded<S>>;
export function message<const S extends Shape>(shape: S): Field<Decoded<S> | undefined>;
export function message<const S extends Shape>(
  shape: S,
  rules?: { readonly required: true },
): Field<Decoded<S> | undefined> {
  return {
    fromJson(value, path) {
      if (value === undefined || value === null) return undefined;
      if (typeof value !== 'object' || Array.isArray(value)) throw malformed(path, 'an object', value);
      return decodeJson(shape, value as Record<string, unknown>, `${path}.`);
    },
    fromText(value, path) {
      throw malformed(path, 'an object', value);
    },
    check(value, path) {
      if (value !== undefined) return checkMessage(shape, value, `${path}.`);
      return rules?.required ? [{ field: path, description: 'value is required', constraint: 'required' }] : [];
    },
  };
}

/**
 * Reads the fields of a message from a JSON object. Names may be in proto form or in camelCase; unknown ones are
 * ignored, as protojson does when it is told to discard them.
 */
function decodeJson<S extends Shape>(shape: S, source: Readonly<Record<string, unknown>>, prefix = ''): Decoded<S> {
  return mapShape(shape, (field, name) => field.fromJson(source[name] ?? source[toCamelCase(name)], prefix + name));
}

/** Finds every rule that a decoded message breaks. */
export function checkMessage<S extends Shape>(shape: S, value: Decoded<S>, prefix = ''): Violation[] {
  return Object.entries(shape).flatMap(([name, field]) => field.check(value[name], prefix + name));
}

/** Reads a message field by field. */
export function mapShape<S extends Shape>(
  shape: S,
  read: (field: Field<unknown>, name: string) => unknown,
): Decoded<S> {
  return Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, read(field, name)])) as Decoded<S>;
}

/** The refusal of a value that cannot be read as its field's type at all. */
export function malformed(path: string, expected: string, value: unknown): ApiError {
  const message = `proto: invalid value for field ${path}: expected ${expected}, got ${describe(value)}`;
  return new ApiError('INVALID_ARGUMENT', message);
}

/** Values that hold others are named only: writing them out can fail, since they may be nested without limit. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return JSON.stringify(value)?.slice(0, 60) ?? 'nothing';
}

export function toCamelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
