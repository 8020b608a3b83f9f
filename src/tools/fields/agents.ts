import { z } from 'zod';
import { given, type Sentence } from '../../core/sentence.ts';
import { trimmed } from '../../platform/exact.ts';
import { idFrom } from './ids.ts';
import { heldText, shortText, trimmedText } from './texts.ts';

// Arguments that the tools for agents share. As with all ids of this kind, their form is checked but is not part of the
// advertised schema.

export const configId = idFrom('cfg', 'list_mcp_configs');
export const instanceId = idFrom('inst', 'list_mcp_instances');
export const connectedAccountId = idFrom('ca', 'list_connected_accounts');

/** The name of an app connection. */
export const connector = trimmed(z.string())
  .refine((name) => /^[a-zA-Z0-9_: -]{1,400}$/.test(name), 'must be the name of a connection')
  .describe('key_id from list_app_connections');

/** The user to whom an account belongs, by the id that the customer's application uses. */
export const identifier = shortText(100).describe('Your id of the user');

/** The same user, under the name that the API documents for MCP configs and instances. */
export const userIdentifier = shortText(255).describe('identifier of their connected accounts');

/** Where one identifier exists in several organizations, or for several users. The API knows no form of either. */
export const ofAccount = {
  organizationId: heldText(32).optional(),
  userId: heldText(32).optional(),
};

/** Names an account in a sentence, by what a call gives of it. */
export function namedAccount(account: {
  readonly connectedAccountId?: string | undefined;
  readonly identifier?: string | undefined;
  readonly connector?: string | undefined;
  readonly organizationId?: string | undefined;
  readonly userId?: string | undefined;
}): Sentence {
  const { connectedAccountId, identifier, connector, organizationId, userId } = account;
  return given({ id: connectedAccountId, identifier, connector, organization: organizationId, user: userId });
}

/**
 * The name of a tool that agents run. Those of custom connections begin with the connection's name, which has up to 400
 * characters, and MCP lets a tool's own name have 128.
 */
export const toolName = heldText(600);

/** What is looked for in names. */
export const search = heldText(100, 3).describe('Part of a name; 3 characters or more').optional();

/** The service of a connection, in any case. */
export const provider = trimmedText(50).optional();
