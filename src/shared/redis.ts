import { Redis } from 'ioredis';
import { heard, NotHeard } from '../core/heard.ts';
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
  /**
   * Waits for what the client was asked, but not for a Redis that hangs: its connection is closed then, so that nothing else
   * waits for it.
   * @throws Error what the client failed with, or `NotHeard`
   */
  answerTo<T>(question: Promise<T>): Promise<T>;
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
    // No `commandTimeout` and `socketTimeout`: where this process is busy, those speak of it, and not of Redis.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, MAX_RECONNECT_MS),
  });
  const availability = new Availability(log, {
    lost: 'Redis cannot be used, for the reason in `error`. Until it can, each instance counts for itself, and refuses what has to be confirmed.',
    back: 'Redis answers. Instances count together again, and confirmations are good at all of them.',
  });
  client.on('error', (error) => availability.failed(error));
  client.on('close', () => availability.lost(new Error('The connection has ended.')));
  client.on('ready', () => availability.back());
  let isClosing = false;
  const reconnect = () => {
    if (!isClosing) client.disconnect(true);
    isClosing = true;
  };
  client.on('close', () => {
    isClosing = false;
  });
  const answerTo = async <T>(question: Promise<T>): Promise<T> => {
    try {
      return await heard(COMMAND_TIMEOUT_MS, question);
    } catch (error) {
      if (error instanceof NotHeard && client.status === 'ready') reconnect();
      throw error;
    }
  };
  // Until it is ready, the client itself waits for an answer.
  client.on('connect', () => {
    heard(COMMAND_TIMEOUT_MS, readyOrClosed(client)).catch(reconnect);
  });
  await readyOrClosed(client);
  return {
    client,
    availability,
    answerTo,
    onReady: (callback) => {
      client.on('ready', callback);
    },
    close: () => {
      availability.end();
      client.disconnect();
    },
  };
}

/** Resolves when the client is ready, or its connection has ended. Leaves no listener behind. */
function readyOrClosed(client: Redis): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      client.off('ready', end).off('close', end);
      resolve();
    };
    client.on('ready', end).on('close', end);
  });
}
