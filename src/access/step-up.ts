import type { Caller } from '../auth/caller.ts';
import { ToolError } from '../core/errors.ts';
import type { Denial } from './authorize.ts';

/**
 * Whether a missing scope is reported in the result of the call instead of by HTTP 403, for clients that drop a 403 or
 * do not continue after one.
 * @param inBand OAuth clients that need this; `*` stands for all
 */
export function isToldInBand({ error }: Denial, { clientId }: Caller, inBand: readonly string[]): boolean {
  if (error !== 'insufficient_scope') return false;
  return inBand.some((named) => named === '*' || named === clientId);
}

/** The content of a 403's challenge as the error of a tool: a model reads it, and a person acts on it. */
export function stepUp({ tool, requiredScope = '', scopes }: Denial): ToolError {
  const scope = scopes.join(' ');
  const message = `The tool ${tool} needs the scope ${requiredScope}, which this sign-in does not include. Nothing was done. Ask the person to sign in to this server again and to allow: ${scope}. If their client does not offer that, they disconnect this server in it and connect it again; a machine requests a token with these scopes. Then repeat the call.`;
  return new ToolError('insufficient_scope', message, { requiredScope, scope });
}
