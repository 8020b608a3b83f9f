import type { IncomingMessage, ServerResponse } from 'node:http';
import { endpointAt } from '../core/endpoints.ts';
import { type Era, MODERN_VERSION } from '../core/message.ts';
import { sendJson } from './answer.ts';
import type { OAuthErrorCode } from './oauth-errors.ts';
import { errorUri } from './origin.ts';
import { inPace } from './pace.ts';

/** Why a request is refused. */
export interface Refusal {
  /** HTTP status. */
  readonly status: number;
  readonly error: OAuthErrorCode;
  /** A sentence that a model or a person can act on. Who writes it keeps what it repeats of a request brief. */
  readonly description: string;
  /** Whole seconds after which the request may be repeated, with the same token. */
  readonly retryAfterSeconds?: number | undefined;
  /** What is known of the message in the request. */
  readonly message?: MessageFacts | undefined;
}

interface MessageFacts {
  /** The id of the JSON-RPC request, if it could be read. */
  readonly id?: string | number | undefined;
  /** Unknown: the version header decides. */
  readonly era?: Era | undefined;
  /** The JSON-RPC code, where a specification defines one for this. */
  readonly code?: number | undefined;
  /** Further members of the error's `data`. */
  readonly data?: unknown;
}

const INTERNAL_ERROR = -32603;
/** This server's own codes in the revisions of 2025. Their clients know them. */
const REFUSED = -32000;
const FORBIDDEN = -32003;

declare module 'node:http' {
  interface ServerResponse {
    /** The id of the message that the request holds, once it is read: for refusals by code that does not know messages. */
    messageId?: string | number | undefined;
  }
}

/**
 * Refuses a request. Nothing else does. The error has the members of OAuth (RFC 6749 §5.2). On a POST to the endpoint
 * they are the `data` of a JSON-RPC error, because most MCP clients read nothing else; elsewhere they are the body.
 */
export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  const { status, error, description, retryAfterSeconds, message = {} } = refusal;
  const { req: request } = response;
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', retryAfterSeconds);
  const facts = {
    error,
    error_description: description,
    error_uri: errorUri(request, error),
  };
  if (!holdsMessage(request)) {
    sendJson(response, status, facts);
    return;
  }
  const { id = response.messageId ?? null, era = eraOf(request), code = codeOf(status, era), data } = message;
  const wait = retryAfterSeconds !== undefined && { retryAfterMs: retryAfterSeconds * 1000 };
  const rpcError = { code, message: description, data: { ...facts, ...wait, ...(data as object | undefined) } };
  sendJson(response, status, { jsonrpc: '2.0', error: rpcError, id });
}

/** Refuses a request about which nothing more is known, at the pace of its response: whoever sends it needs no token. */
export function sendOAuthError(
  response: ServerResponse,
  status: number,
  error: OAuthErrorCode,
  description: string,
): void {
  inPace(response, () => sendRefusal(response, { status, error, description }));
}

/**
 * The JSON-RPC code of a refusal for which no specification defines one. In the 2026-07-28 era it is the HTTP status,
 * because that revision keeps implementations out of the range that JSON-RPC reserves.
 */
export function codeOf(status: number, era: Era): number {
  if (status === 500) return INTERNAL_ERROR;
  if (era === 'modern') return status;
  return status === 403 ? FORBIDDEN : REFUSED;
}

/** Whether a request is a POST to an endpoint, which carries a JSON-RPC message. */
function holdsMessage({ method, url = '' }: IncomingMessage): boolean {
  return method === 'POST' && endpointAt(url.split('?', 1)[0] as string) !== undefined;
}

/** The era of a request whose message has not been read: revisions are dates, so a later one is modern, too. */
export function eraOf({ headers }: IncomingMessage): Era {
  const version = String(headers['mcp-protocol-version']);
  return /^\d{4}-\d\d-\d\d$/.test(version) && version >= MODERN_VERSION ? 'modern' : 'legacy';
}
