import { isObject } from '../../core/json.ts';
import type { Message } from '../../core/message.ts';

const PARAMS: ReadonlySet<string> = new Set(['name', 'arguments', '_meta']);
/** The envelope of the 2026-07-28 revision, which the SDK checks by itself, and what needs no check. */
const ENVELOPE: ReadonlySet<string> = new Set([
  'io.modelcontextprotocol/protocolVersion',
  'io.modelcontextprotocol/clientInfo',
  'io.modelcontextprotocol/clientCapabilities',
]);

/**
 * Whether the params of a tool call are made of nothing but the plain parts: then they have the form of the protocol,
 * since `authorize` has looked at name and arguments. The SDK would find that out with three passes of its schemas over
 * request and result. Any doubt leaves it to them.
 */
export function skipsSchemas({ method, params }: Message): boolean {
  if (method !== 'tools/call' || !Object.keys(params).every((key) => PARAMS.has(key))) return false;
  const { _meta: meta = {} } = params;
  return isObject(meta) && Object.entries(meta).every(([key, value]) => ENVELOPE.has(key) || isToken(key, value));
}

function isToken(key: string, value: unknown): boolean {
  return key === 'progressToken' && (typeof value === 'string' || Number.isSafeInteger(value));
}
