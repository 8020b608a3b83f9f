import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import { entriesOf } from '../http/header-list.ts';

/** Bytes with the tag by which whoever has them asks whether they have changed (RFC 9110 §8.8.3). */
export interface Tagged {
  readonly bytes: Buffer;
  readonly tag: string;
}

/** Tags bytes by what they are. */
export function tagged(bytes: Buffer): Tagged {
  const tag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 24)}"`;
  return { bytes, tag };
}

/**
 * Sends bytes, or 304 to whoever has them (RFC 9110 §13.1.2).
 * @param headers all others that both answers have
 */
export function sendTagged(
  request: IncomingMessage,
  response: Response,
  { bytes, tag }: Tagged,
  type: string,
  headers: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('ETag', tag);
  response.setHeader('Access-Control-Expose-Headers', 'ETag');
  if (isKnown(request.headers['if-none-match'], tag)) {
    response.statusCode = 304;
    response.end();
    return;
  }
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', bytes.byteLength);
  response.end(bytes);
}

function isKnown(tags: string | undefined, tag: string): boolean {
  return entriesOf(tags ?? '').some((entry) => entry === '*' || entry.replace(/^w\//, '') === tag);
}
