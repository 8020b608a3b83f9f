import { type KeyObject, randomBytes } from 'node:crypto';
import { digestOf } from '../core/digest.ts';
import { type ConfirmationStore, KEY_BYTES, MAX_USED, type Mark, sealingKeys, type Use } from './confirmation-store.ts';
import type { RedisConnection } from './redis.ts';

const PREFIX = 'scalekit-mcp:confirmation';
/**
 * The Redis key of the random key that all instances use, behind the id of the run of Redis that it was made in. It is not
 * good in another run: one that has loaded a snapshot has it again, but not every mark of a used confirmation.
 */
const RANDOM = `${PREFIX}:random`;
const RANDOM_FORM = /^\w*\.([\w-]{43})$/;
/** Marks are kept this much longer than their confirmations, because the clocks of two instances may differ. */
const SKEW_MS = 10 * 60_000;
/** The window in which `MAX_USED` is counted for each person. */
const WINDOW_MS = 10 * 60_000;

/** Reads the id of this run of Redis. A Redis that does not say it has an empty one. */
const RUN = `
  local info = redis.pcall('INFO', 'server')
  local run = (type(info) == 'string' and string.match(info, 'run_id:(%w+)') or '') .. '.'`;

/** Yields the random key of this run, which is the proposed one if there is none yet: the first instance decides. */
const AGREE = `${RUN}
  local known = redis.call('GET', KEYS[1])
  if known and string.sub(known, 1, #run) == run then return known end
  redis.call('SET', KEYS[1], run .. ARGV[1])
  return run .. ARGV[1]`;

/**
 * Uses a confirmation up, as one atomic script. It first compares the random key with the one that opened the
 * confirmation, and the run of Redis with that of the key. If they are the same, Redis has not lost its data since then,
 * so its marks are complete.
 */
const USE = `${RUN}
  if redis.call('GET', KEYS[1]) ~= ARGV[1] or string.sub(ARGV[1], 1, #run) ~= run then return 'outdated' end
  if redis.call('EXISTS', KEYS[2]) == 1 then return 'used' end
  if tonumber(redis.call('GET', KEYS[3]) or '0') >= tonumber(ARGV[3]) then return 'too-many' end
  redis.call('SET', KEYS[2], '1', 'PX', ARGV[2])
  if redis.call('INCR', KEYS[3]) == 1 then redis.call('PEXPIRE', KEYS[3], ARGV[4]) end
  return 'first'`;

/**
 * Stores used confirmations in Redis, together with the random key of all instances. While Redis does not answer, no
 * confirmation can be used, because it might have been used before.
 */
export class RedisConfirmationStore implements ConfirmationStore {
  readonly #connection: RedisConnection;
  readonly #configured: readonly KeyObject[] | undefined;
  #random: string | undefined;
  #keys: readonly KeyObject[] = [];
  #renewing: Promise<boolean> | undefined;

  private constructor(connection: RedisConnection, configured: readonly KeyObject[] | undefined) {
    this.#connection = connection;
    this.#configured = configured;
  }

  /** Resolves when the keys are known, or when Redis did not answer. They are read again whenever Redis is back. */
  static async open(
    connection: RedisConnection,
    configured: readonly KeyObject[] | undefined,
  ): Promise<RedisConfirmationStore> {
    const store = new RedisConfirmationStore(connection, configured);
    connection.onReady(() => store.renew());
    await store.renew();
    return store;
  }

  keys(): readonly KeyObject[] {
    return this.#keys;
  }

  renew(): Promise<boolean> {
    this.#renewing ??= this.#agree().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async use({ person, id, ttlMs }: Mark): Promise<Use> {
    const random = this.#random;
    if (random === undefined) return 'unknown';
    const keys = [RANDOM, `${PREFIX}:used:${digestOf(id)}`, `${PREFIX}:count:${digestOf(person)}`];
    const markMs = Math.ceil(ttlMs) + SKEW_MS;
    const outcome = await this.#ask(({ client }) =>
      client.eval(USE, keys.length, ...keys, random, markMs, MAX_USED, WINDOW_MS),
    );
    return (outcome ?? 'unknown') as Use;
  }

  /** Reads the random key from Redis. */
  async #agree(): Promise<boolean> {
    const proposed = randomBytes(KEY_BYTES).toString('base64url');
    const agreed = await this.#ask(async ({ client }) => {
      const value = String(await client.eval(AGREE, 1, RANDOM, proposed));
      const key = RANDOM_FORM.exec(value)?.[1];
      if (key === undefined) throw new Error(`${RANDOM} does not hold a key of this server.`);
      return { value, key };
    });
    if (agreed === undefined) return false;
    if (agreed.value !== this.#random) {
      this.#random = agreed.value;
      this.#keys = sealingKeys(this.#configured, Buffer.from(agreed.key, 'base64url'));
    }
    return true;
  }

  /** @returns undefined when Redis does not answer */
  async #ask<T>(question: (connection: RedisConnection) => Promise<T>): Promise<T | undefined> {
    const { availability, answerTo } = this.#connection;
    try {
      const answer = await answerTo(question(this.#connection));
      availability.back();
      return answer;
    } catch (error) {
      availability.lost(error);
      return undefined;
    }
  }
}
