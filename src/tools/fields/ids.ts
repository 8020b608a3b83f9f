import { z } from 'zod';

/** Of an id, its prefix included, as the API has it. */
const MAX_ID = 32;

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
