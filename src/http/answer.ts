import type { ServerResponse } from 'node:http';

/**
 * Answers with JSON, written by one `end` with a content length. Leaner than Express's `res.json`, which also computes
 * an ETag that no client of this server uses.
 */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendBytes(response, status, Buffer.from(JSON.stringify(body)));
}

/** Answers with bytes that are JSON already. */
export function sendBytes(response: ServerResponse, status: number, bytes: Uint8Array): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Content-Length', bytes.byteLength);
  response.end(bytes);
}

/** How OAuth resource servers put an error (RFC 6750 §3.1), used wherever no JSON-RPC message has been read yet. */
export function sendOAuthError(response: ServerResponse, status: number, error: string, description: string): void {
  sendJson(response, status, { error, error_description: description });
}
