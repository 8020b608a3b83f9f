import type { Authorized } from '../access/authorize.ts';
import { ToolError } from '../core/errors.ts';
import type { Arguments } from './arguments.ts';
import type { CallContext } from './context.ts';

/**
 * Whether a call must be confirmed before it runs: what takes something away always, and in a production environment
 * whatever changes something, where the operator wants that. A confirmation that comes unasked is checked all the same.
 * @throws ToolError `production_protected` when the operator lets nothing be changed there; or the failure of finding out
 *   which type of environment it is, since what is not known may be production
 */
export async function mustBeConfirmed(
  call: Authorized,
  { confirmation }: Pick<Arguments, 'confirmation'>,
  context: Pick<CallContext, 'isProduction'>,
): Promise<boolean> {
  const { tool } = call.entry;
  const { productionWrites = 'allow' } = call.surface.realm;
  if (productionWrites !== 'allow' && changesEnvironment(call) && (await context.isProduction())) {
    if (productionWrites === 'confirm') return true;
    throw new ToolError(
      'production_protected',
      'Nothing was changed: this server lets nobody change anything in a production environment. Do it in the Scalekit dashboard, or ask the operator of this server.',
      { field: 'environmentId', nextTool: 'list_environments' },
    );
  }
  return tool.preview !== undefined || confirmation !== undefined;
}

/** Whether a call may change something in its environment. A tool that only does so with an argument reads without it. */
function changesEnvironment({ entry: { tool }, environment, scope }: Authorized): boolean {
  if (environment === undefined || tool.effect === 'read') return false;
  return tool.elevated === undefined || scope === tool.elevated.scope;
}
