import type { Authorized } from '../access/authorize.ts';
import type { ToolContext } from '../core/tool.ts';
import type { Log } from '../observability/log/log.ts';
import type { Observation } from '../observability/observation.ts';
import { Cleaner } from '../release/clean.ts';
import { secretArguments } from '../release/secret-arguments.ts';
import type { Scalekit } from '../scalekit/scalekit.ts';
import type { Confirmations } from './confirmation.ts';

/** What all calls of a process share. */
export interface Services {
  readonly scalekit: Scalekit;
  readonly confirmations: Confirmations;
  /** The longest list that leaves in one result, in characters of JSON. */
  readonly resultBudget: number;
  readonly log: Log;
}

/** What belongs to the one request that a call came with. */
export interface RequestContext {
  readonly observation: Observation;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  readonly progress: ToolContext['progress'];
}

/** Removes the secrets that a call has seen. The credential of the environment may have been renewed on the way. */
export function cleanerFor({ caller, arguments: args }: Authorized, { scalekit }: Pick<Services, 'scalekit'>): Cleaner {
  return new Cleaner([caller.bearer(), ...scalekit.secrets(), ...secretArguments(args)]);
}
