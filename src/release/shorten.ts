import { isObject, type JsonObject } from '../core/json.ts';
import { Heap } from './heap.ts';

/** What a result has from which something was left out. */
export const MARK = { truncated: true };

/** Which texts are shortened, and how much. */
export interface TextRules {
  /** Texts are not shortened below that, in characters of JSON. */
  readonly least?: number;
  /** Texts that stay as they are, however long. */
  readonly whole?: ReadonlySet<string>;
}

/**
 * A shorter copy of an object. The longest array inside loses entries from its end, then the next longest, until the
 * object fits. Every array keeps at least one entry, because an empty array would mean that there is nothing. Where that
 * is not enough, objects with very many members lose some in the same way, then long texts lose their ends.
 * @param budget in characters of JSON
 * @returns undefined when there is nothing to leave out
 */
export function shorten(data: JsonObject, budget: number, rules?: TextRules): JsonObject | undefined {
  return shortenBy([longArray, largeMap, longText(rules)], data, budget);
}

/**
 * A shorter copy of an object, whose longest texts lose their ends until it fits.
 * @param budget in characters of JSON
 * @returns undefined when there is nothing to leave out
 */
export function shortenTexts(data: JsonObject, budget: number, rules?: TextRules): JsonObject | undefined {
  return shortenBy([longText(rules)], data, budget);
}

function shortenBy(rounds: readonly CandidateIn[], data: JsonObject, budget: number): JsonObject | undefined {
  const whole = JSON.stringify(data);
  const copy: JsonObject = JSON.parse(whole);
  let left = whole.length - budget;
  for (const candidateIn of rounds) {
    const candidates = new Heap<Candidate>(({ length }) => length);
    collect(copy, candidateIn, candidates);
    while (left > 0) {
      const longest = candidates.pop();
      if (longest === undefined) break;
      left -= longest.cutTo(longest.length - left);
      // What is inside of something that has kept several entries is shorter than what it has lost.
      if (longest.only !== undefined) collect(longest.only(), candidateIn, candidates);
    }
  }
  return left === whole.length - budget ? undefined : copy;
}

/** Something in an object that can be made shorter. */
interface Candidate {
  /** Characters of JSON, counted once. */
  readonly length: number;
  /** Shortens it to a length as far as it can be shortened, and returns how many characters were left out. */
  readonly cutTo: (length: number) => number;
  /** The only entry that is left, if there is but one: something inside of it may be too long. */
  readonly only?: () => unknown;
}

type Members = Record<string | number, unknown>;
type CandidateIn = (holder: Members, name: string | number) => Candidate | undefined;

/** Adds the outermost candidates inside of a value. Those inside of them are shorter. */
function collect(value: unknown, candidateIn: CandidateIn, candidates: Heap<Candidate>): void {
  if (!Array.isArray(value) && !isObject(value)) return;
  for (const name of Object.keys(value)) {
    const candidate = candidateIn(value as Members, name);
    if (candidate === undefined) collect((value as Members)[name], candidateIn, candidates);
    else candidates.push(candidate);
  }
}

const longArray: CandidateIn = (holder, name) => {
  const array = holder[name];
  if (!Array.isArray(array) || array.length < 2) return undefined;
  return {
    length: JSON.stringify(array).length,
    cutTo: (length) => sizeOf(array.splice(howMany(array, length - '[]'.length))),
    only: () => (array.length === 1 ? array : undefined),
  };
};

/** No object of this server's own schemas has so many members: it is a map that others made. */
const MANY_MEMBERS = 33;

const largeMap: CandidateIn = (holder, name) => {
  const map = holder[name];
  if (!isObject(map) || Object.keys(map).length < MANY_MEMBERS) return undefined;
  const entries = Object.entries(map).map(([key, value]) => ({ [key]: value }));
  return {
    length: JSON.stringify(map).length,
    cutTo: (length) => {
      // Braces of their own in place of a comma make each entry a little longer than it is.
      const removed = entries.splice(howMany(entries, length - '{}'.length));
      // Unlike an assignment, this creates members of any name, also `__proto__`.
      holder[name] = Object.fromEntries(entries.flatMap(Object.entries));
      return sizeOf(removed) - 2 * removed.length;
    },
    only: () => (entries.length === 1 ? entries : undefined),
  };
};

/** A text is not shortened below that, in characters of JSON, so that names, ids and links stay whole. */
const LEAST_TEXT = 200;
/** Where nothing else is left to be shortened, texts are not shortened below that. */
export const SHORTEST_TEXT = 20;
const ELLIPSIS = '…';

const longText =
  ({ least = LEAST_TEXT, whole }: TextRules = {}): CandidateIn =>
  (holder, name) => {
    const text = holder[name];
    if (typeof text !== 'string' || whole?.has(text)) return undefined;
    const { length } = JSON.stringify(text);
    if (length <= least) return undefined;
    const cutTo = (wanted: number) => {
      const cut = asMuchAsFits(text, Math.max(wanted, least) - ELLIPSIS.length) + ELLIPSIS;
      holder[name] = cut;
      return length - JSON.stringify(cut).length;
    };
    return { length, cutTo };
  };

/** The characters of JSON that entries take in a list, with their commas. */
function sizeOf(entries: readonly unknown[]): number {
  return entries.reduce<number>((sum, entry) => sum + JSON.stringify(entry).length + 1, 0);
}

/** How many entries fit into a budget in characters of JSON; at least one. */
export function howMany(entries: readonly unknown[], budget: number): number {
  let left = budget;
  const first = entries.findIndex((entry) => {
    left -= JSON.stringify(entry).length + 1;
    return left < 0;
  });
  return first === -1 ? entries.length : Math.max(1, first);
}

/** The beginning of a text that is no longer than that as JSON, with its quotation marks. */
function asMuchAsFits(text: string, length: number): string {
  let left = length - '""'.length;
  let end = 0;
  for (const character of text) {
    left -= JSON.stringify(character).length - '""'.length;
    if (left < 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}
