import { z } from 'zod';
import type { Api, Query } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { requireCameTrue } from './came-true.ts';
import { Members } from './entities/members.ts';
import { path } from './path.ts';

/** A time between two points, both of which belong to it. */
export interface Window {
  readonly startTime?: string | undefined;
  readonly endTime?: string | undefined;
}

/**
 * Both points as a query for the API.
 * @throws ToolError `invalid_arguments` when the end is before the start
 */
export function windowOf({ startTime, endTime }: Window) {
  if (startTime !== undefined && endTime !== undefined && Date.parse(endTime) < Date.parse(startTime)) {
    throw new ToolError('invalid_arguments', 'endTime is before startTime.', { field: 'endTime' });
  }
  return { start_time: startTime, end_time: endTime };
}

/**
 * The spellings in which logs may name a provider: they are documented to have it in small letters, while connections
 * have capitals. The API finds what has any of them.
 */
export function spellings(provider: string | undefined): string[] | undefined {
  return provider === undefined ? undefined : [...new Set([provider, provider.toLowerCase(), provider.toUpperCase()])];
}

const USUAL_DAYS = 7;
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Reads how the runs of agent tools went (`GET /agentkit/analytics/overview`), in the last seven days unless a call names
 * another time.
 * @returns the numbers, with the time that they are about
 */
export async function readAnalytics(api: Api, { startTime, endTime }: Window, query: Query): Promise<unknown> {
  // The end of this hour, so that two calls shortly after each other are about the same time.
  const end = endTime ?? new Date(Math.ceil(Date.now() / HOUR_MS) * HOUR_MS).toISOString();
  const start = startTime ?? new Date(Date.parse(end) - USUAL_DAYS * DAY_MS).toISOString();
  const times = windowOf({ startTime: start, endTime: end });
  const answer = await api.get(path`/agentkit/analytics/overview`, { ...times, ...query });
  return isObject(answer) ? { ...answer, ...times } : answer;
}

const Sent = z.object({ event_type: z.string(), event_payload: Members.nullish() });

/**
 * Sends a sample of an event to the webhook endpoints (`POST /webhooks/test-event/{type}`).
 * @throws ToolError `not_applied` when the answer names another type
 */
export async function sendTestEvent(api: Api, eventType: string) {
  const sent = checkAnswer(Sent, await api.post(path`/webhooks/test-event/${eventType}`), 'write');
  requireCameTrue({ eventType: { asked: eventType, shown: sent.event_type } }, 'get_webhook_portal_url');
  return sent;
}
