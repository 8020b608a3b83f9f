import { setMaxListeners } from 'node:events';
import type { Request as HttpRequest } from 'express';
import { LRUCache } from 'lru-cache';
import { header } from '../receive/receive.ts';

/** The headers that the protocol layer looks at. The token is not among them: nothing behind this line needs it. */
const PROTOCOL_HEADERS = ['accept', 'content-type', 'mcp-protocol-version', 'mcp-method', 'mcp-name'] as const;
const MAX_KEPT = 500;
const MAX_KEY_LENGTH = 300;

const kept = new LRUCache<string, Request>({ max: MAX_KEPT });

/**
 * The web `Request` that the protocol layer wants to see. It reads method and headers, and the body is handed to it
 * beside; so one object serves all requests with the same protocol headers, of which a client sends a handful.
 */
export function webRequest(request: HttpRequest): Request {
  const values = PROTOCOL_HEADERS.map((name) => header(request, name));
  const key = JSON.stringify(values);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const headers = PROTOCOL_HEADERS.flatMap((name, i) =>
    values[i] === undefined ? [] : [[name, values[i]] as [string, string]],
  );
  const made = new Request('http://localhost/mcp', { method: 'POST', headers });
  if (key.length <= MAX_KEY_LENGTH) {
    // Every request in flight listens to its signal, which never fires: a client that goes away closes the server instead.
    setMaxListeners(0, made.signal);
    kept.set(key, made);
  }
  return made;
}
