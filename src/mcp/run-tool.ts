import type { z } from 'zod';
import type { Log } from '../observability/log.ts';
import type { RequestRecord } from '../observability/request-record.ts';
import type { Scalekit } from '../scalekit/scalekit.ts';
import type { ToolContext } from '../tool/define-tool.ts';
import { ToolError } from '../tool/errors.ts';
import { failure, type Result, success } from '../tool/result.ts';
import type { Authorized } from './authorize.ts';
import { accessOf, type Surface } from './surface.ts';

/** What a call runs in. */
export interface CallEnvironment {
  readonly surface: Surface;
  readonly scalekit: Scalekit;
  readonly log: Log;
  readonly record: RequestRecord;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  readonly progress: ToolContext['progress'];
}

/**
 * Runs an authorized call: checks its arguments, binds the API to where it acts, runs the tool, checks what came back.
 * Never throws: every failure is a result that says what to do next.
 */
export async function runTool(call: Authorized, environment: CallEnvironment): Promise<Result> {
  const { record, log } = environment;
  try {
    const { args, environmentId } = readArguments(call);
    const answer = await call.entry.tool.run(args, contextOf(call, environmentId, environment));
    const data = checkOutput(call.entry.tool.output, answer);
    record.outcome = 'ok';
    return success(data);
  } catch (error) {
    const result = failure(error, record.requestId);
    if (result.kind === 'failure') record.outcome = result.error.code;
    report(error, call, environment.record, log);
    return result;
  }
}

/** Validates the arguments and takes apart what the surface put together: the tool never sees `environmentId`. */
function readArguments({ entry, arguments: raw }: Authorized): {
  args: Record<string, unknown>;
  environmentId: string | undefined;
} {
  const parsed = entry.arguments.safeParse(raw);
  if (!parsed.success) throw invalidArguments(parsed.error, Object.keys(entry.arguments.shape));
  if (!entry.takesEnvironment) return { args: parsed.data, environmentId: undefined };
  const { environmentId, ...args } = parsed.data;
  return { args, environmentId: environmentId as string };
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
  return new ToolError('invalid_arguments', message, { ...(field && { field: field.slice(0, 100) }) });
}

function contextOf(call: Authorized, environmentId: string | undefined, environment: CallEnvironment): ToolContext {
  const { scalekit, signal, surface, progress } = environment;
  return {
    api: scalekit.api({ principal: call.caller, environmentId, signal }),
    get access() {
      return accessOf(call.caller, surface);
    },
    signal,
    progress,
  };
}

/** What leaves is what the tool's `output` describes: unknown members of an answer stay behind. */
function checkOutput(output: z.ZodObject, answer: unknown) {
  const parsed = output.safeParse(answer);
  if (parsed.success) return parsed.data as Extract<Result, { kind: 'success' }>['data'];
  throw new ToolError(
    'unexpected_response',
    'Scalekit answered in a form that this server does not know. Report the requestId to its operator.',
    {},
    parsed.error,
  );
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
