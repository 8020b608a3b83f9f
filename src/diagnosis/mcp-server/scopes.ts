import type { McpServer } from '../../platform/entities/mcp-server.ts';
import { failed, type Outcome, passed, warned } from '../finding.ts';
import type { ChallengeParameters } from './challenge-header.ts';
import { CLIENTS } from './clients.ts';
import { type Json, stringsIn } from './probes.ts';

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
  const known = listed && new Set(listed);
  const excess = (asked: readonly string[]) =>
    known === undefined ? [] : [...new Set(asked)].filter((name) => !OF_PROTOCOL.has(name) && !known.has(name));
  const inChallenge = parameters?.get('scope')?.split(' ').filter(Boolean) ?? [];
  const inMetadata = stringsIn(document, 'scopes_supported') ?? [];
  return [
    outcomeOf('challenge_scopes', 'The challenge', excess(inChallenge), server),
    outcomeOf('scopes', 'The metadata', excess(inMetadata), server),
  ];
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
