import { z } from 'zod';
import { ToolError } from '../tool/errors.ts';

const TTL_MS = 60_000;
const MAX_ENTRIES = 10_000;

/** `GET /environments/{id}`, as far as routing needs it. */
const Answer = z.object({
  environment: z.object({ domain: z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,248}[a-z0-9])?$/i) }),
});

/** Asks the API for one environment on behalf of a caller. */
export type LookUp = (environmentId: string) => Promise<unknown>;

/**
 * The domain of an environment, which every call into it must name. Looked up once for each caller and environment and
 * kept for a minute: what one caller may see says nothing about another. One look-up is under way at a time; one that
 * fails is an error for those who wait for it and is forgotten.
 */
export class EnvironmentDirectory {
  readonly #entries = new Map<string, { readonly domain: Promise<string>; readonly until: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** @throws ToolError when the environment cannot be looked up */
  domain(callerKey: string, environmentId: string, lookUp: LookUp): Promise<string> {
    const key = JSON.stringify([callerKey, environmentId]);
    const entry = this.#entries.get(key);
    if (entry !== undefined && this.#now() < entry.until) return entry.domain;
    const domain = this.#ask(environmentId, lookUp);
    this.#remember(key, domain);
    domain.catch(() => {
      if (this.#entries.get(key)?.domain === domain) this.#entries.delete(key);
    });
    return domain;
  }

  #remember(key: string, domain: Promise<string>): void {
    this.#entries.delete(key);
    if (this.#entries.size >= MAX_ENTRIES) {
      const oldest = this.#entries.keys().next();
      if (!oldest.done) this.#entries.delete(oldest.value);
    }
    this.#entries.set(key, { domain, until: this.#now() + TTL_MS });
  }

  async #ask(environmentId: string, lookUp: LookUp): Promise<string> {
    const answer = await lookUp(environmentId).catch((error: unknown) => {
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
