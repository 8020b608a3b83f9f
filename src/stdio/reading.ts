import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  type JSONRPCMessage,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import type { Message } from '../core/message.ts';
import { envelopeOf } from '../mcp/receive/envelope.ts';
import { checkIds, readableId } from '../mcp/receive/ids.ts';
import { parseMessage } from '../mcp/receive/parse.ts';
import { viewOf } from '../mcp/receive/receive.ts';
import { Refused, RPC } from '../mcp/refusals.ts';
import type { Line } from './lines.ts';

/** So many requests may wait for their answers; far more than any client sends at once. */
const MAX_WAITING = 1_000;

/** What a client has sent on a line. */
export type Received =
  | { readonly kind: 'asked'; readonly body: JSONRPCMessage; readonly message: Message; readonly bytes: number }
  | { readonly kind: 'response'; readonly body: JSONRPCMessage };

/**
 * Reads the message of a line.
 * @param maxBytes the longest line that is read, in bytes
 * @throws Refused for what is no message, with the id that answers it where that can be read
 */
export function receivedIn(line: Line, maxBytes: number): Received {
  if (line.kind === 'too-long') {
    const message = `The message is larger than ${maxBytes} bytes, the most that is served. Send a smaller one.`;
    throw new Refused(413, { code: RPC.invalidRequest, message }, { id: line.id });
  }
  const parsed = line.kind === 'line' ? parsedFrom(line.text) : undefined;
  if (parsed === undefined || line.kind !== 'line') {
    const message = 'The line is not a message in JSON: send one message in UTF-8 on each line.';
    throw new Refused(400, { code: RPC.parseError, message });
  }
  const isResponse = 'result' in parsed || 'error' in parsed;
  if (isResponse) return { kind: 'response', body: parsed as JSONRPCMessage };
  const body = envelopeOf(parsed, line.text, false);
  checkIds(body);
  const message = viewOf(body);
  if (!isJSONRPCRequest(body) && !isJSONRPCNotification(body)) {
    const text = 'The message is no JSON-RPC 2.0 request or notification, with jsonrpc and method.';
    throw new Refused(400, { code: RPC.invalidRequest, message: text }, { id: readableId(body) });
  }
  return { kind: 'asked', body, message, bytes: line.bytes };
}

/**
 * Refuses a request whose id another one has that is not answered yet, because its answer could not be told from the other
 * one's, and a request that is one too many.
 * @param waiting the requests that are not answered yet, by their ids
 * @throws Refused
 */
export function demandCountable(id: string | number, waiting: ReadonlyMap<string | number, unknown>): void {
  if (waiting.has(id)) {
    const message = 'The id is that of a request that is not answered yet. Give each request an id of its own.';
    throw new Refused(400, { code: RPC.invalidRequest, message });
  }
  if (waiting.size >= MAX_WAITING) {
    const message = `${MAX_WAITING} requests wait for their answers. Wait for some of them, then repeat this one.`;
    throw new Refused(503, { code: ProtocolErrorCode.InternalError, message }, { id });
  }
}

/** The error that answers what was refused. */
export function answerTo({ id, error }: Refused): object {
  const { code = RPC.invalidRequest, message, data } = error;
  return { jsonrpc: '2.0', id: id ?? null, error: { code, message, ...(data !== undefined && { data }) } };
}

/** The object in a line; undefined for what is no JSON. Refuses what no message is, such as a batch. */
function parsedFrom(text: string): Record<string, unknown> | undefined {
  try {
    return parseMessage(text);
  } catch (error) {
    if (error instanceof Refused && error.error.code === RPC.parseError) return undefined;
    throw error;
  }
}
