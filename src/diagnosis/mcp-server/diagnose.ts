import type { ToolContext } from '../../core/tool.ts';
import type { McpServer } from '../../platform/entities/mcp-server.ts';
import { isHttpUrl } from '../../platform/uri.ts';
import { failed, isHealthy, type Outcome, sortOutcomes, unknown } from '../finding.ts';
import { askOwnServer, checkNamedServers, checkOwnServer, issuerOf } from './authorization-servers.ts';
import { AFTER_A_CHANGE, CLIENTS } from './clients.ts';
import { challengeIn, checkEndpoint } from './endpoint.ts';
import { type Ask, initialize, type Json, probeEndpoint } from './probes.ts';
import { publishOf } from './publish.ts';
import { checkReachable } from './reachable.ts';
import { checkSettings, findRegistered, readRegistered } from './registration.ts';
import { checkResourceMetadata, readResourceMetadata } from './resource-metadata.ts';
import { checkScopes } from './scopes.ts';
import { checkKeys, checkServerMetadata, readServerMetadata } from './server-metadata.ts';

/** Which MCP server is meant: one that is registered, or whatever is at a URL. */
export type Meant = { readonly id: string } | { readonly url: string };

/**
 * Finds out why clients cannot sign in to an MCP server: asks it what clients ask before they have a token, reads its
 * metadata and those of its authorization server, and compares them with each other and with its registration
 * (`GET /resources/{id}`, or `GET /resources` to find the one with that URL).
 * @throws ToolError when the registration cannot be read, or the call is over
 */
export async function diagnoseMcpServer({ api, fetchExternal }: ToolContext, meant: Meant) {
  const found = 'id' in meant ? await readRegistered(api, meant.id) : await findRegistered(api, meant.url);
  const server = found === 'unreadable' ? undefined : found;
  const url = 'url' in meant ? meant.url : (server?.resource_id ?? '');
  const { outcomes, document } = isHttpUrl(url)
    ? await examineMcpServer(fetchExternal, url, server)
    : { outcomes: [noUrl(url)], document: undefined };
  const all = [...checkSettings(server), ...outcomes, ...(found === 'unreadable' ? [notCompared()] : [])];
  const sorted = sortOutcomes(all);
  return {
    url,
    ...(server && { registered: { id: server.id, name: server.name ?? undefined } }),
    healthy: isHealthy(all) && sorted.passed.includes('reachable') && !all.some(isGap),
    ...sorted,
    publish: publishOf(url, all, server, document),
    after_a_change: AFTER_A_CHANGE,
  };
}

/** What has to be known of a server before it can be called healthy. */
const NEEDED: ReadonlySet<string> = new Set(['challenge', 'metadata', 'server_metadata', 'keys']);

function isGap({ check, state }: Outcome): boolean {
  return state === 'not_known' && NEEDED.has(check);
}

function notCompared(): Outcome {
  const seen = 'The registered MCP servers cannot be read, so that nothing was compared with a registration.';
  const to_do = 'Ask a workspace admin for a role that shows them.';
  return unknown('registered', { seen, to_do });
}

function noUrl(found: string): Outcome {
  const seen = 'The MCP server is registered without its URL, so that clients cannot find its metadata.';
  const to_do = 'Register the URL that people are to type.';
  return failed('url', {
    seen,
    found: found || 'none',
    breaks: [CLIENTS.all],
    to_do,
    next_tool: 'update_mcp_server',
  });
}

interface Examined {
  readonly outcomes: Outcome[];
  /** The metadata of the MCP server, if there is any. */
  readonly document: Json | undefined;
}

/**
 * Asks an MCP server what clients ask before they have a token, reads its metadata and those of its authorization server,
 * and compares them with each other.
 * @param server its registration, to compare with that as well
 * @throws ToolError when the call is over
 */
export async function examineMcpServer(ask: Ask, url: string, server?: McpServer): Promise<Examined> {
  const first = await initialize(ask, url);
  const reachable = checkReachable(first);
  if (first.error !== undefined) return { outcomes: reachable, document: undefined };
  const parameters = challengeIn(first);
  const [probes, metadata, own] = await Promise.all([
    probeEndpoint(ask, url),
    readResourceMetadata(ask, url, parameters),
    askOwnServer(ask, url),
  ]);
  const { document, at = url } = metadata;
  const outcomes = [
    ...reachable,
    ...checkEndpoint(url, first, probes),
    ...checkResourceMetadata(url, metadata, server),
  ];
  if (document === undefined) return { outcomes, document };
  outcomes.push(checkNamedServers(document, server));
  const issuer = issuerOf(document, server);
  if (issuer === undefined) return { outcomes, document };
  const offered = await readServerMetadata(ask, issuer, at);
  outcomes.push(
    checkOwnServer(own, issuer),
    ...checkServerMetadata(offered, server),
    ...checkScopes(parameters, document, offered.document, server),
  );
  outcomes.push(...(await checkKeys(ask, offered)));
  return { outcomes, document };
}
