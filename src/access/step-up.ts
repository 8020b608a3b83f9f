import { type Caller, isMachine } from '../auth/caller.ts';
import { ToolError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import type { Era, Message } from '../core/message.ts';
import type { Denial } from './authorize.ts';

/** The clients to which refusals of their calls are told in the result, because an HTTP error ends their sessions. */
export interface InBand {
  /** Whether a caller may be such a client, as far as that is known before its message has been read. */
  mayTell(caller: Caller, era: Era): boolean;
  tells(caller: Caller, era: Era, message: Message): boolean;
}

/** Begins an entry that holds a client's own name. */
const NAME = 'name:';
const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo';

/**
 * Reads which clients these are.
 * @param entries ids of OAuth clients; `*` for all; `client_credentials` for all machines; `name:…` for what a client of
 *   the 2026-07-28 revision calls itself, which it says with every message
 */
export function inBandClients(entries: readonly string[]): InBand {
  const names = new Set(
    entries.filter((entry) => entry.startsWith(NAME)).map((entry) => entry.slice(NAME.length).trim()),
  );
  const ids = new Set(entries.filter((entry) => !entry.startsWith(NAME)));
  const isListed = (caller: Caller) =>
    ids.has('*') ||
    (caller.clientId !== undefined && ids.has(caller.clientId)) ||
    (ids.has('client_credentials') && isMachine(caller));
  return {
    mayTell: (caller, era) => isListed(caller) || (era === 'modern' && names.size > 0),
    tells: (caller, era, message) => isListed(caller) || (era === 'modern' && names.has(ownNameOf(message))),
  };
}

function ownNameOf({ params: { _meta: meta } }: Message): string {
  const info = isObject(meta) ? meta[CLIENT_INFO] : undefined;
  return isObject(info) ? String(info['name']) : '';
}

/** The content of a 403's challenge as the error of a tool: a model reads it, and a person acts on it. */
export function stepUp({ tool, subject = `tool ${tool}`, requiredScope = '', scopes }: Denial): ToolError {
  const scope = scopes.join(' ');
  const message = `The ${subject} needs the scope ${requiredScope}, which this sign-in does not include. Nothing was done. Ask the person to sign in to this server again and to allow: ${scope}. If their client does not offer that, they disconnect this server in it and connect it again; a machine requests a token with these scopes. Then repeat the call.`;
  return new ToolError('insufficient_scope', message, { requiredScope, scope });
}
