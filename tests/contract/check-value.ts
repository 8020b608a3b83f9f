import type { Direction, Google, Scalar, Type } from './model.ts';

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
const DURATION = /^-?\d+(?:\.\d{1,9})?s$/;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const FIELD_MASK = /^(?:[A-Za-z][\w.]*(?:,[A-Za-z][\w.]*)*)?$/;

const INTEGERS = {
  int32: { min: -(2n ** 31n), max: 2n ** 31n - 1n },
  uint32: { min: 0n, max: 2n ** 32n - 1n },
  int64: { min: -(2n ** 63n), max: 2n ** 63n - 1n },
  uint64: { min: 0n, max: 2n ** 64n - 1n },
} as const;

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What a JSON value should have been to be of a type, in words; `undefined` when it is of that type. Messages are
 * only looked at from outside.
 */
export function mismatch(value: unknown, type: Type, direction: Direction): string | undefined {
  switch (type.kind) {
    case 'scalar':
      return scalarMismatch(value, type.scalar, direction);
    case 'enum':
      return typeof value === 'string' && type.values.has(value) ? undefined : `one of ${names(type.values)}`;
    case 'google':
      return googleMismatch(value, type.google);
    case 'message':
      return isObject(value) ? undefined : 'an object';
  }
}

/** What stands where a field should, cut short. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? 'nothing';
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}

function scalarMismatch(value: unknown, scalar: Scalar, direction: Direction): string | undefined {
  switch (scalar) {
    case 'string':
      return typeof value === 'string' ? undefined : 'a string';
    case 'bytes':
      return matches(value, BASE64) ? undefined : 'a string in base64';
    case 'bool':
      return typeof value === 'boolean' ? undefined : 'a boolean';
    case 'double':
      return isDouble(value) ? undefined : 'a number';
    case 'int32':
    case 'uint32':
      return Number.isInteger(value) && inRange(BigInt(value as number), scalar) ? undefined : `a number (${scalar})`;
    case 'int64':
    case 'uint64':
      return longMismatch(value, scalar, direction);
  }
}

/** JSON numbers lose the last digits of 64-bit integers, so the API writes them as strings. It reads both. */
function longMismatch(value: unknown, scalar: 'int64' | 'uint64', direction: Direction): string | undefined {
  if (matches(value, /^-?\d+$/) && inRange(BigInt(value), scalar)) return undefined;
  if (direction === 'answer') return `a string of digits (${scalar})`;
  return Number.isSafeInteger(value) && inRange(BigInt(value as number), scalar) ? undefined : `an integer (${scalar})`;
}

function googleMismatch(value: unknown, google: Google): string | undefined {
  switch (google) {
    case 'Timestamp':
      return matches(value, RFC3339) && !Number.isNaN(Date.parse(value)) ? undefined : 'a timestamp (RFC 3339)';
    case 'Duration':
      return matches(value, DURATION) ? undefined : 'a duration such as "3600s"';
    case 'FieldMask':
      return matches(value, FIELD_MASK) ? undefined : 'field names separated by commas';
    case 'Struct':
      return isObject(value) ? undefined : 'an object';
    case 'ListValue':
      return Array.isArray(value) ? undefined : 'an array';
    case 'Value':
      return value === undefined ? 'a JSON value' : undefined;
  }
}

function isDouble(value: unknown): boolean {
  return typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity';
}

function inRange(value: bigint, scalar: keyof typeof INTEGERS): boolean {
  return value >= INTEGERS[scalar].min && value <= INTEGERS[scalar].max;
}

function matches(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}

function names(values: ReadonlyMap<string, number>): string {
  return [...values.keys()].join(', ');
}
