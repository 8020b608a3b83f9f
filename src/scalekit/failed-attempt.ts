import { whatNow } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { NoRoomForAnswer } from '../outgoing/answer-budget.ts';
import { cancelled, isTimeout, timedOut } from '../outgoing/deadline.ts';
import { AnswerTooLarge } from '../outgoing/send-once.ts';

/** When a call is to be repeated whose answer found no room, in milliseconds. */
const ROOM_RETRY_MS = 1_000;
/** Codes of errors before the request was sent, so that repeating it cannot act twice. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** Codes of errors after the request may have been sent. */
const CONNECTION_LOST: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/**
 * After what a request is sent again: a lost connection soon; a gateway that finds no API behind it only after a pause in
 * which it can come back. Not 504, because the API may still be at work, nor 429 that names no time: each repetition
 * would count as well.
 */
export type Repeat = 'soon' | 'later' | 'never';

/** How an attempt has ended: the API has refused it, or it was never sent; or else it may have been carried out. */
type End = 'refused' | 'open';

/** An attempt to send a request that has failed. */
export interface Failure {
  readonly kind: 'failure';
  readonly error: ToolError;
  readonly repeat: Repeat;
  readonly end: End;
}

/** What has to be known of the request of a failed attempt. */
interface SentRequest {
  readonly method: string;
  /** Whether sending it twice cannot act twice. */
  readonly safe: boolean;
}

/** The failure of an attempt that has got no answer, or one that was not read. */
export function transportFailure(error: unknown, { method, safe }: SentRequest, signal: AbortSignal): Failure {
  const code = codeOf(error);
  const neverSent = NEVER_SENT.has(code);
  const failed = (toolError: ToolError, again: boolean): Failure => ({
    kind: 'failure',
    error: toolError,
    repeat: again ? 'soon' : 'never',
    end: neverSent ? 'refused' : 'open',
  });
  if (signal.aborted) {
    return failed(isTimeout(signal) ? timedOut(whatNow(safe), safe, error) : cancelled(), false);
  }
  if (error instanceof AnswerTooLarge) {
    const hint = method === 'GET' ? 'Ask for less, for instance with a smaller page.' : whatNow(false);
    const message = `Scalekit answered with more than this server reads. ${hint}`;
    return failed(new ToolError('unexpected_response', message, {}, error), false);
  }
  if (error instanceof NoRoomForAnswer) return failed(noRoom(method === 'GET', error), false);
  const message = `The connection to Scalekit failed. ${whatNow(safe || neverSent)}`;
  const unavailable = new ToolError('upstream_unavailable', message, { retryable: safe || neverSent }, error);
  return failed(unavailable, neverSent || (safe && CONNECTION_LOST.has(code)));
}

/** The error of a repeated request before which one may have been carried out. */
export function afterOpenEnd(error: ToolError): ToolError {
  const message = `${error.message} An earlier attempt of the same request may have been carried out: read the current state first.`;
  return new ToolError(error.code, message, error.recovery, error.cause);
}

/** The error of a call whose answer found no room. */
function noRoom(safe: boolean, cause: NoRoomForAnswer): ToolError {
  const why = 'The answer of Scalekit was not read to its end, because other long answers take all the room for them.';
  if (!safe) return new ToolError('unexpected_response', `${why} ${whatNow(false)}`, {}, cause);
  const message = `${why} Repeat the call in a moment, with fewer calls at the same time or a smaller page.`;
  return new ToolError('server_error', message, { retryable: true, retryAfterMs: ROOM_RETRY_MS }, cause);
}

/** The code of a network error. If several addresses were tried, Node wraps their errors in an `AggregateError`. */
function codeOf(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  const code = isObject(inner) || inner instanceof Error ? (inner as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
}
