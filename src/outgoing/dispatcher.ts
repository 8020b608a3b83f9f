import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';

export type { Dispatcher };

const CONNECT_TIMEOUT_MS = 3_000;
const MAX_CONNECTIONS = 128;

/**
 * Kept-alive connections to one origin. `HTTPS_PROXY` and `NO_PROXY` are honoured for https; http is only ever a
 * loopback sandbox, which is reached directly.
 */
export function createDispatcher(origin: string): Dispatcher {
  const options = {
    connections: MAX_CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    // Callers set the deadline that counts; these free a connection whose caller is gone.
    headersTimeout: 150_000,
    bodyTimeout: 150_000,
  };
  return origin.startsWith('https:') ? new EnvHttpProxyAgent(options) : new Pool(origin, options);
}
