import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../core/json.ts';
import { json } from './formats/json.ts';
import { toml } from './formats/toml.ts';
import { UnreadableFile } from './formats/unreadable.ts';
import { yaml } from './formats/yaml.ts';
import type { Json, Setup } from './setup.ts';

const FORMATS = { json, toml, yaml } as const;

type Form = Pick<Setup, 'format' | 'member'>;

/**
 * The servers in a file of a client, by name.
 * @param text of the file; empty when there is none
 * @throws UnreadableFile when it is not of its format, or holds something else where the servers are
 */
export function entriesIn(text: string, { format, member }: Form): ReadonlyMap<string, Json> {
  const entries = FORMATS[format].read(text)[member] ?? {};
  if (!isObject(entries)) throw new UnreadableFile(`\`${member}\` holds something other than entries by name`);
  return new Map(Object.entries(entries).map(([name, entry]) => [name, isObject(entry) ? entry : {}]));
}

/**
 * The file with an entry, in the place of one that has the name already. All else stays as it is, to the byte where the
 * format allows.
 * @returns undefined when that cannot be had: people then paste the lines
 * @throws UnreadableFile as `entriesIn` does
 */
export function withEntry(text: string, { format, member }: Form, name: string, entry: Json): string | undefined {
  entriesIn(text, { format, member });
  const before = FORMATS[format].read(text);
  const others = isObject(before[member]) ? before[member] : {};
  const wanted = { ...before, [member]: { ...others, [name]: entry } };
  return onlyIf(wanted, FORMATS[format].add(text, member, name, entry), format);
}

/**
 * The file without an entry; all else stays as it is.
 * @returns undefined when that cannot be had
 * @throws UnreadableFile as `entriesIn` does
 */
export function withoutEntry(text: string, { format, member }: Form, name: string): string | undefined {
  entriesIn(text, { format, member });
  const before = FORMATS[format].read(text);
  const { [name]: _, ...others } = isObject(before[member]) ? before[member] : {};
  const wanted = { ...before, [member]: others };
  const after = FORMATS[format].remove(text, member, name);
  // A table of TOML without entries is not there.
  const { [member]: __, ...without } = wanted;
  return onlyIf(wanted, after, format) ?? (isEmpty(others) ? onlyIf(without, after, format) : undefined);
}

/** A change of text is trusted only when the file then means what it should. */
function onlyIf(wanted: Json, text: string | undefined, format: Setup['format']): string | undefined {
  if (text === undefined) return undefined;
  try {
    return isDeepStrictEqual(asJson(FORMATS[format].read(text)), asJson(wanted)) ? text : undefined;
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
