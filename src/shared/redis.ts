import { Redis } from 'ioredis';
import type { Log } from '../observability/log/log.ts';
import { Availability } from './availability.ts';

/** Redis usually answers within 2 ms. A call must not wait for a Redis that hangs. */
const COMMAND_TIMEOUT_MS = 500;
const MAX_RECONNECT_MS = 2_000;

/** The one connection of this process to Redis. */
export interface RedisConnection {
  readonly client: Redis;
  /** Must be told the outcome of each use of the client. */
  readonly availability: Availability;
  /** Registers a callback for each time that the connection is established, from now on. */
  onReady(callback: () => void): void;
  close(): void;
}

/**
 * Connects to Redis, and reconnects whenever the connection is lost. No command waits longer than `COMMAND_TIMEOUT_MS`,
 * and none waits for a connection. Resolves when the first attempt has succeeded or failed, because this server also
 * starts without Redis.
 */
export async function connectRedis(url: string, log: Log): Promise<RedisConnection> {
  const client = new Redis(url, {
    connectTimeout: 2 * COMMAND_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    // A silent connection is closed, so that later calls do not wait for it as well.
    socketTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, MAX_RECONNECT_MS),
  });
  const availability = new Availability(log, {
    lost: 'Redis does not answer. Until it does, each instance counts for itself, and refuses what has to be confirmed.',
    back: 'Redis answers. Instances count together again, and confirmations are good at all of them.',
  });
  client.on('error', (error) => availability.failed(error));
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
