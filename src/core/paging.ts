import { z } from 'zod';
import type { Query } from './api.ts';
import type { Tool } from './tool.ts';

/** Longest page token, in characters: longer ones do not fit into the head of a request. */
const MAX_TOKEN = 4096;

/** How the API yields a list. */
export interface Paging {
  /** The largest page, in entries. Left out: the API yields the list whole. */
  readonly pages?: number;
  /** The longest page token that the API takes, in characters. */
  readonly longestToken?: number;
}

/** Its limits are checked but not announced: the list of tools is read by models, and every word of it counts. */
function pageToken(isGood: (token: string) => boolean) {
  return z
    .string()
    .refine(isGood, 'must be next_page_token of the previous answer, unchanged')
    .optional()
    .describe('next_page_token of the previous answer');
}

/**
 * Argument of a list that the API yields whole: long ones are cut, and a token goes on. The pipeline takes away its own
 * tokens and those of the first page; what is left when the arguments are checked is neither.
 */
const continuing = { pageToken: pageToken(() => false) };

/** The arguments that a list takes beside its own. */
export function pagingArguments({ pages, longestToken = MAX_TOKEN }: Paging) {
  if (pages === undefined) return continuing;
  return {
    pageToken: pageToken((token) => token.length <= longestToken),
    pageSize: z.int().min(1).max(pages).optional(),
  };
}

/** Hands a list its page as a query, in place of the arguments for paging. */
export function paged(run: Tool['run']): Tool['run'] {
  return ({ pageToken, pageSize, ...args }, context) =>
    run({ ...args, page: { page_size: pageSize, page_token: pageToken } }, context);
}

/** What every list carries beside its entries. */
export const pageInfo = {
  next_page_token: z.string().nullish().describe('Pass as pageToken for the next page; empty on the last'),
  total_size: z.union([z.number(), z.string()]).nullish(),
  truncated: z.boolean().optional().describe('More of this page follows under next_page_token'),
};

/** The page that a call asks for, under the API's names. */
export interface PageQuery extends Query {
  readonly page_size: number | undefined;
  readonly page_token: string | undefined;
}
