import type { ExternalAnswer } from '../../core/external.ts';
import type { McpServer } from '../../platform/entities/mcp-server.ts';
import { failed, type Outcome, passed, warned } from '../finding.ts';
import { issuerOf } from './authorization-servers.ts';
import type { ChallengeParameters } from './challenge-header.ts';
import { CLIENTS } from './clients.ts';
import { challengeIn } from './endpoint.ts';
import { type Ask, type Json, stringsIn } from './probes.ts';
import { readResourceMetadata } from './resource-metadata.ts';
import { readServerMetadata } from './server-metadata.ts';

/** Scopes of the protocol itself, which no registration lists. */
const OF_PROTOCOL: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'offline_access']);
const BREAKS = [CLIENTS.asking];

/** The scopes of a registered MCP server for which tokens are issued. */
export function enabledScopes(server: McpServer): string[] {
  return (server.scopes ?? []).filter(({ enabled }) => enabled === true).map(({ name }) => name);
}

/**
 * Checks the scopes that an MCP server asks for, in its challenge and in its metadata, against those that are enabled for
 * it, or else those that its authorization server offers.
 */
export function checkScopes(
  parameters: ChallengeParameters | undefined,
  document: Json,
  offered: Json | undefined,
  server: McpServer | undefined,
): Outcome[] {
  const listed = server === undefined ? offered && stringsIn(offered, 'scopes_supported') : enabledScopes(server);
  const inMetadata = stringsIn(document, 'scopes_supported') ?? [];
  return [
    outcomeOf('challenge_scopes', 'The challenge', scopesBeyond(listed, askedIn(parameters)), server),
    outcomeOf('scopes', 'The metadata', scopesBeyond(listed, inMetadata), server),
  ];
}

/** Those of some scopes for which no token is issued; none where it is not known for which there are. */
export function scopesBeyond(enabled: readonly string[] | undefined, asked: readonly string[]): readonly string[] {
  if (enabled === undefined) return [];
  const known = new Set(enabled);
  return [...new Set(asked)].filter((name) => !OF_PROTOCOL.has(name) && !known.has(name));
}

function askedIn(parameters: ChallengeParameters | undefined): readonly string[] {
  return parameters?.get('scope')?.split(' ').filter(Boolean) ?? [];
}

/** The scopes of a server at one URL. */
export interface ScopesAt {
  /** Those that clients of this URL are told to ask for, which depend on what it selects. */
  readonly asked: readonly string[];
  /** Those for which its authorization server issues tokens; undefined when that cannot be read. */
  readonly enabled: readonly string[] | undefined;
}

/**
 * Reads which scopes clients of a URL ask for, and which its authorization server lists.
 * @param first the answer to `initialize` without a token
 */
export async function readScopesAt(ask: Ask, url: string, first: ExternalAnswer): Promise<ScopesAt> {
  const parameters = challengeIn(first);
  const { document, at = url } = await readResourceMetadata(ask, url, parameters);
  const issuer = document && issuerOf(document, undefined);
  const offered = issuer === undefined ? undefined : (await readServerMetadata(ask, issuer, at)).document;
  return { asked: askedIn(parameters), enabled: offered && stringsIn(offered, 'scopes_supported') };
}

function outcomeOf(check: string, who: string, excess: readonly string[], server: McpServer | undefined): Outcome {
  if (excess.length === 0) return passed(check);
  if (server === undefined) {
    const seen = `${who} asks for scopes that the authorization server does not list.`;
    return warned(check, { seen, found: excess, breaks: BREAKS, to_do: 'Ask for scopes that exist.' });
  }
  const seen = `${who} asks for scopes that are not enabled for this MCP server.`;
  const to_do = 'Enable them (scopes names all to enable), or ask for those that are.';
  return failed(check, { seen, found: excess, breaks: BREAKS, to_do, next_tool: 'update_mcp_server' });
}
