import { invalid } from './api-error.ts';
import { count, text } from './fields.ts';

const DEFAULT_SIZE = 10;

/** Request fields of a list that is read page by page. */
export function pageFields(rules: { readonly max?: number } = {}) {
  return { page_size: count(rules), page_token: text() } as const;
}

/** What the answer of a list says about the pages around it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next_page_token: string;
  readonly prev_page_token: string;
  readonly total_size: number;
}

/**
 * Cuts a page out of a list.
 * @param listing names the list with everything that narrows it: a token is good for that list alone.
 * @throws ApiError when the token is none of this list's
 */
export function paginate<T>(
  all: readonly T[],
  request: { readonly page_size: number; readonly page_token: string },
  listing: readonly (string | undefined)[],
): Page<T> {
  const name = JSON.stringify(listing);
  const size = request.page_size === 0 ? DEFAULT_SIZE : request.page_size;
  const start = request.page_token === '' ? 0 : readToken(request.page_token, name);
  const end = start + size;
  return {
    items: all.slice(start, end),
    next_page_token: end < all.length ? writeToken(end, name) : '',
    prev_page_token: start > 0 ? writeToken(Math.max(0, start - size), name) : '',
    total_size: all.length,
  };
}

function writeToken(start: number, listing: string): string {
  return Buffer.from(JSON.stringify({ start, listing })).toString('base64url');
}

function readToken(token: string, listing: string): number {
  const found = parse(token);
  if (found?.listing === listing && Number.isSafeInteger(found.start) && found.start >= 0) return found.start;
  throw invalid([
    { field: 'page_token', description: 'value is not a page token of this list', constraint: 'page_token.valid' },
  ]);
}

function parse(token: string): { start: number; listing: string } | undefined {
  try {
    const value = JSON.parse(Buffer.from(token, 'base64url').toString());
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
