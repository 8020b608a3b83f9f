import { withoutInvisible } from '../core/invisible.ts';
import { Automaton } from './automaton.ts';
import { inBase64 } from './base64.ts';
import { charactersOf, hasAnyOf, smallest } from './characters.ts';

/** Replaces a secret. It is a string, so that a result still fits its schema. */
export const REDACTED = '[redacted]';

/** The shortest secret that is searched for, in characters. Shorter ones occur in ordinary words. */
export const SHORTEST_SECRET = 8;
/**
 * Secrets of a caller that are no longer than that together, in characters, are searched for in rare spellings too. There are
 * some dozen of each, and what people and programs choose is short.
 */
const MAX_RARE = 1_024;
/** So many characters of a secret in a row are hidden wherever they stand, even if the rest of it does not follow. */
const TELLING = 64;

/** A part of a text, by the index of its first character and the index behind its last one. */
type Interval = [start: number, end: number];

/** Known secrets, such as those of one request. They are redacted wherever they appear, in one pass over a text. */
export class KnownSecrets {
  /** The secrets by how they begin, each list in the order of its texts. */
  readonly #groups: readonly (readonly string[])[];
  readonly #automaton: Automaton | undefined;
  /** The characters with which each of them begins. */
  readonly #beginnings: readonly number[];
  readonly #reach: number;

  /**
   * @param values those that are shorter than `SHORTEST_SECRET` are left out
   * @param chosenBy who has chosen them. Those of a caller may be made to look alike, and are compared so that even then
   *   no character of a text is looked at more than a few times; those of an issuer are random, which costs less.
   */
  constructor(values: Iterable<string>, chosenBy: 'issuer' | 'caller' = 'caller') {
    this.#reach = chosenBy === 'caller' ? TELLING : SHORTEST_SECRET;
    const secrets = [...new Set(values)];
    const isRare = chosenBy === 'caller' && secrets.reduce((sum, { length }) => sum + length, 0) <= MAX_RARE;
    const spelt = secrets.flatMap((value) => [...spellings(value), ...(isRare ? rareSpellings(value) : [])]);
    const all = [...new Set(spelt)].filter(({ length }) => length >= SHORTEST_SECRET);
    const groups = new Map<string, string[]>();
    for (const value of all) {
      const head = value.slice(0, this.#reach);
      const group = groups.get(head);
      if (group === undefined) groups.set(head, [value]);
      else group.push(value);
    }
    this.#groups = [...groups.values()].map((group) => group.sort(byCodeUnits));
    this.#beginnings = smallest([...groups.keys()].map((head) => charactersOf(head.slice(0, SHORTEST_SECRET))));
    this.#automaton = groups.size === 0 ? undefined : new Automaton([...groups.keys()]);
  }

  /**
   * The text without these secrets. At the end of the text, also a secret that is cut off is redacted.
   * @param characters those of the text, or more
   */
  redact(text: string, characters = charactersOf(text)): string {
    if (this.#automaton === undefined || text.length < SHORTEST_SECRET) return text;
    if (!hasAnyOf(characters, this.#beginnings)) return text;
    const found: Interval[] = [];
    const begun = this.#automaton.read(text, (index, end) => {
      const group = this.#groups[index] as readonly string[];
      const head = Math.min(this.#reach, group[0]?.length ?? 0);
      // What begins inside of a secret needs no comparison: the secret is hidden as a whole.
      const isInside = end - head < (found.at(-1)?.[1] ?? 0);
      const agreed = isInside ? head : agreement(text, end - head, group, head);
      if (agreed > 0) addTo(found, end - head, end - head + agreed);
    });
    if (begun >= SHORTEST_SECRET) addTo(found, text.length - begun, text.length);
    return found.length === 0 ? text : withoutIntervals(text, found);
  }
}

/**
 * How many characters from `start` on are those of a secret of the group; 0 if too few are, which are neither a whole
 * secret, nor enough to tell it, nor cut off by the end of the text.
 * @param group in the order of its texts, so that those that still agree are always next to each other
 * @param head so many characters agree already
 */
function agreement(text: string, start: number, group: readonly string[], head: number): number {
  let alive: Interval = [0, group.length];
  let whole = 0;
  for (let length = head; ; length++) {
    const before = alive[0];
    alive = narrowed(group, alive, length, text.charCodeAt(start + length));
    // The shortest are the first in order, so one that ends here is among those that were left out.
    if (group[before]?.length === length) whole = length;
    if (start + length >= text.length) return length;
    if (alive[0] === alive[1]) return length >= TELLING ? length : whole;
  }
}

/** Those of some texts in order whose character at an index is `code`. They agree in all characters before it. */
function narrowed(group: readonly string[], [from, to]: Interval, at: number, code: number): Interval {
  let [low, high] = [from, to];
  const codeIn = (index: number) => (group[index] as string).charCodeAt(at);
  while (low < high && !(codeIn(low) >= code)) low++;
  while (low < high && !(codeIn(high - 1) <= code)) high--;
  return [low, high];
}

/** Adds an interval to others in order, and unites it with those that it overlaps. They are found by where they end. */
function addTo(intervals: Interval[], start: number, end: number): void {
  let [from, to] = [start, end];
  for (let last = intervals.at(-1); last !== undefined && last[1] > from; last = intervals.at(-1)) {
    [from, to] = [Math.min(from, last[0]), Math.max(to, last[1])];
    intervals.pop();
  }
  intervals.push([from, to]);
}

/** The text with a mark in place of each interval. */
function withoutIntervals(text: string, intervals: readonly Interval[]): string {
  let clean = '';
  let done = 0;
  for (const [start, end] of intervals) {
    clean += text.slice(done, start) + REDACTED;
    done = end;
  }
  return clean + text.slice(done);
}

/** A value whose characters nothing writes otherwise. */
const PLAIN = /^[\w.-]*$/;

/** The forms in which a secret may appear: as it is, in URLs, forms, JSON, HTML, some in another. Most tokens look the same. */
function spellings(value: string): string[] {
  if (PLAIN.test(value)) return [value];
  const visible = withoutInvisible(value);
  const quoted = quote(visible);
  const encoded = [visible, quoted].map(encodeURIComponent);
  const inForms = encoded.map((text) => text.replaceAll('%20', '+'));
  const again = [quote(quoted), quote(quote(quoted)), ...encoded.slice(0, 1).map(encodeURIComponent)];
  const others = [encodeStrictly(visible), quoted.replaceAll('/', '\\/'), escapedForHtml(quoted)];
  return [visible, quoted, ...encoded, ...inForms, ...again, ...others, ...inHtml(visible)];
}

/**
 * The forms in which some programs write a secret: with letters and their marks apart or together, percent-encoded in lower
 * case, in JSON of ASCII alone, in base64.
 */
function rareSpellings(value: string): string[] {
  if (PLAIN.test(value)) return inBase64(value);
  const visible = withoutInvisible(value);
  const texts = new Set([visible, visible.normalize('NFC'), visible.normalize('NFD')]);
  return [...texts].flatMap((text) => {
    const ascii = escapedBeyondAscii(quote(text));
    const encoded = encodeURIComponent(text);
    const inUrls = [encoded, encoded.replaceAll('%20', '+'), encodeURIComponent(encoded), encodeStrictly(text)];
    const inJson = [ascii, quote(ascii), ascii.replaceAll('/', '\\/'), asInNet(ascii)];
    return [text, ...inUrls, ...inUrls.map(inLowerCase), ...inJson, ...inJson.map(inUpperCase), ...inBase64(text)];
  });
}

/** As a part of a JSON string of ASCII alone. */
function escapedBeyondAscii(quoted: string): string {
  return quoted.replace(/[^\x20-\x7e]/g, unicodeEscape);
}

/** As .NET writes JSON, which escapes more than it must. */
function asInNet(ascii: string): string {
  return ascii.replaceAll('\\"', unicodeEscape('"')).replace(/[<>&'+`]/g, unicodeEscape);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** With the digits of its escapes in the other case. */
function inUpperCase(json: string): string {
  return json.replace(/(?<=\\u)[\da-f]{4}/g, (digits) => digits.toUpperCase());
}

/** Percent-encoded with digits in the other case. */
function inLowerCase(encoded: string): string {
  return encoded.replace(/%(?:25)*[\dA-F]{2}/g, (digits) => digits.toLowerCase());
}

/** As a part of a JSON string. */
function quote(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Percent-encoded as RFC 3986 §2.2 has it, with the marks that JavaScript leaves as they are. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** As a part of a JSON string that may stand in HTML, as Go and others write all of them. */
function escapedForHtml(quoted: string): string {
  return quoted.replace(/[<>&]/g, (mark) => `\\u00${mark.charCodeAt(0).toString(16)}`);
}

/** In HTML, where an apostrophe has several spellings. */
function inHtml(text: string): string[] {
  const escaped = text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  return ['&#39;', '&#039;', '&apos;', '&#x27;'].map((apostrophe) => escaped.replaceAll("'", apostrophe));
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
