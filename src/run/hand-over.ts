import type { Authorized } from '../access/authorize.ts';
import type { Result } from '../core/result.ts';
import { releaseFailure } from '../release/failure.ts';
import { run } from './run.ts';
import type { RequestContext, Services } from './services.ts';

/** Hands secrets of a result over to the person by another way, and takes them out of it. */
export interface HandOver {
  /**
   * Called before a tool that gives secrets runs, so that none is made that cannot be handed over.
   * @throws ToolError when it cannot
   */
  prepare(call: Authorized): Promise<void>;
  /** The result without its secrets. Never rejects. */
  take(result: Result, call: Authorized): Promise<Result>;
}

/** Runs a call. Its secrets leave by the other way, if there is one. */
export async function runHandingOver(
  call: Authorized,
  services: Services,
  request: RequestContext,
  handOver: HandOver | undefined,
): Promise<Result> {
  if (handOver === undefined) return run(call, services, request);
  try {
    await handOver.prepare(call);
  } catch (error) {
    const { observation } = request;
    const result = releaseFailure(error, { budget: services.resultBudget, requestId: observation.requestId });
    observation.refused(result.error.code);
    return result;
  }
  return handOver.take(await run(call, services, request), call);
}
