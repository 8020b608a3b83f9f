import { z } from 'zod';
import { trimmed } from '../../platform/exact.ts';

/** The API's longest id, with its prefix, in characters. */
const MAX_ID = 32;

/**
 * An id. White space around it is no part of it. The API defines only its prefix and length, although today only digits
 * follow the prefix. Its form is checked, but is not part of the advertised schema: models read the list of tools, and
 * every word of it costs tokens for each of these tools.
 * @param tool the name of the tool that lists such ids
 */
export function idFrom(prefix: string, tool: string) {
  const form = new RegExp(`^${prefix}_\\w{1,${MAX_ID - 1 - prefix.length}}$`);
  return trimmed(z.string())
    .refine((value) => form.test(value), `must look like ${prefix}_1234`)
    .describe(`From ${tool}`);
}

export const environmentId = idFrom('env', 'list_environments');

export const organizationId = idFrom('org', 'list_organizations');

export const userId = idFrom('usr', 'list_organization_users');

/** Older MCP servers have ids of another form. */
export const mcpServerId = trimmed(z.string())
  .refine((value) => /^(res|app)_\w{1,28}$/.test(value), 'must look like res_1234 or app_1234')
  .describe('From list_mcp_servers');
/** A secret of a client. Where it is listed hangs on the client. */
export const secretId = trimmed(z.string())
  .refine((id) => /^\w{1,32}$/.test(id), 'must look like sec_1234')
  .describe('id among the secrets of the client');
