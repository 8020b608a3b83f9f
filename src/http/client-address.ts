import { isIP } from 'node:net';
import type { Request } from 'express';

/** An IPv4 address as a dual-stack IPv6 socket reports it (RFC 4291 §2.5.5.2). */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * The IP address of the client that sent a request, without a port. Express determines it by its setting `trust proxy`:
 * with n trusted proxies, the n-th entry from the right of `X-Forwarded-For`, or the first one if there are fewer.
 * Express does not check that the entry is an address, and does not remove the port that some proxies add. If the entry
 * is not an address, the client has made it up, or a proxy does not know it; then the address of the socket is used.
 * @returns `unknown` for a connection that is closed already
 */
export function clientAddress({ ip = '', socket }: Pick<Request, 'ip' | 'socket'>): string {
  return ipAddress(ip) ?? ipAddress(withoutPort(ip)) ?? ipAddress(socket.remoteAddress ?? '') ?? 'unknown';
}

/** Removes the port that some proxies add, and the brackets that they then put around IPv6 addresses. */
function withoutPort(hop: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
}

/** An IP address in lower case, undefined for other text. `ipaddr.js` would take 13 µs per request for IPv6. */
function ipAddress(address: string): string | undefined {
  return isIP(address) === 0 ? undefined : (MAPPED.exec(address)?.[1] ?? address.toLowerCase());
}
