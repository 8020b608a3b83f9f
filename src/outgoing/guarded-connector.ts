import { constants } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { DEFAULT_CIPHERS } from 'node:tls';
import { buildConnector } from 'undici';
import { boundedHandshake } from './bounded-handshake.ts';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

/** Yields the IP addresses of a host name. Rejects with a `code` as DNS names them. */
type Resolve = (hostname: string) => Promise<readonly string[]>;

const CONNECT_TIMEOUT_MS = 3_000;
/** For the first try; the second one takes twice as long. Both are over before the connection is given up. */
const DNS_TIMEOUT_MS = 700;
const DNS_TRIES = 2;
/**
 * Groups of DHE are made by the server, and so large that to agree on a key takes a second, in which this process answers nobody.
 * Every server that browsers reach has ECDHE.
 */
const CIPHERS = `${DEFAULT_CIPHERS}:!kDHE`;
const LOCALHOST = ['127.0.0.1', '::1'];

/** A connection that is not made, because it would not lead to the public internet. */
class AddressNotPublic extends Error {
  override readonly name = 'AddressNotPublic';
  readonly code = 'address_not_public';

  constructor() {
    super('The name does not lead to an address of the public internet.');
  }
}

export interface GuardOptions {
  /** Whether `localhost` and loopback addresses lead to this machine. Nothing else ever does. */
  readonly allowLoopback: boolean;
  /** Left out: by DNS alone. */
  readonly resolve?: Resolve | undefined;
  /** Certificates of authorities to trust beside the usual ones, as PEM. */
  readonly ca?: string | undefined;
}

/**
 * A connector for undici that leads to the public internet alone. It resolves a name once, refuses it if any of its
 * addresses is not public, and connects to one of exactly these addresses: an answer of DNS that changes afterwards
 * changes nothing. The address that was reached is checked again. Proxies of the environment are not used, because what
 * they connect to could not be checked; certificates are always verified.
 */
export function guardedConnector({ allowLoopback, resolve = byDns, ca }: GuardOptions): buildConnector.connector {
  const mayReach = (hostname: string, address: string) =>
    allowLoopback && isOwnName(hostname) ? isLoopbackAddress(address) : isPublicAddress(address);
  const checked = async (hostname: string): Promise<readonly string[]> => {
    const addresses = isOwnName(hostname) ? LOCALHOST : await resolve(hostname);
    if (addresses.length === 0) throw Object.assign(new Error('The name has no address.'), { code: 'ENODATA' });
    if (!addresses.every((address) => mayReach(hostname, address))) throw new AddressNotPublic();
    return addresses;
  };
  const reach = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    lookup: lookupBy(checked),
    // Otherwise an attempt over IPv6 that hangs would take all the time there is.
    autoSelectFamily: true,
  } as buildConnector.BuildOptions);
  const secure = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    rejectUnauthorized: true,
    ciphers: CIPHERS,
    // A server could ask for handshakes without end.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    ...(ca !== undefined && { ca }),
  });
  return (options, callback) => {
    const { hostname, protocol } = options;
    // Sockets do not look an address up.
    if (isIP(hostname) !== 0 && !mayReach(hostname, hostname)) return callback(new AddressNotPublic(), null);
    const port = options.port || (protocol === 'https:' ? '443' : '80');
    reach({ ...options, protocol: 'http:', port }, (error, socket) => {
      if (error !== null) return callback(error, null);
      if (!mayReach(hostname, socket.remoteAddress ?? '')) {
        socket.destroy();
        return callback(new AddressNotPublic(), null);
      }
      if (protocol !== 'https:') return callback(null, socket);
      const handshake = boundedHandshake(socket);
      secure({ ...options, httpSocket: handshake.stream as Duplex & typeof socket }, (failure, secured) => {
        handshake.over();
        if (failure === null) return callback(null, secured);
        socket.destroy();
        callback(failure, null);
      });
    });
  };
}

/** The two forms in which sockets look a name up: for all of its addresses, or for one. */
function lookupBy(checked: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    checked(hostname).then(
      (addresses) => {
        const all = addresses.map((address) => ({ address, family: isIP(address) }));
        const [first] = all;
        if (options.all) callback(null, all);
        else callback(null, first?.address ?? '', first?.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
}

function isOwnName(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '');
  return name === 'localhost' || isLoopbackAddress(name);
}

/**
 * Asks DNS alone: no file of this machine and no domain that is searched beside it can say what a public name means.
 * Unlike the operating system's look-up it holds up no other work of this process when DNS is slow.
 */
async function byDns(hostname: string): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES });
  const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const addresses = [four, six].flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  if (addresses.length === 0 && four.status === 'rejected') throw failureOf(four.reason as NodeJS.ErrnoException);
  return addresses;
}

/** That DNS cannot be reached is not that the host cannot, which has the same codes. */
function failureOf(error: NodeJS.ErrnoException): Error {
  const isAnswer = error.code === 'ENOTFOUND' || error.code === 'ENODATA';
  return isAnswer ? error : Object.assign(new Error('DNS gave no answer.', { cause: error }), { code: 'dns_failed' });
}
