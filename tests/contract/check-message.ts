import { brokenByOne, brokenByText, brokenRules } from './check-rules.ts';
import { isObject, type JsonObject, mismatch, shown } from './check-value.ts';
import type { Direction, Field, Message, Type } from './model.ts';

/**
 * What is wrong with a JSON object as a message: names, types and, in requests, the rules. Problems name fields by
 * their proto path, such as `organization.metadata["team"]`.
 */
export function messageProblems(value: unknown, message: Message, direction: Direction, path = ''): string[] {
  if (!isObject(value)) return [`${path || 'the body'}: expected an object, got ${shown(value)}`];
  const prefix = path === '' ? '' : `${path}.`;
  const sent = Object.entries(value).flatMap(([name, entry]) => {
    const field = message.fields.get(name);
    return field === undefined
      ? [unknownField(prefix, name, message)]
      : fieldProblems(entry, field, direction, prefix + name);
  });
  const problems = [...sent, ...oneofProblems(value, message, prefix)];
  return direction === 'request' ? [...problems, ...unsetProblems(value, message, prefix)] : problems;
}

/** The complaint about a field that a message does not have, with the name that was probably meant. */
export function unknownField(prefix: string, name: string, { name: type, fields }: Message): string {
  const meant = [...fields.values()].find(({ jsonName }) => jsonName === name);
  const hint = meant === undefined ? '' : `; it is spelled ${meant.name}`;
  return `${prefix}${name}: is not a field of ${type}${hint}`;
}

function oneofProblems(value: JsonObject, { fields }: Message, prefix: string): string[] {
  const set = [...fields.values()].filter(({ name }) => Object.hasOwn(value, name) && value[name] !== null);
  const groups = new Set(set.flatMap(({ oneof }) => oneof ?? []));
  return [...groups].flatMap((group) => {
    const members = set.filter(({ oneof }) => oneof === group).map(({ name }) => prefix + name);
    return members.length > 1 ? [`${members.join(' and ')} exclude each other`] : [];
  });
}

function fieldProblems(value: unknown, field: Field, direction: Direction, path: string): string[] {
  if (direction === 'request' && field.outputOnly) return [`${path}: only the API sets it`];
  const { type, shape } = field;
  if (value === null) return nullIsFine(field, direction) ? [] : [`${path}: must not be null`];
  if (shape === 'list' && !Array.isArray(value)) return [`${path}: expected an array, got ${shown(value)}`];
  if (shape === 'map' && !isObject(value)) return [`${path}: expected an object, got ${shown(value)}`];
  const wrong = entries(value, field, path).flatMap((entry) => typeProblems(entry.value, type, direction, entry.path));
  if (direction === 'answer' || wrong.length > 0) return wrong;
  return ruleProblems(value, field, path);
}

/** The API writes null for messages that are not set; a request leaves them out. */
function nullIsFine({ shape, type }: Field, direction: Direction): boolean {
  if (shape !== 'one') return false;
  if (type.kind === 'scalar') return type.nullable;
  if (type.kind === 'enum') return false;
  return direction === 'answer' || (type.kind === 'google' && type.google === 'Value');
}

function typeProblems(value: unknown, type: Type, direction: Direction, path: string): string[] {
  const expected = mismatch(value, type, direction);
  if (expected !== undefined) return [`${path}: expected ${expected}, got ${shown(value)}`];
  return type.kind === 'message' ? messageProblems(value, type.message, direction, path) : [];
}

function ruleProblems(value: unknown, field: Field, path: string): string[] {
  if (field.required && isZero(value, field)) return [`${path}: is required`];
  const { rules, type, shape } = field;
  const own = brokenRules(value, field).map((reason) => `${path}: ${reason}`);
  if (shape === 'one') return own;
  const ofEntries = entries(value, field, path).flatMap(({ key, value: entry, path: at }) => [
    ...(rules.keys === undefined ? [] : brokenByText(key, rules.keys).map((reason) => `${at}: its key ${reason}`)),
    ...brokenByOne(entry, rules.items ?? rules.values ?? {}, type).map((reason) => `${at}: ${reason}`),
  ]);
  return [...own, ...ofEntries];
}

/** What a request breaks by leaving fields out: where unset is the same as zero, the rules hold for zero. */
function unsetProblems(value: JsonObject, { fields }: Message, prefix: string): string[] {
  const unset = [...fields.values()].filter(({ name, outputOnly }) => !(Object.hasOwn(value, name) || outputOnly));
  return unset.flatMap((field) => {
    if (field.required) return [`${prefix}${field.name}: is required`];
    if (field.presence) return [];
    return brokenRules(zero(field), field).map((reason) => `${prefix}${field.name}: is not set and ${reason}`);
  });
}

/** A required number or boolean may well be 0 or false. */
function isZero(value: unknown, field: Field): boolean {
  if (field.presence) return false;
  if (field.shape !== 'one') return Object.keys(value as object).length === 0;
  return typeof value === 'string' && value === zero(field);
}

function zero({ shape, type }: Field): unknown {
  if (shape === 'list') return [];
  if (shape === 'map') return {};
  if (type.kind === 'enum') return [...type.values].find(([, number]) => number === 0)?.[0];
  if (type.kind !== 'scalar') return null;
  if (type.scalar === 'bool') return false;
  return type.scalar === 'string' || type.scalar === 'bytes' ? '' : 0;
}

interface Entry {
  readonly key: string;
  readonly value: unknown;
  readonly path: string;
}

/** The values of a list or map with where they are; the value itself for others. */
function entries(value: unknown, { shape }: Field, path: string): Entry[] {
  if (shape === 'one') return [{ key: '', value, path }];
  const label = (key: string) => (shape === 'list' ? key : JSON.stringify(key));
  return Object.entries(value as object).map(([key, entry]) => ({ key, value: entry, path: `${path}[${label(key)}]` }));
}
