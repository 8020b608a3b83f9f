import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { RedisConnection } from '../shared/redis.ts';
import { memoryCounter, type NewCounter, outcomeOf, spentOf } from './counter.ts';
import { withFallback } from './fallback-counter.ts';

/**
 * Makes counters in Redis, which all instances of this server share. While Redis does not answer, or answers with an
 * error, each instance counts in its own memory.
 */
export function redisCounters({ client, availability, answerTo }: RedisConnection): NewCounter {
  return (name, { points: allowed, seconds }) => {
    const remote = new RateLimiterRedis({
      storeClient: client,
      keyPrefix: `scalekit-mcp:${name}`,
      points: allowed,
      duration: seconds,
      rejectIfRedisNotReady: true,
    });
    return withFallback(
      {
        spend: async (key, points) =>
          spentOf(await answerTo(outcomeOf(remote.consume(key, points))), { points: allowed, seconds }),
      },
      memoryCounter({ points: allowed, seconds }),
      availability,
    );
  };
}
