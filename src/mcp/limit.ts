import type { Response } from 'express';
import type { Decision } from '../access/authorize.ts';
import type { Caller } from '../auth/caller.ts';
import { sendRetryLater } from '../http/answer.ts';
import { observationOf } from '../http/observe.ts';
import type { Limits } from '../limits/limits.ts';
import { CALL_COSTS, MESSAGE_COST } from '../limits/rates.ts';

/** Calls are short, so a running one ends soon. */
const CONCURRENCY_RETRY_SECONDS = 1;

/**
 * Refuses a request before its body is read: with 429 when the caller is over its rate already, with 503 when too many
 * calls are running. Otherwise the call counts as running until the response closes.
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
  const exceeded = concurrency.acquire(caller.person, response);
  if (exceeded === undefined) return false;
  observationOf(response).refused(exceeded === 'caller' ? 'too_many_calls' : 'overloaded');
  const description =
    exceeded === 'caller'
      ? 'Too many of your calls are running at the same time. Wait until some have been answered, then repeat this one.'
      : 'This server is carrying out as many calls as it can. Repeat this one in a moment.';
  sendRetryLater(response, 503, CONCURRENCY_RETRY_SECONDS, description);
  return true;
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
