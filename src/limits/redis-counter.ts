import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { RedisConnection } from '../shared/redis.ts';
import { memoryCounter, type NewCounter, outcomeOf, overBy } from './counter.ts';
import { withFallback } from './fallback-counter.ts';

/**
 * Counts in Redis, together with every other instance of this server. While Redis does not answer, or refuses, each
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
    return withFallback(
      { spend: async (key, points) => overBy(await outcomeOf(remote.consume(key, points)), allowed) },
      memoryCounter({ points: allowed, seconds }),
      availability,
    );
  };
}
