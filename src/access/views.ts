import { VIEW_MIME_TYPE } from '../core/content.ts';
import { isObject } from '../core/json.ts';
import type { Era, Message } from '../core/message.ts';
import type { Selection } from './selection.ts';

/** The extension MCP Apps (SEP-1865, revision 2026-01-26). */
const EXTENSION = 'io.modelcontextprotocol/ui';
/** Where a request of the 2026-07-28 revision says what its client can do. */
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';

/**
 * Whether the client of a message shows views. One of the 2026-07-28 revision declares it with every message; `apps=false`
 * in its URL or a header turns them off. One of 2025 declares it once, to a server that keeps no sessions, so that its URL or
 * a header has to say `apps=true`.
 */
export function showsViews({ apps }: Selection, era: Era, message: Pick<Message, 'params'>): boolean {
  return era === 'modern' ? apps !== false && declaresViews(message) : apps === true;
}

function declaresViews({ params: { _meta: meta } }: Pick<Message, 'params'>): boolean {
  const mimeTypes = memberOf(memberOf(memberOf(memberOf(meta, CAPABILITIES), 'extensions'), EXTENSION), 'mimeTypes');
  return Array.isArray(mimeTypes) && mimeTypes.includes(VIEW_MIME_TYPE);
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
