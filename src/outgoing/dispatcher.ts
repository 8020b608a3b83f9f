import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';

export type { Dispatcher };

const CONNECT_TIMEOUT_MS = 3_000;
const MAX_CONNECTIONS = 256;
/** How many of them one person may use at the same time. */
export const CONNECTIONS_PER_PERSON = MAX_CONNECTIONS / 4;

/**
 * A pool of keep-alive connections to one origin. For https it respects `HTTPS_PROXY` and `NO_PROXY`. An http origin is
 * always a sandbox on loopback, which needs no proxy.
 */
export function createDispatcher(origin: string): Dispatcher {
  const options = {
    connections: MAX_CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    // Requests have their own, shorter deadlines. These timeouts only free connections that were forgotten.
    headersTimeout: 150_000,
    bodyTimeout: 150_000,
  };
  return origin.startsWith('https:') ? new EnvHttpProxyAgent(options) : new Pool(origin, options);
}
