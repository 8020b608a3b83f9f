import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Ranges<Address> = [Address, number][];

/**
 * Addresses that the library takes for ordinary ones: networks for tests between devices (RFC 2544), and the addresses
 * under which clouds show their machines settings and credentials without being in a private range.
 */
const OTHER_IPV4: Ranges<ipaddr.IPv4> = [
  ipaddr.IPv4.parseCIDR('198.18.0.0/15'),
  ipaddr.IPv4.parseCIDR('168.63.129.16/32'),
];

/** All of IPv6 that is routed on the internet (IANA, IPv6 Global Unicast Address Assignments). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Parts of it that lead elsewhere: IETF protocol assignments with Teredo and ORCHID (RFC 2928, RFC 4380, RFC 7343),
 * examples (RFC 3849, RFC 9637), and 6to4 (RFC 3056), whose addresses hold an IPv4 address that may be any.
 */
const OTHER_IPV6: Ranges<ipaddr.IPv6> = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'].map((range) =>
  ipaddr.IPv6.parseCIDR(range),
);

/** The words before an IPv4 address in an interface identifier of ISATAP (RFC 5214 §6.1). */
const ISATAP: ReadonlySet<number> = new Set([0x0000, 0x0200]);
const ISATAP_MARK = 0x5efe;

/**
 * Whether an IP address is one of the public internet: none of a private, local or shared network, of this machine, of a
 * cloud's settings, of a group, or reserved (IANA special-purpose registries), and none that stands for an IPv4 address
 * in another form (mapped, translated, NAT64, 6to4, Teredo, ISATAP). What is no IP address is not public.
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return isPublicIpv4(ipaddr.IPv4.parse(address));
  // A zone, such as %eth0, is of a local network.
  return family === 6 && !address.includes('%') && isPublicIpv6(parseIpv6(address));
}

/** Whether an IP address is this machine's own: loopback, in IPv4 or IPv6. */
export function isLoopbackAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return ipaddr.IPv4.parse(address).range() === 'loopback';
  return family === 6 && !address.includes('%') && parseIpv6(address).range() === 'loopback';
}

/**
 * Parses an IPv6 address without a zone. In the spelling of URLs, since the library does not read all with an IPv4 address at the
 * end.
 */
export function parseIpv6(address: string): ipaddr.IPv6 {
  return ipaddr.IPv6.parse(new URL(`http://[${address}]`).hostname.slice(1, -1));
}

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && !OTHER_IPV4.some((range) => address.match(range));
}

function isPublicIpv6(address: ipaddr.IPv6): boolean {
  if (!address.match(GLOBAL_UNICAST) || OTHER_IPV6.some((range) => address.match(range))) return false;
  const [before = 0, mark = 0] = address.parts.slice(4, 6);
  return !(mark === ISATAP_MARK && ISATAP.has(before));
}
