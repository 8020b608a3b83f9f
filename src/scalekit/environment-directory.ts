import { z } from 'zod';
import { boundedMap } from '../core/bounded-map.ts';
import { ToolError } from '../core/errors.ts';
import type { Trace } from '../observability/trace/trace.ts';

const TTL_MS = 60_000;
const MAX_ENTRIES = 10_000;

const DOMAIN = /^[a-z0-9]([a-z0-9.-]{0,248}[a-z0-9])?$/i;
const NO_DOMAIN = 'Scalekit described the environment without a usable domain.';

/**
 * The domain of an environment as it may be sent in a header.
 * @throws ToolError `unexpected_response` when it is none
 */
export function requireDomain(domain: string): string {
  if (DOMAIN.test(domain)) return domain;
  throw new ToolError('unexpected_response', NO_DOMAIN);
}

/** The part of the answer to `GET /environments/{id}` that routing needs. */
const EnvironmentAnswer = z.object({
  environment: z.object({
    domain: z.string().regex(DOMAIN),
    type: z.unknown().optional(),
  }),
});

/** The facts about a caller that requests to the API need. */
export interface Caller {
  /** The same person using the same client always has the same key. */
  readonly key: string;
  /** The same for the same person through all clients. */
  readonly person: string;
  bearer(): string;
}

/** Asks the API for one environment on behalf of a caller. */
type LookUp = (caller: Caller, environmentId: string, trace: Trace | undefined) => Promise<unknown>;

/** What calls need to know of their environment. */
export interface KnownEnvironment {
  readonly domain: string;
  /** Whether it is one of production. One of a type that is not known counts as such. */
  readonly isProduction: boolean;
}

interface Known {
  readonly environment: KnownEnvironment;
  /** When it must be looked up again (`performance.now()`). */
  readonly until: number;
}

/** A running look-up, for which other calls of the same caller may wait. */
interface PendingLookUp {
  /** The token with which it is made. */
  readonly bearer: string;
  readonly environment: Promise<KnownEnvironment>;
}

/**
 * Finds the domain of an environment, which every call into it must send, and its type. It is looked up for each caller separately,
 * because callers may see different environments, and kept for a minute. For each caller and environment there is at
 * most one look-up at a time. A failure is reported to all calls that wait for it, and is not kept.
 */
export class EnvironmentDirectory {
  readonly #lookUp: LookUp;
  readonly #known = boundedMap<string, Known>(MAX_ENTRIES);
  readonly #pending = new Map<string, PendingLookUp>();

  constructor(lookUp: LookUp) {
    this.#lookUp = lookUp;
  }

  /** The environment, if it is known and fresh; otherwise undefined. */
  known(caller: Caller, environmentId: string): KnownEnvironment | undefined {
    const entry = this.#known.get(keyOf(caller, environmentId));
    return entry !== undefined && performance.now() < entry.until ? entry.environment : undefined;
  }

  /**
   * Looks the environment up, or waits for a look-up that is running already.
   * @param trace gets the look-up, if it is made for this call
   * @throws ToolError when the environment cannot be looked up
   */
  async find(caller: Caller, environmentId: string, trace?: Trace): Promise<KnownEnvironment> {
    const bearer = caller.bearer();
    const joined = this.#pending.get(keyOf(caller, environmentId));
    if (joined === undefined) return this.#start(caller, environmentId, trace);
    try {
      return await joined.environment;
    } catch (error) {
      if (joined.bearer === bearer) throw error;
      // That look-up used another token of this caller, which may have expired or lack a scope. Try with this token.
      const own = this.#pending.get(keyOf(caller, environmentId));
      return own?.bearer === bearer ? own.environment : this.#start(caller, environmentId, trace);
    }
  }

  #start(caller: Caller, environmentId: string, trace: Trace | undefined): Promise<KnownEnvironment> {
    const key = keyOf(caller, environmentId);
    const until = performance.now() + TTL_MS;
    const environment = this.#ask(caller, environmentId, trace)
      .then((found) => {
        this.#known.set(key, { environment: found, until });
        return found;
      })
      .finally(() => {
        if (this.#pending.get(key) === entry) this.#pending.delete(key);
      });
    const entry = { bearer: caller.bearer(), environment };
    this.#pending.set(key, entry);
    return environment;
  }

  async #ask(caller: Caller, environmentId: string, trace: Trace | undefined): Promise<KnownEnvironment> {
    const answer = await this.#lookUp(caller, environmentId, trace).catch((error: unknown) => {
      if (!(error instanceof ToolError) || error.code !== 'not_found') throw error;
      throw new ToolError('not_found', 'There is no such environment in this workspace, or you may not see it.', {
        field: 'environmentId',
        nextTool: 'list_environments',
        ...(error.recovery.upstream !== undefined && { upstream: error.recovery.upstream }),
      });
    });
    const parsed = EnvironmentAnswer.safeParse(answer);
    if (parsed.success) {
      const { domain, type } = parsed.data.environment;
      return { domain, isProduction: type !== 'DEV' };
    }
    throw new ToolError('unexpected_response', NO_DOMAIN, { field: 'environmentId' });
  }
}

function keyOf(caller: Caller, environmentId: string): string {
  return JSON.stringify([caller.key, environmentId]);
}
