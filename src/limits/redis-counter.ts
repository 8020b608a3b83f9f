import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Log } from '../observability/log.ts';
import { type Counter, memoryCounter, type NewCounter, outcomeOf, overBy } from './counter.ts';

/** In milliseconds. Redis answers in one or two; a call must not wait for one that hangs. */
const PATIENCE_MS = 500;
const MAX_RECONNECT_MS = 2_000;

/** Counters in Redis. */
export interface RedisCounters {
  readonly newCounter: NewCounter;
  close(): void;
}

/**
 * Counts in Redis, together with every other instance that does. While Redis is away, or hangs, or refuses, each
 * instance counts for itself: the limit stays, and no call waits longer than `PATIENCE_MS` once.
 * Yields when the first attempt to connect has ended, well or not: this server starts without Redis, too.
 */
export async function redisCounters(url: string, log: Log): Promise<RedisCounters> {
  const client = new Redis(url, {
    connectTimeout: 2 * PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
    // A connection that has gone silent is given up, so that calls after the first do not wait for it either.
    socketTimeout: PATIENCE_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, MAX_RECONNECT_MS),
  });
  const link = new Link(log);
  client.on('error', (error) => link.lost(error));
  client.on('close', () => link.lost(new Error('The connection has ended.')));
  client.on('ready', () => link.back());
  await new Promise<void>((resolve) => {
    client.once('ready', resolve).once('close', resolve);
  });
  return {
    newCounter: (name, { points: allowed, seconds }) => {
      const remote = new RateLimiterRedis({
        storeClient: client,
        keyPrefix: `scalekit-mcp:${name}`,
        points: allowed,
        duration: seconds,
        rejectIfRedisNotReady: true,
      });
      return insured(
        { spend: async (key, points) => overBy(await outcomeOf(remote.consume(key, points)), allowed) },
        memoryCounter({ points: allowed, seconds }),
        link,
      );
    },
    close: () => {
      link.end();
      client.disconnect();
    },
  };
}

/** The library's own insurance would tell nobody why, or when, it is used. */
function insured(remote: Counter, local: Counter, link: Link): Counter {
  return {
    spend: (key, points) =>
      remote.spend(key, points).then(
        (over) => {
          link.back();
          return over;
        },
        (error: unknown) => {
          link.lost(error);
          return local.spend(key, points);
        },
      ),
  };
}

/** Whether Redis can be counted on, said once for each change. */
class Link {
  readonly #log: Log;
  #isLost = false;
  #hasEnded = false;

  constructor(log: Log) {
    this.#log = log;
  }

  lost(error: unknown): void {
    if (this.#isLost || this.#hasEnded) return;
    this.#isLost = true;
    this.#log.warn('limits_store_lost', {
      error: error instanceof Error ? error.message : String(error),
      notice: 'Redis does not answer. Each instance counts for itself until it does.',
    });
  }

  back(): void {
    if (!this.#isLost || this.#hasEnded) return;
    this.#isLost = false;
    this.#log.warn('limits_store_back', { notice: 'Redis answers. Instances count together again.' });
  }

  /** From now on the connection is meant to be closed. */
  end(): void {
    this.#hasEnded = true;
  }
}
