import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** An IPv4 address on a socket that speaks IPv6 as well. */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * The address of the client behind a request, whole and without a port.
 * @param proxies how many proxies stand in front of this server. Each adds the address that it was called from to the
 *   right of `X-Forwarded-For`; what stands further left is the client's own invention.
 * @returns `unknown` for a connection that is gone already
 */
export function clientAddress(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  proxies: number,
): string {
  const direct = plain(socket.remoteAddress ?? '') ?? 'unknown';
  if (proxies === 0) return direct;
  const hops = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((hop) => hop.trim())
    .filter(Boolean);
  // A request with fewer entries has come past some of the proxies: the first that saw it saw its client.
  const named = hops[Math.max(hops.length - proxies, 0)];
  return (named && plain(withoutPort(named))) || direct;
}

/** Some proxies add the port, and put IPv6 addresses into brackets then. */
function withoutPort(hop: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
}

function plain(address: string): string | undefined {
  return isIP(address) === 0 ? undefined : (MAPPED.exec(address)?.[1] ?? address.toLowerCase());
}
