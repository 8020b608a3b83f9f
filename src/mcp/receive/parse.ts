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
  return body;
}

function tooDeep(id?: Message['id']): Refused {
  return invalid(`The message is nested deeper than ${MAX_DEPTH} levels.`, id);
}

function invalid(message: string, id?: Message['id']): Refused {
  return new Refused(400, { code: RPC.invalidRequest, message }, { id });
}
