import type { ExternalAnswer } from '../../core/external.ts';
import { isUrl } from '../../core/parse-url.ts';
import type { McpServer } from '../../platform/entities/mcp-server.ts';
import { isHttpUrl } from '../../platform/uri.ts';
import { failed, type Outcome, passed, warned } from '../finding.ts';
import { CLIENTS } from './clients.ts';
import {
  type Ask,
  admitsPage,
  documentIn,
  isTooLong,
  type Json,
  readDocument,
  seenAt,
  stringsIn,
  wellKnown,
} from './probes.ts';
import { ofTooLong, whyUnread } from './reachable.ts';

/** The metadata of an authorization server, and where it was looked for. */
export interface ServerMetadata {
  readonly issuer: string;
  readonly answers: readonly ExternalAnswer[];
  /** The first that can be read. */
  readonly read: ExternalAnswer | undefined;
  readonly document: Json | undefined;
  /** Whether it is at one of the places where MCP clients look. */
  readonly isWherePromised: boolean;
}

/**
 * Reads the metadata of an authorization server at the places where MCP clients look (MCP 2025-11-25, Authorization Server
 * Metadata Discovery), and at the one that Scalekit names besides, side by side.
 * @param namedBy the address of the document that names it
 */
export async function readServerMetadata(ask: Ask, issuer: string, namedBy: string): Promise<ServerMetadata> {
  const base = issuer.replace(/\/$/, '');
  const promised = [
    wellKnown('oauth-authorization-server', issuer),
    wellKnown('openid-configuration', issuer),
    `${base}/.well-known/openid-configuration`,
  ];
  const places = [...new Set([...promised, `${base}/.well-known/oauth-authorization-server`])];
  const answers = await Promise.all(places.map((place) => readDocument(ask, place, namedBy)));
  const at = answers.findIndex((answer) => documentIn(answer) !== undefined);
  const read = answers[at];
  return {
    issuer,
    answers,
    read,
    document: read && documentIn(read),
    isWherePromised: promised.includes(places[at] ?? ''),
  };
}

const ENDPOINTS = ['authorization_endpoint', 'token_endpoint'];
const SETTINGS = 'This is the authorization server’s. Where that is Scalekit, its settings are in the dashboard.';

/** Checks what an authorization server publishes (RFC 8414), as far as MCP clients need it. */
export function checkServerMetadata(metadata: ServerMetadata, server: McpServer | undefined): Outcome[] {
  const { answers, read, document, issuer, isWherePromised } = metadata;
  if (document === undefined || read === undefined) {
    const long = answers.find(isTooLong);
    const notKnown = long && ofTooLong('server_metadata', long);
    if (notKnown !== undefined) return [notKnown];
    const seen = `The authorization server publishes no metadata at any place. ${whyUnread(answers[0] as ExternalAnswer)}`;
    const to_do = 'Check that the MCP server names the right one: an issuer ends with the id of its MCP server.';
    const next_tool = server && 'check_mcp_server_discovery';
    const facts = { seen, found: answers.map(seenAt), breaks: [CLIENTS.all], to_do };
    return [failed('server_metadata', { ...facts, ...(next_tool && { next_tool }) })];
  }
  return [
    passed('server_metadata'),
    checkPlace(read, isWherePromised),
    admitsPage(read)
      ? passed('server_metadata_cors')
      : warned('server_metadata_cors', {
          seen: 'A web page cannot read the metadata of the authorization server.',
          found: read.url,
          breaks: [CLIENTS.pages],
          to_do: `Send Access-Control-Allow-Origin: * with it. ${SETTINGS}`,
        }),
    checkIssuer(document, issuer),
    checkEndpoints(document, issuer),
    checkPkce(document),
    checkGrants(document),
    checkPublicClients(document),
    ...checkRegistration(document, server),
    checkRefreshTokens(document),
  ];
}

function checkPlace(read: ExternalAnswer, isWherePromised: boolean): Outcome {
  const check = 'server_metadata_place';
  if (isWherePromised) return passed(check);
  const seen = 'The metadata is at a place where only some clients look: the well-known part belongs before the path.';
  const to_do = `Publish it there too (RFC 8414 §3.1). ${SETTINGS}`;
  return warned(check, { seen, found: read.url, breaks: [CLIENTS.byRfc8414], to_do });
}

function checkIssuer(document: Json, issuer: string): Outcome {
  const check = 'issuer';
  if (document['issuer'] === issuer) return passed(check);
  const seen = 'The metadata names another issuer than the one that was asked (RFC 8414 §3.3).';
  const found = { issuer: document['issuer'] ?? 'none', asked: issuer };
  const to_do = 'Name in authorization_servers exactly what stands in issuer, to the slash.';
  return failed(check, { seen, found, breaks: [CLIENTS.strict], to_do });
}

function checkEndpoints(document: Json, issuer: string): Outcome {
  const check = 'endpoints';
  const isLocal = issuer.startsWith('http:');
  const wrong = ENDPOINTS.filter((name) => {
    const url = document[name];
    return !(typeof url === 'string' && isHttpUrl(url) && (isLocal || url.startsWith('https:')));
  });
  if (wrong.length === 0) return passed(check);
  const found = Object.fromEntries(wrong.map((name) => [name, document[name] ?? 'none']));
  const seen = 'An endpoint that clients need is missing, or no https URL.';
  return failed(check, { seen, found, breaks: [CLIENTS.all], to_do: SETTINGS });
}

function checkPkce(document: Json): Outcome {
  const methods = stringsIn(document, 'code_challenge_methods_supported');
  if (methods?.includes('S256')) return passed('pkce');
  const seen = 'The metadata does not offer S256: MCP clients must refuse to sign in.';
  const to_do = `Offer code_challenge_methods_supported: ["S256"]. ${SETTINGS}`;
  return failed('pkce', { seen, found: methods ?? 'none', breaks: [CLIENTS.all], to_do });
}

/** Left out means the authorization code grant (RFC 8414 §2). */
function checkGrants(document: Json): Outcome {
  const grants = stringsIn(document, 'grant_types_supported');
  const responses = stringsIn(document, 'response_types_supported');
  const isOffered = (grants ?? ['authorization_code']).includes('authorization_code');
  if (isOffered && (responses ?? ['code']).includes('code')) return passed('grants');
  const seen = 'The authorization code grant is not offered: nobody can sign in in a browser.';
  return failed('grants', { seen, found: { grants, responses }, breaks: [CLIENTS.all], to_do: SETTINGS });
}

function checkPublicClients(document: Json): Outcome {
  const methods = stringsIn(document, 'token_endpoint_auth_methods_supported');
  // Left out means client_secret_basic (RFC 8414 §2), which whoever registers may be given.
  if (methods === undefined || methods.includes('none')) return passed('public_clients');
  const seen = 'Clients without a secret are not offered, which programs on a person’s machine are.';
  const breaks = [CLIENTS.withoutSecret];
  return warned('public_clients', { seen, found: methods, breaks, to_do: `Offer "none". ${SETTINGS}` });
}

function checkRegistration(document: Json, server: McpServer | undefined): Outcome[] {
  const isOpen = typeof document['registration_endpoint'] === 'string';
  const takesDocuments = document['client_id_metadata_document_supported'] === true;
  const next_tool = 'update_mcp_server';
  const cimd =
    server?.enable_cimd === true && !takesDocuments
      ? warned('client_documents', {
          seen: 'Metadata documents of clients are allowed by the settings, and the metadata does not say so.',
          breaks: [CLIENTS.byDocument],
          to_do: SETTINGS,
        })
      : passed('client_documents');
  if (isOpen && server?.disable_dynamic_client_registration === true) {
    const seen = 'Clients may not register by the settings, yet the metadata names an endpoint for that.';
    const found = document['registration_endpoint'];
    const to_do = 'Allow it (disableDynamicClientRegistration: false), or make clients by hand.';
    return [warned('registration', { seen, found, breaks: [CLIENTS.registering], to_do, next_tool }), cimd];
  }
  if (isOpen) return [passed('registration'), cimd];
  const to_do = 'Allow dynamic registration, or make a client for each program and give people its id.';
  const facts = { breaks: [CLIENTS.registering], to_do, ...(server && { next_tool }) };
  if (takesDocuments) {
    const seen = 'Only clients with a metadata document are let in: there is no registration.';
    return [warned('registration', { seen, ...facts }), cimd];
  }
  return [
    failed('registration', { seen: 'Clients can neither register nor use a metadata document.', ...facts }),
    cimd,
  ];
}

function checkRefreshTokens(document: Json): Outcome {
  const scopes = stringsIn(document, 'scopes_supported');
  const grants = stringsIn(document, 'grant_types_supported');
  const isGranted = grants === undefined || grants.includes('refresh_token');
  if (isGranted && (scopes === undefined || scopes.includes('offline_access'))) return passed('refresh_tokens');
  const seen = 'The metadata offers no refresh tokens, because offline_access or the grant refresh_token is not named.';
  const to_do = `Offer both. ${SETTINGS}`;
  return warned('refresh_tokens', { seen, found: { scopes, grants }, breaks: [CLIENTS.hourly], to_do });
}

/** Checks the keys with which tokens are verified (RFC 7517), where the metadata of an authorization server names them. */
export async function checkKeys(ask: Ask, { document, read }: ServerMetadata): Promise<Outcome[]> {
  if (document === undefined || read === undefined) return [];
  return [await checkKeysAt(ask, document['jwks_uri'], read.url)];
}

async function checkKeysAt(ask: Ask, uri: unknown, namedBy: string): Promise<Outcome> {
  const breaks = [CLIENTS.verifying];
  if (typeof uri !== 'string' || !isUrl(uri)) {
    return failed('keys', {
      seen: 'The metadata names no keys (jwks_uri).',
      found: uri ?? 'none',
      breaks,
      to_do: SETTINGS,
    });
  }
  const answer = await readDocument(ask, uri, namedBy);
  const notKnown = ofTooLong('keys', answer);
  if (notKnown !== undefined) return notKnown;
  const keys = documentIn(answer)?.['keys'];
  if (Array.isArray(keys) && keys.length > 0) return passed('keys');
  const seen = `There are no keys at jwks_uri. ${whyUnread(answer)}`;
  return failed('keys', { seen, found: seenAt(answer), breaks, to_do: SETTINGS });
}
