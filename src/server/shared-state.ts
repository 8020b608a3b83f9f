import type { Config } from '../config/config.ts';
import { memoryCounter, type NewCounter } from '../limits/counter.ts';
import { memoryStepUps, type StepUps } from '../limits/step-ups.ts';
import type { Log } from '../observability/log/log.ts';
import { type ConfirmationStore, MemoryConfirmationStore } from '../shared/confirmation-store.ts';

/** The state that several processes share, so that limits and confirmations apply to all of them together. */
export interface SharedState {
  readonly newCounter: NewCounter;
  /** Whether it is in another process, whose answers may come many at once. */
  readonly isRemote: boolean;
  readonly confirmations: ConfirmationStore;
  readonly stepUps: StepUps;
  close(): void;
}

/**
 * Opens the shared state: in Redis if that is configured, otherwise in the memory of this process. The Redis client is
 * loaded only if it is used.
 */
export async function openSharedState(
  { limits, scaling }: Pick<Config, 'limits' | 'scaling'>,
  log: Log,
): Promise<SharedState> {
  if (limits.redisUrl !== undefined) return inRedis(limits.redisUrl, scaling.confirmationKeys, log);
  return {
    isRemote: false,
    newCounter: (_name, allowance) => memoryCounter(allowance),
    confirmations: new MemoryConfirmationStore(scaling.confirmationKeys),
    stepUps: memoryStepUps(),
    close: () => undefined,
  };
}

async function inRedis(url: string, keys: Config['scaling']['confirmationKeys'], log: Log): Promise<SharedState> {
  const [{ connectRedis }, { redisCounters }, { redisStepUps }, { RedisConfirmationStore }] = await Promise.all([
    import('../shared/redis.ts'),
    import('../limits/redis-counter.ts'),
    import('../limits/redis-step-ups.ts'),
    import('../shared/redis-confirmation-store.ts'),
  ]);
  const connection = await connectRedis(url, log);
  return {
    isRemote: true,
    newCounter: redisCounters(connection),
    confirmations: await RedisConfirmationStore.open(connection, keys),
    stepUps: redisStepUps(connection),
    close: () => connection.close(),
  };
}
