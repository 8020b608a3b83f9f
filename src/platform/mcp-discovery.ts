import { z } from 'zod';
import { checkAnswer } from '../core/check-answer.ts';
import { isObject } from '../core/json.ts';
import type { PublicAnswer, ToolContext } from '../core/tool.ts';
import { McpServer } from './entities/mcp-server.ts';
import { path } from './path.ts';
import { isHttpUrl } from './uri.ts';

const One = z.object({ resource: McpServer });
type Server = z.output<typeof McpServer>;
type Document = Readonly<Record<string, unknown>>;

/** What keeps clients from signing in, or may: what it is called, what it means, and what stands there instead. */
export const DiscoveryProblem = z.object({
  problem: z.string(),
  means: z.string(),
  found: z.unknown().optional(),
});
type Problem = z.output<typeof DiscoveryProblem>;

/** Where a document was looked for, and what came of it. */
export const DiscoveryAttempt = z.object({
  url: z.string(),
  status: z.int().optional(),
  error: z.string().optional().describe('Why there was no answer'),
});

/**
 * Looks whether clients find the authorization server of an MCP server: the metadata that Scalekit publishes for it
 * (RFC 8414), at both places, and what the server is to publish itself (RFC 9728), without asking the server, whose
 * address anybody may have chosen.
 */
export async function checkDiscovery({ api, environmentUrl, readPublic }: ToolContext, id: string) {
  const { resource } = checkAnswer(One, await api.get(path`/resources/${id}`));
  const issuer = `${new URL(await environmentUrl()).origin}/resources/${id}`;
  const attempts = await Promise.all([
    readPublic(path`/resources/${id}/.well-known/oauth-authorization-server`),
    readPublic(path`/.well-known/oauth-authorization-server/resources/${id}`),
  ]);
  const document = attempts.map(documentOf).find((found) => found !== undefined);
  const problems = [
    ...problemsOfServer(resource, issuer),
    ...(document === undefined
      ? [problem(attempts.every(({ error }) => error !== undefined) ? 'not_read' : 'no_metadata')]
      : problemsOfMetadata(document, resource, issuer)),
  ];
  return {
    ok: problems.length === 0,
    authorization_server: issuer,
    documents: attempts.map(({ url, status, error }) => ({ url, status, error })),
    problems,
    check_yourself: resource.protected_metadata_uri || undefined,
  };
}

function documentOf({ status, document }: PublicAnswer): Document | undefined {
  return status === 200 && isObject(document) ? document : undefined;
}

const MEANINGS = {
  no_url: 'The MCP server has no URL, so that clients cannot look for its metadata: set url with update_mcp_server.',
  authorization_server_not_named:
    'What the MCP server is to publish does not name this authorization server: clients sign in elsewhere.',
  connection_off: 'The connection that signs users in is not enabled: sign-in fails.',
  not_read:
    'The metadata could not be read at either place: documents says why. This server may not be able to reach the host, though clients can.',
  no_metadata: 'There is no authorization server metadata at either place: clients cannot sign in.',
  other_issuer: 'The metadata names another issuer than its place: strict clients refuse it (RFC 8414 §3.3).',
  no_endpoint: 'The metadata lacks an endpoint that clients need, or it is no https URL.',
  no_pkce: 'The metadata does not offer S256: MCP clients refuse to sign in without.',
  no_registration: 'Clients may register themselves by the settings, but the metadata names no endpoint for that.',
  registration_off: 'Clients may not register themselves by the settings, yet the metadata names an endpoint for that.',
  no_cimd: 'Metadata documents of clients are allowed by the settings, but not offered.',
} as const;

function problem(name: keyof typeof MEANINGS, found?: unknown): Problem {
  return { problem: name, means: MEANINGS[name], ...(found !== undefined && { found }) };
}

/** What the settings alone tell. */
function problemsOfServer(resource: Server, issuer: string): Problem[] {
  const { resource_id, protected_metadata: own, connection_details: connection } = resource;
  const problems: Problem[] = [];
  if (!isHttpUrl(resource_id ?? '')) problems.push(problem('no_url', resource_id));
  const named = isObject(own) ? own['authorization_servers'] : undefined;
  if (Array.isArray(named) && !named.includes(issuer)) problems.push(problem('authorization_server_not_named', named));
  if (connection?.enabled === false) problems.push(problem('connection_off', connection.id));
  return problems;
}

const ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'];

function problemsOfMetadata(document: Document, resource: Server, issuer: string): Problem[] {
  const { disable_dynamic_client_registration: isClosed, enable_cimd } = resource;
  const problems: Problem[] = [];
  if (document['issuer'] !== issuer) problems.push(problem('other_issuer', document['issuer'] ?? 'none'));
  const isLocal = issuer.startsWith('http:');
  for (const name of ENDPOINTS) {
    const url = document[name];
    const isThere = typeof url === 'string' && isHttpUrl(url) && (isLocal || url.startsWith('https:'));
    if (!isThere) problems.push(problem('no_endpoint', name));
  }
  const methods = document['code_challenge_methods_supported'];
  if (!Array.isArray(methods) || !methods.includes('S256')) problems.push(problem('no_pkce', methods));
  const registration = document['registration_endpoint'];
  if (isClosed !== true && !registration) problems.push(problem('no_registration'));
  if (isClosed === true && registration) problems.push(problem('registration_off', registration));
  if (enable_cimd === true && document['client_id_metadata_document_supported'] !== true) {
    problems.push(problem('no_cimd'));
  }
  return problems;
}
