import type { Response } from 'express';
import type { Decision } from '../access/authorize.ts';
import type { Caller } from '../auth/caller.ts';
import { sendRetryLater } from '../http/answer.ts';
import { observationOf } from '../http/observe.ts';
import type { NoRoom } from '../limits/bodies.ts';
import type { Exceeded } from '../limits/concurrency.ts';
import type { Limits } from '../limits/limits.ts';
import { CALL_COSTS, MESSAGE_COST } from '../limits/rates.ts';

/** Calls are short, so a running one ends soon. */
const CONCURRENCY_RETRY_SECONDS = 1;

/**
 * Refuses a request before its body is read: with 429 when the caller is over its rate already, with 503 when too many
 * calls are running. Counts nothing.
 * @returns whether the request has been answered
 */
export function rejectEarly(
  { rates, concurrency }: Pick<Limits, 'rates' | 'concurrency'>,
  response: Response,
  caller: Caller,
): boolean {
  const wait = rates.wait(caller);
  if (wait !== undefined) {
    tooManyRequests(response, wait);
    return true;
  }
  const exceeded = concurrency.exceeded(caller.person);
  if (exceeded !== undefined) tooManyCalls(response, exceeded);
  return exceeded !== undefined;
}

/**
 * Counts a call as running, from when it has been read until it is over. Answers with 503 when too many calls are
 * running.
 * @returns whether the call may go on
 */
export function takePlace({ concurrency }: Pick<Limits, 'concurrency'>, response: Response, caller: Caller): boolean {
  const exceeded = concurrency.acquire(caller.person, observationOf(response));
  if (exceeded !== undefined) tooManyCalls(response, exceeded);
  return exceeded === undefined;
}

/** Answers with 503: the memory for bodies is in use. */
export function noRoom(response: Response, { exceeded }: NoRoom): void {
  busy(
    response,
    exceeded,
    exceeded === 'caller'
      ? 'Too many of your requests are being received or carried out at the same time. Send the whole of each, wait until some have been answered, then repeat this one.'
      : 'This server is receiving as much as it can. Repeat this request in a moment.',
  );
}

function tooManyCalls(response: Response, exceeded: Exceeded): void {
  busy(
    response,
    exceeded,
    exceeded === 'caller'
      ? 'Too many of your calls are running at the same time. Wait until some have been answered, then repeat this one.'
      : 'This server is carrying out as many calls as it can. Repeat this one in a moment.',
  );
}

function busy(response: Response, exceeded: Exceeded, description: string): void {
  observationOf(response).refused(exceeded === 'caller' ? 'too_many_calls' : 'overloaded');
  sendRetryLater(response, 503, CONCURRENCY_RETRY_SECONDS, description);
}

/**
 * Charges a message to its caller, by what was decided about it. Answers with 429 when the caller is then over its
 * limit.
 * @returns whether the message is to be served
 */
export async function charge(
  { rates }: Pick<Limits, 'rates'>,
  response: Response,
  caller: Caller,
  decision: Decision,
): Promise<boolean> {
  const wait = await rates.charge(caller, costOf(decision));
  if (wait !== undefined) tooManyRequests(response, wait);
  // If the client has disconnected while Redis was counting, the call must not run: nothing would cancel it any more.
  return wait === undefined && !response.closed;
}

function costOf(decision: Decision): number {
  return decision.kind === 'call' ? CALL_COSTS[decision.call.entry.tool.effect] : MESSAGE_COST;
}

function tooManyRequests(response: Response, seconds: number): void {
  observationOf(response).refused('rate_limit_exceeded');
  const description = `You have used up your requests for now, and this one was not carried out. Repeat it in ${seconds} seconds, with the same token.`;
  sendRetryLater(response, 429, seconds, description);
}
