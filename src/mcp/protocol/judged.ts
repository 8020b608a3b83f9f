import type { ServerContext } from '@modelcontextprotocol/server';
import type { Message } from '../../core/message.ts';
import type { Observation } from '../../observability/observation.ts';
import type { Verdict } from './sdk-server.ts';

/** What becomes of a message, with the observation of its request. */
export interface Judged {
  readonly decision: Verdict;
  readonly observation: Observation;
}

/**
 * Decides about a message. Over HTTP the decision about the request's only message has been made before, so that a refusal
 * can be an HTTP status. Then this returns that decision, whichever message it is called with.
 */
export type Judge = (message: Message) => Judged;

/** Converts a validated request, which has lost its id, to a `Message`. */
export function toMessage(
  { method, params = {} }: { method: string; params?: object | undefined },
  { mcpReq: { id } }: ServerContext,
): Message {
  return { method, id, params: { ...params } };
}
