import { z } from 'zod';
import { isObject } from './json.ts';
import { Word } from './word.ts';

/** Removes what is not set from a value. */
type Strip = (value: unknown) => unknown;

/** How the API's enums say that nothing was chosen. */
const UNSPECIFIED = /^(?:[A-Z][A-Z0-9]*_)*UNSPECIFIED$/;

/** Empty, it says that this was the last page: programs read on until it is. */
const LAST_PAGE = 'next_page_token';

const strips = new WeakMap<z.ZodObject, Strip>();

/**
 * Leaves out what the API's JSON holds for what is not set: null, empty texts and the first words of enums. Only members
 * that a schema describes, and that may be missing, are left out; objects of any form stay as they are.
 */
export function withoutUnset<Data>(schema: z.ZodObject, data: Data): Data {
  const strip = strips.get(schema) ?? stripOf(schema) ?? unchanged;
  strips.set(schema, strip);
  return strip(data) as Data;
}

const unchanged: Strip = (value) => value;

/** `undefined` for schemas of values that stay as they are. */
function stripOf(schema: z.core.$ZodType): Strip | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return stripOf(schema.unwrap());
  if (schema instanceof z.ZodArray) return stripOfEntries(schema);
  return schema instanceof z.ZodObject ? stripOfMembers(schema) : undefined;
}

function stripOfEntries({ element }: z.ZodArray): Strip | undefined {
  if (isTextual(element)) {
    return (entries) => (Array.isArray(entries) ? entries.filter((entry) => !isUnspecified(entry)) : entries);
  }
  const strip = stripOf(element);
  return strip && ((entries) => (Array.isArray(entries) ? stripped(entries, strip) : entries));
}

/** The entries without what is not set in them; the same list if that is nothing, as mostly. */
function stripped(entries: readonly unknown[], strip: Strip): readonly unknown[] {
  const left = entries.map(strip);
  return left.every((entry, i) => entry === entries[i]) ? entries : left;
}

function stripOfMembers({ shape }: z.ZodObject): Strip {
  const members = new Map(
    Object.entries(shape).map(([name, schema]) => [name, { strip: stripOf(schema), isUnset: unsetOf(schema, name) }]),
  );
  return (value) => (isObject(value) ? strippedObject(value, members) : value);
}

/** How members are stripped, by their names. */
interface Member {
  readonly strip: Strip | undefined;
  readonly isUnset: ((value: unknown) => boolean) | undefined;
}

/** The object without what is not set in it; the same object if that is nothing. */
function strippedObject(object: Record<string, unknown>, members: ReadonlyMap<string, Member>): unknown {
  const names = Object.keys(object);
  let left: [name: string, member: unknown][] | undefined;
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const member = object[name];
    const { strip, isUnset } = members.get(name) ?? KEPT;
    const isLeftOut = isUnset?.(member) === true;
    const inner = strip === undefined ? member : strip(member);
    if (isLeftOut || inner !== member) left ??= names.slice(0, i).map((before) => [before, object[before]]);
    if (!isLeftOut) left?.push([name, inner]);
  }
  return left === undefined ? object : Object.fromEntries(left);
}

/** A member that no schema describes. */
const KEPT: Member = { strip: undefined, isUnset: undefined };

/** What means "not set" for a member with that schema; `undefined` for one that is never left out. */
function unsetOf(schema: z.core.$ZodType, name: string): ((value: unknown) => boolean) | undefined {
  if (!(schema instanceof z.ZodOptional)) return undefined;
  const inner = schema.unwrap();
  const isNullable = inner instanceof z.ZodNullable;
  const isText = isTextual(isNullable ? inner.unwrap() : inner) && name !== LAST_PAGE;
  return (value) =>
    value === undefined || (isNullable && value === null) || (isText && (value === '' || isUnspecified(value)));
}

function isTextual(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodString || schema === Word;
}

function isUnspecified(value: unknown): boolean {
  return typeof value === 'string' && value.endsWith('UNSPECIFIED') && UNSPECIFIED.test(value);
}
