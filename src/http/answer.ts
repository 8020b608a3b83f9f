import type { ServerResponse } from 'node:http';
import type { OAuthErrorCode } from './oauth-errors.ts';
import { errorUri } from './origin.ts';

/**
 * Answers with JSON, written by one `end` with a content length. Leaner than Express's `res.json`, which also computes
 * an ETag that no client of this server uses.
 */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  describe(response, status, bytes.byteLength);
  response.end(bytes);
}

/** Answers with pieces that are JSON together. They are not joined first: copying a long list costs more than the rest. */
export function sendPieces(response: ServerResponse, status: number, pieces: readonly Uint8Array[]): void {
  describe(
    response,
    status,
    pieces.reduce((length, piece) => length + piece.byteLength, 0),
  );
  response.cork();
  for (const piece of pieces) response.write(piece);
  response.end();
}

function describe(response: ServerResponse, status: number, length: number): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Content-Length', length);
}

/** How OAuth resource servers put an error (RFC 6750 §3.1), used wherever no JSON-RPC message has been read yet. */
export function sendOAuthError(
  response: ServerResponse,
  status: number,
  error: OAuthErrorCode,
  description: string,
): void {
  const { socket, headers } = response.req;
  sendJson(response, status, {
    error,
    error_description: description,
    error_uri: errorUri(socket, error, headers.host),
  });
}

/** Tells the client to come back after so many seconds, with the same token: it, or everybody, asks for too much. */
export function sendRetryLater(
  response: ServerResponse,
  status: 429 | 503,
  retryAfterSeconds: number,
  description: string,
): void {
  response.setHeader('Retry-After', retryAfterSeconds);
  sendOAuthError(response, status, status === 429 ? 'rate_limit_exceeded' : 'server_error', description);
}
