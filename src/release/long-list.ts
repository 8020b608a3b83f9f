import { ToolError } from '../core/errors.ts';
import { isObject, type JsonObject, parseJson } from '../core/json.ts';
import { howMany, MARK, shorten } from './shorten.ts';

/** The prefix of this server's own page tokens. Any other token is the API's. */
const OWN_PREFIX = 'cut.';
/** No page of the API has so many entries. A token that skips more was tampered with. */
const MAX_SKIP = 100_000;

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
}

/**
 * Reads where a list continues from its arguments. This server's own token contains a page of the API and the number of
 * its entries that were sent before. Any other token is the API's. `1` and the empty string mean the first page.
 * @returns the arguments with the API's token and size of the page, and the position
 * @throws ToolError `invalid_arguments` for a token that was tampered with
 */
export function resume(args: Arguments): { readonly args: Arguments; readonly position: Position } {
  const { pageToken: token, ...rest } = args;
  if (typeof token === 'string' && token.startsWith(OWN_PREFIX)) {
    const position = decode(token);
    const { token: pageToken, size: pageSize = rest['pageSize'] } = position;
    return { args: { ...rest, ...defined({ pageToken, pageSize }) }, position };
  }
  const pageToken = token === '1' || token === '' ? undefined : token;
  const size = typeof rest['pageSize'] === 'number' ? rest['pageSize'] : undefined;
  const position = { token: typeof pageToken === 'string' ? pageToken : undefined, size, skip: 0 };
  return { args: { ...rest, ...defined({ pageToken }) }, position };
}

/** Cleans the lists of an object and what stands beside them; may leave out entries at their end. */
type CleanList = (
  data: JsonObject,
  members: readonly string[],
) => { readonly data: JsonObject; readonly isCut: boolean };

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
 * @param clean cleans what is left when the entries that the client has are gone
 */
export function cutToFit(
  data: JsonObject,
  members: readonly string[],
  position: Position,
  budget: number,
  clean: CleanList,
): Trimmed {
  const { data: whole, isCut } = clean(part(data, members, position.skip), members);
  const text = JSON.stringify(whole);
  if (!isCut && text.length <= budget) return { data: whole, text };
  const entries = entriesOf(whole, members);
  const upTo = (count: number) => ({
    ...part(whole, members, 0, count),
    ...((isCut || count < entries.length) && {
      next_page_token: encode({ ...position, skip: position.skip + count }),
      ...MARK,
    }),
  });
  // The token is longest where it skips most.
  const frame = { ...upTo(0), next_page_token: encode({ ...position, skip: position.skip + entries.length }) };
  const fitting = howMany(entries, budget - JSON.stringify(frame).length);
  const count = Math.max(1, isCut ? fitting : Math.min(fitting, entries.length - 1));
  const cut = upTo(count);
  const result = JSON.stringify(cut);
  if (count > 1 || result.length <= budget) return { data: cut, text: result };
  return withShorterEntry(cut, members, result, budget);
}

/** Shortens the only entry of a list. */
function withShorterEntry(data: JsonObject, members: readonly string[], text: string, budget: number): Trimmed {
  const member = members.find((name) => entriesOf(data, [name]).length > 0);
  const [entry] = entriesOf(data, members);
  if (member === undefined || !isObject(entry)) return { data, text };
  const tooMuch = JSON.stringify({ ...data, ...MARK }).length - budget;
  const shorter = shorten(entry as JsonObject, JSON.stringify(entry).length - tooMuch);
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

function encode(position: Position): string {
  return OWN_PREFIX + Buffer.from(JSON.stringify(position)).toString('base64url');
}

function decode(token: string): Position {
  const position = parseJson(Buffer.from(token.slice(OWN_PREFIX.length), 'base64url').toString());
  const { token: inner, size, skip } = isObject(position) ? position : {};
  const isToken = inner === undefined || typeof inner === 'string';
  const isSize = size === undefined || typeof size === 'number';
  if (isToken && isSize && Number.isSafeInteger(skip) && Number(skip) > 0 && Number(skip) < MAX_SKIP) {
    return { token: inner, size, skip: Number(skip) };
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
