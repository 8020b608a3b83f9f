import { type Document, isMap, isScalar, type Pair, parseDocument, YAMLMap } from 'yaml';
import { fileText } from '../file-text.ts';
import type { Json } from '../setup.ts';
import type { TextFormat } from './text-format.ts';
import { endOfLine, UnreadableFile } from './unreadable.ts';

// Lines are added and taken out as text, so that comments and the form of all else stay. Whether the file then means what
// it should is checked by whoever asks.

/** How many aliases may stand for something: a file that multiplies itself by them is refused. */
const MAX_ALIASES = 100;

/** YAML, of which entries are added and taken out as lines. */
export const yaml: TextFormat = { read, add, remove };

/**
 * What a file holds.
 * @throws UnreadableFile
 */
function read(text: string): Json {
  const document = documentOf(text);
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
  } catch {
    throw new UnreadableFile('its aliases stand for too much');
  }
}

/** @returns the text with the entry; undefined where its members are written in braces, or there are none yet */
function add(text: string, member: string, name: string, entry: Json): string | undefined {
  const end = endOfLine(text);
  const rest = remove(text, member, name);
  if (rest === undefined) return undefined;
  const lines = fileText({ format: 'yaml', member }, name, entry).split('\n');
  const pair = pairOf(documentOf(rest).contents, member);
  const whole = rest === '' || rest.endsWith('\n') ? rest : rest + end;
  if (pair === undefined) return `${whole}${lines.join(end)}${end}`;
  const map = blockIn(pair);
  if (map === undefined) return undefined;
  const at = endOfLines(whole, map.range?.[1] ?? whole.length);
  const indent = ' '.repeat(columnOf(whole, startOf(map.items[0]) ?? 0));
  const indented = lines.slice(1).map((line) => indent + line.slice(2));
  return `${whole.slice(0, at)}${indented.join(end)}${end}${whole.slice(at)}`;
}

/** @returns the text without the lines of the entry; undefined where it has no lines of its own */
function remove(text: string, member: string, name: string): string | undefined {
  const pair = pairOf(documentOf(text).contents, member);
  const map = pair && blockIn(pair);
  const entry = map && pairOf(map, name);
  if (entry === undefined) return text;
  const start = startOf(entry);
  const range = isMap(entry.value) ? entry.value.range : undefined;
  if (start === undefined || range === undefined || range === null) return undefined;
  return text.slice(0, start - columnOf(text, start)) + text.slice(endOfLines(text, range[1]));
}

function documentOf(text: string): Document.Parsed {
  const document = parseDocument(text, { prettyErrors: true });
  const [first] = document.errors;
  if (first !== undefined) throw new UnreadableFile('it is no YAML', first.linePos?.[0].line);
  if (document.contents !== null && !isMap(document.contents) && !isEmptyScalar(document.contents)) {
    throw new UnreadableFile('it holds no members by name');
  }
  return document;
}

function isEmptyScalar(node: unknown): boolean {
  return isScalar(node) && node.value === null;
}

function pairOf(map: unknown, name: string): Pair | undefined {
  if (!(map instanceof YAMLMap)) return undefined;
  return map.items.find(({ key }) => isScalar(key) && key.value === name);
}

/** The entries that a member has, in lines of their own. */
function blockIn({ value }: Pair): YAMLMap | undefined {
  return value instanceof YAMLMap && !value.flow && value.items.length > 0 ? value : undefined;
}

function startOf(pair: Pair | undefined): number | undefined {
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}

function columnOf(text: string, at: number): number {
  return at - (text.lastIndexOf('\n', at - 1) + 1);
}

/** The end of the line in which something ends. */
function endOfLines(text: string, at: number): number {
  if (at > 0 && text[at - 1] === '\n') return at;
  const next = text.indexOf('\n', at);
  return next === -1 ? text.length : next + 1;
}
