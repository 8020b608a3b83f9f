import { z } from 'zod';
import { ToolError } from '../core/errors.ts';
import type { Trace } from '../observability/trace/trace.ts';

const TTL_MS = 60_000;
const MAX_ENTRIES = 10_000;

/** `GET /environments/{id}`, as far as routing needs it. */
const Answer = z.object({
  environment: z.object({ domain: z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,248}[a-z0-9])?$/i) }),
});

/** On whose behalf a call is made. */
export interface Principal {
  readonly key: string;
  bearer(): string;
}

/** Asks the API for one environment on behalf of a caller. */
type LookUp = (principal: Principal, environmentId: string, trace: Trace | undefined) => Promise<unknown>;

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
  readonly #now: () => number;
  readonly #known = new Map<string, { readonly domain: string; readonly until: number }>();
  readonly #underWay = new Map<string, UnderWay>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(lookUp: LookUp, now: () => number) {
    this.#lookUp = lookUp;
    this.#now = now;
  }

  /** The domain, where it is known already. */
  known(principal: Principal, environmentId: string): string | undefined {
    const entry = this.#known.get(keyOf(principal, environmentId));
    return entry !== undefined && this.#now() < entry.until ? entry.domain : undefined;
  }

  /**
   * Looks the domain up, or waits for a look-up that is under way.
   * @param trace where the look-up belongs if it is made for this call
   * @throws ToolError when the environment cannot be looked up
   */
  async find(principal: Principal, environmentId: string, trace?: Trace): Promise<string> {
    const bearer = principal.bearer();
    const joined = this.#underWay.get(keyOf(principal, environmentId));
    if (joined === undefined) return this.#start(principal, environmentId, trace);
    try {
      return await joined.domain;
    } catch (error) {
      if (joined.bearer === bearer) throw error;
      // It was made with another token of this caller, which may have expired or lack a scope: this one may be good.
      const own = this.#underWay.get(keyOf(principal, environmentId));
      return own?.bearer === bearer ? own.domain : this.#start(principal, environmentId, trace);
    }
  }

  #start(principal: Principal, environmentId: string, trace: Trace | undefined): Promise<string> {
    const key = keyOf(principal, environmentId);
    const until = this.#now() + TTL_MS;
    const domain = this.#ask(principal, environmentId, trace)
      .then((found) => {
        this.#remember(key, { domain: found, until });
        return found;
      })
      .finally(() => {
        if (this.#underWay.get(key) === entry) this.#underWay.delete(key);
      });
    const entry = { bearer: principal.bearer(), domain };
    this.#underWay.set(key, entry);
    return domain;
  }

  #remember(key: string, entry: { readonly domain: string; readonly until: number }): void {
    this.#known.delete(key);
    if (this.#known.size >= MAX_ENTRIES) {
      const oldest = this.#known.keys().next();
      if (!oldest.done) this.#known.delete(oldest.value);
    }
    this.#known.set(key, entry);
  }

  async #ask(principal: Principal, environmentId: string, trace: Trace | undefined): Promise<string> {
    const answer = await this.#lookUp(principal, environmentId, trace).catch((error: unknown) => {
      if (!(error instanceof ToolError) || error.code !== 'not_found') throw error;
      throw new ToolError('not_found', 'There is no such environment in this workspace, or you may not see it.', {
        field: 'environmentId',
        nextTool: 'list_environments',
        ...(error.recovery.upstream !== undefined && { upstream: error.recovery.upstream }),
      });
    });
    const parsed = Answer.safeParse(answer);
    if (parsed.success) return parsed.data.environment.domain;
    throw new ToolError('unexpected_response', 'Scalekit described the environment without a usable domain.', {
      field: 'environmentId',
    });
  }
}

function keyOf(principal: Principal, environmentId: string): string {
  return JSON.stringify([principal.key, environmentId]);
}
