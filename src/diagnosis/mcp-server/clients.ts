import type { Broken } from '../finding.ts';

const MCP = 'https://modelcontextprotocol.io/specification';
const RFC = 'https://www.rfc-editor.org/rfc';

/**
 * Who stumbles over what. Clients are named that were seen to do so. The source is the rule that clients go by, or else where
 * it was seen.
 */
export const CLIENTS = {
  all: broken('all', 'every client', [], `${MCP}/2025-11-25/basic/authorization`),
  pages: broken(
    'web_pages',
    'clients that are web pages',
    ['MCP Inspector'],
    'https://fetch.spec.whatwg.org/#http-cors-protocol',
  ),
  byChallenge: broken(
    'follow_the_challenge',
    'clients that follow the challenge',
    [],
    `${MCP}/2025-06-18/basic/authorization`,
  ),
  byPlace: broken(
    'look_at_well_known_places',
    'clients that look at the well-known places alone',
    ['Claude Code, some versions'],
    `${RFC}/rfc9728#section-3.1`,
  ),
  byBytes: broken('compare_the_resource', 'clients that compare it to the byte', [], `${RFC}/rfc9728#section-3.3`),
  byMethods: broken(
    'read_bearer_methods',
    'clients that read how a token is to be sent',
    [],
    `${RFC}/rfc9728#section-2`,
  ),
  byGet: broken(
    'begin_with_get',
    'clients that begin with GET',
    ['Codex', 'mcp-remote'],
    'seen with Codex 0.169.0 and mcp-remote 0.15',
  ),
  byHead: broken('begin_with_head', 'clients that begin with HEAD', ['Qwen Code'], 'seen with Qwen Code 0.24.4'),
  newer: broken(
    'begin_with_2026_07_28',
    'clients that begin with the version 2026-07-28',
    ['Claude Code', 'GitHub Copilot CLI'],
    'seen with Claude Code 2.1.328 and GitHub Copilot CLI 1.0.102',
  ),
  strict: broken(
    'compare_the_issuer',
    'clients that compare the issuer with the place where they found it',
    ['rust-mcp-sdk', 'pmcp'],
    `${RFC}/rfc8414#section-3.3`,
  ),
  byRfc8414: broken(
    'look_before_the_path_of_the_issuer',
    'clients that look where RFC 8414 has the metadata',
    [],
    `${RFC}/rfc8414#section-3.1`,
  ),
  refreshing: broken(
    'token_expired',
    'every client whose token has expired: it signs in again on 401 alone',
    [],
    `${RFC}/rfc6750#section-3.1`,
  ),
  registering: broken(
    'register_themselves',
    'clients that register themselves',
    ['mcp-remote', 'Codex', 'Gemini CLI'],
    `${RFC}/rfc7591#section-3`,
  ),
  withoutSecret: broken(
    'register_without_a_secret',
    'clients that register without a secret',
    [],
    `${RFC}/rfc7591#section-2`,
  ),
  byDocument: broken(
    'known_by_a_document',
    'clients that are known by a metadata document',
    [],
    `${MCP}/2025-11-25/basic/authorization`,
  ),
  asking: broken(
    'ask_for_all_scopes',
    'clients that ask for all of these scopes: they get invalid_scope',
    [],
    `${RFC}/rfc6749#section-4.1.2.1`,
  ),
  icons: broken(
    'check_icons',
    'clients that check icons',
    ['claude.ai'],
    'https://github.com/anthropics/claude-ai-mcp/issues/474',
  ),
  leftOut: broken(
    'accept_one_type',
    'clients and proxies that accept */* or JSON alone',
    ['opencode'],
    `${RFC}/rfc9110#section-12.5.1`,
  ),
  hourly: broken(
    'have_no_refresh_token',
    'every client: people sign in again whenever a token expires',
    [],
    `${RFC}/rfc6749#section-1.5`,
  ),
  people: broken('people', 'everybody who signs in', [], 'the login that the MCP server is registered with'),
  protection: broken('protection', 'no client, but the protection of the MCP server', [], `${RFC}/rfc6750#section-3.1`),
  verifying: broken('mcp_server', 'the MCP server itself: it cannot verify a token', [], `${RFC}/rfc7517#section-5`),
} as const;

function broken(group: string, who: string, clients: readonly string[], source: string): Broken {
  return Object.freeze({ group, who, clients: [...clients], source });
}

/**
 * What clients keep, and how they are made to forget it. A change of the URL, the scopes or the authorization server does
 * not reach them before.
 */
export const AFTER_A_CHANGE = [
  {
    client: 'mcp-remote',
    do: 'Delete its folder below ~/.mcp-auth, or where MCP_REMOTE_CONFIG_DIR says, then connect again.',
  },
  { client: 'VS Code', do: 'Run "Authentication: Remove Dynamic Authentication Provider", then connect again.' },
  {
    client: 'MCP Inspector',
    do: 'Allow its address, http://localhost:6274/, among the callback URIs (add_redirect_uri), then connect again.',
  },
  { client: 'GitHub Copilot CLI', do: 'Delete ~/.copilot/mcp-oauth-config, then connect again.' },
  { client: 'Claude Code, Codex', do: 'Run "mcp logout <name>" and "mcp login <name>" of the program.' },
] as const;
