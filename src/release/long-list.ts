import { digestOf } from '../core/digest.ts';
import { ToolError } from '../core/errors.ts';
import { isObject, type JsonObject, parseJson } from '../core/json.ts';
import { howMany, MARK, shorten, type TextRules } from './shorten.ts';

/** The prefix of this server's own page tokens. Any other token is the API's. */
const OWN_PREFIX = 'cut.';
/** No page of the API has so many entries. A token that skips more was tampered with. */
const MAX_SKIP = 100_000;
/** No page that a call may ask for is larger. */
const MAX_SIZE = 1_000;

type Arguments = Readonly<Record<string, unknown>>;

/** A result within the budget, and the same as compact JSON. */
export interface Trimmed {
  readonly data: JsonObject;
  readonly text: string;
}

/** Where a list continues: a page of the API, and an entry in it. */
export interface Position {
  /** The API's token and size of the page. */
  readonly token: string | undefined;
  readonly size: number | undefined;
  /** How many entries of the page the client has already. */
  readonly skip: number;
  /** The fingerprints of the last entries that were sent of this page, oldest first; empty at its beginning. */
  readonly sent: string;
  /** Which list this is: a digest of the tool, its filters, the environment and the caller. Empty for a new list. */
  readonly list: string;
  /** The most entries that are sent at once, of what the API returns for a page. */
  readonly most?: number | undefined;
}

/** The length of a fingerprint. Those of one page alone are compared, so that few bits are enough. */
const FINGERPRINT_LENGTH = 4;
/** As many entries are named in a token. No page of most lists has more. */
const MAX_FINGERPRINTS = 100;
const LIST_LENGTH = 8;
const FINGERPRINT = new RegExp(`[\\w-]{${FINGERPRINT_LENGTH}}`, 'g');
const SENT = new RegExp(`^(?:${FINGERPRINT.source}){1,${MAX_FINGERPRINTS}}$`);
const LIST = new RegExp(`^[\\w-]{${LIST_LENGTH}}$`);

/**
 * Reads where a list continues from its arguments. This server's own token contains a page of the API and the number of
 * its entries that were sent before; a `pageSize` beside it bounds what is sent of that page. Any other token is the
 * API's. `1` and the empty string mean the first page.
 * @returns the arguments with the API's token and size of the page, and the position
 * @throws ToolError `invalid_arguments` for a token that was tampered with
 */
export function resume(args: Arguments): { readonly args: Arguments; readonly position: Position } {
  const { pageToken: token, ...rest } = args;
  if (typeof token === 'string' && token.startsWith(OWN_PREFIX)) {
    const position = decode(token);
    return { args: { ...rest, ...defined({ pageToken: position.token }) }, position };
  }
  const pageToken = token === '1' || token === '' ? undefined : token;
  const size = typeof rest['pageSize'] === 'number' ? rest['pageSize'] : undefined;
  const text = typeof pageToken === 'string' ? pageToken : undefined;
  return { args: { ...rest, ...defined({ pageToken }) }, position: { token: text, size, skip: 0, sent: '', list: '' } };
}

/**
 * Binds a position to the list that is read, so that a token of one list is of no use for another.
 * @param list what the list is: the same for all its parts, and for no other list
 * @throws ToolError `invalid_arguments` when the position belongs to another list
 */
export function boundTo(position: Position, list: unknown): Position {
  const digest = digestOf(JSON.stringify(list)).slice(0, LIST_LENGTH);
  if (position.list === '' || position.list === digest) return { ...position, list: digest };
  throw new ToolError(
    'invalid_arguments',
    'This pageToken belongs to another list: of another tool, environment, filter or caller. Repeat the call that it came from, or leave it out for the first page.',
    { field: 'pageToken' },
  );
}

/**
 * Finds where a list goes on in an answer: behind the last entry that was sent and is still there, whatever was deleted
 * or made in between.
 * @throws ToolError `invalid_arguments` when so many of the entries that were sent are gone that this cannot be told
 */
export function beginIn(data: JsonObject, members: readonly string[], position: Position): Position {
  if (position.sent === '') return position;
  const entries = entriesOf(data, members);
  const expected = position.skip - 1;
  const sent = position.sent.match(FINGERPRINT)?.toReversed() ?? [];
  // As mostly, nothing has changed.
  if (expected < entries.length && fingerprintOf(entries[expected]) === sent[0]) return position;
  const places = new Map<string, number>();
  for (const [i, entry] of entries.entries()) {
    const fingerprint = fingerprintOf(entry);
    const known = places.get(fingerprint);
    // Of entries that are alike, the one where it was.
    if (known === undefined || Math.abs(i - expected) < Math.abs(known - expected)) places.set(fingerprint, i);
  }
  const last = sent.find((fingerprint) => places.has(fingerprint));
  if (last !== undefined) return { ...position, skip: Number(places.get(last)) + 1 };
  // All that were sent are gone, so that the client has none of these.
  if (sent.length < MAX_FINGERPRINTS) return { ...position, skip: 0 };
  throw new ToolError(
    'invalid_arguments',
    'The entries that were sent before are gone, so that nobody can say where this list goes on. Leave pageToken out to begin again.',
    { field: 'pageToken' },
  );
}

/** A few characters that tell an entry from others of its page. */
function fingerprintOf(entry: unknown): string {
  const id = isObject(entry) ? entry['id'] : entry;
  return digestOf(typeof id === 'string' ? id : JSON.stringify(entry)).slice(0, FINGERPRINT_LENGTH);
}

/** The position behind some more entries. */
function behind(position: Position, sent: readonly unknown[]): Position {
  const all = position.sent + sent.slice(-MAX_FINGERPRINTS).map(fingerprintOf).join('');
  return { ...position, skip: position.skip + sent.length, sent: all.slice(-MAX_FINGERPRINTS * FINGERPRINT_LENGTH) };
}

/** What is done to a list beside cutting it. */
interface ListRules {
  /** Cleans the lists of an object and what stands beside them; may leave out entries at their end. */
  readonly clean: (
    data: JsonObject,
    members: readonly string[],
  ) => { readonly data: JsonObject; readonly isCut: boolean };
  /** The texts of what is sent that stay as they are, however long. */
  readonly wholeIn: (data: JsonObject) => NonNullable<TextRules['whole']>;
}

/**
 * Leaves out entries of an answer that no page of that budget could hold, so that nobody has to look at them. What is
 * left still exceeds the budget if anything was left out.
 * @param answer as the API has sent it, unchecked
 */
export function withoutBeyond(
  answer: unknown,
  members: readonly string[],
  { skip }: Position,
  budget: number,
): unknown {
  if (!isObject(answer)) return answer;
  // An entry and the comma behind it are two characters or more.
  const most = skip + Math.ceil(budget / 2) + 1;
  const isLong = members.some((member) => Array.isArray(answer[member]) && answer[member].length > most);
  return isLong ? part(answer as JsonObject, members, 0, most) : answer;
}

/**
 * Removes the entries that the client has already, and those that do not fit into the budget. A list that is too long
 * is cut between two entries, gets `truncated`, and a token for the rest. At least one entry is always sent, because
 * otherwise the client could never get past it; one that is too long by itself is shortened.
 * @param members those that hold the entries; they are counted as one list
 * @param budget in characters of JSON
 * @param rules for what is left when the entries that the client has are gone
 */
export function cutToFit(
  data: JsonObject,
  members: readonly string[],
  position: Position,
  budget: number,
  { clean, wholeIn }: ListRules,
): Trimmed {
  const rest = part(data, members, position.skip);
  const page = part(rest, members, 0, position.most);
  const unsent = entriesOf(rest, members);
  const { data: whole, isCut } = clean(page, members);
  const entries = entriesOf(whole, members);
  const isPage = !isCut && entries.length < unsent.length;
  const goOn = (count: number) => ({ next_page_token: encode(behind(position, unsent.slice(0, count))) });
  const all = isPage ? { ...whole, ...goOn(entries.length) } : whole;
  const text = JSON.stringify(all);
  if (!isCut && text.length <= budget) return { data: all, text };
  const upTo = (count: number) => ({
    ...part(whole, members, 0, count),
    ...((isCut || count < unsent.length) && { ...goOn(count), ...MARK }),
  });
  // The token is longest where it skips most.
  const frame = { ...upTo(0), ...goOn(entries.length) };
  const fitting = howMany(entries, budget - JSON.stringify(frame).length);
  const count = Math.max(1, isCut ? fitting : Math.min(fitting, entries.length - 1));
  const cut = upTo(count);
  const result = JSON.stringify(cut);
  if (count > 1 || result.length <= budget) return { data: cut, text: result };
  return withShorterEntry(cut, members, result, budget, wholeIn(cut));
}

/** Shortens the only entry of a list. */
function withShorterEntry(
  data: JsonObject,
  members: readonly string[],
  text: string,
  budget: number,
  whole: ReadonlySet<string>,
): Trimmed {
  const member = members.find((name) => entriesOf(data, [name]).length > 0);
  const [entry] = entriesOf(data, members);
  if (member === undefined || !isObject(entry)) return { data, text };
  const tooMuch = JSON.stringify({ ...data, ...MARK }).length - budget;
  const shorter = shorten(entry as JsonObject, JSON.stringify(entry).length - tooMuch, { whole });
  if (shorter === undefined) return { data, text };
  const cut = { ...data, [member]: [shorter], ...MARK };
  return { data: cut, text: JSON.stringify(cut) };
}

/** The entries of several members, as one list. */
function entriesOf(data: JsonObject, members: readonly string[]): readonly unknown[] {
  return members.flatMap((member) => data[member] ?? []);
}

/** The data with the entries from index `from` to `to` only, each still in its own member. */
function part(data: JsonObject, members: readonly string[], from: number, to = Number.POSITIVE_INFINITY): JsonObject {
  if (from === 0 && to === Number.POSITIVE_INFINITY) return data;
  let passed = 0;
  const parts = members.flatMap((member) => {
    const list = data[member];
    if (!Array.isArray(list)) return [];
    const kept = list.slice(Math.max(0, from - passed), Math.max(0, to - passed));
    passed += list.length;
    return [[member, kept] as const];
  });
  return { ...data, ...Object.fromEntries(parts) };
}

function encode({ token, size, skip, sent, list }: Position): string {
  return OWN_PREFIX + Buffer.from(JSON.stringify({ token, size, skip, sent, list })).toString('base64url');
}

function decode(token: string): Position {
  const position = parseJson(Buffer.from(token.slice(OWN_PREFIX.length), 'base64url').toString());
  const { token: inner, size, skip, sent, list } = isObject(position) ? position : {};
  const isToken = inner === undefined || typeof inner === 'string';
  const isSize = size === undefined || (Number.isSafeInteger(size) && Number(size) > 0 && Number(size) <= MAX_SIZE);
  const isPlace = Number.isSafeInteger(skip) && Number(skip) > 0 && Number(skip) < MAX_SKIP;
  const isBound = typeof sent === 'string' && SENT.test(sent) && typeof list === 'string' && LIST.test(list);
  if (isToken && isSize && isPlace && isBound) {
    return { token: inner, size: size as number | undefined, skip: Number(skip), sent, list };
  }
  throw new ToolError(
    'invalid_arguments',
    'This pageToken is damaged. Pass next_page_token of the previous answer unchanged, or leave it out for the first page.',
    { field: 'pageToken' },
  );
}

function defined(members: Arguments): Arguments {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
