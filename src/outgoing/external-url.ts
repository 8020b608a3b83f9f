import { isIP } from 'node:net';
import { parseUrl } from '../core/parse-url.ts';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

/** What may be asked for. */
export interface ExternalRules {
  /** Whether http and https at this machine's own addresses are allowed, for a sandbox whose deployments are there. */
  readonly allowLoopback: boolean;
}

/** Why a URL is not asked for. */
export type UrlRefusal = 'no_url' | 'credentials_in_url' | 'not_https' | 'port_not_allowed' | 'address_not_public';

/** Names that only a local network resolves (RFC 6761, RFC 6762, RFC 8375, RFC 9476, and those of clusters). */
const LOCAL_NAMES: ReadonlySet<string> = new Set([
  ...['localhost', 'local', 'internal', 'intranet', 'private', 'corp', 'home', 'lan', 'localdomain', 'alt', 'onion'],
  ...['home.arpa', 'svc', 'consul'],
]);

/**
 * Ports above the privileged ones at which other protocols listen, which would take what is sent for a command: those that
 * browsers refuse (Fetch §2.9), and those of stores that are often open.
 */
const OTHER_PROTOCOLS: ReadonlySet<number> = new Set([
  ...[1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697],
  ...[10080, 2379, 2380, 3306, 5432, 5672, 6379, 9042, 9092, 11211, 27017],
]);
const FIRST_UNPRIVILEGED_PORT = 1024;

/**
 * Checks a URL before anything is asked there. What its name resolves to is checked when the connection is made.
 * Spellings of addresses (octal, hexadecimal, one number, full-width digits) are gone by then: the URL parser has made
 * plain ones of them.
 * @returns the URL without its fragment, or why it is refused
 */
export function externalUrl(text: string, rules: ExternalRules): URL | UrlRefusal {
  const url = parseUrl(text);
  if (url === undefined) return 'no_url';
  url.hash = '';
  if (url.username !== '' || url.password !== '') return 'credentials_in_url';
  const isAllowedHere = rules.allowLoopback && isOwn(url);
  if (url.protocol !== 'https:' && !(isAllowedHere && url.protocol === 'http:')) return 'not_https';
  if (!isAllowedPort(url)) return 'port_not_allowed';
  return isAllowedHere || isPublicHost(bareHost(url)) ? url : 'address_not_public';
}

/** Whether a URL names this machine: `localhost`, or a loopback address. */
export function isOwn(url: URL): boolean {
  const host = bareHost(url);
  return host === 'localhost' || isLoopbackAddress(host);
}

/** The host as it is looked up or connected to: without the brackets of IPv6 and the dot of a complete name. */
function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function isPublicHost(host: string): boolean {
  if (isIP(host) !== 0) return isPublicAddress(host);
  const labels = host.toLowerCase().split('.');
  return labels.length > 1 && ![labels.slice(-1), labels.slice(-2)].some((end) => LOCAL_NAMES.has(end.join('.')));
}

function isAllowedPort({ port }: URL): boolean {
  // The default port is left out by the parser.
  return port === '' || (Number(port) >= FIRST_UNPRIVILEGED_PORT && !OTHER_PROTOCOLS.has(Number(port)));
}
