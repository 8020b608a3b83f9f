import { z } from 'zod';
import type { Query } from './api.ts';
import type { Tool } from './tool.ts';
import { WholeNumber } from './whole-number.ts';

/** The longest page token, in characters. Longer ones do not fit into the head of a request to the API. */
const MAX_TOKEN = 4096;

/** How the API returns a list. */
export interface Paging {
  /** The largest page, in entries. Left out: the API returns the whole list at once. */
  readonly pages?: number;
  /** The longest page token that the API accepts, in characters. */
  readonly longestToken?: number;
}

/**
 * The argument `pageToken`. Its limits are checked, but they are not part of the advertised schema: models read the
 * list of tools, and every word costs tokens.
 */
function pageToken(isGood: (token: string) => boolean) {
  return z
    .string()
    .refine(isGood, 'must be next_page_token of the previous answer, unchanged')
    .optional()
    .describe('The last next_page_token');
}

/**
 * The paging argument of a list that the API returns at once. A long list is cut, and continues with a token of this
 * server. The pipeline removes such tokens, and those of the first page, before the arguments are checked. So a token
 * that is left then is always wrong. Pages of any size are made of it here.
 */
const continuation = { pageToken: pageToken(() => false), pageSize: z.int().min(1).optional() };

/** The paging arguments that are added to a list's own arguments. */
export function pagingArguments({ pages, longestToken = MAX_TOKEN }: Paging) {
  if (pages === undefined) return continuation;
  return {
    pageToken: pageToken((token) => token.length <= longestToken),
    pageSize: z.int().min(1).max(pages).optional(),
  };
}

/** Wraps `run` of a list: it gets `page`, a query in the API's names, instead of the paging arguments. */
export function paged(run: Tool['run']): Tool['run'] {
  return ({ pageToken, pageSize, ...args }, context) =>
    run({ ...args, page: { page_size: pageSize, page_token: pageToken } }, context);
}

/**
 * The members that every list answer has in addition to its entries. What a client needs to go on is at the end, which
 * programs that cut results in the middle keep.
 */
export const pageInfo = {
  total_size: WholeNumber.nullish(),
  next_page_token: z.string().nullish().describe('Pass as pageToken for the next page; empty on the last'),
  truncated: z
    .boolean()
    .optional()
    .describe('Cut to fit: more follows under next_page_token, or the end of a long entry is left out'),
};

/** The page that a call asks for, in the API's names. */
export interface PageQuery extends Query {
  readonly page_size: number | undefined;
  readonly page_token: string | undefined;
}
