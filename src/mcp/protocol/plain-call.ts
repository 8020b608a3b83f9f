import { isObject } from '../../core/json.ts';
import type { Message } from '../../core/message.ts';

const PARAMS: ReadonlySet<string> = new Set(['name', 'arguments', '_meta']);
/** The members of `_meta` in the 2026-07-28 revision. The SDK checks them separately. */
const ENVELOPE: ReadonlySet<string> = new Set([
  'io.modelcontextprotocol/protocolVersion',
  'io.modelcontextprotocol/clientInfo',
  'io.modelcontextprotocol/clientCapabilities',
]);

/**
 * Whether the SDK's schemas can be skipped for a message: it is a tool call whose params have only the usual members.
 * Such params are valid, because `authorize` has checked name and arguments. The SDK would run its schemas three times
 * over request and result to find the same. All other messages go through the schemas.
 */
export function skipsSchemas({ method, params }: Message): boolean {
  if (method !== 'tools/call' || !Object.keys(params).every((key) => PARAMS.has(key))) return false;
  const { _meta: meta = {} } = params;
  return isObject(meta) && Object.entries(meta).every(([key, value]) => ENVELOPE.has(key) || isToken(key, value));
}

function isToken(key: string, value: unknown): boolean {
  return key === 'progressToken' && (typeof value === 'string' || Number.isSafeInteger(value));
}
