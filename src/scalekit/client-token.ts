import type { SecretSetting } from '../config/scalekit.ts';
import { ToolError } from '../core/errors.ts';
import { isObject, parseJson } from '../core/json.ts';
import type { OwnClient } from '../core/tool.ts';
import { type Metrics, NO_METRICS } from '../observability/metrics/metrics.ts';
import type { Trace } from '../observability/trace/trace.ts';
import type { CircuitBreaker } from '../outgoing/circuit-breaker.ts';
import type { Dispatcher } from '../outgoing/dispatcher.ts';
import type { RawAnswer } from '../outgoing/send-once.ts';
import { sendWatched } from '../outgoing/watched-send.ts';
import { path } from '../platform/path.ts';
import { API_VERSION } from './api-version.ts';
import { fromAnswer, notTheApi, retryAfterMs } from './upstream-error.ts';

/** A token is renewed this long before it expires, so that none expires during a request. */
const RENEW_BEFORE_MS = 60_000;
const DEADLINE_MS = 10_000;
/** The least time between two tokens that are replaced because they were refused. */
const REPLACE_EVERY_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** What a token endpoint answers with (RFC 6749 §5), and 201 and 403 as some do. */
const OAUTH_STATUS: ReadonlySet<number> = new Set([200, 201, 400, 401, 403]);

export interface ClientTokenOptions {
  readonly environmentUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The variable that the operator gave the secret with. */
  readonly secretSetting: SecretSetting;
  readonly dispatcher: Dispatcher;
  /** The circuit breaker of the environment's host. */
  readonly breaker: CircuitBreaker;
  readonly metrics?: Metrics;
  /** Called when a token was fetched, or with the error when none was. */
  readonly onOutcome?: (error?: unknown) => void;
}

interface Token {
  readonly value: string;
  /** When a new token is needed (`performance.now()`). */
  readonly renewAt: number;
}

/**
 * The environment's own access token (OAuth 2.0 client credentials, RFC 6749 §4.4). It is fetched when it is first
 * needed, and shared by all calls until shortly before it expires. There is at most one token request at a time.
 */
export class ClientToken {
  readonly #options: ClientTokenOptions;
  #token: Token | undefined;
  /** The last two tokens, because calls with the previous one may still be running. */
  #fetched: readonly string[] = [];
  #pending: Promise<string> | undefined;
  #replaceableAt = 0;

  constructor(options: ClientTokenOptions) {
    this.#options = options;
  }

  /** The variable that the operator gave the client's secret with. */
  get secretSetting(): SecretSetting {
    return this.#options.secretSetting;
  }

  /** The client whose tokens these are. */
  get client(): OwnClient {
    const { clientId: id, clientSecret } = this.#options;
    return { id, usesSecretThatEnds: (suffix) => suffix !== '' && clientSecret.endsWith(suffix) };
  }

  /** The token; undefined if there is none, or if it must be renewed. */
  current(): string | undefined {
    return this.#token !== undefined && performance.now() < this.#token.renewAt ? this.#token.value : undefined;
  }

  /**
   * Fetches a new token (`POST /oauth/token`), or waits for a request that is running already.
   * @param person who calls, the same through all clients; it counts for the call that asks first
   * @param trace of that call
   * @throws ToolError when Scalekit does not issue one
   */
  fetch(person: string, trace?: Trace): Promise<string> {
    this.#pending ??= this.#options.breaker
      .through(() => this.#told(trace), true, person)
      .finally(() => {
        this.#pending = undefined;
      });
    return this.#pending;
  }

  /** The client secret and the tokens of running calls; they must be redacted in results. */
  secrets(): readonly string[] {
    return [this.#options.clientSecret, ...this.#fetched];
  }

  /**
   * Forgets a token that Scalekit has refused, for instance after its client's secret was replaced.
   * @returns whether another token is worth a try: not if one was replaced a moment ago, since an operation may answer
   * 401 to every token
   */
  discard(value: string): boolean {
    if (this.#token?.value !== value) return true;
    const now = performance.now();
    if (now < this.#replaceableAt) return false;
    this.#replaceableAt = now + REPLACE_EVERY_MS;
    this.#token = undefined;
    return true;
  }

  async #told(trace: Trace | undefined): Promise<string> {
    const { onOutcome } = this.#options;
    try {
      const token = await this.#fetch(trace);
      onOutcome?.();
      return token;
    } catch (error) {
      onOutcome?.(error);
      throw error;
    }
  }

  async #fetch(trace: Trace | undefined): Promise<string> {
    const asked = performance.now();
    const { status, headers, text } = await this.#ask(trace);
    const body = parseJson(text);
    // These are not caused by the credentials, and the call itself has not been sent yet, so it can be repeated.
    if (status === 429 || status >= 500) {
      const retryAfter = retryAfterMs(headers['retry-after']);
      throw fromAnswer({ status, text, retryAfter, safe: true, isCollection: false, setting: 'SCALEKIT_ENV_URL' });
    }
    if (!isObject(body) || !OAUTH_STATUS.has(status)) throw notTheApi('SCALEKIT_ENV_URL', status, true);
    const { access_token: value, expires_in: seconds } = body;
    if (status >= 300 || typeof value !== 'string') {
      const message = `Scalekit gave this server no access token. Its operator has to check SCALEKIT_CLIENT_ID and ${this.secretSetting}, which must be of the environment of SCALEKIT_ENV_URL.`;
      throw new ToolError('unauthenticated', message, { upstream: { status } });
    }
    const lifetimeMs = typeof seconds === 'number' ? seconds * 1000 : 0;
    this.#fetched = [value, ...this.#fetched.slice(0, 1)];
    this.#token = { value, renewAt: asked + Math.max(lifetimeMs - RENEW_BEFORE_MS, lifetimeMs / 2) };
    return value;
  }

  #ask(trace: Trace | undefined): Promise<RawAnswer> {
    const { environmentUrl, clientId, clientSecret, dispatcher, metrics = NO_METRICS } = this.#options;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    });
    const target = path`/oauth/token`;
    const outgoing = {
      origin: environmentUrl,
      path: target.text,
      method: 'POST' as const,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json', ...API_VERSION },
      body: form.toString(),
      maxBytes: MAX_ANSWER_BYTES,
      signal: AbortSignal.timeout(DEADLINE_MS),
    };
    return sendWatched(dispatcher, outgoing, { template: target.template, trace }, metrics).catch((error: unknown) => {
      throw unusable(error);
    });
  }
}

function unusable(cause: unknown): ToolError {
  const message = 'Scalekit’s token endpoint did not give a usable answer. Repeat the call in a moment.';
  return new ToolError('upstream_unavailable', message, {}, cause);
}
