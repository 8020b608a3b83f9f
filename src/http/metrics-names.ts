import { isIP } from 'node:net';
import { hostname } from './origin.ts';

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '::1'];
/** Addresses that stand for all of a machine. */
const ALL: readonly string[] = ['0.0.0.0', '::'];

/**
 * Makes a check of Host headers for the address that serves metrics. It has no authentication, so a web page that gives
 * its own name this address (DNS rebinding) must not read them. An IP address cannot be given away like that.
 * @param host what the server listens on
 * @param names further accepted host names, without port
 */
export function metricsNames(host: string, names: readonly string[]): (hostHeader: string | undefined) => boolean {
  const listensOnAll = ALL.includes(host);
  const isLocal = listensOnAll || LOOPBACK.includes(host);
  const accepted = new Set([host.toLowerCase(), ...names.map(bare), ...(isLocal ? LOOPBACK : [])]);
  return (hostHeader) => {
    const name = bare(hostname(hostHeader));
    return accepted.has(name) || (listensOnAll && isIP(name) !== 0);
  };
}

/** A host name without the brackets of an IPv6 address. */
function bare(name: string): string {
  return name.replace(/^\[(.*)\]$/, '$1');
}
