import { z } from 'zod';
import { Word } from '../../core/word.ts';

/** An MCP instance that stops working with something, and the user whom it serves. */
const DependentInstance = z.object({
  id: z.string(),
  name: z.string().nullish(),
  user_identifier: z.string().nullish(),
  config_name: z.string().nullish(),
});

/** An MCP config that needs something. */
const DependentConfig = z.object({ id: z.string(), name: z.string().nullish() });

/** An MCP server whose users sign in through something. */
const DependentServer = z.object({ id: z.string(), name: z.string().nullish() });

/** An account of a user that works through something. */
const DependentAccount = z.object({ id: z.string(), identifier: z.string().nullish() });

/** An SSO connection that needs something. */
const DependentConnection = z.object({ id: z.string(), provider: Word.nullish(), enabled: z.boolean().nullish() });

function dependents<Entry extends z.ZodObject>(entry: Entry) {
  return z.object({
    count: z.int().nullable().describe('null: they could not be read'),
    is_complete: z.boolean().describe('false: there are, or may be, more than these'),
    entries: z.array(entry),
  });
}

/** The MCP instances that depend on something. */
export const DependentInstances = dependents(DependentInstance);

/** The MCP configs that depend on something. */
export const DependentConfigs = dependents(DependentConfig);

/** The users of an organization. */
export const DependentUsers = dependents(z.object({ id: z.string(), email: z.string().nullish() }));

/** The sessions of a user that are active. */
export const DependentSessions = dependents(
  z.object({
    id: z.string(),
    os: z.string().nullish(),
    browser: z.string().nullish(),
    created_at: z.string().nullish(),
  }),
);

/** The SSO connections that depend on something. */
export const DependentConnections = dependents(DependentConnection);

/** The MCP servers that depend on something. */
export const DependentServers = dependents(DependentServer);

/** The clients of an MCP server, or the API clients of an organization. */
export const DependentClients = dependents(z.object({ id: z.string(), name: z.string().nullish() }));

/** What people allowed at an MCP server. */
export const DependentConsents = dependents(
  z.object({ id: z.string(), external_user_id: z.string().nullish(), client_name: z.string().nullish() }),
);

/** The app connections that depend on something. */
export const DependentAppConnections = dependents(
  z.object({ id: z.string(), key_id: z.string().nullish(), enabled: z.boolean().nullish() }),
);

/** The connected accounts that depend on something. */
export const DependentAccounts = dependents(DependentAccount);

/** The domains of an organization. */
export const DependentDomains = dependents(z.object({ id: z.string(), domain: z.string().nullish() }));

/** The directories of an organization. */
export const DependentDirectories = dependents(
  z.object({ id: z.string(), name: z.string().nullish(), enabled: z.boolean().nullish() }),
);

/** The passkeys of a user, by the names that they gave them. */
export const DependentPasskeys = dependents(z.object({ display_name: z.string().nullish() }));

/** The roles that depend on something: those that inherit from a role, or that have a permission. */
export const DependentRoles = dependents(
  z.object({
    id: z.string(),
    name: z.string().nullish(),
    display_name: z.string().nullish(),
    is_org_role: z.boolean().nullish(),
    is_inherited: z.boolean().optional().describe('Has it through the role that it extends'),
  }),
);
