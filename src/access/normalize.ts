import { z } from 'zod';
import { excessOf } from '../core/extent.ts';
import { isDeeperThan, isObject, MAX_DEPTH, parseJson } from '../core/json.ts';
import { isHostMember } from './host-members.ts';

/** The arguments of a call as they are meant, and the names of members that were dropped. */
interface Normalized {
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly dropped: readonly string[];
}

/** Turns the arguments that came into those that are meant. Linear in their size; never throws. */
export type Normalize = (args: Readonly<Record<string, unknown>>) => Normalized;

/** Reads one value. Whatever it does not understand it returns unchanged, so that the schema refuses it. */
type Read = (value: unknown) => unknown;

/** What a reader returns for a value that means that an optional argument was left out. */
const LEFT_OUT = Symbol('left out');

/** JSON inside a string is parsed up to this length in characters; no argument needs more. */
const MAX_JSON_TEXT = 65_536;

/**
 * Makes the normalizer of a tool's arguments from their schema. Models and frameworks send null for what they leave
 * out, numbers and lists as text, and members of their own. Where such a value has one meaning only, it becomes that
 * value; everything else stays, and the schema, which is announced as it is, refuses it.
 * Normalization comes before the decision about a call, so that what is decided, confirmed and recorded is what runs.
 */
export function normalizerOf(schema: z.ZodObject): Normalize {
  const read = members(schema.shape);
  const takesNothing = Object.keys(schema.shape).length === 0;
  return (args) => {
    const dropped = Object.keys(args).filter(
      (name) => !Object.hasOwn(schema.shape, name) && isHostMember(name, takesNothing),
    );
    const own =
      dropped.length === 0
        ? args
        : Object.fromEntries(Object.entries(args).filter(([name]) => !dropped.includes(name)));
    return { arguments: read(own) as Record<string, unknown>, dropped };
  };
}

function readerOf(schema: z.core.$ZodType, name: string): Read {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return optional(schema, name);
  if (schema instanceof z.ZodNumber) return integerFromText;
  if (schema instanceof z.ZodBoolean) return booleanFromText;
  if (schema instanceof z.ZodString) return takesNumbers(schema, name) ? textFromInteger : unchanged;
  if (schema instanceof z.ZodArray) return listOf(schema, name);
  if (schema instanceof z.ZodObject) return objectFromText(members(schema.shape));
  if (schema instanceof z.ZodRecord) return objectFromText(values(readerOf(schema.valueType, name)));
  // A text that the tool parses as JSON. Callers send what is meant by it.
  if (schema instanceof z.ZodPipe && schema.in instanceof z.ZodString) return jsonText;
  return unchanged;
}

const unchanged: Read = (value) => value;

/** Null means "left out", and so does an empty text where no empty text could be meant. */
function optional(schema: z.ZodOptional | z.ZodDefault, name: string): Read {
  const read = readerOf(schema.unwrap(), name);
  const meansSomething = schema.safeParse('').success;
  return (value) => (value === null || (value === '' && !meansSomething) ? LEFT_OUT : read(value));
}

/** Reads the members that a schema lists. Other members stay as they are. */
function members(shape: Readonly<Record<string, z.core.$ZodType>>): Read {
  const readers = new Map(Object.entries(shape).map(([name, schema]) => [name, readerOf(schema, name)]));
  return (value) => mapped(value, (name) => readers.get(name) ?? unchanged);
}

/** Reads all members of an object whose names are the caller's. */
function values(read: Read): Read {
  return (value) => mapped(value, () => read);
}

/** Copies an object only if something in it changes: most arguments are sent as they are meant. */
function mapped(value: unknown, readerFor: (name: string) => Read): unknown {
  if (!isObject(value)) return value;
  let copy: Record<string, unknown> | undefined;
  for (const [name, member] of Object.entries(value)) {
    const meant = readerFor(name)(member);
    if (meant === member) continue;
    copy ??= { ...value };
    if (meant === LEFT_OUT) delete copy[name];
    else copy[name] = meant;
  }
  return copy ?? value;
}

const INTEGER = /^-?(?:0|[1-9]\d{0,15})$/;

const integerFromText: Read = (value) => {
  if (typeof value !== 'string' || !INTEGER.test(value)) return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};

const booleanFromText: Read = (value) => (value === 'true' ? true : value === 'false' ? false : value);

const textFromInteger: Read = (value) => (Number.isSafeInteger(value) ? String(value) : value);

/** Texts that a number is never meant for, although they have no form of their own. */
const NOT_NUMBERS = /(?:ur[il]|secret|confirmation)$/i;

/** Whether a number can be meant: not for ids with a prefix and other texts with a form, which no number has. */
function takesNumbers(schema: z.ZodString, name: string): boolean {
  return !NOT_NUMBERS.test(name) && ['1', '1001'].some((number) => schema.safeParse(number).success);
}

function listOf(schema: z.ZodArray, name: string): Read {
  const read = readerOf(schema.element, name);
  const holdsObjects = schema.element instanceof z.ZodObject;
  return (value) => {
    const parsed = fromText(value, Array.isArray);
    if (Array.isArray(parsed)) return parsed.some((item) => read(item) !== item) ? parsed.map(read) : parsed;
    const one = holdsObjects ? fromText(parsed, isObject) : parsed;
    return holdsObjects && isObject(one) ? [read(one)] : value;
  };
}

function objectFromText(read: Read): Read {
  return (value) => read(fromText(value, isObject));
}

/** The value that a text holds as JSON, if it is of the kind that is wanted. */
function fromText(value: unknown, isWanted: (parsed: unknown) => boolean): unknown {
  if (typeof value !== 'string' || value.length > MAX_JSON_TEXT || excessOf(value) !== undefined) return value;
  const parsed = parseJson(value);
  return isWanted(parsed) && !isDeeperThan(parsed, MAX_DEPTH) ? parsed : value;
}

/**
 * What the whole of the arguments means: programs send null or an empty text for an empty object, and an object as the
 * text that a model wrote.
 */
export function wholeArguments(sent: unknown): unknown {
  return sent === undefined || sent === null || sent === '' ? {} : fromText(sent, isObject);
}

const jsonText: Read = (value) => (isObject(value) ? written(value) : value);

/** A value as JSON text, in which a number that was too large for JavaScript stays one, so that it can be refused. */
function written(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) return value < 0 ? '-1e999' : '1e999';
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}:${written(member)}`)
    .join(',')}}`;
}
