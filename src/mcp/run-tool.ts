import type { z } from 'zod';
import type { Log } from '../observability/log.ts';
import type { RequestRecord } from '../observability/request-record.ts';
import type { Scalekit } from '../scalekit/scalekit.ts';
import { whatNow } from '../scalekit/upstream-error.ts';
import type { Effect, Tool, ToolContext } from '../tool/define-tool.ts';
import { ToolError } from '../tool/errors.ts';
import type { JsonObject } from '../tool/json.ts';
import { failure, preview as previewOf, type Result, success } from '../tool/result.ts';
import type { Authorized } from './authorize.ts';
import { afterConfirmation, type Confirmations } from './confirmation.ts';
import { cutToFit, type Fitting, type Position, resume } from './long-list.ts';
import { cutObject } from './long-object.ts';
import { accessOf, type Surface } from './surface.ts';

/** What a call runs in. */
export interface CallEnvironment {
  readonly surface: Surface;
  readonly scalekit: Scalekit;
  readonly confirmations: Confirmations;
  /** The longest list that leaves in one result, in characters of JSON. */
  readonly resultBudget: number;
  readonly log: Log;
  readonly record: RequestRecord;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  readonly progress: ToolContext['progress'];
}

/**
 * Runs an authorized call: checks its arguments, binds the API to where it acts, has destruction confirmed, runs the
 * tool, checks what came back, and cuts it to size.
 * Never throws: every failure is a result that says what to do next.
 */
export async function runTool(call: Authorized, environment: CallEnvironment): Promise<Result> {
  const { record, log } = environment;
  try {
    const result = await carryOut(call, environment);
    record.outcome = result.kind === 'success' ? 'ok' : result.error.code;
    return result;
  } catch (error) {
    const result = failure(error, record.requestId);
    record.outcome = result.error.code;
    report(error, call, environment.record, log);
    return result;
  }
}

async function carryOut(call: Authorized, environment: CallEnvironment): Promise<Result> {
  const { tool } = call.entry;
  const { position, ...read } = readArguments(call);
  const context = contextOf(call, read.environmentId, environment);
  if (tool.preview !== undefined) {
    const shown = await confirmed(call, read, tool.preview, context, environment);
    if (shown !== undefined) return shown;
  }
  const answer = await runConfirmed(tool, read, context);
  const data = checkOutput(tool.output, answer, tool.effect);
  const fitting = fitToBudget(tool, data, position, environment.resultBudget);
  return success(fitting.data, fitting.text, tool.discloses);
}

/** Cuts what is too long where the tool's output allows for it. */
function fitToBudget(
  { items, output }: Tool,
  data: JsonObject,
  position: Position | undefined,
  budget: number,
): Fitting {
  if (items !== undefined && position !== undefined) return cutToFit(data, items, position, budget);
  return 'truncated' in output.shape ? cutObject(data, budget) : { data, text: JSON.stringify(data) };
}

/** Runs the tool. A confirmation is used up even if that fails, so that the same call cannot simply be repeated. */
async function runConfirmed(tool: Tool, { args, confirmation }: Read, context: ToolContext): Promise<unknown> {
  if (confirmation === undefined) return tool.run(args, context);
  try {
    return await tool.run(args, context);
  } catch (error) {
    throw error instanceof ToolError ? afterConfirmation(error) : error;
  }
}

/** The arguments of a call, taken apart. */
interface Read {
  /** As the tool takes them. */
  readonly args: Record<string, unknown>;
  readonly environmentId: string | undefined;
  readonly confirmation: string | undefined;
}

/**
 * Lets a destructive call pass once it brings a confirmation for exactly itself.
 * @returns the preview that asks for one, when it brings none
 */
async function confirmed(
  call: Authorized,
  { args, environmentId, confirmation }: Read,
  preview: NonNullable<Tool['preview']>,
  context: ToolContext,
  { confirmations, record, resultBudget }: CallEnvironment,
): Promise<Result | undefined> {
  const binding = { callerKey: call.caller.key, tool: call.entry.tool.name, environmentId, arguments: args };
  if (confirmation !== undefined) {
    confirmations.redeem(confirmation, binding);
    return undefined;
  }
  const whole = checkOutput(preview.output, await preview.run(args, context), 'read');
  const { data: shown } = cutObject(whole, resultBudget);
  return previewOf({ preview: shown, ...confirmations.seal(binding) }, record.requestId);
}

/**
 * Validates the arguments and takes apart what the surface put together: the tool sees neither `environmentId` nor
 * `confirmation`, nor page tokens of ours.
 */
function readArguments({ entry, arguments: raw }: Authorized): Read & { readonly position: Position | undefined } {
  const listing = entry.tool.items === undefined ? { args: raw, position: undefined } : resume(raw);
  const parsed = entry.arguments.safeParse(listing.args);
  if (!parsed.success) throw invalidArguments(parsed.error, Object.keys(entry.arguments.shape));
  const args = parsed.data;
  const take = (name: string) => {
    const value = args[name];
    delete args[name];
    return value as string | undefined;
  };
  return {
    environmentId: entry.takesEnvironment ? take('environmentId') : undefined,
    confirmation: entry.tool.preview === undefined ? undefined : take('confirmation'),
    args,
    position: listing.position,
  };
}

/** Names every wrong argument in the message, and the first in `field`. */
function invalidArguments({ issues }: z.ZodError, known: readonly string[]): ToolError {
  const complaints = issues.map((issue) => {
    if (issue.code !== 'unrecognized_keys' || issue.path.length > 0) return `${issue.path.join('.')}: ${issue.message}`;
    return `${issue.keys.join(', ')}: not an argument of this tool, which takes ${known.join(', ') || 'none'}`;
  });
  const [first] = issues;
  const field = first?.code === 'unrecognized_keys' ? [...first.path, first.keys[0]].join('.') : first?.path.join('.');
  const message = `Correct the arguments and call again. ${complaints.join('; ')}`.slice(0, 1000);
  return new ToolError('invalid_arguments', message, {
    ...(field && { field: field.slice(0, 100) }),
    ...(first?.code === 'invalid_value' && { allowed: first.values.map(String) }),
  });
}

function contextOf(call: Authorized, environmentId: string | undefined, environment: CallEnvironment): ToolContext {
  const { scalekit, signal, surface, progress } = environment;
  return {
    ...scalekit.bind({ principal: call.caller, environmentId, idempotent: call.entry.tool.idempotent, signal }),
    get access() {
      return accessOf(call.caller, surface);
    },
    signal,
    progress,
  };
}

/** What leaves is what the tool's `output` describes: unknown members of an answer stay behind. */
function checkOutput(output: z.ZodObject, answer: unknown, effect: Effect) {
  const parsed = output.safeParse(answer);
  if (parsed.success) return parsed.data as Extract<Result, { kind: 'success' }>['data'];
  const message = 'Scalekit answered in a form that this server does not know. Report the requestId to its operator.';
  const whole = effect === 'read' ? message : `${message} ${whatNow(false)}`;
  throw new ToolError('unexpected_response', whole, {}, parsed.error);
}

/** Defects and answers that nobody expected must not disappear behind their public text. */
function report(error: unknown, { entry }: Authorized, { requestId }: RequestRecord, log: Log): void {
  const tool = entry.tool.name;
  if (!(error instanceof ToolError)) {
    log.error('tool_defect', { requestId, tool, error: error instanceof Error ? error.stack : String(error) });
  } else if (error.cause !== undefined) {
    log.warn('tool_failure', { requestId, tool, code: error.code, cause: String(error.cause).slice(0, 1000) });
  }
}
