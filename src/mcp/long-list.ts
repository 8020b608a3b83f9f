import { ToolError } from '../tool/errors.ts';
import { isObject, type JsonObject } from '../tool/json.ts';

const OWN_PREFIX = 'cut.';
/** For the members that a cut adds to the result. */
const RESERVE = 200;
const MAX_SKIP = 100_000;

type Arguments = Readonly<Record<string, unknown>>;

/** Where in a page of the API to go on. */
export interface Position {
  /** Token and size of the page, as the API knows them. */
  readonly token: string | undefined;
  readonly size: number | undefined;
  /** Entries of the page that the client has had already. */
  readonly skip: number;
}

/**
 * Reads where a list goes on. A token of ours names a page of the API and the entries of it that were sent before: it
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
 * and carries a token for the rest.
 * @param items the member that holds the entries
 * @param budget characters of JSON
 */
export function cutToFit(
  data: JsonObject,
  items: string,
  position: Position,
  budget: number,
): { readonly data: JsonObject; readonly text: string } {
  const all = data[items];
  if (!Array.isArray(all)) return { data, text: JSON.stringify(data) };
  const entries = position.skip === 0 ? all : all.slice(position.skip);
  const whole = { ...data, [items]: entries };
  const text = JSON.stringify(whole);
  const count = text.length <= budget ? entries.length : howMany(entries, budget - RESERVE - frameOf(whole, items));
  if (count === entries.length) return { data: whole, text };
  const cut = {
    ...whole,
    [items]: entries.slice(0, count),
    next_page_token: encode({ ...position, skip: position.skip + count }),
    truncated: true,
  };
  return { data: cut, text: JSON.stringify(cut) };
}

/** How many entries fit; at least one, or nobody would ever get past a long one. */
function howMany(entries: readonly unknown[], budget: number): number {
  let left = budget;
  const first = entries.findIndex((entry) => {
    left -= JSON.stringify(entry).length + 1;
    return left < 0;
  });
  return first === -1 ? entries.length : Math.max(1, first);
}

function frameOf(data: JsonObject, items: string): number {
  return JSON.stringify({ ...data, [items]: [] }).length;
}

function encode(position: Position): string {
  return OWN_PREFIX + Buffer.from(JSON.stringify(position)).toString('base64url');
}

function decode(token: string): Position {
  const position = parse(Buffer.from(token.slice(OWN_PREFIX.length), 'base64url').toString());
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function defined(members: Arguments): Arguments {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
