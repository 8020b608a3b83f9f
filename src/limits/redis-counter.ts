import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { RedisConnection } from '../shared/redis.ts';
import { memoryCounter, type NewCounter, outcomeOf, overBy } from './counter.ts';
import { insured } from './insured-counter.ts';

/**
 * Counts in Redis, together with every other instance that does. While Redis is away, or hangs, or refuses, each
 * instance counts for itself.
 */
export function redisCounters({ client, availability }: RedisConnection): NewCounter {
  return (name, { points: allowed, seconds }) => {
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
      availability,
    );
  };
}
