import type { Authorized } from '../access/authorize.ts';
import { readEntries } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import type { Preview, ToolContext } from '../core/tool.ts';
import { withoutUnset } from '../core/unset.ts';
import type { Observation } from '../observability/observation.ts';
import type { Unreleased } from '../release/release.ts';
import type { Arguments } from './arguments.ts';
import { afterConfirmation, type Binding, type Confirmations } from './confirmation.ts';
import { factsOf } from './facts.ts';

/** What confirming a call takes beside the call itself. */
interface Confirming {
  /** What the call is about to do, in one sentence. */
  readonly action: string | undefined;
  readonly context: ToolContext;
  readonly confirmations: Confirmations;
  readonly observation: Observation;
}

/**
 * Checks that a call is confirmed, and uses its confirmation up. Then the preview of a destructive call is read once more:
 * the call may run only if it still shows what the person agreed to.
 * @returns a preview with a new confirmation, if the call has none or what it showed has changed; otherwise undefined,
 *   and the call may run
 * @throws ToolError when the confirmation is not valid for this call, or when the preview cannot be read
 */
export async function confirm(
  call: Authorized,
  { forTool, confirmation }: Arguments,
  { action, context, confirmations, observation }: Confirming,
): Promise<Extract<Unreleased, { kind: 'preview' }> | undefined> {
  const { preview } = call.entry.tool;
  const binding = bindingOf(call, forTool);
  const redeemed = confirmation === undefined ? undefined : await confirmations.redeem(confirmation, binding);
  const reading = read(preview, forTool, context);
  const { shown, unread } = await (redeemed === undefined ? reading : usingUp(reading));
  const facts = factsOf({ shown: lasting(shown, preview), unread: lasting(unread, preview) });
  if (redeemed?.isFor(facts)) {
    observation.confirmed();
    return undefined;
  }
  const hasChanged = redeemed !== undefined;
  const confirmable = { action, preview: shown, ...confirmations.seal(binding, facts) };
  return { kind: 'preview', confirmable, hasChanged };
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
  const running = (async () => tool.run(forTool, context))();
  return confirmation === undefined ? running : usingUp(running);
}

/** What was read, and of what comes and goes only whether it could be read: whoever agreed has seen it, or has not. */
function lasting(read: unknown, preview: Preview | undefined): unknown {
  const passing = preview?.comesAndGoes;
  if (passing === undefined || !isObject(read)) return read;
  const isRead = (value: unknown) => !(isObject(value) && value['count'] === null);
  return Object.fromEntries(
    Object.entries(read).map(([name, value]) => [name, passing.includes(name) ? isRead(value) : value]),
  );
}

interface Shown {
  /** Left out for a call that takes nothing away. */
  readonly shown?: JsonObject;
  /** The answer as it came, where parts of it cannot be read: what nobody sees must not change unseen either. */
  readonly unread?: unknown;
}

/** What a call would take away now. */
async function read(preview: Preview | undefined, args: Arguments['forTool'], context: ToolContext): Promise<Shown> {
  if (preview === undefined) return {};
  const answer = await preview.run(args, context);
  const { data, unreadable } = readEntries(preview.output, answer);
  const shown = withoutUnset(preview.output, data);
  return {
    // First, because what comes last may be cut off.
    shown: { stops_working: preview.stopsWorking, ...shown } as JsonObject,
    unread: unreadable.length > 0 ? answer : undefined,
  };
}

/** The step of a call whose confirmation is used up, also if the step fails. */
function usingUp<T>(step: Promise<T>): Promise<T> {
  return step.catch((error: unknown) => {
    throw error instanceof ToolError ? afterConfirmation(error) : error;
  });
}

function bindingOf({ caller, entry, environment }: Authorized, args: Arguments['forTool']): Binding {
  return {
    callerKey: caller.key,
    person: caller.person,
    tool: entry.tool.name,
    environment: environment?.kind === 'own' ? environment.url : environment?.id,
    arguments: args,
  };
}
