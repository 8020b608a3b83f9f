import { excessOf, MAX_VALUES } from '../../core/extent.ts';
import { isDeeperThan, isObject, MAX_DEPTH, parseJson } from '../../core/json.ts';
import type { Message } from '../../core/message.ts';
import { Refused, RPC } from '../refusals.ts';
import { readableId } from './ids.ts';

/**
 * Parses a request body. It is parsed only here: `authorize` decides about the same object that the protocol layer then
 * dispatches.
 * @throws Refused for anything but a single JSON object. Arrays (batches) are refused in every revision, because one
 *   decision would then cover several messages.
 */
export function parseMessage(text: string): Record<string, unknown> {
  const excess = excessOf(text);
  if (excess === 'deep') throw tooDeep();
  if (excess === 'many') throw invalid(`The message holds more than ${MAX_VALUES} values.`);
  const body = parseJson(text);
  if (body === undefined) throw new Refused(400, { code: RPC.parseError, message: 'The body is not valid JSON.' });
  if (Array.isArray(body)) throw invalid('Batches are not supported: send one message per request.');
  if (!isObject(body)) throw invalid('The body must be a JSON-RPC message.');
  if (isDeeperThan(body, MAX_DEPTH)) throw tooDeep(readableId(body));
  if (text.length > MAX_AROUND && holdsMoreAround(body)) {
    const message = `The message holds more than ${MAX_AROUND} values beside the arguments of a tool call.`;
    throw invalid(message, readableId(body));
  }
  return body;
}

/**
 * So many values may be in a message beside the arguments of a tool call, such as in the capabilities of a client. The schemas of
 * the protocol are applied to each several times.
 */
const MAX_AROUND = 500;

function holdsMoreAround({ method, params, ...others }: Record<string, unknown>): boolean {
  const { arguments: args, ...around } = isObject(params) ? params : {};
  const counted = method === 'tools/call' && isObject(params) ? [others, around] : [others, params];
  let left = MAX_AROUND;
  const fits = (value: unknown): boolean =>
    --left >= 0 && (typeof value !== 'object' || value === null || Object.values(value).every(fits));
  return !counted.every(fits);
}

function tooDeep(id?: Message['id']): Refused {
  return invalid(`The message is nested deeper than ${MAX_DEPTH} levels.`, id);
}

function invalid(message: string, id?: Message['id']): Refused {
  return new Refused(400, { code: RPC.invalidRequest, message }, { id });
}
