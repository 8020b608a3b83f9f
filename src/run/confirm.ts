import type { Authorized } from '../access/authorize.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Confirmable } from '../core/result.ts';
import type { ToolContext } from '../core/tool.ts';
import type { Observation } from '../observability/observation.ts';
import type { Arguments } from './arguments.ts';
import { afterConfirmation, type Binding, type Confirmations } from './confirmation.ts';

/**
 * Checks that a destructive call is confirmed, and uses its confirmation up. Calls of other tools need none.
 * @returns a preview with a new confirmation, if the call needs one and has none; otherwise undefined, and it may run
 * @throws ToolError when the confirmation is not valid for this call, or when the preview cannot be read
 */
export async function confirm(
  call: Authorized,
  { forTool, confirmation }: Arguments,
  context: ToolContext,
  confirmations: Confirmations,
  observation: Observation,
): Promise<Confirmable | undefined> {
  const { preview } = call.entry.tool;
  if (preview === undefined) return undefined;
  if (confirmation !== undefined) {
    await confirmations.redeem(confirmation, bindingOf(call, forTool));
    observation.confirmed();
    return undefined;
  }
  const shown = checkAnswer(preview.output, await preview.run(forTool, context));
  return { preview: shown as JsonObject, ...confirmations.seal(bindingOf(call, forTool)) };
}

/**
 * Runs the tool. If that fails, its confirmation is used up nevertheless, and the error says that the same call cannot
 * simply be repeated.
 */
export async function runConfirmed(
  { entry: { tool } }: Authorized,
  { forTool, confirmation }: Arguments,
  context: ToolContext,
): Promise<unknown> {
  if (confirmation === undefined) return tool.run(forTool, context);
  try {
    return await tool.run(forTool, context);
  } catch (error) {
    throw error instanceof ToolError ? afterConfirmation(error) : error;
  }
}

function bindingOf({ caller, entry, environment }: Authorized, args: Arguments['forTool']): Binding {
  return {
    callerKey: caller.key,
    tool: entry.tool.name,
    environment: environment?.kind === 'own' ? environment.url : environment?.id,
    arguments: args,
  };
}
