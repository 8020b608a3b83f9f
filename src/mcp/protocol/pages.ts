import { ProtocolErrorCode } from '@modelcontextprotocol/server';
import { ClientFacingError } from './sdk-server.ts';

/** So many entries are on a page of a list of resources or prompts. */
const PAGE_SIZE = 100;
const CURSOR = /^page-([1-9]\d{0,5})$/;

/** The entries of a page, and the cursor of the next one. */
export interface Page<T> {
  readonly entries: T[];
  readonly next: { readonly nextCursor?: string };
}

/**
 * The page that a cursor names: the first without one.
 * @throws ClientFacingError -32602 for a cursor that this server does not hand out for this list
 */
export function pageOf<T>(all: readonly T[], cursor: string | undefined): Page<T> {
  const page = cursor === undefined ? 0 : Number(CURSOR.exec(cursor)?.[1] ?? Number.NaN);
  const from = page * PAGE_SIZE;
  if (Number.isNaN(page) || (page > 0 && from >= all.length)) {
    const message = 'There is no such page. Begin again without a cursor.';
    throw new ClientFacingError(ProtocolErrorCode.InvalidParams, message);
  }
  const isLast = from + PAGE_SIZE >= all.length;
  return { entries: all.slice(from, from + PAGE_SIZE), next: isLast ? {} : { nextCursor: `page-${page + 1}` } };
}
