import {
  applyEdits,
  createScanner,
  type Edit,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { below } from '../file-text.ts';
import type { Json } from '../setup.ts';
import type { Path, TextFormat } from './text-format.ts';
import { endOfLine, lineAt, MAX_DEPTH, tooDeep, UnreadableFile } from './unreadable.ts';

const BYTE_ORDER_MARK = '\ufeff';

/** JSON as clients take it: comments and commas at the end of a list are allowed, and stay. */
export const json: TextFormat = { read, add, remove };

/**
 * What a file holds. One with nothing in it holds an empty object.
 * @throws UnreadableFile
 */
function read(text: string, path: Path): Json {
  const { tree } = partsOf(text, path);
  return tree === undefined ? {} : getNodeValue(tree);
}

/** @returns the text with the entry; comments, order and indentation of all else stay */
function add(text: string, path: Path, name: string, entry: Json): string {
  const { mark, bare, tree } = partsOf(text, path);
  if (tree === undefined) return `${mark}${JSON.stringify(below(path, { [name]: entry }), null, 2)}\n`;
  let servers = tree;
  for (const [at, member] of path.entries()) {
    const inner = valueIn(propertyOf(servers, member));
    if (inner === undefined) {
      return mark + inserted(bare, servers, member, below(path.slice(at + 1), { [name]: entry }));
    }
    servers = inner;
  }
  const old = propertyOf(servers, name);
  const value = valueIn(old);
  if (old === undefined || value === undefined) return mark + inserted(bare, servers, name, entry);
  const lines = laidOut(bare, entry, blanksBefore(bare, old.offset));
  return mark + applyEdits(bare, [{ offset: value.offset, length: value.length, content: lines }]);
}

/** @returns the text without the entry, its comma, and the lines that only they were in */
function remove(text: string, path: Path, name: string): string {
  const { mark, bare, tree } = partsOf(text, path);
  const servers = tree && path.reduce<Node | undefined>((at, member) => at && valueIn(propertyOf(at, member)), tree);
  const entry = servers && propertyOf(servers, name);
  if (servers === undefined || entry === undefined) return text;
  const end = endOf(entry);
  const own = commaAfter(bare, end);
  const before = servers.children?.[servers.children.indexOf(entry) - 1];
  const theirs = own === undefined && before ? commaAfter(bare, endOf(before)) : undefined;
  const edits = [wholeLines(bare, entry.offset, own === undefined ? end : own + 1)];
  if (theirs !== undefined) edits.unshift({ offset: theirs, length: 1, content: '' });
  return mark + applyEdits(bare, edits);
}

/** A text with a further property in an object, behind those that it has. */
function inserted(text: string, object: Node, key: string, value: Json): string {
  const last = object.children?.at(-1);
  const first = object.children?.[0];
  const property = (blanks: string) => `${JSON.stringify(key)}: ${laidOut(text, value, blanks)}`;
  const end = endOfLine(text);
  if (first === undefined || last === undefined) {
    const outer = blanksBefore(text, object.offset);
    const blanks = outer + unitOf(text);
    const content = `{${end}${blanks}${property(blanks)}${end}${outer}`;
    // What stands between the braces, such as a comment, stays behind it.
    return applyEdits(text, [
      { offset: object.offset, length: 1, content: withoutEmptyEnd(text, object, content, end) },
    ]);
  }
  const offset = endOf(last);
  const isInLines = text.slice(object.offset, first.offset).includes('\n');
  if (!isInLines) {
    return applyEdits(text, [{ offset, length: 0, content: `, ${JSON.stringify(key)}: ${JSON.stringify(value)}` }]);
  }
  const blanks = blanksBefore(text, last.offset);
  const comma = commaAfter(text, offset);
  const content = `${end}${blanks}${property(blanks)}`;
  const behind = behindComment(text, comma === undefined ? offset : comma + 1);
  if (comma !== undefined) return applyEdits(text, [{ offset: behind, length: 0, content: `${content},` }]);
  return applyEdits(text, [
    { offset, length: 0, content: ',' },
    { offset: behind, length: 0, content },
  ]);
}

/** Where a line ends when nothing but a comment follows in it; else the position itself. */
function behindComment(text: string, at: number): number {
  const next = text.indexOf('\n', at);
  const rest = text.slice(at, next === -1 ? text.length : next);
  const isComment = /^\s*\/\//.test(rest) || /^\s*\/\*[^*]*\*\/\s*$/.test(rest);
  return isComment ? at + rest.trimEnd().length : at;
}

/** An object that goes over several lines has its closing brace in a line of its own already. */
function withoutEmptyEnd(text: string, object: Node, content: string, end: string): string {
  const between = text.slice(object.offset + 1, object.offset + object.length - 1);
  return between.includes('\n') ? content.slice(0, content.lastIndexOf(end)) : content;
}

function laidOut(text: string, value: Json, blanks: string): string {
  return JSON.stringify(value, null, unitOf(text)).replaceAll('\n', endOfLine(text) + blanks);
}

/** The blanks at the beginning of the line in which something stands. */
function blanksBefore(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  let end = start;
  while (text[end] === ' ' || text[end] === '\t') end += 1;
  return text.slice(start, end);
}

/** Where the comma behind a property is, if there is one; comments may stand in between. */
function commaAfter(text: string, end: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(end);
  scanner.scan();
  const at = scanner.getTokenOffset();
  return text[at] === ',' ? at : undefined;
}

/** The removal of a part of a text, with its lines where nothing else is in them. */
function wholeLines(text: string, from: number, to: number): Edit {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const next = text.indexOf('\n', to);
  const isAlone = next !== -1 && text.slice(start, from).trim() === '' && text.slice(to, next).trim() === '';
  return isAlone
    ? { offset: start, length: next + 1 - start, content: '' }
    : { offset: from, length: to - from, content: '' };
}

function propertyOf(object: Node, name: string): Node | undefined {
  return object.children?.find(({ children: [key] = [] }) => key?.value === name);
}

function valueIn(property: Node | undefined): Node | undefined {
  return property?.children?.[1];
}

/** The end of a property's value: the library has it end at the comma, or behind the closing brace. */
function endOf(property: Node): number {
  const { offset, length } = valueIn(property) ?? property;
  return offset + length;
}

interface Parts {
  /** The byte order mark, if there is one. */
  readonly mark: string;
  readonly bare: string;
  /** Unset: there is nothing in the file. */
  readonly tree: Node | undefined;
}

function partsOf(text: string, path: Path): Parts {
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const bare = text.slice(mark.length);
  return { mark, bare, tree: treeOf(bare, path) };
}

function treeOf(bare: string, path: Path): Node | undefined {
  if (bare.trim() === '') return undefined;
  const errors: ParseError[] = [];
  demandShallow(bare);
  const tree = parseTree(bare, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) {
    throw new UnreadableFile(`it is no JSON (${printParseErrorCode(first.error)})`, lineAt(bare, first.offset));
  }
  if (tree?.type !== 'object') throw new UnreadableFile('it holds no JSON object');
  for (const value of [tree, ...(tree.children ?? []).map(valueIn)]) refuseTwice(bare, value);
  let at = valueIn(propertyOf(tree, path[0]));
  for (const member of path.slice(1)) {
    at = at && valueIn(propertyOf(at, member));
    refuseTwice(bare, at);
  }
  return tree;
}

/** Refuses what is nested too deeply, before the library goes down into it. */
function demandShallow(text: string): void {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let at = 0; at < text.length; at = scanner.getTokenOffset()) {
    scanner.scan();
    const first = text[scanner.getTokenOffset()];
    if (first === '{' || first === '[') depth += 1;
    if (first === '}' || first === ']') depth -= 1;
    if (depth > MAX_DEPTH) throw tooDeep();
  }
}

/** Programs differ in which of two members of one name they read: a change to one might change nothing. */
function refuseTwice(text: string, value: Node | undefined): void {
  if (value?.type !== 'object') return;
  const names = new Set<unknown>();
  for (const { children: [key] = [], offset } of value.children ?? []) {
    if (names.has(key?.value)) throw new UnreadableFile('a member is there twice', lineAt(text, offset));
    names.add(key?.value);
  }
}

/** What a text indents by: the blanks of its first line that has some. */
function unitOf(text: string): string {
  return /^([ \t]+)["/]/m.exec(text)?.[1] ?? '  ';
}
