import type { z } from 'zod';
import type { Authorized } from '../access/authorize.ts';
import { accessOf, type Surface } from '../access/surface.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Result } from '../core/result.ts';
import type { Tool, ToolContext } from '../core/tool.ts';
import type { Audit } from '../observability/audit/ledger.ts';
import type { Log } from '../observability/log/log.ts';
import { errorTypeOf } from '../observability/outcomes.ts';
import type { RequestRecord } from '../observability/record.ts';
import type { Trace } from '../observability/trace/trace.ts';
import { Cleaner } from '../release/clean.ts';
import { type Position, resume } from '../release/long-list.ts';
import { type Draft, release } from '../release/release.ts';
import { secretArguments } from '../release/secret-arguments.ts';
import type { Scalekit } from '../scalekit/scalekit.ts';
import { afterConfirmation, type Confirmations } from './confirmation.ts';

/** What a call runs in. */
export interface CallEnvironment {
  readonly surface: Surface;
  readonly scalekit: Scalekit;
  readonly confirmations: Confirmations;
  /** The longest list that leaves in one result, in characters of JSON. */
  readonly resultBudget: number;
  readonly audit: Audit;
  readonly log: Log;
  readonly record: RequestRecord;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  readonly progress: ToolContext['progress'];
}

/**
 * Runs an authorized call: checks its arguments, binds the API to where it acts, has destruction confirmed, runs the
 * tool, checks what came back, and releases it, cleaned and cut to size.
 * Never throws: every failure is a result that says what to do next.
 */
export function runTool(call: Authorized, environment: CallEnvironment): Promise<Result> {
  const running = resultOf(call, environment);
  environment.record.trail.running = running;
  return running;
}

async function resultOf(call: Authorized, environment: CallEnvironment): Promise<Result> {
  const { record, resultBudget: budget } = environment;
  const { name } = call.entry.tool;
  const trace = record.trail.trace?.step(`execute_tool ${name}`, { 'gen_ai.tool.name': name });
  const draft = await carryOut(call, environment, trace).catch((error: unknown): Draft => ({ kind: 'failure', error }));
  const cleaner = cleanerFor(call, environment);
  const result = release(draft, { tool: call.entry.tool, cleaner, budget, requestId: record.requestId });
  record.outcome = result.kind === 'success' ? 'ok' : result.error.code;
  trace?.end(errorTypeOf(record.outcome));
  if (draft.kind === 'failure') report(draft.error, call, environment, cleaner);
  return result;
}

/** Made when the call is over, since the credential of the environment may have been renewed on the way. */
function cleanerFor({ caller, arguments: args }: Authorized, { scalekit }: CallEnvironment): Cleaner {
  return new Cleaner([caller.bearer(), ...scalekit.secrets(), ...secretArguments(args)]);
}

async function carryOut(call: Authorized, environment: CallEnvironment, trace: Trace | undefined): Promise<Draft> {
  const { tool } = call.entry;
  const { position, ...read } = readArguments(call);
  const context = contextOf(call, read.environmentId, environment, trace);
  await putOnRecord(call, read, environment);
  if (tool.preview !== undefined) {
    const shown = await confirmed(call, read, tool.preview, context, environment);
    if (shown !== undefined) return shown;
  }
  const answer = await runConfirmed(tool, read, context);
  const data = checkAnswer(tool.output, answer, tool.effect === 'read' ? 'read' : 'write') as JsonObject;
  return { kind: 'success', data, position };
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

/** How soon the ledger is tried again after a failure. */
const AUDIT_RETRY_MS = 1_000;

/**
 * Puts a call that is about to act into the audit ledger, where its effect demands that. Comes before a confirmation is
 * used up, so that the same call can be repeated. Showing what would be lost is no act.
 * @throws ToolError `audit_unavailable` when the ledger cannot be written
 */
async function putOnRecord(
  { entry: { tool } }: Authorized,
  { environmentId, confirmation }: Read,
  { audit, record, surface }: CallEnvironment,
): Promise<void> {
  const fixed = tool.place === 'environment' ? surface.environmentUrl : undefined;
  const environment = environmentId ?? fixed;
  if (environment !== undefined) record.trail.environment = environment;
  const onlyShows = tool.preview !== undefined && confirmation === undefined;
  if (onlyShows || (await audit.announce(record))) return;
  throw new ToolError(
    'audit_unavailable',
    'Nothing was changed, because this server cannot write its audit ledger at the moment. Try again soon; if it lasts, tell its operator.',
    { retryAfterMs: AUDIT_RETRY_MS },
  );
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
  { confirmations, record }: CallEnvironment,
): Promise<Draft | undefined> {
  const binding = { callerKey: call.caller.key, tool: call.entry.tool.name, environmentId, arguments: args };
  if (confirmation !== undefined) {
    await confirmations.redeem(confirmation, binding);
    record.trail.confirmed = true;
    return undefined;
  }
  const shown = checkAnswer(preview.output, await preview.run(args, context)) as JsonObject;
  return { kind: 'preview', confirmable: { preview: shown, ...confirmations.seal(binding) } };
}

/**
 * Validates the arguments and takes apart what the surface put together: the tool sees neither `environmentId` nor
 * `confirmation`, nor page tokens of ours.
 */
function readArguments({ entry, arguments: raw }: Authorized): Read & { readonly position: Position | undefined } {
  refuseUnwritable(raw, []);
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

/**
 * Schemas drop a member called `__proto__` in silence wherever they take any name, and what a caller wants written must
 * not get lost. Where they name their members, they refuse it themselves.
 */
function refuseUnwritable(value: unknown, path: readonly string[]): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const field = [...path, name];
    if (name === '__proto__' && path.length > 0) {
      const message = `Correct the arguments and call again. ${field.join('.')}: this name cannot be written; choose another one`;
      throw new ToolError('invalid_arguments', message.slice(0, 1000), { field: field.join('.').slice(0, 100) });
    }
    refuseUnwritable(member, field);
  }
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

function contextOf(
  call: Authorized,
  environmentId: string | undefined,
  environment: CallEnvironment,
  trace: Trace | undefined,
): ToolContext {
  const { scalekit, signal, surface, progress } = environment;
  return {
    ...scalekit.bind({ caller: call.caller, environmentId, idempotent: call.entry.tool.idempotent, signal, trace }),
    get access() {
      return accessOf(call.caller, surface);
    },
    signal,
    // News may quote the platform as well as a result may.
    progress: ({ message, ...step }) =>
      progress(message === undefined ? step : { ...step, message: cleanerFor(call, environment).text(message) }),
  };
}

/** Defects and answers that nobody expected must not disappear behind their public text. */
function report(error: unknown, { entry }: Authorized, { log, record }: CallEnvironment, cleaner: Cleaner): void {
  const tool = entry.tool.name;
  const { requestId } = record;
  if (!(error instanceof ToolError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error('tool_defect', { requestId, tool, error: cleaner.text(text) });
  } else if (error.cause !== undefined) {
    log.warn('tool_failure', {
      requestId,
      tool,
      code: error.code,
      cause: cleaner.text(String(error.cause)).slice(0, 1000),
    });
  }
}
