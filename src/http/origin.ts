import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { OAuthErrorCode } from './oauth-errors.ts';

/** The page that says what this server is. */
export const HOME_PATH = '/docs';
/** The page that explains every error. */
export const ERRORS_PATH = '/docs/errors';

export interface OriginRules {
  /** The configured origin of this server. Unset: the allowed name that the client used. */
  readonly publicUrl?: string | undefined;
  /** Host names (no port) under which this server answers. */
  readonly allowedHosts?: readonly string[];
}

/**
 * The origin of this server as its clients see it.
 * @param host a Host header that is known to be allowed
 */
export function ownOrigin(publicUrl: string | undefined, host: string): string {
  return publicUrl ?? `http://${host.toLowerCase().replace(/:80$/, '')}`;
}

/** The host name in a Host header, without the port; empty when there is no header. */
export function hostname(host: string | undefined): string {
  return (host ?? '').toLowerCase().replace(/:\d+$/, '');
}

/** For each open connection: a function from the Host header of a request to the origin of this server. */
const origins = new WeakMap<Duplex, (host: string | undefined) => string>();

/**
 * Makes the origin of this server known for each of its connections, so that `errorUri` also works for answers that are
 * sent before or outside of middleware. A Host header that is not allowed is never repeated; the first allowed name is
 * used instead.
 */
export function nameOrigin(server: Server, { publicUrl, allowedHosts = ['localhost'] }: OriginRules): void {
  const allowed = new Set(allowedHosts);
  server.on('connection', (socket) => {
    const fallback = `${allowedHosts[0]}:${socket.localPort}`;
    origins.set(socket, (host = '') => ownOrigin(publicUrl, allowed.has(hostname(host)) ? host : fallback));
  });
}

/**
 * The URL of the page that explains an error (`error_uri`, RFC 6749 §5.2).
 * @param socket the connection of the request
 * @param host the Host header of the request, if it has one
 */
export function errorUri(socket: Duplex, error: OAuthErrorCode, host?: string): string {
  return `${origins.get(socket)?.(host) ?? ''}${ERRORS_PATH}#${error}`;
}
