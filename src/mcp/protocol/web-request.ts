import type { Request as HttpRequest } from 'express';
import { LRUCache } from 'lru-cache';
import type { Era, Message } from '../../core/message.ts';
import { header } from '../receive/receive.ts';

/** The headers that the protocol layer reads in each era. The token is not among them: no later code needs it. */
const PROTOCOL_HEADERS: Readonly<Record<Era, readonly string[]>> = {
  modern: ['accept', 'content-type', 'mcp-protocol-version', 'mcp-method', 'mcp-name'],
  legacy: ['content-type', 'mcp-protocol-version'],
};
/** What the SDK looks for in `Accept` in the older era. Whether the client can read an answer, `receive` has decided. */
const BOTH_TYPES = 'application/json, text/event-stream';
const MAX_KEPT = 500;
const MAX_KEY_LENGTH = 300;

/**
 * A `Request` that many requests can share, because nothing of them can stay on it: it has no signal. The SDK adds
 * listeners to a signal, and does not always remove them. None would ever be called: when a client disconnects, the
 * server is closed.
 *
 * Breaks when the SDK insists on a signal; today it asks whether there is one.
 */
class SharedRequest extends Request {
  override readonly signal = undefined as never;
}

const kept = new LRUCache<string, Request>({ max: MAX_KEPT });

/**
 * The web `Request` that the SDK demands for each message. The SDK reads only its method and headers, because it gets the
 * parsed body separately. So one object is kept and used for all requests with the same protocol headers, of which there
 * are only a few combinations. Finding it takes about 2 µs of CPU; creating a `Request` takes about 10 µs (Node 20).
 */
export function webRequest(request: HttpRequest, era: Era, { method }: Pick<Message, 'method'>): Request {
  // The older era's `initialize` negotiates the version in its body, whatever a header says.
  const names = era === 'legacy' && method === 'initialize' ? ['content-type'] : PROTOCOL_HEADERS[era];
  const values = names.map((name) => header(request, name));
  const key = JSON.stringify([era, values]);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const headers = names.flatMap((name, i) => (values[i] === undefined ? [] : [[name, values[i]] as [string, string]]));
  if (era === 'legacy') headers.push(['accept', BOTH_TYPES]);
  const made = new SharedRequest('http://localhost/mcp', { method: 'POST', headers });
  if (key.length <= MAX_KEY_LENGTH) kept.set(key, made);
  return made;
}
