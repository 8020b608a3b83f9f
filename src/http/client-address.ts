import { isIP } from 'node:net';
import type { Request } from 'express';

/** An IPv4 address on a socket that speaks IPv6 as well. */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * The address of the client behind a request, whole and without a port. Express finds it, by its setting `trust proxy`:
 * with a number of proxies, that many entries from the right of `X-Forwarded-For`, or the first if there are fewer.
 * It takes any text for an address, and leaves on what some proxies add to one. What is no address at all is the
 * client's own invention, or a proxy's way to say nothing: then the socket's counts.
 * @returns `unknown` for a connection that is gone already
 */
export function clientAddress({ ip = '', socket }: Pick<Request, 'ip' | 'socket'>): string {
  return plain(ip) ?? plain(withoutPort(ip)) ?? plain(socket.remoteAddress ?? '') ?? 'unknown';
}

/** Some proxies add the port, and put IPv6 addresses into brackets then. */
function withoutPort(hop: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
}

/** An address as it is; `ipaddr.js` would take 13 µs to say so of IPv6, for every request. */
function plain(address: string): string | undefined {
  return isIP(address) === 0 ? undefined : (MAPPED.exec(address)?.[1] ?? address.toLowerCase());
}
