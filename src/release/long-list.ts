import { ToolError } from '../core/errors.ts';
import { isObject, type JsonObject, parseJson } from '../core/json.ts';

const OWN_PREFIX = 'cut.';
/** Characters for what a cut adds to the result: `truncated`, and a token of usual length. */
const RESERVE = 200;
/** More entries than any page has: a token that skips more was tampered with. */
const MAX_SKIP = 100_000;

type Arguments = Readonly<Record<string, unknown>>;

/** A result cut to size, and the same as compact JSON. */
export interface Trimmed {
  readonly data: JsonObject;
  readonly text: string;
}

/** Where in a page of the API to go on. */
export interface Position {
  /** Token and size of the page, as the API knows them. */
  readonly token: string | undefined;
  readonly size: number | undefined;
  /** Entries of the page that the client has had already. */
  readonly skip: number;
}

/**
 * Reads where a list goes on. One of our own tokens names a page of the API and the entries of it that were sent before: it
 * becomes that page, and `skip`. Any other token is the API's; the documented first page is `1`, which those never are.
 * @throws ToolError for a token that was tampered with
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
 * Leaves out what the client has had, and what does not fit: a list over the budget ends between two entries, says so,
 * and carries a token for the rest. A single entry stays whole, however long: nobody would get past it otherwise.
 * @param items the members that hold the entries, counted through as one list
 * @param budget characters of JSON
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
  const count = howMany(entries, budget - RESERVE - JSON.stringify(part(whole, members, 0, 0)).length);
  if (count === entries.length) return { data: whole, text };
  const cut = {
    ...part(whole, members, 0, count),
    next_page_token: encode({ ...position, skip: position.skip + count }),
    truncated: true,
  };
  return { data: cut, text: JSON.stringify(cut) };
}

/** The entries of several members, counted through. */
function entriesOf(data: JsonObject, members: readonly string[]): readonly unknown[] {
  return members.flatMap((member) => data[member] ?? []);
}

/** The same with some of its entries alone, each in its own member. */
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

/** How many entries fit into that many characters; at least one, or nobody would ever get past a long one. */
export function howMany(entries: readonly unknown[], budget: number): number {
  let left = budget;
  const first = entries.findIndex((entry) => {
    left -= JSON.stringify(entry).length + 1;
    return left < 0;
  });
  return first === -1 ? entries.length : Math.max(1, first);
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
