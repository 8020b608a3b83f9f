import type { Caller } from '../auth/caller.ts';
import { ToolError } from '../core/errors.ts';
import type { Denial } from './authorize.ts';

/**
 * Whether a missing scope is told in the result of the call, for clients that drop a 403 or never come back from it.
 * @param inBand OAuth clients that need this; `*` stands for all
 */
export function isToldInBand({ error }: Denial, { clientId }: Caller, inBand: readonly string[]): boolean {
  if (error !== 'insufficient_scope') return false;
  return inBand.some((named) => named === '*' || named === clientId);
}

/** What the challenge of a 403 says, for a model to read and for a person to act on. */
export function stepUp({ tool, requiredScope = '', scopes }: Denial): ToolError {
  const scope = scopes.join(' ');
  const message = `The tool ${tool} needs the scope ${requiredScope}, which this sign-in does not include. Nothing was done. Ask the person to sign in to this server again and to allow: ${scope}. If their client does not offer that, they disconnect this server in it and connect it again; a machine requests a token with these scopes. Then repeat the call.`;
  return new ToolError('insufficient_scope', message, { requiredScope, scope });
}
