import type { Dispatcher } from 'undici';
import { ToolError } from '../tool/errors.ts';
import { isObject } from '../tool/json.ts';
import { sendOnce } from './send-once.ts';

/** A token is renewed this long before it expires, so that none dies on its way. */
const RENEW_BEFORE_MS = 60_000;
const DEADLINE_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;

export interface EnvironmentClient {
  readonly environmentUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly dispatcher: Dispatcher;
}

interface Token {
  readonly value: string;
  readonly renewAt: number;
}

/**
 * The environment's own access token (OAuth 2.0 client credentials, RFC 6749 §4.4), fetched when it is first needed and
 * shared by all calls until shortly before it expires. One request is under way at a time.
 */
export class ClientToken {
  readonly #client: EnvironmentClient;
  readonly #now: () => number;
  #token: Token | undefined;
  #pending: Promise<Token> | undefined;

  constructor(client: EnvironmentClient, now: () => number = Date.now) {
    this.#client = client;
    this.#now = now;
  }

  /** @throws ToolError when Scalekit does not hand one out */
  async get(): Promise<string> {
    if (this.#token !== undefined && this.#now() < this.#token.renewAt) return this.#token.value;
    this.#pending ??= this.#fetch().finally(() => {
      this.#pending = undefined;
    });
    this.#token = await this.#pending;
    return this.#token.value;
  }

  /** Forgets a token that Scalekit no longer accepts, for instance after its client's secret was replaced. */
  discard(value: string): void {
    if (this.#token?.value === value) this.#token = undefined;
  }

  async #fetch(): Promise<Token> {
    const asked = this.#now();
    const { status, body } = await this.#ask();
    const value = isObject(body) ? body['access_token'] : undefined;
    if (status !== 200 || typeof value !== 'string') {
      const message =
        'Scalekit gave this server no access token. Its operator has to check SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET.';
      throw new ToolError('unauthenticated', message, { upstream: { status } });
    }
    const lifetimeMs = isObject(body) && typeof body['expires_in'] === 'number' ? body['expires_in'] * 1000 : 0;
    return { value, renewAt: asked + Math.max(lifetimeMs - RENEW_BEFORE_MS, lifetimeMs / 2) };
  }

  async #ask(): Promise<{ status: number; body: unknown }> {
    const { environmentUrl, clientId, clientSecret, dispatcher } = this.#client;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    });
    try {
      const { status, text } = await sendOnce(dispatcher, {
        origin: environmentUrl,
        path: '/oauth/token',
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: form.toString(),
        maxBytes: MAX_ANSWER_BYTES,
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      return { status, body: JSON.parse(text) };
    } catch (error) {
      const message = 'Scalekit’s token endpoint did not give a usable answer. Repeat the call in a moment.';
      throw new ToolError('upstream_unavailable', message, {}, error);
    }
  }
}
