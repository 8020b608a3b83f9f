import { isObject } from '../core/json.ts';
import type { Message } from '../core/message.ts';
import { wholeArguments } from './normalize.ts';
import { reachable, type Surface } from './surface.ts';

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
  const { called, dropped } = meantCall({ name: params['name'], arguments: params['arguments'] }, surface);
  if (called.arguments === params['arguments']) return { message, dropped };
  return { message: { ...message, params: { ...params, arguments: called.arguments } }, dropped };
}

interface Call {
  readonly name: unknown;
  readonly arguments: unknown;
}

function meantCall(call: Call, surface: Surface): { readonly called: Call; readonly dropped: readonly string[] } {
  const entry = reachable(call.name, surface);
  const sent = wholeArguments(call.arguments);
  if (entry === undefined || !isObject(sent)) return { called: call, dropped: NOTHING };
  const { arguments: outer, dropped } = entry.normalize(withoutFence(sent, surface));
  if (entry.tool.standsForAnother !== true || !isObject(outer['arguments'])) {
    return { called: { ...call, arguments: outer }, dropped };
  }
  const inner = meantCall({ name: outer['name'], arguments: outer['arguments'] }, surface);
  const args = inner.called.arguments === outer['arguments'] ? outer : { ...outer, arguments: inner.called.arguments };
  return { called: { ...call, arguments: args }, dropped: [...dropped, ...inner.dropped] };
}

/** Models name the environment also where it is fixed. The same one says nothing new; any other is refused. */
function withoutFence(args: Record<string, unknown>, { fence }: Surface): Record<string, unknown> {
  if (fence === undefined || args['environmentId'] !== fence) return args;
  const { environmentId: _, ...others } = args;
  return others;
}
