import type { IncomingMessage } from 'node:http';
import { isAuthority, NO_PATH } from './target.ts';

/**
 * The most headers of a request. Clients and proxies send a few dozen. Node.js 20 drops those beyond its own limit of
 * 2,000 without a word, so that a request with more than this may hold some that no check sees.
 */
const MAX_HEADERS = 200;

/** Why a request cannot be served as it stands. */
export interface HeadFault {
  /** HTTP status. */
  readonly status: 400 | 431 | 501 | 505;
  /** For the client. */
  readonly description: string;
}

/**
 * Finds what RFC 9112 forbids in the head of a request and what Node.js lets pass: each of these can make a proxy in
 * front of this server see another host or another body than this server does. `readTarget` must have run before.
 */
export function faultOf(request: IncomingMessage): HeadFault | undefined {
  const { rawHeaders, httpVersion, headers, url, method } = request;
  if (rawHeaders.length > 2 * MAX_HEADERS) {
    return { status: 431, description: `The request has more than ${MAX_HEADERS} headers. Send fewer.` };
  }
  if (httpVersion !== '1.1' && httpVersion !== '1.0') {
    return { status: 505, description: 'This server speaks HTTP/1.1. Send the request in that version.' };
  }
  const isOld = httpVersion === '1.0';
  if (url === NO_PATH && method !== 'OPTIONS') {
    return bad('The request target is neither a path nor a URL of this server. The MCP endpoint is /mcp.');
  }
  return faultOfHost(rawHeaders, isOld) ?? faultOfBody(rawHeaders, headers['transfer-encoding'], isOld);
}

/** Whether a request expects anything but `100-continue` (RFC 9110 §10.1.1), which Node.js itself meets. */
export function hasUnknownExpectation({ headers }: IncomingMessage): boolean {
  return headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue';
}

function faultOfHost(rawHeaders: readonly string[], isOld: boolean): HeadFault | undefined {
  const [host, ...more] = valuesOf(rawHeaders, 'host');
  if (more.length > 0) return bad('The request has several Host headers. Send one.');
  if (host === undefined) return isOld ? undefined : bad('The request has no Host header, which HTTP/1.1 demands.');
  return host === '' || isAuthority(host)
    ? undefined
    : bad('The Host header is not a host name with an optional port.');
}

function faultOfBody(rawHeaders: readonly string[], coding: string | undefined, isOld: boolean): HeadFault | undefined {
  if (valuesOf(rawHeaders, 'content-type').length > 1) {
    return bad('The request has several Content-Type headers. Send one.');
  }
  if (coding === undefined) return undefined;
  if (isOld) return bad('HTTP/1.0 has no Transfer-Encoding. Send the request in HTTP/1.1, or with a Content-Length.');
  // Node.js has refused a coding behind `chunked`, a second `chunked`, and a Content-Length beside them.
  if (coding.toLowerCase() === 'chunked') return undefined;
  return { status: 501, description: 'This server knows no Transfer-Encoding but chunked, once. Send the body so.' };
}

/** All values of a header. `headers` has only the first value of some. */
function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter(
    (_value, i) =>
      i % 2 === 1 && rawHeaders[i - 1]?.length === name.length && rawHeaders[i - 1]?.toLowerCase() === name,
  );
}

function bad(description: string): HeadFault {
  return { status: 400, description };
}
