import type { Effect } from '../core/tool.ts';

/**
 * The budgets of a person, each of the same size: what their tools do and read, and the talk that clients make around
 * it. Talk has two parts, so that a client that connects and lists for each call gets through as many calls as one that
 * does neither.
 */
export const BUDGETS = ['work', 'connections', 'lists'] as const;
export type Budget = (typeof BUDGETS)[number];

/** What a message draws on, and how much. */
export interface Charge {
  readonly budget: Budget;
  readonly points: number;
}

/** The points that a tool call costs, by its effect. Every other message that costs something costs `MESSAGE_COST`. */
export const CALL_COSTS: Readonly<Record<Effect, number>> = { read: 1, add: 3, overwrite: 3, destroy: 5 };
export const MESSAGE_COST = 1;

/** The charge for what is no message, or none that is served. */
export const UNSERVED: Charge = { budget: 'work', points: MESSAGE_COST };

/**
 * The size in bytes up to which a body is small: reading it costs nothing, and those who have used up `work` may still
 * send one, because it may be talk.
 */
export const SMALL_BODY_BYTES = 8 * 1024;

/** The charge for reading a body, whatever it holds: a point for each further piece of the size of a small one. */
export function chargeForReading(bytes: number): Charge | undefined {
  const points = Math.ceil(bytes / SMALL_BODY_BYTES) - 1;
  return points > 0 ? { budget: 'work', points } : undefined;
}

const CONNECTING: ReadonlySet<string> = new Set(['initialize', 'server/discover', 'ping', 'subscriptions/listen']);

/**
 * The budget that a message draws on; undefined for notifications, which cost nothing. A tool call without an id is no
 * notification of the protocol.
 */
export function budgetOf({ method, id }: { readonly method: string; readonly id?: unknown }): Budget | undefined {
  if (id === undefined && method.startsWith('notifications/')) return undefined;
  if (CONNECTING.has(method)) return 'connections';
  return method.endsWith('/list') ? 'lists' : 'work';
}
