import type { IncomingMessage } from 'node:http';

/** Replaces a request target that names no path, and stands for the server as a whole (RFC 9112 §3.2.4). */
export const NO_PATH = '*';

/** A host name or address with an optional port (RFC 3986 §3.2), without what no name of a server holds. */
const AUTHORITY = /^(?:\[[\da-f:.]+\]|[\w.~-]+)(?::(\d{1,5}))?$/i;
const MAX_PORT = 65_535;
/** A path with an optional query. A fragment is no part of a target. */
const ORIGIN_FORM = /^\/[!"$-~]*$/;
const ABSOLUTE_FORM = /^(https?):\/\/([^/?#]*)((?:[/?][!"$-~]*)?)$/i;

/** Requests whose Host header differs from the authority of their target. */
const contradicting = new WeakSet<IncomingMessage>();

/** Whether a text is a host with an optional port, as in a Host header or a URL. */
export function isAuthority(text: string): boolean {
  const match = AUTHORITY.exec(text);
  return match !== null && Number(match[1] ?? 0) <= MAX_PORT;
}

/**
 * Reads the target of a request, before anything else looks at its URL. Afterwards `url` is a path with its query, or
 * `NO_PATH`, which is also what replaces a target that cannot be read. A target that is a whole URL says itself which
 * host it is for, so its authority replaces the Host header (RFC 9112 §3.2.2).
 */
export function readTarget(request: IncomingMessage): void {
  const { url = '', headers } = request;
  if (ORIGIN_FORM.test(url)) return;
  const [, scheme = '', authority = '', path = ''] = ABSOLUTE_FORM.exec(url) ?? [];
  request.url = NO_PATH;
  if (!isAuthority(authority)) return;
  request.url = path.startsWith('/') ? path : `/${path}`;
  if (headers.host !== undefined && comparable(headers.host, scheme) !== comparable(authority, scheme)) {
    contradicting.add(request);
  }
  headers.host = authority;
}

/** Whether the target of a request names another host than its Host header. */
export function contradictsHost(request: IncomingMessage): boolean {
  return contradicting.has(request);
}

/** An authority in lower case, without the default port of the scheme. */
function comparable(authority: string, scheme: string): string {
  return authority.toLowerCase().replace(scheme.toLowerCase() === 'https' ? /:443$/ : /:80$/, '');
}
