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
  { confirmation, forTool }: Pick<Arguments, 'confirmation' | 'forTool'>,
  context: Pick<CallContext, 'isProduction'>,
): Promise<boolean> {
  const { tool } = call.entry;
  const { productionWrites = 'allow' } = call.surface.realm;
  const where = productionWrites === 'allow' ? undefined : changedEnvironment(call, forTool);
  if (where !== undefined && (where === 'all' || (await context.isProduction(where.id)))) {
    if (productionWrites === 'confirm') return true;
    throw new ToolError(
      'production_protected',
      'Nothing was changed: this server lets nobody change anything in a production environment. Do it in the Scalekit dashboard, or ask the operator of this server.',
      call.entry.takesEnvironment || call.environment === undefined
        ? { field: 'environmentId', nextTool: 'list_environments' }
        : {},
    );
  }
  return tool.preview !== undefined || confirmation !== undefined;
}

/**
 * The environment in which a call may change something: its own, or the one that a tool of the workspace is told of; all of them
 * where that is left out. A tool that only changes something with an argument reads without it.
 */
function changedEnvironment(
  { entry: { tool }, environment, scope }: Authorized,
  { environmentId }: Readonly<Record<string, unknown>>,
): { readonly id: string | undefined } | 'all' | undefined {
  if (tool.effect === 'read') return undefined;
  if (tool.elevated !== undefined && scope !== tool.elevated.scope) return undefined;
  if (environment !== undefined) return { id: environment.kind === 'named' ? environment.id : undefined };
  if (!('environmentId' in tool.input)) return undefined;
  return typeof environmentId === 'string' ? { id: environmentId } : 'all';
}
