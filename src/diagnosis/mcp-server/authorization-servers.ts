import type { ExternalAnswer } from '../../core/external.ts';
import { isObject } from '../../core/json.ts';
import { isUrl, parseUrl } from '../../core/parse-url.ts';
import type { McpServer } from '../../platform/entities/mcp-server.ts';
import { failed, type Outcome, passed, warned } from '../finding.ts';
import { CLIENTS } from './clients.ts';
import { type Ask, documentIn, type Json, seenAt, serversIn, wellKnown } from './probes.ts';

/** The authorization servers that a registered MCP server has to name. */
function registeredIssuers(server: McpServer | undefined): readonly string[] {
  const { protected_metadata: document } = server ?? {};
  return isObject(document) ? serversIn(document) : [];
}

/** Checks which authorization servers the metadata of an MCP server names (RFC 9728 §2). */
export function checkNamedServers(document: Json, server: McpServer | undefined): Outcome {
  const check = 'authorization_servers';
  const named = serversIn(document);
  const to_do = 'Publish `publish.document`.';
  if (named.length === 0 || !named.every((issuer) => isUrl(issuer))) {
    const seen = 'The metadata names no authorization server by its URL.';
    return failed(check, { seen, found: document['authorization_servers'] ?? 'none', breaks: [CLIENTS.all], to_do });
  }
  const registered = registeredIssuers(server);
  if (registered.length === 0 || registered.some((issuer) => named.includes(issuer))) return passed(check);
  const seen = 'The metadata names other authorization servers than the registration: clients sign in elsewhere.';
  return failed(check, { seen, found: { named, registered }, breaks: [CLIENTS.all], to_do });
}

/** The authorization server that clients go to: the registered one if it is named, else the first. */
export function issuerOf(document: Json, server: McpServer | undefined): string | undefined {
  const named = serversIn(document).filter((issuer) => isUrl(issuer));
  return named.find((issuer) => registeredIssuers(server).includes(issuer)) ?? named[0];
}

/** Asks whether the host of the MCP server answers for an authorization server, where clients of 2025-03-26 look. */
export async function askOwnServer(ask: Ask, url: string): Promise<readonly ExternalAnswer[]> {
  const root = `${new URL(url).origin}/.well-known/oauth-authorization-server`;
  const places = [...new Set([wellKnown('oauth-authorization-server', url), root])];
  return Promise.all(
    places.map((place) => ask({ url: place, method: 'GET', headers: { accept: 'application/json' } })),
  );
}

/**
 * Clients that look there first compare the issuer (RFC 8414 §3.3) and stop at another one, or at a redirect to another
 * host, before they read the metadata of the resource.
 */
export function checkOwnServer(answers: readonly ExternalAnswer[], issuer: string): Outcome {
  const check = 'own_authorization_server';
  const wrong = answers.find((answer) => {
    const { status = 0, headers, url } = answer;
    const { location = '' } = headers;
    if (status >= 300 && status < 400) {
      const to = parseUrl(location, url);
      return to !== undefined && !isOfHost(to.href, url);
    }
    const document = documentIn(answer);
    return document !== undefined && document['issuer'] !== issuer && document['issuer'] !== new URL(url).origin;
  });
  if (wrong === undefined) return passed(check);
  const seen =
    'The host of the MCP server answers for the authorization server with a redirect, or in the name of another.';
  const to_do = 'Answer 404 there, but for requests with MCP-Protocol-Version: 2025-03-26.';
  const found = { ...seenAt(wrong), location: wrong.headers['location'], issuer: documentIn(wrong)?.['issuer'] };
  return warned(check, { seen, found, breaks: [CLIENTS.strict], to_do });
}

function isOfHost(target: string, url: string): boolean {
  return new URL(target).origin === new URL(url).origin;
}
