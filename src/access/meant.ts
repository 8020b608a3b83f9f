import { isObject } from '../core/json.ts';
import type { Message } from '../core/message.ts';
import { wholeArguments } from './normalize.ts';
import type { Surface } from './surface.ts';

/** A message as it is meant. */
export interface Meant {
  readonly message: Message;
  /** Names of members that were dropped from the arguments. */
  readonly dropped: readonly string[];
}

const NOTHING: readonly string[] = [];

/**
 * Normalizes the arguments of a tool call, by the schema of the tool on this surface. Other messages stay as they are.
 * It comes before `authorize`, which decides about the result; nothing after it sees what came.
 */
export function meantBy(message: Message, surface: Surface): Meant {
  const { method, params } = message;
  if (method !== 'tools/call' || typeof params['name'] !== 'string') return { message, dropped: NOTHING };
  const entry = surface.tools.get(params['name']);
  const sent = wholeArguments(params['arguments']);
  if (entry === undefined || !isObject(sent)) return { message, dropped: NOTHING };
  const { arguments: meant, dropped } = entry.normalize(sent);
  if (meant === params['arguments']) return { message, dropped };
  return { message: { ...message, params: { ...params, arguments: meant } }, dropped };
}
