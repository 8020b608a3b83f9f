import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Addresses that the library takes for ordinary ones: tests between devices (RFC 2544), and the settings of a cloud. */
const OTHER_IPV4 = [ipaddr.IPv4.parseCIDR('198.18.0.0/15'), ipaddr.IPv4.parseCIDR('168.63.129.16/32')];
/** All of IPv6 that is routed on the internet. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether an IP address can be anybody's on the Internet. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address);
  if (ip.range() !== 'unicast') return false;
  return ip instanceof ipaddr.IPv4 ? !OTHER_IPV4.some((range) => ip.match(range)) : ip.match(GLOBAL_UNICAST);
}

/** Whether the host of a URL is this machine by its name. Names that others can choose are not, wherever they lead. */
export function isThisMachine(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIP(host) === 0) return host === 'localhost' || host.endsWith('.localhost');
  return ipaddr.process(host).range() === 'loopback';
}
