import { setTimeout as wait } from 'node:timers/promises';
import type { Body, Path, Query } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import { excessOfAny } from '../core/extent.ts';
import { isObject, parseJson } from '../core/json.ts';
import { type Metrics, NO_METRICS } from '../observability/metrics/metrics.ts';
import type { Trace } from '../observability/trace/trace.ts';
import { type Room, SMALL_ANSWER_BYTES } from '../outgoing/answer-budget.ts';
import type { CircuitBreaker } from '../outgoing/circuit-breaker.ts';
import type { Deadline } from '../outgoing/deadline.ts';
import { CONNECTIONS_PER_PERSON, type Dispatcher } from '../outgoing/dispatcher.ts';
import { AnswerTooLarge } from '../outgoing/send-once.ts';
import { Shares } from '../outgoing/shares.ts';
import { sendWatched } from '../outgoing/watched-send.ts';
import { API_VERSION } from './api-version.ts';
import { afterOpenEnd, type Failure, type Repeat, transportFailure } from './failed-attempt.ts';
import { type ApiSetting, fromAnswer, notTheApi, retryAfterMs } from './upstream-error.ts';

/** The largest answer that is read, in bytes. The API's largest list is much smaller. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** The most values in an answer, and the deepest nesting. No answer of the API has nearly as many. */
const MAX_ANSWER_EXTENT = { values: 50_000, depth: 1_000 };
const MAX_ATTEMPTS = 3;
/** The longest pause before the second attempt, in milliseconds; it doubles then. 'later' takes half of it at least. */
const PAUSES_MS = { soon: 200, later: 1_000 };
const AT_LEAST = { soon: 0, later: 0.5 };
/** The longest pause of a call that others wait for, in milliseconds. The API may ask one person alone to wait longer. */
const LONGEST_AWAITED_PAUSE_MS = 3_000;
/** Statuses of an API, or of a gateway before it, that may be back soon. */
const AWAY: ReadonlySet<number> = new Set([502, 503]);
const SENDS_TWICE_SAFELY: ReadonlySet<string> = new Set(['GET', 'PUT', 'DELETE']);
export interface RestClientOptions {
  /** Base of the management API, `/api/v1` included. */
  readonly baseUrl: string;
  /** The variable that names it. */
  readonly setting: ApiSetting;
  readonly dispatcher: Dispatcher;
  /** The circuit breaker of the host of `baseUrl`. */
  readonly breaker: CircuitBreaker;
  readonly metrics?: Metrics;
  /**
   * When a person has their turn: an answer is read then, since what is made of it may be much. Left out, or undefined: at once.
   */
  readonly turn?: ((person: string) => Promise<void> | undefined) | undefined;
  /** Called when something other than the API seems to have answered. */
  readonly onUnexpected?: (() => void) | undefined;
  /** Yields a number from 0 to 1; for the jitter of retries. */
  readonly random?: () => number;
  /** Waits between two attempts, in milliseconds. Rejects when the signal is aborted. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: Path;
  readonly query?: Query | undefined;
  readonly body?: Body | readonly Body[] | undefined;
  /** The headers with the credential and the environment. */
  readonly headers: Readonly<Record<string, string>>;
  /** Who calls, the same through all clients: what fails or hangs for one person alone holds up nobody else. */
  readonly person: string;
  /** The deadline of the tool call that this request is a part of. */
  readonly deadline: Deadline;
  readonly trace?: Trace | undefined;
  /** Told of each attempt that may change something. */
  readonly changes?: Changes | undefined;
  /** Where a long answer takes room until the call is over. Unset: the answer must not be long. */
  readonly room?: Room | undefined;
  /**
   * Set while other calls wait for the end of this one: the request has its place already (see `holdingPlace`), and is
   * not repeated after a long pause.
   */
  readonly isAwaited?: boolean;
  /** Set for a request that must not be repeated, although its HTTP method is idempotent. */
  readonly once?: boolean;
}

/** Follows the attempts of one call that may change something. */
export interface Changes {
  /** One is sent. */
  sending(): void;
  /** It has ended, and has changed nothing. */
  refused(): void;
}

type Attempt = { readonly kind: 'answer'; readonly body: unknown } | Failure;

/**
 * Sends all requests to the management API. No request lasts longer than the deadline of its call. Requests are
 * retried, with jitter, if that cannot act twice. While the circuit is open, none is sent. Each person has a share of the
 * connections; requests above it wait, within their deadlines. Long answers need room, which calls give back when they
 * are over. Every error is a `ToolError`.
 */
export class RestClient {
  readonly #dispatcher: Dispatcher;
  readonly #breaker: CircuitBreaker;
  readonly #shares = new Shares(CONNECTIONS_PER_PERSON);
  readonly #metrics: Metrics;
  readonly #setting: ApiSetting;
  readonly #origin: string;
  readonly #prefix: string;
  readonly #onUnexpected: (() => void) | undefined;
  readonly #turn: NonNullable<RestClientOptions['turn']>;
  readonly #random: () => number;
  readonly #pause: NonNullable<RestClientOptions['pause']>;

  constructor(options: RestClientOptions) {
    const {
      baseUrl,
      setting,
      dispatcher,
      breaker,
      metrics = NO_METRICS,
      turn = atOnce,
      random = Math.random,
      pause = pauseFor,
    } = options;
    const { origin, pathname } = new URL(baseUrl);
    this.#setting = setting;
    this.#origin = origin;
    this.#prefix = pathname;
    this.#onUnexpected = options.onUnexpected;
    this.#turn = turn;
    this.#random = random;
    this.#pause = pause;
    this.#dispatcher = dispatcher;
    this.#breaker = breaker;
    this.#metrics = metrics;
  }

  /**
   * Sends a request.
   * @returns the parsed JSON body of a 2xx answer, an object
   * @throws ToolError for every failure
   */
  async send(request: RestRequest): Promise<unknown> {
    const { deadline, person, isAwaited = false } = request;
    return isAwaited ? this.#send(request) : this.holdingPlace(person, deadline, () => this.#send(request));
  }

  /**
   * Does work with a place among the connections of a person in hand.
   * @param work starts when there is a place; its requests, one at a time, need no other
   * @throws ToolError when there is none in time; whatever the work throws
   */
  async holdingPlace<T>(person: string, deadline: Deadline, work: () => Promise<T>): Promise<T> {
    const waiting = this.#shares.take(person, deadline);
    if (waiting !== undefined) await waiting;
    try {
      return await work();
    } finally {
      this.#shares.give(person);
    }
  }

  /** Asks the circuit after there is a place: it may have opened meanwhile, and what is not sent says nothing of the host. */
  async #send(request: RestRequest): Promise<unknown> {
    const { deadline, method, person } = request;
    try {
      deadline.check();
      const call = () => deadline.run((signal) => this.#withRetries(request, signal));
      return await this.#breaker.through(call, method === 'GET', person);
    } catch (error) {
      if (error instanceof ToolError && error.code === 'unexpected_response') this.#onUnexpected?.();
      throw error;
    }
  }

  async #withRetries(request: RestRequest, signal: AbortSignal): Promise<unknown> {
    let isOpen = false;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#change(request, signal);
      if (outcome.kind === 'answer') return outcome.body;
      const error = isOpen ? afterOpenEnd(outcome.error) : outcome.error;
      isOpen ||= outcome.end === 'open' && request.method !== 'GET';
      // If a repeated DELETE finds nothing, an earlier attempt has deleted it, and its answer was lost.
      if (attempt > 1 && request.method === 'DELETE' && error.code === 'not_found') return {};
      const waitMs = this.#pauseAfter(outcome, attempt, request);
      if (waitMs === undefined) throw error;
      await this.#pause(waitMs, signal).catch(() => {
        throw error;
      });
    }
  }

  /** How long to wait before a request is sent again, in milliseconds; undefined when it is not. */
  #pauseAfter({ error, repeat }: Failure, attempt: number, { isAwaited, deadline }: RestRequest): number | undefined {
    if (repeat === 'never' || attempt === MAX_ATTEMPTS) return undefined;
    // At least the backoff, even with `Retry-After: 0`, so that not all clients retry at the same time.
    const waitMs = Math.max(error.recovery.retryAfterMs ?? 0, this.#backoffMs(repeat, attempt));
    const longestMs = isAwaited === true ? LONGEST_AWAITED_PAUSE_MS : deadline.remainingMs();
    return waitMs < longestMs ? waitMs : undefined;
  }

  #backoffMs(repeat: Exclude<Repeat, 'never'>, attempt: number): number {
    const longest = PAUSES_MS[repeat] * 2 ** (attempt - 1);
    return longest * (AT_LEAST[repeat] + (1 - AT_LEAST[repeat]) * this.#random());
  }

  /** Makes an attempt, and tells of one that may change something. */
  async #change(request: RestRequest, signal: AbortSignal): Promise<Attempt> {
    const changes = request.method === 'GET' ? undefined : request.changes;
    changes?.sending();
    const outcome = await this.#attempt(request, signal);
    if (outcome.kind === 'failure' && outcome.end === 'refused') changes?.refused();
    return outcome;
  }

  async #attempt(request: RestRequest, signal: AbortSignal): Promise<Attempt> {
    const safe = sendsTwiceSafely(request);
    try {
      const outgoing = {
        origin: this.#origin,
        path: this.#prefix + request.path.text + queryString(request.query),
        method: request.method,
        headers: {
          accept: 'application/json',
          ...API_VERSION,
          ...(request.body !== undefined && { 'content-type': 'application/json' }),
          ...request.headers,
        },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        maxBytes: request.room === undefined ? SMALL_ANSWER_BYTES : MAX_ANSWER_BYTES,
        room: request.room,
        signal,
      };
      const watched = { template: request.path.template, trace: request.trace };
      const { status, headers, text } = await sendWatched(this.#dispatcher, outgoing, watched, this.#metrics);
      await this.#turn(request.person);
      const isTooMuch = excessOfAny(text, MAX_ANSWER_EXTENT) !== undefined;
      if (status >= 200 && status < 300) {
        if (isTooMuch) throw new AnswerTooLarge();
        return { kind: 'answer', body: this.#parse(text, status, request.method) };
      }
      const retryAfter = retryAfterMs(headers['retry-after']);
      const isCollection = isForWholeList(request);
      const read = isTooMuch ? '' : text;
      const error = fromAnswer({ status, text: read, retryAfter, safe, isCollection, setting: this.#setting });
      const end = status < 500 && error.code !== 'unexpected_response' ? 'refused' : 'open';
      return { kind: 'failure', error, repeat: safe ? repeatOf(status, error) : 'never', end };
    } catch (error) {
      if (error instanceof ToolError) return { kind: 'failure', error, repeat: 'never', end: 'open' };
      return transportFailure(error, { method: request.method, safe }, signal);
    }
  }

  /** Parses the body of a 2xx answer. It must be a JSON object or empty; anything else does not come from the API. */
  #parse(text: string, status: number, method: RestRequest['method']): unknown {
    const parsed = text === '' ? {} : parseJson(text);
    if (isObject(parsed)) return parsed;
    throw notTheApi(this.#setting, status, method === 'GET');
  }
}

const atOnce = () => undefined;

const pauseFor = (ms: number, signal: AbortSignal): Promise<void> => wait(ms, undefined, { signal });

function sendsTwiceSafely({ method, once = false }: RestRequest): boolean {
  return SENDS_TWICE_SAFELY.has(method) && !once;
}

/** When to send a request again that was answered with a failure, if that cannot act twice. */
function repeatOf(status: number, { code, recovery }: ToolError): Repeat {
  if (code === 'provider_error') return 'never';
  if (AWAY.has(status)) return 'later';
  return status === 429 && recovery.retryAfterMs !== undefined ? 'soon' : 'never';
}

/** Members of a query that say in what form a list is wanted, not of what. */
const FORM_OF_LIST: ReadonlySet<string> = new Set([
  'page_size',
  'page_token',
  'include',
  'resource_type',
  'filter.client_type',
]);

/** Whether a request reads a list and names nothing that may be missing. */
function isForWholeList({ method, path, query = {} }: RestRequest): boolean {
  if (method !== 'GET' || path.text !== path.template) return false;
  return Object.entries(query).every(([name, value]) => value === undefined || FORM_OF_LIST.has(name));
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
