import { brief } from '../core/brief.ts';
import type { UpstreamDetail } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { type FailureBody, failure, type Result } from '../core/result.ts';
import { type Cleaner, type Exempt, exempting } from './clean.ts';
import { cutObject } from './long-object.ts';
import { SHORTEST_TEXT, shorten, shortenTexts } from './shorten.ts';

/** The longest text of the platform in a failure, in characters, and the longest list. */
const MAX_SAID = 500;
const MAX_SAID_ENTRIES = 50;
/** The most that a failure repeats of what the platform said, in characters of JSON. */
const MAX_SAID_IN_ALL = 6_000;
/** How much of it is cleaned, in characters: of each text more than is shown, so that none shows half of a secret. */
const ROOM = 6 * MAX_SAID_IN_ALL;
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

/** What the platform said of a failure, so short that a proxy's error page does not fill a model's context. */
function said(upstream: UpstreamDetail, cleaner: Cleaner): UpstreamDetail {
  const members = Object.entries(upstream).map(([name, member]) => [name, firstOf(member)]);
  const brief = cleaner.inBrief(MAX_SAID, ROOM);
  const clean: JsonObject = brief.value(Object.fromEntries(members));
  return cutObject(clean, MAX_SAID_IN_ALL, brief.isCut).data as UpstreamDetail;
}

function firstOf(member: unknown): unknown {
  return Array.isArray(member) ? member.slice(0, MAX_SAID_ENTRIES) : member;
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
