import { z } from 'zod';
import type { Query } from '../../core/api.ts';

/** Of an id, its prefix included, as the API has it. */
const MAX_ID = 32;
/** Longer ones do not fit into the head of a request. */
const MAX_TOKEN = 4096;

/** An id: prefix and length are all that the API promises. What follows the prefix happens to be digits today. */
export function id(prefix: string, description: string) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_\\w{1,${MAX_ID - 1 - prefix.length}}$`), `must look like ${prefix}_1234`)
    .describe(description);
}

/**
 * An id that many tools take. Its form is checked but not announced: the list of tools is read by models, and every word
 * of it counts many times.
 */
export function idFrom(prefix: string, tool: string) {
  const form = new RegExp(`^${prefix}_\\w{1,28}$`);
  return z
    .string()
    .refine((value) => form.test(value), `must look like ${prefix}_1234`)
    .describe(`${prefix}_… from ${tool}`);
}

export const environmentId = idFrom('env', 'list_environments');

export const organizationId = id('org', 'From list_organizations');

export const email = z
  .string()
  .trim()
  .max(254)
  .refine((value) => /^\S+@\S+$/.test(value), 'must be an email address');

/** Pairs that an application keeps with something of its own, under the API's rules for them. */
export function metadata(maxPairs: number) {
  return z
    .record(z.string().min(3).max(25), z.string().min(1).max(256))
    .refine((pairs) => Object.keys(pairs).length <= maxPairs, `holds more than ${maxPairs} pairs`)
    .optional()
    .describe(`At most ${maxPairs} pairs; keys of 3 to 25 characters`);
}

/** Added by the surface to every tool that destroys. */
export const confirmation = z.string().max(500).optional().describe('From the answer to the first call without it');

/** Its limits are checked but not announced, as with environmentId. */
function pageToken(isGood: (token: string) => boolean) {
  return z
    .string()
    .refine(isGood, 'must be next_page_token of the previous answer, unchanged')
    .optional()
    .describe('next_page_token of the previous answer');
}

/**
 * Argument of a list that the API yields whole: long ones are cut, and a token goes on. The pipeline takes away tokens of
 * ours and those of the first page; what is left when the arguments are checked is neither.
 */
export const continuing = { pageToken: pageToken(() => false) };

/** Arguments of a list whose pages hold at most `max` entries. */
export function paging(max: number, maxToken = MAX_TOKEN) {
  return {
    pageToken: pageToken((token) => token.length <= maxToken),
    pageSize: z.int().min(1).max(max).optional(),
  };
}

/** What every list carries beside its entries. */
export const pageInfo = {
  next_page_token: z.string().nullish().describe('Pass as pageToken for the next page; empty on the last'),
  total_size: z.union([z.number(), z.string()]).nullish(),
  truncated: z.boolean().optional().describe('More of this page follows under next_page_token'),
};

/** What a result that is no list carries when it can outgrow the budget: it is cut then, with no way to go on. */
export const cuttable = { truncated: z.boolean().optional().describe('The end of a list inside is left out') };

/** A text that may be empty, with a limit in characters that is checked but not announced. */
export function limited(text: z.ZodString, max: number) {
  return text.refine((value) => value.length <= max, `must be at most ${max} characters`);
}

/** Paging arguments as the API names them. */
export function pageQuery(page: { pageToken?: string | undefined; pageSize?: number | undefined }): Query {
  return { page_size: page.pageSize, page_token: page.pageToken };
}
