import { readFileSync } from 'node:fs';
import { version } from './version.ts';

/** What this server is called, wherever it introduces itself: in a handshake, to registries, and to who looks for servers. */
export const IDENTITY = {
  /** The name in a handshake, which is that of the package. */
  name: 'scalekit-mcp-server',
  title: 'Scalekit',
  version,
  websiteUrl: 'https://docs.scalekit.com',
} as const;

/** The name in registries of MCP servers: a domain from its end to its beginning, and a name there. From the package. */
export const REGISTERED_NAME: string = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
).mcpName;

/** What it does, in at most 100 characters, as registries and server cards want it. */
export const SHORT_DESCRIPTION =
  'Manage a Scalekit workspace: organizations, users, SSO, SCIM, roles, MCP servers, agents.';
