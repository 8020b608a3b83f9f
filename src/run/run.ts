import type { Authorized } from '../access/authorize.ts';
import { linksFor } from '../access/links.ts';
import { readAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Result } from '../core/result.ts';
import { withoutUnset } from '../core/unset.ts';
import { errorTypeOf } from '../observability/outcomes.ts';
import type { Trace } from '../observability/trace/trace.ts';
import type { Cleaner } from '../release/clean.ts';
import { beginIn, withoutBeyond } from '../release/long-list.ts';
import { release, tooMuchToConfirm, type Unreleased } from '../release/release.ts';
import { actionOf, recorded } from './action.ts';
import { mustBeConfirmed } from './approval.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { confirm, runConfirmed } from './confirm.ts';
import { contextOf } from './context.ts';
import { withNextStep } from './next-step.ts';
import { putOnRecord } from './on-record.ts';
import { cleanerFor, type RequestContext, type Services } from './services.ts';

/** The longest cause in the log, in characters, and the longest stack. */
const MAX_CAUSE = 1000;
const MAX_DEFECT = 10_000;
/** So many entries that could not be read are named in the log. */
const MAX_PATHS = 10;

/**
 * Runs an authorized call, from its arguments to a result that may be sent to the client.
 * Never rejects: every failure becomes a result that says what to do next.
 */
export function run(call: Authorized, services: Services, request: RequestContext): Promise<Result> {
  const running = resultOf(call, services, request);
  request.observation.running(running);
  return running;
}

async function resultOf(call: Authorized, services: Services, request: RequestContext): Promise<Result> {
  const { tool } = call.entry;
  const { observation } = request;
  const trace =
    call.subject === undefined
      ? observation.trace?.step(`execute_tool ${tool.name}`, { 'gen_ai.tool.name': tool.name })
      : observation.trace?.step(`read ${call.subject}`, { 'scalekit_mcp.subject': call.subject });
  const read = readSafely(call);
  const unreleased =
    read.kind === 'failure'
      ? read
      : await inStages(call, read.args, services, request, trace).catch((error: unknown) =>
          failed(withNextStep(error, call)),
        );
  // A preview shows what is there, whatever the caller calls a secret: see `actionOf`.
  const isAsNamed = read.kind === 'read' && unreleased.kind !== 'preview';
  const cleaner = cleanerFor(call, isAsNamed ? read.args.secrets : [], services);
  const { requestId } = observation;
  const result = withLinks(release(unreleased, { tool, cleaner, budget: services.resultBudget, requestId }), call);
  const outcome = result.kind === 'success' ? 'ok' : result.error.code;
  const upstream = result.kind === 'failure' ? result.error.upstream : undefined;
  trace?.end(errorTypeOf(outcome));
  // Reports the request, and with it the span that this one is part of.
  observation.ran(outcome, upstream);
  if (unreleased.kind === 'failure') report(unreleased.error, call, services, requestId, cleaner);
  return result;
}

/** Adds links to what was made or changed, made of what is released alone. */
function withLinks(result: Result, call: Authorized): Result {
  if (result.kind !== 'success') return result;
  const links = linksFor(call, result.data);
  return links.length === 0 ? result : { ...result, links };
}

/** Reads the arguments of a call. What is wrong with them is a failure of the call, like any other. */
function readSafely(call: Authorized): { readonly kind: 'read'; readonly args: Arguments } | Failed {
  try {
    return { kind: 'read', args: readArguments(call) };
  } catch (error) {
    return failed(error);
  }
}

/** The stages of a call after its arguments were read, in order. */
async function inStages(
  call: Authorized,
  args: Arguments,
  services: Services,
  request: RequestContext,
  trace: Trace | undefined,
): Promise<Unreleased> {
  const { tool } = call.entry;
  const context = contextOf(call, services, request, trace, args.secrets);
  const action = actionOf(call, args, services);
  if (action !== undefined) request.observation.about(recorded(action));
  const isAsked = await mustBeConfirmed(call, args, context);
  if (isAsked && action?.isCut === true) throw tooMuchToConfirm();
  await putOnRecord(isAsked && args.confirmation === undefined, request.observation);
  const { observation } = request;
  const { confirmations } = services;
  const asking = isAsked
    ? await confirm(call, args, { action: action?.sentence, context, confirmations, observation })
    : undefined;
  if (asking !== undefined) return asking;
  const answer = await runConfirmed(call, args, context);
  const { position } = args;
  const kept =
    tool.items === undefined || position === undefined
      ? answer
      : withoutBeyond(answer, tool.items, position, services.resultBudget);
  const { data: read, unreadable } = readAnswer(tool, kept);
  if (unreadable.length > 0) {
    const { requestId } = request.observation;
    services.log.warn('unreadable_entries', { requestId, tool: tool.name, paths: unreadable.slice(0, MAX_PATHS) });
  }
  const data = withoutUnset(tool.output, read) as JsonObject;
  return { kind: 'success', data, position: position && beginIn(data, tool.items ?? [], position) };
}

type Failed = Extract<Unreleased, { kind: 'failure' }>;

function failed(error: unknown): Failed {
  return { kind: 'failure', error };
}

/** Logs what the public text of a failure hides: a defect with its stack, and the cause of a `ToolError`. */
function report(error: unknown, { entry }: Authorized, { log }: Services, requestId: string, cleaner: Cleaner): void {
  const tool = entry.tool.name;
  if (!(error instanceof ToolError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error('tool_defect', { requestId, tool, error: cleaner.text(text, MAX_DEFECT) });
  } else if (error.cause !== undefined) {
    const cause = cleaner.text(String(error.cause), MAX_CAUSE);
    log.warn('tool_failure', { requestId, tool, code: error.code, cause });
  }
}
