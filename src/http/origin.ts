import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { OAuthErrorCode } from './oauth-errors.ts';

/** The page that explains every error. */
export const ERRORS_PATH = '/docs/errors';

export interface OriginRules {
  /** Unset: the allowed name that the client used. */
  readonly publicUrl?: string | undefined;
  /** Host names (no port) under which this server answers. */
  readonly allowedHosts?: readonly string[];
}

/** The origin of this server as its clients see it. `host` is a Host header that has been found good. */
export function ownOrigin(publicUrl: string | undefined, host: string): string {
  return publicUrl ?? `http://${host.toLowerCase().replace(/:80$/, '')}`;
}

/** The name in a Host header, without its port; empty when there is none. */
export function hostname(host: string | undefined): string {
  return (host ?? '').toLowerCase().replace(/:\d+$/, '');
}

/** The origin of the server behind each open connection, by the Host header of a request on it. */
const origins = new WeakMap<Duplex, (host: string | undefined) => string>();

/**
 * Lets every answer on a connection of this server name its origin, those included that are given before or outside of
 * its middleware. A Host that is not allowed is never repeated: the first allowed one stands in for it.
 */
export function nameOrigin(server: Server, { publicUrl, allowedHosts = ['localhost'] }: OriginRules): void {
  const allowed = new Set(allowedHosts);
  server.on('connection', (socket) => {
    const standIn = `${allowedHosts[0]}:${socket.localPort}`;
    origins.set(socket, (host = '') => ownOrigin(publicUrl, allowed.has(hostname(host)) ? host : standIn));
  });
}

/**
 * Where an error is explained (`error_uri`, RFC 6749 §5.2).
 * @param host the Host header of the request, where one was read
 */
export function errorUri(socket: Duplex, error: OAuthErrorCode, host?: string): string {
  return `${origins.get(socket)?.(host) ?? ''}${ERRORS_PATH}#${error}`;
}
