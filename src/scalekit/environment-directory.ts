import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { ToolError } from '../core/errors.ts';
import type { Trace } from '../observability/trace/trace.ts';

const TTL_MS = 60_000;
const MAX_ENTRIES = 10_000;

/** `GET /environments/{id}`, as far as routing needs it. */
const EnvironmentAnswer = z.object({
  environment: z.object({ domain: z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,248}[a-z0-9])?$/i) }),
});

/** On whose behalf a call is made. */
export interface Caller {
  /** The same for the same person through the same client. */
  readonly key: string;
  bearer(): string;
}

/** Asks the API for one environment on behalf of a caller. */
type LookUp = (caller: Caller, environmentId: string, trace: Trace | undefined) => Promise<unknown>;

interface Known {
  readonly domain: string;
  /** `performance.now()` */
  readonly until: number;
}

/** A look-up that other calls of the same caller may join. */
interface UnderWay {
  /** The token that it was made with. */
  readonly bearer: string;
  readonly domain: Promise<string>;
}

/**
 * The domain of an environment, which every call into it must name. Looked up once for each caller and environment and
 * kept for a minute: what one caller may see says nothing about another. One look-up is under way at a time; one that
 * fails is an error for those who wait for it and is forgotten.
 */
export class EnvironmentDirectory {
  readonly #lookUp: LookUp;
  readonly #known = new LRUCache<string, Known>({ max: MAX_ENTRIES });
  readonly #underWay = new Map<string, UnderWay>();

  constructor(lookUp: LookUp) {
    this.#lookUp = lookUp;
  }

  /** The domain, where it is known already. */
  known(caller: Caller, environmentId: string): string | undefined {
    const entry = this.#known.get(keyOf(caller, environmentId));
    return entry !== undefined && performance.now() < entry.until ? entry.domain : undefined;
  }

  /**
   * Looks the domain up, or waits for a look-up that is under way.
   * @param trace where the look-up belongs if it is made for this call
   * @throws ToolError when the environment cannot be looked up
   */
  async find(caller: Caller, environmentId: string, trace?: Trace): Promise<string> {
    const bearer = caller.bearer();
    const joined = this.#underWay.get(keyOf(caller, environmentId));
    if (joined === undefined) return this.#start(caller, environmentId, trace);
    try {
      return await joined.domain;
    } catch (error) {
      if (joined.bearer === bearer) throw error;
      // It was made with another token of this caller, which may have expired or lack a scope: this one may be good.
      const own = this.#underWay.get(keyOf(caller, environmentId));
      return own?.bearer === bearer ? own.domain : this.#start(caller, environmentId, trace);
    }
  }

  #start(caller: Caller, environmentId: string, trace: Trace | undefined): Promise<string> {
    const key = keyOf(caller, environmentId);
    const until = performance.now() + TTL_MS;
    const domain = this.#ask(caller, environmentId, trace)
      .then((found) => {
        this.#known.set(key, { domain: found, until });
        return found;
      })
      .finally(() => {
        if (this.#underWay.get(key) === entry) this.#underWay.delete(key);
      });
    const entry = { bearer: caller.bearer(), domain };
    this.#underWay.set(key, entry);
    return domain;
  }

  async #ask(caller: Caller, environmentId: string, trace: Trace | undefined): Promise<string> {
    const answer = await this.#lookUp(caller, environmentId, trace).catch((error: unknown) => {
      if (!(error instanceof ToolError) || error.code !== 'not_found') throw error;
      throw new ToolError('not_found', 'There is no such environment in this workspace, or you may not see it.', {
        field: 'environmentId',
        nextTool: 'list_environments',
        ...(error.recovery.upstream !== undefined && { upstream: error.recovery.upstream }),
      });
    });
    const parsed = EnvironmentAnswer.safeParse(answer);
    if (parsed.success) return parsed.data.environment.domain;
    throw new ToolError('unexpected_response', 'Scalekit described the environment without a usable domain.', {
      field: 'environmentId',
    });
  }
}

function keyOf(caller: Caller, environmentId: string): string {
  return JSON.stringify([caller.key, environmentId]);
}
