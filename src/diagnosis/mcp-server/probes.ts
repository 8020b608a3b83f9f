import { excessOfAny } from '../../core/extent.ts';
import type { ExternalAnswer, ExternalRequest } from '../../core/external.ts';
import { isObject, parseJson } from '../../core/json.ts';
import type { ToolContext } from '../../core/tool.ts';
import { version } from '../../core/version.ts';

/** What sends a request to a stranger. */
export type Ask = ToolContext['fetchExternal'];
export type Json = Readonly<Record<string, unknown>>;

/** The page of the MCP Inspector, a client in a browser. */
export const PAGE_ORIGIN = 'http://localhost:6274';
/** What such a page sends beside what every page may. */
export const PAGE_HEADERS = ['authorization', 'content-type', 'mcp-protocol-version'];

const OLDER = '2025-11-25';
export const NEWER = '2026-07-28';

const CLIENT = { name: 'scalekit-mcp-server', version };
const JSON_TYPE = { 'content-type': 'application/json' };
const BOTH_TYPES = 'application/json, text/event-stream';
const NO_TOKEN = 'not-a-token';

const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: OLDER, capabilities: {}, clientInfo: CLIENT },
});
const DISCOVER = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'server/discover',
  params: {
    _meta: {
      'io.modelcontextprotocol/protocolVersion': NEWER,
      'io.modelcontextprotocol/clientInfo': CLIENT,
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
});

/** Sends the first message of a client of 2025-11-25, without a token. */
export function initialize(ask: Ask, url: string): Promise<ExternalAnswer> {
  return ask(initializing(url, {}));
}

function initializing(url: string, headers: Record<string, string>): ExternalRequest {
  return { url, method: 'POST', headers: { ...JSON_TYPE, accept: BOTH_TYPES, ...headers }, body: INITIALIZE };
}

/** What the endpoint answers to what clients send before they have a token, side by side. */
export async function probeEndpoint(ask: Ask, url: string) {
  const discover: ExternalRequest = {
    url,
    method: 'POST',
    headers: {
      ...JSON_TYPE,
      accept: BOTH_TYPES,
      'mcp-protocol-version': NEWER,
      'mcp-method': 'server/discover',
    },
    body: DISCOVER,
  };
  const preflight: ExternalRequest = {
    url,
    method: 'OPTIONS',
    headers: {
      origin: PAGE_ORIGIN,
      'access-control-request-method': 'POST',
      'access-control-request-headers': PAGE_HEADERS.join(','),
    },
  };
  const [newer, anyType, jsonOnly, badToken, fromPage, get, head, options] = await Promise.all([
    ask(discover),
    ask(initializing(url, { accept: '*/*' })),
    ask(initializing(url, { accept: 'application/json' })),
    ask(initializing(url, { authorization: `Bearer ${NO_TOKEN}` })),
    ask(initializing(url, { origin: PAGE_ORIGIN })),
    ask({ url, method: 'GET', headers: { accept: 'text/event-stream' } }),
    ask({ url, method: 'HEAD' }),
    ask(preflight),
  ]);
  return { newer, anyType, jsonOnly, badToken, fromPage, get, head, options };
}
export type EndpointProbes = Awaited<ReturnType<typeof probeEndpoint>>;

/**
 * Reads a document as a client in a browser does.
 * @param namedBy the address whose answer names this one
 */
export function readDocument(ask: Ask, url: string, namedBy: string): Promise<ExternalAnswer> {
  const headers = { accept: 'application/json', origin: PAGE_ORIGIN };
  return ask({ url, method: 'GET', headers, follow: true, namedBy });
}

/** So many JSON values of a document are looked at. No metadata nor set of keys has nearly as many. */
const MOST = { values: 3_000, depth: 20 };

/** Whether a document stands there that is not read to its end, so that nobody knows what it says. */
export function isTooLong({ status, cut, text }: ExternalAnswer): boolean {
  return status === 200 && (cut === 'too_long' || excessOfAny(text, MOST) !== undefined);
}

const documents = new WeakMap<ExternalAnswer, Json | 'none'>();

/** The JSON object that an answer holds, if it is a good one that holds one, and all of it was read. Parsed once. */
export function documentIn(answer: ExternalAnswer): Json | undefined {
  const known = documents.get(answer);
  if (known !== undefined) return known === 'none' ? undefined : known;
  const parsed = answer.status === 200 && !isTooLong(answer) ? parseJson(answer.text) : undefined;
  const document = isObject(parsed) ? parsed : undefined;
  documents.set(answer, document ?? 'none');
  return document;
}

/** What came of a look at an address, for a finding. */
export function seenAt({ url, status, error, reason, redirects }: ExternalAnswer) {
  return { url, ...(redirects.length > 0 && { redirects }), status, error, reason };
}

/**
 * Where a well-known document is published: its path before that of what it is about (RFC 8414 §3.1, RFC 9728 §3.1).
 * @param name such as `oauth-protected-resource`
 */
export function wellKnown(name: string, url: string): string {
  const { origin, pathname, search } = new URL(url);
  return `${origin}/.well-known/${name}${pathname === '/' ? '' : pathname.replace(/\/$/, '')}${search}`;
}

/** Whether a page of any origin, or of the Inspector, may read an answer. */
export function admitsPage({ headers }: ExternalAnswer): boolean {
  const allowed = headers['access-control-allow-origin'];
  return allowed === '*' || allowed === PAGE_ORIGIN;
}

/** Whether a list in a header names something, or everything. */
export function listNames(list: string | undefined, name: string): boolean {
  const names = (list ?? '')
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim());
  return names.includes('*') || names.includes(name);
}

/** So many authorization servers of a document are looked at. */
const MOST_SERVERS = 100;

/** The first of the authorization servers that metadata names (RFC 9728 §2). */
export function serversIn(document: Json): readonly string[] {
  return (stringsIn(document, 'authorization_servers') ?? []).slice(0, MOST_SERVERS);
}

/** The strings of a member that is a list of strings; undefined where it is none. */
export function stringsIn(document: Json, member: string): readonly string[] | undefined {
  const value = document[member];
  if (!Array.isArray(value)) return undefined;
  return value.filter((entry): entry is string => typeof entry === 'string');
}
