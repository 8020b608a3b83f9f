import { isPrivateKeyMember, isSecretParameter, type Secrecy, secrecyOf, secrecyOfWords } from './secret-names.ts';

/** The name of a secret in a text, in front of its value. */
export interface PairName {
  readonly text: string;
  readonly secrecy: Exclude<Secrecy, 'public'>;
  /** The quote behind the name, with the backslashes in front of it; empty if the name is not quoted. */
  readonly quote: string;
  /** Whether it names a secret only in a JSON Web Key. */
  readonly isOfKey?: true;
}

/** The shortest name that is a secret's, in characters, but for those of a JSON Web Key. */
const SHORTEST_NAME = 3;
/** The longest name that is read, in characters. */
const MAX_NAME = 64;
/** The most blanks between a name and its separator, and the most backslashes before its quote. */
const MAX_BETWEEN = 32;

/** What a name, its quote or the blanks behind it end with. Checked first, because most separators follow on others. */
const MAY_END = /[\w\s.\-"'`\];*]|\P{ASCII}/u;

const ENCODED_QUOTES = ['%22', '%27', '&quot;', '&#34;', '&#39;'] as const;
/** The longest single character in front of a parameter of a URL: a percent-encoded one. */
const PARAMETER_START = /(?:[?&#;]|%3[Ff]|%26)$/;

/**
 * The name of a secret that ends before a separator.
 * @param end the index of the separator
 * @param from no character before this index is read
 */
export function nameBefore(text: string, end: number, from: number): PairName | undefined {
  if (!MAY_END.test(text[end - 1] ?? '')) return undefined;
  const first = Math.max(from, end - MAX_BETWEEN);
  let last = end;
  while (last > first && isBlank(text.charCodeAt(last - 1))) last--;
  // The end of what is bold or slanted in Markdown.
  while (last > first && text[last - 1] === '*') last--;
  // `config[password]`, `config["password"]`, but the name in front of `password[0]` and `password[]`.
  if (last > first && text[last - 1] === ']') last = endWithoutIndex(text, last, first);
  const quote = quoteBefore(text, last, first);
  return quote === '' ? unquoted(text, last, from) : quoted(text, last - quote.length, from, quote);
}

/** Where a name ends in front of an index in brackets; otherwise where it ends inside of them. */
function endWithoutIndex(text: string, end: number, first: number): number {
  let start = end - 1;
  while (start > first && isDigit(text.charCodeAt(start - 1))) start--;
  return text[start - 1] === '[' ? start - 1 : end - 1;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function quoted(text: string, end: number, from: number, quote: string): PairName | undefined {
  let start = end;
  const first = Math.max(from, end - MAX_NAME);
  while (start > first && isNameCharacter(text.charCodeAt(start - 1), true)) start--;
  const name = text.slice(start, end);
  const secrecy = name.length < SHORTEST_NAME ? 'public' : secrecyOf(name);
  if (secrecy !== 'public') return { text: name, secrecy, quote };
  return isPrivateKeyMember(name) ? { text: name, secrecy: 'secret', quote, isOfKey: true } : undefined;
}

function unquoted(text: string, end: number, from: number): PairName | undefined {
  const first = Math.max(from, end - MAX_NAME);
  let start = end;
  while (start > first && isNameCharacter(text.charCodeAt(start - 1), false)) start--;
  if (start === end) return undefined;
  const name = text.slice(start, end);
  const before = text.slice(Math.max(from, start - 3), start);
  if (PARAMETER_START.test(before) && isSecretParameter(name)) return bare(name, 'secret');
  const secrecy = secrecyOf(name);
  if (secrecy !== 'public') return bare(name, secrecy);
  // `API key: …` is two words. A single word before is enough, since no name of a secret needs more than two.
  let wordStart = start;
  if (text[start - 1] === ' ') wordStart--;
  while (wordStart > first && wordStart !== start && isNameCharacter(text.charCodeAt(wordStart - 1), false))
    wordStart--;
  const words = wordStart === start ? 'public' : secrecyOfWords(text.slice(wordStart, end));
  return words === 'public' ? undefined : bare(name, words);
}

function bare(text: string, secrecy: PairName['secrecy']): PairName {
  return { text, secrecy, quote: '' };
}

/** The quote that ends at an index, with the backslashes in front of it. */
function quoteBefore(text: string, end: number, first: number): string {
  const mark = text[end - 1];
  if (mark === '"' || mark === "'" || mark === '`') {
    let start = end - 1;
    while (start > first && text[start - 1] === '\\') start--;
    return text.slice(start, end);
  }
  if (mark !== ';' && mark !== '2' && mark !== '7') return '';
  return ENCODED_QUOTES.find((encoded) => text.endsWith(encoded, end)) ?? '';
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a;
}

/** Whether a character may stand in a name: a letter of any script, a digit, `_`, `-`, `.`, and a space if the name is quoted. */
function isNameCharacter(code: number, isQuoted: boolean): boolean {
  const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
  const isMark = code === 0x5f || code === 0x2d || code === 0x2e;
  return isLetter || isMark || code > 0x7f || (code >= 0x30 && code <= 0x39) || (isQuoted && code === 0x20);
}
