import type { Response } from 'express';
import type { Decision } from '../access/authorize.ts';
import type { Caller } from '../auth/caller.ts';
import { ToolError } from '../core/errors.ts';
import type { Message } from '../core/message.ts';
import { observationOf } from '../http/observe.ts';
import type { NoRoom } from '../limits/bodies.ts';
import { budgetOf, CALL_COSTS, type Charge, MESSAGE_COST, SMALL_BODY_BYTES, UNSERVED } from '../limits/budgets.ts';
import type { Exceeded } from '../limits/concurrency.ts';
import type { Limits } from '../limits/limits.ts';
import type { Standing } from '../limits/rates.ts';
import { Refused } from './refusals.ts';

/** Calls are short, so a running one ends soon. */
const CONCURRENCY_RETRY_SECONDS = 1;

/** A request that a limit refuses: it may be repeated after a while. */
export class Limited extends Refused {
  override readonly retryAfterSeconds: number;
  readonly #code: 'rate_limit_exceeded' | 'server_error';

  constructor(status: 429 | 503, outcome: Refused['outcome'], description: string, retryAfterSeconds: number) {
    const code = status === 429 ? 'rate_limit_exceeded' : 'server_error';
    super(status, { message: description }, { oauthError: code, outcome });
    this.#code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The same as the error of a tool. */
  asToolError(): ToolError {
    return new ToolError(this.#code, this.message, { retryAfterMs: this.retryAfterSeconds * 1000 });
  }
}

/**
 * Refuses a request before its body is read: when the caller is over all of its limits already, or when too many calls
 * are running. Counts nothing.
 * @throws Limited
 */
export function refuseEarly(
  { rates, concurrency }: Pick<Limits, 'rates' | 'concurrency'>,
  response: Response,
  caller: Caller,
): void {
  const standing = rates.over(caller);
  if (standing !== undefined) throw tooManyRequests(response, standing);
  const exceeded = concurrency.exceeded(caller.person);
  if (exceeded !== undefined) throw tooManyCalls(exceeded);
}

/** The largest body, in bytes, that may be read for a caller: a small one when `work` is used up. Counts nothing. */
export function mayRead({ rates }: Pick<Limits, 'rates'>, caller: Caller): number {
  return rates.over(caller, 'work') === undefined ? Number.POSITIVE_INFINITY : SMALL_BODY_BYTES;
}

/**
 * Refuses a message before it is decided on: when the caller is known to be over the limit that it would draw on. Counts
 * nothing.
 */
export function overLimit(
  { rates }: Pick<Limits, 'rates'>,
  response: Response,
  caller: Caller,
  message: Message,
): Limited | undefined {
  const budget = budgetOf(message);
  const standing = budget && rates.over(caller, budget);
  return standing && tooManyRequests(response, standing);
}

/**
 * Counts a call as running, from when it has been read until it is over.
 * @returns a refusal when too many calls are running
 */
export function takePlace(
  { concurrency }: Pick<Limits, 'concurrency'>,
  response: Response,
  caller: Caller,
): Limited | undefined {
  const exceeded = concurrency.acquire(caller.person, observationOf(response));
  return exceeded && tooManyCalls(exceeded);
}

/**
 * Charges a message to its caller, unless that is known to be over its limit.
 * @returns a refusal when the caller is over its limit, with this message or without it
 */
export async function charge(
  { rates }: Pick<Limits, 'rates'>,
  response: Response,
  caller: Caller,
  charged: Charge | undefined,
): Promise<Limited | undefined> {
  const standing = charged && (rates.over(caller, charged.budget) ?? (await rates.charge(caller, charged)));
  if (standing === undefined) return undefined;
  if (standing.wait !== undefined) return tooManyRequests(response, standing);
  show(response, standing);
  return undefined;
}

/** What a message costs, and of which budget. Nothing for a notification, unless its caller is not admitted at all. */
export function chargeFor(decision: Decision, message: Message): Charge | undefined {
  if (decision.kind === 'call') return { budget: 'work', points: CALL_COSTS[decision.call.entry.tool.effect] };
  if (decision.kind === 'deny') return UNSERVED;
  const budget = budgetOf(message);
  return budget && { budget, points: MESSAGE_COST };
}

/** The memory for bodies is in use. */
export function noRoom({ exceeded }: NoRoom): Limited {
  return busy(
    exceeded,
    exceeded === 'caller'
      ? 'Too many of your requests are being received or carried out at the same time. Send the whole of each, wait until some have been answered, then repeat this one.'
      : 'This server is receiving as much as it can. Repeat this request in a moment.',
  );
}

function tooManyCalls(exceeded: Exceeded): Limited {
  return busy(
    exceeded,
    exceeded === 'caller'
      ? 'Too many of your calls are running at the same time. Wait until some have been answered, then repeat this one.'
      : 'This server is carrying out as many calls as it can. Repeat this one in a moment.',
  );
}

function busy(exceeded: Exceeded, description: string): Limited {
  const outcome = exceeded === 'caller' ? 'too_many_calls' : 'overloaded';
  return new Limited(503, outcome, description, CONCURRENCY_RETRY_SECONDS);
}

function tooManyRequests(response: Response, standing: Standing): Limited {
  const { wait = 1 } = standing;
  show(response, standing);
  const description = `You have used up your requests for now, and this one was not carried out. Repeat it in ${wait} seconds, with the same token.`;
  return new Limited(429, 'rate_limit_exceeded', description, wait);
}

/** Tells the client which budget its message drew on, and what is left. */
function show(response: Response, { policy, state }: Standing): void {
  response.setHeader('RateLimit-Policy', policy);
  response.setHeader('RateLimit', state);
}
