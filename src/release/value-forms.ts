import { lengthAt } from './match-at.ts';

/*
 * Values that are not written in one piece behind their separator: blocks of YAML, texts between three quotes, and what
 * stands in front of a quoted text in source code.
 */

/**
 * The head of a block in YAML (YAML 1.2.2 §8.1). Its comment is bounded: where no line ends, each of many heads would be
 * read up to the end of the text.
 */
const BLOCK = /[|>][+\-\d]{0,2}[ \t]*(?:#[^\n]{0,200})?\n/y;
const BLANK_LINES = /(?:[ \t]*\n)*/y;
const INDENTATION = /[ \t]*/y;
/** A tag or an anchor of YAML in front of a value. */
const TAG = /(?:!!?[A-Za-z][\w:/.-]{0,40}|&[A-Za-z][\w-]{0,40})[ \t]+(?=\S)/y;
/** A value in a line of its own, as the only word of it. */
const NEXT_LINE = /\r?\n[ \t]+(?:-[ \t]+)?(?=[^\s:]+[ \t]*(?:\r?\n|$))/y;
/** An item of a list of YAML in a line of its own that is one text, and no mapping. */
const ITEM =
  /\r?\n([ \t]*)-[ \t]+(?=\S)("[^"\n]{0,2000}"[ \t\r]*|'[^'\n]{0,2000}'[ \t\r]*|(?!["'[{])(?:[^\n:]|:(?=\S))+)(?=\n|$)/y;
/** The prefix of a text in Python, Rust, C or C#. */
const PREFIX = /(?:[bru]|f|[rb][br]|L|[@$]{1,2})(?=["'`])/iy;
/** The type of a text between a name and its value in source code: `password: string = "…"`. */
const TYPE =
  /(?:&(?:'static[ \t])?|readonly[ \t])?(?:string|str|bytes|SecretStr|Optional\[str\])(?:[ \t]\|[ \t](?:null|undefined|None))?[?!]?[ \t]{0,4}=[ \t]{0,4}(?=["'`])/iy;
const QUOTES = ['"""', "'''", '```'] as const;

/** Where a block of YAML ends that begins at an index: before the first line that is not as deep as its first one. */
export function endOfBlock(text: string, start: number): number | undefined {
  const head = lengthAt(BLOCK, text, start);
  if (head === 0) return undefined;
  let at = start + head;
  at += lengthAt(BLANK_LINES, text, at);
  const depth = lengthAt(INDENTATION, text, at);
  return depth === 0 ? undefined : endOfDeeper(text, at, depth - 1);
}

/** Where lines end that have a deeper indentation than so many characters, or are blank; the same index without any. */
export function endOfDeeper(text: string, start: number, depth: number): number {
  let at = start;
  let end = start;
  while (at < text.length) {
    const indentation = lengthAt(INDENTATION, text, at);
    const behind = at + indentation;
    if (text[behind] !== '\n' && indentation <= depth) break;
    const lineEnd = text.indexOf('\n', behind);
    if (behind !== lineEnd) end = lineEnd === -1 ? text.length : lineEnd;
    at = lineEnd === -1 ? text.length : lineEnd + 1;
  }
  return end;
}

/** Where the text of a value begins behind tags of YAML. */
export function behindTags(text: string, start: number): number {
  const tag = lengthAt(TAG, text, start);
  return start + tag + (tag === 0 ? 0 : lengthAt(TAG, text, start + tag));
}

/** Where a value begins that stands alone in the next line; the same index if there is none. */
export function nextLine(text: string, start: number): number {
  return start + lengthAt(NEXT_LINE, text, start);
}

/** The items of a list of YAML that begins in the next line, each one text; undefined if there is none. */
export function itemsAt(text: string, start: number): { readonly start: number; readonly end: number } | undefined {
  let first: { readonly start: number; readonly depth: string } | undefined;
  let end = start;
  for (let item = itemAt(text, end); item !== undefined; item = itemAt(text, end)) {
    if (first !== undefined && item.depth !== first.depth) break;
    first ??= item;
    end = item.end;
  }
  return first && { start: first.start, end };
}

function itemAt(text: string, at: number) {
  ITEM.lastIndex = at;
  const [all, depth = '', value = ''] = ITEM.exec(text) ?? [];
  return all === undefined
    ? undefined
    : { depth, start: at + all.length - value.length, end: at + all.trimEnd().length };
}

/** Where the quote of a text begins behind its prefix. */
export function behindPrefix(text: string, start: number): number {
  return start + lengthAt(PREFIX, text, start);
}

/** Where a value begins behind the type of its name. */
export function behindType(text: string, start: number): number {
  return start + lengthAt(TYPE, text, start);
}

/** The text between three quotes that begins at an index, or goes on to the end of a text that is cut off. */
export function betweenThree(
  text: string,
  start: number,
): { readonly start: number; readonly end: number } | undefined {
  const quote = QUOTES.find((quotes) => text.startsWith(quotes, start));
  if (quote === undefined) return undefined;
  const end = text.indexOf(quote, start + quote.length);
  return { start: start + quote.length, end: end === -1 ? text.length : end };
}
