import type { IncomingMessage } from 'node:http';
import type { Surface } from '../../access/surface.ts';
import type { Message } from '../../core/message.ts';
import { Refused, RPC } from '../refusals.ts';
import { heldFor, PARAM_PREFIX } from './param-headers.ts';
import { states } from './stated-value.ts';

type HttpRequest = Pick<IncomingMessage, 'headers' | 'headersDistinct'>;

/** The member of the params that `Mcp-Name` states, for each method that has one. */
const NAMED_BY: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
]);

/**
 * Refuses a message when a header states something else than the body holds. Something in front of this server may have
 * decided by `Mcp-Method`, `Mcp-Name` or a `Mcp-Param-*`, so they must be true wherever they are present, in either era
 * and whether or not the tool declares them. A missing one is no fault, since nothing here is decided by a header: many
 * clients cannot send one for what they have not listed.
 * @throws Refused 400 with -32020 (HeaderMismatch) and the id of the message
 */
export function checkStatedHeaders(request: HttpRequest, message: Message, surface: Surface): void {
  const header = contradictingHeader(request, message, surface);
  if (header === undefined) return;
  const text = `Bad Request: the header ${header} and the body disagree. Send the same in both.`;
  throw new Refused(
    400,
    { code: RPC.headerMismatch, message: text, data: { mismatch: { header } } },
    { id: message.id, reason: 'header-mismatch' },
  );
}

/** The name of the first header that contradicts the message, if any. */
function contradictingHeader(request: HttpRequest, { method, params }: Message, surface: Surface): string | undefined {
  const disagrees = (header: string, held: unknown) => {
    const value = request.headers[header];
    return value !== undefined && !(isAlone(request, header, String(value)) && states(String(value), held));
  };
  if (disagrees('mcp-method', method)) return 'mcp-method';
  const member = NAMED_BY.get(method);
  if (member !== undefined && disagrees('mcp-name', params[member])) return 'mcp-name';
  if (method !== 'tools/call') return undefined;
  for (const header in request.headers) {
    const held = header.startsWith(PARAM_PREFIX) ? heldFor(header, params, surface) : undefined;
    if (held !== undefined && disagrees(header, held.value)) return header;
  }
  return undefined;
}

/** Whether a header was sent once. Node.js joins the values of several with a comma, and others take the first. */
function isAlone({ headersDistinct }: HttpRequest, header: string, value: string): boolean {
  return !value.includes(', ') || headersDistinct[header]?.length === 1;
}
