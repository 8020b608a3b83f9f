import { invalid } from '../gateway/api-error.ts';

const DEFAULT_SIZE = 10;

/**
 * Cuts a page out of a list, as a list's answer holds it: under its name, with what is to be said of the pages around.
 * @param listing names the list with everything that narrows it: a token is good for that list alone.
 * @throws ApiError when the token is none of this list's
 */
export function page<const Name extends string, T>(
  name: Name,
  all: readonly T[],
  request: { readonly page_size: number; readonly page_token: string },
  listing: readonly (string | undefined)[],
) {
  const key = JSON.stringify(listing);
  const size = request.page_size === 0 ? DEFAULT_SIZE : request.page_size;
  const start = request.page_token === '' ? 0 : readToken(request.page_token, key);
  const end = start + size;
  const around = {
    next_page_token: end < all.length ? writeToken(end, key) : '',
    prev_page_token: start > 0 ? writeToken(Math.max(0, start - size), key) : '',
    total_size: all.length,
  };
  return { ...around, [name]: all.slice(start, end) } as typeof around & { readonly [Key in Name]: readonly T[] };
}

/** Refuses a page that is longer than the API gives, where its descriptor has no rule about it. */
export function refuseLongPage(size: number, max: number): void {
  if (size <= max) return;
  throw invalid({ field: 'page_size', description: `must be less than or equal to ${max}`, constraint: 'uint32.lte' });
}

function writeToken(start: number, listing: string): string {
  return Buffer.from(JSON.stringify({ start, listing })).toString('base64url');
}

function readToken(token: string, listing: string): number {
  const found = parse(token);
  if (found?.listing === listing && Number.isSafeInteger(found.start) && found.start >= 0) return found.start;
  const description = 'value is not a page token of this list';
  throw invalid({ field: 'page_token', description, constraint: 'page_token.valid' });
}

function parse(token: string): { start: number; listing: string } | undefined {
  try {
    const value = JSON.parse(Buffer.from(token, 'base64url').toString());
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
