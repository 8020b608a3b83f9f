import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { behaviorsOf } from '../../src/sandbox/contract/extensions.ts';

/** Requests are held to strict spelling; answers to what the gateway writes. */
export type Direction = 'request' | 'answer';

type JsonObject = Readonly<Record<string, unknown>>;

const REQUIRED = 2;
const OUTPUT_ONLY = 3;

const LONG: readonly (ScalarType | undefined)[] = [ScalarType.INT64, ScalarType.UINT64];
const SHORT: readonly (ScalarType | undefined)[] = [ScalarType.INT32, ScalarType.UINT32, ScalarType.DOUBLE];

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands where a field should, cut short. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? 'nothing';
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}

/**
 * What protojson forgives in a message and the API never does itself: other names, null, enums by number, numbers as
 * text. Values of a wrong type are left to the reader, which refuses them.
 */
export function spellingProblems(value: unknown, desc: DescMessage, direction: Direction, path = ''): string[] {
  if (!isObject(value) || desc.typeName.startsWith('google.protobuf.')) return [];
  const prefix = path === '' ? '' : `${path}.`;
  return Object.entries(value).flatMap(([name, entry]) => {
    const field = desc.fields.find((candidate) => candidate.name === name);
    return field === undefined
      ? [unknownField(prefix, name, desc)]
      : fieldProblems(entry, field, direction, prefix + name);
  });
}

/** The complaint about a field that a message does not have, with the name that was probably meant. */
export function unknownField(prefix: string, name: string, { typeName, fields }: DescMessage): string {
  const meant = fields.find(({ jsonName }) => jsonName === name);
  const hint = meant === undefined ? '' : `; it is spelled ${meant.name}`;
  return `${prefix}${name}: is not a field of ${typeName}${hint}`;
}

/** Paths of the fields that a message is documented to need (google.api.field_behavior) and does not have. */
export function unsetRequired(value: unknown, desc: DescMessage, path = ''): string[] {
  if (!isObject(value)) return [];
  const prefix = path === '' ? '' : `${path}.`;
  return desc.fields.flatMap((field) => {
    const entry = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
    if (behaviorsOf(field).includes(REQUIRED) && (entry === undefined || entry === '')) return [prefix + field.name];
    if (field.message === undefined || entry === undefined) return [];
    const { message } = field;
    return members(entry, field, prefix + field.name).flatMap((one) => unsetRequired(one.value, message, one.path));
  });
}

function fieldProblems(value: unknown, field: DescField, direction: Direction, path: string): string[] {
  if (direction === 'request' && behaviorsOf(field).includes(OUTPUT_ONLY)) return [`${path}: only the API sets it`];
  // The API writes null for messages that are not set; a request leaves them out.
  const nullable = direction === 'answer' && field.fieldKind === 'message';
  if (value === null) return nullable ? [] : [`${path}: must not be null`];
  return members(value, field, path).flatMap((one) => {
    const expected = one.value === null ? undefined : misspelled(one.value, field, direction);
    if (expected !== undefined) return [`${one.path}: expected ${expected}, got ${shown(one.value)}`];
    return field.message === undefined ? [] : spellingProblems(one.value, field.message, direction, one.path);
  });
}

/** What a value of that JSON type should have been, in words; `undefined` when it may be of that type. */
function misspelled(value: unknown, field: DescField, direction: Direction): string | undefined {
  if (field.enum !== undefined) {
    return typeof value === 'number' ? `one of ${field.enum.values.map(({ name }) => name).join(', ')}` : undefined;
  }
  const scalar = field.scalar ?? (field.message && wrapped(field.message));
  if (LONG.includes(scalar) && direction === 'answer') {
    return typeof value === 'number' ? 'a string of digits' : undefined;
  }
  return SHORT.includes(scalar) && typeof value === 'string' && /\d/.test(value) ? 'a number' : undefined;
}

function wrapped({ typeName, fields }: DescMessage): ScalarType | undefined {
  return /^google\.protobuf\.\w+Value$/.test(typeName) ? fields[0]?.scalar : undefined;
}

/** The values of a list or map with where they are; the value itself for others. */
function members(value: unknown, { fieldKind }: DescField, path: string) {
  if (fieldKind === 'list' && Array.isArray(value)) {
    return value.map((item: unknown, i) => ({ value: item, path: `${path}[${i}]` }));
  }
  if (fieldKind === 'map' && isObject(value)) {
    return Object.entries(value).map(([key, entry]) => ({ value: entry, path: `${path}[${JSON.stringify(key)}]` }));
  }
  return [{ value, path }];
}
