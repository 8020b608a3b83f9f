import type { Dispatcher as UndiciDispatcher } from 'undici';
import { later } from '../core/later.ts';
import { once } from '../core/once.ts';

const undici = later(() => import('undici'));

/** What sends requests to one origin. */
export type Dispatcher = Pick<UndiciDispatcher, 'destroy'> & {
  dispatch(options: UndiciDispatcher.DispatchOptions, handler: UndiciDispatcher.DispatchHandler): void;
};

const CONNECT_TIMEOUT_MS = 3_000;
const MAX_CONNECTIONS = 256;
/** How many of them one person may use at the same time. */
export const CONNECTIONS_PER_PERSON = MAX_CONNECTIONS / 4;

/**
 * A pool of keep-alive connections to one origin. For https it respects `HTTPS_PROXY` and `NO_PROXY`. An http origin is
 * always a sandbox on loopback, which needs no proxy. The library is loaded when the first request is sent, since that takes
 * a tenth of the start.
 */
export function createDispatcher(origin: string): Dispatcher {
  let pool: UndiciDispatcher | undefined;
  let isOpening = false;
  let isDestroyed = false;
  const open = once(async () => {
    isOpening = true;
    pool = await poolOf(origin);
    if (isDestroyed) await pool.destroy();
    return pool;
  });
  return {
    dispatch: (options, handler) => {
      if (pool !== undefined) pool.dispatch(options, handler);
      else void open().then((opened) => opened.dispatch(options, handler));
    },
    destroy: async () => {
      isDestroyed = true;
      if (isOpening) await (await open()).destroy();
    },
  };
}

async function poolOf(origin: string): Promise<UndiciDispatcher> {
  const { EnvHttpProxyAgent, Pool } = await undici();
  const options = {
    connections: MAX_CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    // Requests have their own, shorter deadlines. These timeouts only free connections that were forgotten.
    headersTimeout: 150_000,
    bodyTimeout: 150_000,
  };
  return origin.startsWith('https:') ? new EnvHttpProxyAgent(options) : new Pool(origin, options);
}
