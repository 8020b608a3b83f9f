import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../core/json.ts';
import { json } from './formats/json.ts';
import type { Path } from './formats/text-format.ts';
import { toml } from './formats/toml.ts';
import { UnreadableFile } from './formats/unreadable.ts';
import { yaml } from './formats/yaml.ts';
import type { Json, Setup } from './setup.ts';

const FORMATS = { json, toml, yaml } as const;

/** Of which format a file is, and which members of it lead to its servers. */
export type Form = Pick<Setup, 'format' | 'member'>;

/**
 * The servers in a file of a client, by name.
 * @param text of the file; empty when there is none
 * @throws UnreadableFile when it is not of its format, or holds something else where the servers are
 */
export function entriesIn(text: string, { format, member }: Form): ReadonlyMap<string, Json> {
  const path = pathOf(member);
  const entries = membersAt(FORMATS[format].read(text, path), path);
  return new Map(Object.entries(entries).map(([name, entry]) => [name, isObject(entry) ? entry : {}]));
}

/**
 * The file with an entry, in the place of one that has the name already. All else stays as it is, to the byte where the
 * format allows.
 * @returns undefined when that cannot be had: people then paste the lines
 * @throws UnreadableFile as `entriesIn` does
 */
export function withEntry(text: string, { format, member }: Form, name: string, entry: Json): string | undefined {
  const path = pathOf(member);
  const before = FORMATS[format].read(text, path);
  const wanted = withMembers(before, path, { ...membersAt(before, path), [name]: entry });
  return onlyIf(wanted, FORMATS[format].add(text, path, name, entry), format, path);
}

/**
 * The file without an entry; all else stays as it is.
 * @returns undefined when that cannot be had
 * @throws UnreadableFile as `entriesIn` does
 */
export function withoutEntry(text: string, { format, member }: Form, name: string): string | undefined {
  const path = pathOf(member);
  const before = FORMATS[format].read(text, path);
  const { [name]: removed, ...others } = membersAt(before, path);
  if (removed === undefined) return text;
  const after = FORMATS[format].remove(text, path, name);
  // A table of TOML without entries is not there.
  const without = Object.fromEntries(Object.entries(before).filter(([key]) => key !== path[0]));
  return (
    onlyIf(withMembers(before, path, others), after, format, path) ??
    (isEmpty(others) ? onlyIf(without, after, format, path) : undefined)
  );
}

/** The names of members that lead to the servers, from the top of a file. */
export function pathOf(member: Form['member']): Path {
  return typeof member === 'string' ? [member] : member;
}

/** What is at the end of a path; nothing where the path is not there. */
function membersAt(whole: Json, path: readonly string[]): Json {
  let at = whole;
  for (const name of path) {
    const below = (Object.hasOwn(at, name) ? at[name] : undefined) ?? {};
    if (!isObject(below)) throw new UnreadableFile(`\`${name}\` holds something other than entries by name`);
    at = below;
  }
  return at;
}

/** The same with other members at the end of a path. */
function withMembers(whole: Json, [first, ...rest]: readonly string[], members: Json): Json {
  if (first === undefined) return members;
  const below = whole[first];
  return { ...whole, [first]: withMembers(isObject(below) ? below : {}, rest, members) };
}

/** A change of text is trusted only when the file then means what it should. */
function onlyIf(wanted: Json, text: string | undefined, format: Setup['format'], path: Path): string | undefined {
  if (text === undefined) return undefined;
  try {
    return isDeepStrictEqual(asJson(FORMATS[format].read(text, path)), asJson(wanted)) ? text : undefined;
  } catch (error) {
    // What is nested too deep to be compared is not trusted either.
    if (error instanceof UnreadableFile || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Values as JSON has them: libraries have objects of their own for tables and dates. */
function asJson(value: Json): unknown {
  return JSON.parse(JSON.stringify(value));
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}
