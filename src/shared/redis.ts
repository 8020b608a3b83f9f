import { Redis } from 'ioredis';
import type { Log } from '../observability/log/log.ts';
import { Availability } from './availability.ts';

/** In milliseconds. Redis answers in one or two; a call must not wait for one that hangs. */
const PATIENCE_MS = 500;
const MAX_RECONNECT_MS = 2_000;

/** Redis, over the one connection that this process has to it. */
export interface RedisConnection {
  readonly client: Redis;
  /** To be told what came of each use of it. */
  readonly availability: Availability;
  /** Called whenever a connection has come about, from the next one on. */
  onReady(callback: () => void): void;
  close(): void;
}

/**
 * Connects to Redis, and connects again whenever it was lost. No command waits longer than `PATIENCE_MS`, and none waits
 * for a connection. Yields when the first attempt has ended, well or not: this server starts without Redis, too.
 */
export async function connectRedis(url: string, log: Log): Promise<RedisConnection> {
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
  const availability = new Availability(log, {
    lost: 'Redis does not answer. Until it does, each instance counts for itself, and refuses what has to be confirmed.',
    back: 'Redis answers. Instances count together again, and confirmations are good at all of them.',
  });
  client.on('error', (error) => availability.lost(error));
  client.on('close', () => availability.lost(new Error('The connection has ended.')));
  client.on('ready', () => availability.back());
  await new Promise<void>((resolve) => {
    client.once('ready', resolve).once('close', resolve);
  });
  return {
    client,
    availability,
    onReady: (callback) => {
      client.on('ready', callback);
    },
    close: () => {
      availability.end();
      client.disconnect();
    },
  };
}
