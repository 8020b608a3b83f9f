import { parse, TomlError } from 'smol-toml';
import { fileText, tomlKey } from '../file-text.ts';
import type { Json } from '../setup.ts';
import type { Path, TextFormat } from './text-format.ts';
import { endOfLine, MAX_DEPTH, tooDeep, UnreadableFile } from './unreadable.ts';

// No library writes TOML back with its comments. A table of its own can be added at the end and taken out again without
// one; whether the file then means what it should is checked by whoever asks.

/** TOML, of which tables are added and taken out as lines. */
export const toml: TextFormat = { read, add, remove };

/**
 * What a file holds.
 * @throws UnreadableFile
 */
function read(text: string): Json {
  const values = parsed(text);
  if (isDeeperThan(values, MAX_DEPTH)) throw tooDeep();
  return values;
}

function parsed(text: string): Json {
  try {
    return parse(text, { maxDepth: MAX_DEPTH });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Breaks when the library says this in other words: a file that is too deep is then told as no TOML.
    if (error.message.includes('excessively nested')) throw tooDeep();
    throw new UnreadableFile('it is no TOML', error.line);
  }
}

/** Whether tables and lists go down further than so many levels: dotted keys do so without brackets. Takes no stack. */
function isDeeperThan(values: Json, levels: number): boolean {
  let inside: object[] = [values];
  for (let level = 0; inside.length > 0; level += 1) {
    if (level > levels) return true;
    inside = inside.flatMap((one) => Object.values(one).filter((value) => typeof value === 'object' && value !== null));
  }
  return false;
}

/** @returns the text with the entry as a table at its end */
function add(text: string, path: Path, name: string, entry: Json): string {
  const end = endOfLine(text);
  const rest = remove(text, path, name);
  const gap = rest === '' ? '' : rest.endsWith('\n') ? end : end + end;
  return `${rest}${gap}${fileText({ format: 'toml', member: path }, name, entry).replaceAll('\n', end)}${end}`;
}

/** @returns the text without the table of the entry and the tables in it */
function remove(text: string, [member]: Path, name: string): string {
  const header = `[${member}.${tomlKey(name)}`;
  const kept: string[] = [];
  let isOurs = false;
  for (const line of text.split(/(?<=\n)/)) {
    const bare = line.trim();
    if (bare.startsWith('[')) isOurs = bare.startsWith(`${header}]`) || bare.startsWith(`${header}.`);
    // The empty line before a table came with it.
    if (isOurs && bare.startsWith(header) && kept.at(-1)?.trim() === '') kept.pop();
    if (!isOurs) kept.push(line);
  }
  return kept.join('');
}
