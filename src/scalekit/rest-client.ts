import type { Dispatcher } from 'undici';
import type { Path, Query } from '../tool/api.ts';
import { ToolError } from '../tool/errors.ts';
import { isObject, type JsonObject } from '../tool/json.ts';
import { AnswerTooLarge, sendOnce } from './send-once.ts';
import { fromAnswer, whatNow } from './upstream-error.ts';

/** The largest answer that is read, in bytes. The API's largest list stays far below. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const MAX_ATTEMPTS = 3;
const RETRYABLE_STATUS: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const SENDS_TWICE_SAFELY: ReadonlySet<string> = new Set(['GET', 'PUT', 'DELETE']);
/** The request never left: repeating it cannot act twice. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const LOST: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

export interface RestClientOptions {
  /** Base of the management API, `/api/v1` included. */
  readonly baseUrl: string;
  readonly dispatcher: Dispatcher;
  /** For one call with all its attempts, in milliseconds. */
  readonly timeoutMs: number;
  /** Between 0 and 1; spreads retries. */
  readonly random?: () => number;
}

export interface RestRequest {
  readonly method: 'GET' | 'POST';
  readonly path: Path;
  readonly query?: Query | undefined;
  readonly body?: JsonObject | undefined;
  /** Credential and environment. */
  readonly headers: Readonly<Record<string, string>>;
  /** The caller's own wish to stop. */
  readonly signal: AbortSignal;
}

type Attempt =
  | { readonly kind: 'answer'; readonly body: unknown }
  | { readonly kind: 'failure'; readonly error: ToolError; readonly again: boolean };

/**
 * The one place that sends requests to the management API: a deadline over all attempts, retries with jitter where they
 * cannot act twice, one kind of error.
 */
export class RestClient {
  readonly #dispatcher: Dispatcher;
  readonly #origin: string;
  readonly #prefix: string;
  readonly #timeoutMs: number;
  readonly #random: () => number;

  constructor({ baseUrl, dispatcher, timeoutMs, random = Math.random }: RestClientOptions) {
    const { origin, pathname } = new URL(baseUrl);
    this.#origin = origin;
    this.#prefix = pathname;
    this.#timeoutMs = timeoutMs;
    this.#random = random;
    this.#dispatcher = dispatcher;
  }

  /**
   * Sends a request and yields the parsed JSON of its answer.
   * @throws ToolError always one of these, whatever happened
   */
  async send(request: RestRequest): Promise<unknown> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.#timeoutMs);
    const stop = () => limit.abort();
    request.signal.addEventListener('abort', stop, { once: true });
    if (request.signal.aborted) stop();
    try {
      return await this.#withRetries(request, limit.signal);
    } finally {
      clearTimeout(timer);
      request.signal.removeEventListener('abort', stop);
    }
  }

  async #withRetries(request: RestRequest, signal: AbortSignal): Promise<unknown> {
    const started = performance.now();
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(request, signal);
      if (outcome.kind === 'answer') return outcome.body;
      const waitMs = outcome.error.recovery.retryAfterMs ?? this.#random() * 100 * 2 ** attempt;
      const remainingMs = this.#timeoutMs - (performance.now() - started);
      if (!outcome.again || attempt === MAX_ATTEMPTS || waitMs >= remainingMs) throw outcome.error;
      await pause(waitMs, signal);
      if (signal.aborted) throw outcome.error;
    }
  }

  async #attempt(request: RestRequest, signal: AbortSignal): Promise<Attempt> {
    const safe = SENDS_TWICE_SAFELY.has(request.method);
    try {
      const { status, headers, text } = await sendOnce(this.#dispatcher, {
        origin: this.#origin,
        path: this.#prefix + request.path + queryString(request.query),
        method: request.method,
        headers: {
          accept: 'application/json',
          ...(request.body !== undefined && { 'content-type': 'application/json' }),
          ...request.headers,
        },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        maxBytes: MAX_ANSWER_BYTES,
        signal,
      });
      if (status >= 200 && status < 300) return { kind: 'answer', body: parseAnswer(text, status) };
      const error = fromAnswer(status, parseLeniently(text), retryAfterMs(headers['retry-after']), safe);
      const again = safe && RETRYABLE_STATUS.has(status) && error.code !== 'provider_error';
      return { kind: 'failure', error, again };
    } catch (error) {
      if (error instanceof ToolError) return { kind: 'failure', error, again: false };
      return transportFailure(error, request.signal, signal, safe);
    }
  }
}

function queryString(query: Query | undefined): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const entry of Array.isArray(value) ? value : [value]) {
      if (entry !== undefined) params.append(name, String(entry));
    }
  }
  return params.size === 0 ? '' : `?${params}`;
}

/** A success must be a JSON object: anything else comes from something that is not the API. */
function parseAnswer(text: string, status: number): unknown {
  const parsed = text === '' ? {} : parseLeniently(text);
  if (isObject(parsed)) return parsed;
  throw new ToolError(
    'unexpected_response',
    'Scalekit answered with something other than a JSON object. Something between this server and Scalekit may be answering in its place.',
    { upstream: { status } },
  );
}

function parseLeniently(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `Retry-After` in milliseconds, from seconds or from an HTTP date (RFC 9110 §10.2.3). */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  const value = Array.isArray(header) ? header[0] : header;
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

function transportFailure(error: unknown, wish: AbortSignal, limit: AbortSignal, safe: boolean): Attempt {
  const code = codeOf(error);
  const failed = (toolError: ToolError, again: boolean): Attempt => ({ kind: 'failure', error: toolError, again });
  if (wish.aborted)
    return failed(new ToolError('cancelled', 'The client ended the call before it was answered.'), false);
  if (limit.aborted) {
    const message = `Scalekit did not answer in time. ${whatNow(safe)}`;
    return failed(new ToolError('upstream_timeout', message, { retryable: safe }, error), false);
  }
  if (error instanceof AnswerTooLarge) {
    const message =
      'Scalekit answered with more than this server reads. Ask for less, for instance with a smaller page.';
    return failed(new ToolError('unexpected_response', message, {}, error), false);
  }
  const neverSent = NEVER_SENT.has(code);
  const message = `The connection to Scalekit failed. ${whatNow(safe || neverSent)}`;
  const unavailable = new ToolError('upstream_unavailable', message, { retryable: safe || neverSent }, error);
  return failed(unavailable, neverSent || (safe && LOST.has(code)));
}

/** The code of a network error. Node hides it in an `AggregateError` when several addresses were tried. */
function codeOf(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  const code = isObject(inner) || inner instanceof Error ? (inner as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
}

/** Waits, but not longer than the signal allows. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
