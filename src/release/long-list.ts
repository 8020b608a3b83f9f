import { ToolError } from '../core/errors.ts';
import { isObject, type JsonObject, parseJson } from '../core/json.ts';
import { howMany, shorten } from './shorten.ts';

/** The prefix of this server's own page tokens. Any other token is the API's. */
const OWN_PREFIX = 'cut.';
/** No page of the API has so many entries. A token that skips more was tampered with. */
const MAX_SKIP = 100_000;

const MARK = { truncated: true };

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

/**
 * Removes the entries that the client has already, and those that do not fit into the budget. A list that is too long
 * is cut between two entries, gets `truncated`, and a token for the rest. At least one entry is always sent, because
 * otherwise the client could never get past it; one that is too long by itself is shortened.
 * @param items the members that hold the entries; they are counted as one list
 * @param budget in characters of JSON
 */
export function cutToFit(
  data: JsonObject,
  items: string | readonly string[],
  position: Position,
  budget: number,
): Trimmed {
  const members = [items].flat();
  const whole = part(data, members, position.skip);
  const text = JSON.stringify(whole);
  if (text.length <= budget) return { data: whole, text };
  const entries = entriesOf(whole, members);
  const upTo = (count: number) => ({
    ...part(whole, members, 0, count),
    ...(count < entries.length && {
      next_page_token: encode({ ...position, skip: position.skip + count }),
      ...MARK,
    }),
  });
  // The token is longest where it skips most.
  const frame = { ...upTo(0), next_page_token: encode({ ...position, skip: position.skip + entries.length }) };
  const fitting = howMany(entries, budget - JSON.stringify(frame).length);
  const count = Math.max(1, Math.min(fitting, entries.length - 1));
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
