import { brief } from '../core/brief.ts';
import type { UpstreamDetail } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { type FailureBody, failure, type Result } from '../core/result.ts';
import { type Cleaner, type Exempt, exempting } from './clean.ts';
import { cutObject } from './long-object.ts';
import { SHORTEST_TEXT, shorten, shortenTexts } from './shorten.ts';

/** The longest text of the platform in a failure, in characters, and the longest list. */
const MAX_SAID = 500;
const MAX_SAID_ENTRIES = 50;
/** The most that a failure repeats of what the platform said, in characters of JSON. */
const MAX_SAID_IN_ALL = 6_000;
/** The longest message, in characters. It may repeat arguments. */
const MAX_MESSAGE = 2_000;
/** What stands around the error in the text of a result. */
const FRAME = 'Error {"error":}'.length;

/** The request id identifies a failed call in the log. Clients may choose it, so it may look like a secret. */
const REQUEST_ID: Exempt = exempting(['requestId']);

type Failure = Extract<Result, { kind: 'failure' }>;

/**
 * Prepares a failure for the client: no error leaves that is longer than the budget, whatever it repeats.
 * @param cleaner left out for what was decided before a call runs, and holds nothing of it
 */
export function releaseFailure(
  error: unknown,
  { cleaner, budget, requestId }: { readonly cleaner?: Cleaner; readonly budget: number; readonly requestId: string },
): Failure {
  const { error: whole } = failure(error, requestId);
  const { upstream } = whole;
  const told = cleaner && upstream ? { ...whole, upstream: said(upstream, cleaner) } : whole;
  const clean = cleaner === undefined ? told : cleaner.value(told, REQUEST_ID);
  return { kind: 'failure', error: fitted({ ...clean, message: brief(clean.message, MAX_MESSAGE) }, budget) };
}

/** The length of the text of a result, in characters. */
export function lengthOf(result: Result): number {
  return result.kind === 'success' ? result.text.length : JSON.stringify(result.error).length + FRAME;
}

function said(upstream: UpstreamDetail, cleaner: Cleaner): UpstreamDetail {
  return cutObject(briefly(upstream, cleaner) as unknown as JsonObject, MAX_SAID_IN_ALL).data as UpstreamDetail;
}

/** What the platform said of a failure, so short that a proxy's error page does not fill a model's context. */
function briefly<T>(said: T, cleaner: Cleaner): T;
function briefly(said: unknown, cleaner: Cleaner): unknown {
  if (typeof said === 'string') return cleaner.text(said, MAX_SAID);
  if (Array.isArray(said)) return said.slice(0, MAX_SAID_ENTRIES).map((entry) => briefly(entry, cleaner));
  if (!isObject(said)) return said;
  return Object.fromEntries(Object.entries(said).map(([name, member]) => [name, briefly(member, cleaner)]));
}

/** The error with shorter lists and texts, as far as the budget asks for that; what programs decide by stays. */
function fitted(error: FailureBody, budget: number): FailureBody {
  const length = JSON.stringify(error).length + FRAME;
  if (length <= budget) return error;
  const { code, retryable, retryAfterMs, nextTool, requestId, ...texts } = error;
  const given = texts as unknown as JsonObject;
  const room = budget - (length - JSON.stringify(given).length);
  const shorter = shorten(given, room) ?? given;
  return { ...error, ...(shortenTexts(shorter, room, { least: SHORTEST_TEXT }) ?? shorter) };
}
