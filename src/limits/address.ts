import { isIPv6 } from 'node:net';
import { parseIpv6 } from '../outgoing/public-address.ts';

/**
 * The key by which limits count a client address. An IPv6 address counts as its /64 network, because a client usually
 * controls the whole network. Any other address counts as itself.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  // A zone, such as %eth0, is of this machine.
  const parsed = parseIpv6(address.split('%', 1)[0] as string);
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}
