import { REDACTED } from './known-secrets.ts';
import { lengthAt, matchAt, matchesAt } from './match-at.ts';
import type { PairName } from './pair-names.ts';
import { behindPrefix, behindTags, behindType, betweenThree, endOfBlock, itemsAt, nextLine } from './value-forms.ts';

/** The value of a secret in a text. */
interface PairValue {
  readonly start: number;
  readonly end: number;
  /** Whether the value stands without quotes where a quoted one would do: a list, an object, a number. */
  readonly isList: boolean;
}

interface Pair {
  readonly separator: string;
  readonly name: PairName;
  /** Whether what has several lines or parts is no value here: a block, a list, an object. */
  readonly isOfOnePiece?: true;
}

/** What may belong to the separator: `==`, `=>`, `:=`, `::`, and the end of what is bold in Markdown: `**name:** value`. */
const REST_OF_SEPARATOR = /[=>~:]{0,2}\*{0,2}/y;
const BLANKS = /[ \t]*/y;
const SPACE = /\s*/y;
const OPENING = /(\\*)(["'`])|%22|%27|&quot;|&#34;|&#39;/y;
/** What is passed in one step where no quote begins: a run of backslashes without one, or a run of words. */
const NO_QUOTE = /\\+|[\w\s]+/y;
/** The end of a value without quotes. */
const PLAIN = /[^\s&;,"'`]+/y;
const IN_JSON = /[^\s,}\]]+/y;
const ENCODED = /(?:[^\s&;,"'%]|%(?!26|3B|2C|22|27|20|0A|0D))+/iy;
/** The rest of a line, with the quoted values of its parameters (RFC 9110 §5.6.6). */
const REST_OF_LINE = /(?:[^\n"'`]|(?<==)"[^"\n]{0,2000}")+/y;
/** A scheme of HTTP authentication in front of its credentials. */
const SCHEME = /[A-Za-z][\w-]*[ \t]+(?=\S)/y;
/** Values that hide nothing, what somebody may do among them (`api_keys:read`), up to where a value without quotes ends. */
const HIDES_NOTHING =
  /(?:null|nil|none|true|false|undefined|(?:re)?(?:read|write|create|set|use|run|issue|new|generate|send|assign|start|sign)|update|delete|list|view|edit|manage|admin|access|execute|destroy|revoke|rotate|export|import|share|copy|mint|grant|approve|reject|request|refresh|verify|validate|get|add|remove|search|invite|enable|disable|(?:un)?(?:lock|link|archive|publish)|restore|download|upload|transfer|sync|test|audit|configure)(?=[\s&;,"'`]|[\]})]*(?:[\s,]|$)|[.!?]+(?:\s|$))/iy;
/**
 * What somebody may do among several secrets, by the name that they have for it: `tokens:mint`. A secret is no word of small
 * letters behind the name of many.
 */
const ACTION = /[a-z]{1,32}(?:[_-][a-z]{1,32}){0,3}(?=[\s&;,"'`]|[\]})]*(?:[\s,]|$))/y;
/** What makes a value in source code, up to its first argument: `os.getenv(`, `[]byte(`, `new String(`. */
const CALL = /(?:\[\])?(?:new[ \t]{1,4})?[A-Za-z_$][\w.$]{0,60}\((?=[ \t]{0,4}["'`])/y;
/** How that, a list and an object begin. */
const COMPOUND = new RegExp(`[[{]|${CALL.source}`, 'y');
/** Its arguments, as far as they stand in the same line. */
const ARGUMENTS = /[^\n()]{0,1000}\)?/y;
/** Words that continue a sentence, in front of a blank or at its end. A secret may begin with one: `a/Zk93+Qmx`. */
const CONTINUES =
  /(?:is|are|was|were|must|should|can|cannot|could|may|not|no|has|have|had|does|will|the|this|that|a|an|in|on|of|for|from|to|too|at|it|its|if|value|field|required|missing|invalid|expected|expires?d?|please|use|set|only|or|and)(?=[.,;:!?)\]}"'`]*(?:\s|$))/iy;
/** Headers whose whole line is the secret. */
const LINE_NAMES = /(?:authorization|cookie)$/i;
/** An object that describes a member of this name, as JSON Schema does. */
const SCHEMA_START = /\{\s*\\*["'](?:type|\$ref|anyOf|oneOf|description|title)\\*["']/y;

/** The value behind a separator, if there is one to redact. */
export function valueAfter(text: string, behind: number, pair: Pair): PairValue | undefined {
  const { separator, name } = pair;
  if (separator === ':' && text.startsWith('//', behind)) return undefined;
  const separated = skip(name.quote === '' ? BLANKS : SPACE, text, skip(REST_OF_SEPARATOR, text, behind));
  const items = listOf(text, separated, pair);
  if (items !== undefined) return items;
  const first = separator === ':' ? behindType(text, nextLine(text, separated)) : separated;
  if (text.startsWith(REDACTED, first)) return undefined;
  const tagged = behindTags(text, first);
  const block = blockOf(text, tagged, pair);
  if (block !== undefined) return { start: first, end: block, isList: false };
  const start = behindPrefix(text, tagged);
  const between = betweenThree(text, start);
  if (between !== undefined) return between.start === between.end ? undefined : { ...between, isList: false };
  const opening = matchAt(OPENING, text, start);
  if (opening !== undefined) return quotedValue(text, start + opening.length, opening);
  if (matchesAt(COMPOUND, text, start)) return compound(text, start, pair);
  if (isNoSecret(text, start, { ...pair, isTight: start === behind && name.quote === '' })) return undefined;
  return plainValue(text, start, { separator, name });
}

/**
 * Whether a value without quotes hides nothing.
 * @param isTight whether nothing stands between its name, the separator and it
 */
function isNoSecret(text: string, at: number, { separator, name, isTight }: Pair & { isTight: boolean }): boolean {
  if (separator !== ':') return !isTight && saysNothing(text, at);
  return saysNothing(text, at) || (isTight && name.secrecy === 'secrets' && matchesAt(ACTION, text, at));
}

/** The items of a list of YAML, where each is one text. */
function listOf(text: string, start: number, { separator, isOfOnePiece }: Pair): PairValue | undefined {
  const items = separator === ':' && !isOfOnePiece ? itemsAt(text, start) : undefined;
  return items === undefined || text.startsWith(REDACTED, items.start) ? undefined : { ...items, isList: false };
}

/** What consists of several parts: a call in source code, a list, an object. */
function compound(text: string, start: number, pair: Pair): PairValue | undefined {
  const call = lengthAt(CALL, text, start);
  if (call === 0) return structure(text, start, pair);
  return { start, end: skip(ARGUMENTS, text, start + call), isList: false };
}

function blockOf(text: string, start: number, { isOfOnePiece }: Pair): number | undefined {
  return isOfOnePiece ? undefined : endOfBlock(text, start);
}

/** Whether what stands at an index hides nothing, or goes on with a sentence. */
export function saysNothing(text: string, at: number): boolean {
  return matchesAt(HIDES_NOTHING, text, at) || matchesAt(CONTINUES, text, at);
}

/** A value without quotes: the rest of a header's line, or what stands before the next blank or mark. */
function plainValue(text: string, start: number, { separator, name }: Pair): PairValue | undefined {
  const isBare = name.quote === '';
  if (separator === ':' && isBare && LINE_NAMES.test(name.text)) return headerValue(text, start);
  const end = skip(separator.length > 1 ? ENCODED : isBare ? PLAIN : IN_JSON, text, start);
  return end === start ? undefined : { start, end, isList: !isBare };
}

function headerValue(text: string, start: number): PairValue | undefined {
  const credentials = skip(SCHEME, text, start);
  if (text.startsWith(REDACTED, credentials)) return undefined;
  const end = skip(REST_OF_LINE, text, credentials);
  return end === credentials ? undefined : { start: credentials, end, isList: false };
}

/** A value up to the quote that fits the one before it, or to the end of the text, which may be cut off. */
function quotedValue(text: string, start: number, opening: string): PairValue | undefined {
  const end = endOfQuoted(text, start, opening);
  return end === start ? undefined : { start, end, isList: false };
}

/**
 * The index at which a quoted text ends: its closing quote, with the backslashes that belong to the quote. Where the text
 * stands in JSON that was quoted itself, `n` backslashes precede each of its quotes; a quote inside of it has more, and
 * a backslash before the closing quote is written as `2n + 2` of them.
 */
function endOfQuoted(text: string, start: number, opening: string): number {
  const mark = opening.at(-1) as string;
  if (opening.length > 1 && opening[0] !== '\\') return endOr(text.indexOf(opening, start), text);
  const level = opening.length - 1;
  for (let at = text.indexOf(mark, start); at !== -1; at = text.indexOf(mark, at + 1)) {
    let backslashes = 0;
    while (at - backslashes > start && text[at - backslashes - 1] === '\\') backslashes++;
    if (backslashes < level) return at - backslashes;
    if (backslashes % (2 * level + 2) === level) return at - level;
  }
  return endOr(-1, text);
}

/** The end of a text that may be cut off inside of a value. A backslash at its end is not a part of the value. */
function endOr(end: number, text: string): number {
  return end === -1 ? text.length - (text.endsWith('\\') ? 1 : 0) : end;
}

/** A list or an object: as a whole, unless it only describes secrets. */
function structure(text: string, start: number, { name, isOfOnePiece }: Pair): PairValue | undefined {
  if (isOfOnePiece) return undefined;
  if (matchesAt(SCHEMA_START, text, start)) return undefined;
  if (name.secrecy === 'secrets' && matchesAt(/\[?\s*\{/y, text, start)) return undefined;
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const opening = matchAt(OPENING, text, at);
    if (opening !== undefined) {
      at = endOfQuoted(text, at + opening.length, opening) + opening.length - 1;
      continue;
    }
    const mark = text[at];
    if (mark === '[' || mark === '{') depth++;
    else if (mark !== ']' && mark !== '}') at = Math.max(at, skip(NO_QUOTE, text, at) - 1);
    else if (--depth === 0) return { start, end: at + 1, isList: true };
  }
  return { start, end: text.length, isList: true };
}

function skip(pattern: RegExp, text: string, at: number): number {
  return at + lengthAt(pattern, text, at);
}
