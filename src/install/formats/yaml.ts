import { CST, type Document, isMap, isScalar, Lexer, type Pair, parseDocument, visit, YAMLMap } from 'yaml';
import { fileText } from '../file-text.ts';
import type { Json } from '../setup.ts';
import type { Path, TextFormat } from './text-format.ts';
import { endOfLine, lineAt, MAX_DEPTH, tooDeep, UnreadableFile } from './unreadable.ts';

// Lines are added and taken out as text, so that comments and the form of all else stay. Whether the file then means what
// it should is checked by whoever asks.

/**
 * How many aliases there may be, and what they may stand for: a file that multiplies itself by them is refused. The library
 * looks through the whole file for each.
 */
const MAX_ALIASES = 100;
/** The longest file that is read, in characters. The one client with such a file has some thousands in it. */
const MAX_LENGTH = 128 * 1024;
/**
 * How the library reads. It would compare each member with all others of its map, also for tags of its own, and count the lines
 * for each error anew: what is there twice is found here, in one pass. Its warnings quote the file.
 */
const OPTIONS = { prettyErrors: false, uniqueKeys: false, resolveKnownTags: false, logLevel: 'error' } as const;

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
function add(text: string, path: Path, name: string, entry: Json): string | undefined {
  const end = endOfLine(text);
  const rest = remove(text, path, name);
  if (rest === undefined) return undefined;
  const lines = fileText({ format: 'yaml', member: path }, name, entry).split('\n');
  const pair = pairOf(documentOf(rest).contents, path[0]);
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
function remove(text: string, [member]: Path, name: string): string | undefined {
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
  demandSimple(text);
  const document = parseDocument(text, OPTIONS);
  const [first] = document.errors;
  if (first !== undefined) throw new UnreadableFile('it is no YAML', lineAt(text, first.pos[0]));
  refuseTwice(text, document);
  if (document.contents !== null && !isMap(document.contents) && !isEmptyScalar(document.contents)) {
    throw new UnreadableFile('it holds no members by name');
  }
  return document;
}

/**
 * Refuses what would take the library long, or more stack than there is, before it goes down into it.
 * @throws UnreadableFile
 */
function demandSimple(text: string): void {
  if (text.length > MAX_LENGTH) throw new UnreadableFile(`it is longer than ${MAX_LENGTH} characters`);
  const depth = new Depth();
  let aliases = 0;
  let before = '';
  for (const token of new Lexer().lex(text)) {
    // The text behind this mark may look like anything.
    const type = before === CST.SCALAR ? 'scalar' : CST.tokenType(token);
    before = token;
    depth.pass(type, token);
    if (depth.levels > MAX_DEPTH) throw tooDeep();
    if (type === 'alias') aliases += 1;
    if (aliases > MAX_ALIASES) throw new UnreadableFile('its aliases stand for too much');
  }
}

type TokenType = ReturnType<typeof CST.tokenType>;

/** What a list or map may begin with, outside of brackets. */
const INDICATORS: ReadonlySet<TokenType> = new Set(['seq-item-ind', 'explicit-key-ind', 'map-value-ind']);

/**
 * At most how deep a place is. Outside of brackets each level begins further right than the one around it, behind blanks or an
 * indicator; inside of them a pair may hold a pair, up to the next comma.
 */
class Depth {
  /** At most so many levels, those of the brackets among them. */
  levels = 0;
  /** The levels of this line, then of each open bracket since its last comma. */
  readonly #counts = [0];

  pass(type: TokenType, token: string): void {
    const isInBrackets = this.#counts.length > 1;
    if (type === 'comma' || (!isInBrackets && token.endsWith('\n'))) this.#add(-(this.#counts.at(-1) ?? 0));
    else if (type === 'space' && !isInBrackets) this.#add(token.length);
    else if (INDICATORS.has(type)) this.#add(1);
    else if (type === 'flow-map-start' || type === 'flow-seq-start') this.#open();
    else if (type === 'flow-map-end' || type === 'flow-seq-end') this.#close(1);
    else if (type === 'flow-error-end') this.#close(this.#counts.length);
  }

  #add(levels: number): void {
    this.#counts.push((this.#counts.pop() ?? 0) + levels);
    this.levels += levels;
  }

  #open(): void {
    this.#counts.push(0);
    this.levels += 1;
  }

  /** Closes so many brackets, or as many as are open. */
  #close(brackets: number): void {
    const open = this.#counts.splice(Math.max(1, this.#counts.length - brackets));
    for (const levels of open) this.levels -= 1 + levels;
  }
}

/** Programs differ in which of two members of one name they read: a change to one might change nothing. */
function refuseTwice(text: string, document: Document.Parsed): void {
  visit(document, {
    Map(_, { items }) {
      const names = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (names.has(key.value))
          throw new UnreadableFile('a member is there twice', lineAt(text, key.range?.[0] ?? 0));
        names.add(key.value);
      }
    },
  });
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
