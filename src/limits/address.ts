import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * How limits tell client addresses apart: an IPv6 address stands for its /64 network, since whoever has one address of
 * such a network has all of them. Anything else stands for itself.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}
