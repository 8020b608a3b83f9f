import { isObject } from '../../core/json.ts';
import type { McpServer } from '../../platform/entities/mcp-server.ts';
import { isHttpUrl } from '../../platform/uri.ts';
import type { Outcome, Publish } from '../finding.ts';
import { type Json, serversIn, stringsIn, wellKnown } from './probes.ts';
import { enabledScopes } from './scopes.ts';

/** The checks that what is published mends. */
const MENDED: ReadonlySet<string> = new Set([
  ...['challenge', 'challenge_header', 'metadata', 'metadata_place', 'resource', 'resource_registered'],
  ...['authorization_servers', 'bearer_methods', 'scopes', 'challenge_scopes'],
]);

/**
 * What an MCP server is to publish so that clients can sign in: the document that Scalekit made for it, or else one from
 * what it names itself; and its challenge. Undefined when nothing of that is wrong.
 */
export function publishOf(
  url: string,
  outcomes: readonly Outcome[],
  server: McpServer | undefined,
  seen: Json | undefined,
): Publish | undefined {
  if (!outcomes.some(({ check, state }) => MENDED.has(check) && (state === 'fail' || state === 'warn')))
    return undefined;
  const at = wellKnown('oauth-protected-resource', url);
  const document = documentOf(url, server, seen);
  const asked = server === undefined ? scopesIn(seen) : enabledScopes(server).filter(isScope);
  const scope = asked.length > 0 ? `, scope="${asked.join(' ')}"` : '';
  return {
    at,
    ...(document && { document }),
    header: `WWW-Authenticate: Bearer resource_metadata="${at}"${scope}`,
  };
}

/** More scopes, or longer ones, are no scopes of an MCP server: whoever publishes these has to look at them. */
const MOST_SCOPES = 100;
const LONGEST_SCOPE = 128;
const MOST_SERVERS = 10;
const LONGEST_URL = 500;

/** The scopes that an MCP server names itself: all of them or none, because a part of them would look like all. */
function scopesIn(seen: Json | undefined): readonly string[] {
  const scopes = [...new Set(stringsIn(seen ?? {}, 'scopes_supported'))].filter(isScope);
  const isUsable = scopes.length <= MOST_SCOPES && scopes.every(({ length }) => length <= LONGEST_SCOPE);
  return isUsable ? scopes : [];
}

/** RFC 6749 §3.3. */
function isScope(name: string): boolean {
  return /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(name);
}

function documentOf(url: string, server: McpServer | undefined, seen: Json | undefined) {
  const { protected_metadata: registered } = server ?? {};
  if (isObject(registered)) return registered;
  // What strangers have written is published again only where it can be what it is to be.
  const named = serversIn(seen ?? {}).filter(isHttpUrl);
  const servers = named.filter(({ length }) => length <= LONGEST_URL).slice(0, MOST_SERVERS);
  // Nobody but the one who runs it knows which authorization server is meant.
  if (servers.length === 0) return undefined;
  const scopes = scopesIn(seen);
  return {
    resource: url,
    authorization_servers: servers,
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    bearer_methods_supported: ['header'],
  };
}
