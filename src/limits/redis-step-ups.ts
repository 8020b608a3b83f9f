import { digestOf } from '../core/digest.ts';
import type { RedisConnection } from '../shared/redis.ts';
import { type Asker, askerKey, memoryStepUps, REMEMBERED_MS, type StepUps } from './step-ups.ts';

const PREFIX = 'scalekit-mcp:step-up';
/** How many clients and tools are remembered of one person: one key in Redis, of bounded size. */
const MAX_OF_PERSON = 200;

/** Remembers a member of the person's set, unless it is there already. By the clock of Redis, which all instances share. */
const TELL = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
  if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end
  redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
  redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - ARGV[3])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return 0`;

/**
 * Remembers in Redis, for all instances of this server. While Redis does not answer, or answers with an error, each
 * instance remembers for itself.
 */
export function redisStepUps({ client, availability, answerTo }: RedisConnection): StepUps {
  const local = memoryStepUps();
  const keyOf = ({ person }: Asker) => `${PREFIX}:${digestOf(person)}`;
  const memberOf = (caller: Asker, tool: string) => `${askerKey(caller)} ${tool}`;
  return {
    told: async (caller, tool) => {
      try {
        const question = client.eval(TELL, 1, keyOf(caller), memberOf(caller, tool), REMEMBERED_MS, MAX_OF_PERSON);
        const told = await answerTo(question);
        availability.back();
        return told === 1;
      } catch (error) {
        availability.lost(error);
        return local.told(caller, tool);
      }
    },
    // Nothing waits for it: what comes next on this connection is answered after it.
    passed: (caller, tool) => {
      local.passed(caller, tool);
      answerTo(client.zrem(keyOf(caller), memberOf(caller, tool))).catch((error: unknown) => availability.lost(error));
    },
  };
}
