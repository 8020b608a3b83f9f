import { z } from 'zod';
import type { Query } from '../tool/api.ts';

/**
 * Arguments that several tools share. Ids are checked by prefix and length, which is all that the API promises; what
 * follows the prefix happens to be digits today.
 */
export const environmentId = z
  .string()
  .regex(/^env_\w{1,28}$/, 'must look like env_1234')
  .describe('Environment id (env_…), from list_environments');

export const organizationId = z
  .string()
  .regex(/^org_\w{1,28}$/, 'must look like org_1234')
  .describe('Organization id (org_…), from list_organizations');

const pageToken = z
  .string()
  .max(2048)
  .optional()
  .describe('next_page_token of the previous answer; leave out for the first page');

/** Paging arguments of a list whose pages hold at most `max` entries. */
export function paging(max: number) {
  return {
    pageToken,
    pageSize: z.int().min(1).max(max).optional().describe('Entries per page; 10 if left out'),
  };
}

/** What every list carries beside its entries. */
export const pageInfo = {
  next_page_token: z.string().nullish().describe('Pass as pageToken for the next page; empty on the last'),
  total_size: z.number().nullish(),
};

/** Paging arguments as the API names them. The documented first page is `1`, which the API's tokens never are. */
export function pageQuery({
  pageToken: token,
  pageSize,
}: {
  pageToken?: string | undefined;
  pageSize?: number | undefined;
}): Query {
  return { page_size: pageSize, page_token: token === '1' || token === '' ? undefined : token };
}
