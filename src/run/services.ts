import type { Authorized } from '../access/authorize.ts';
import type { ToolContext } from '../core/tool.ts';
import type { Log } from '../observability/log/log.ts';
import type { Observation } from '../observability/observation.ts';
import { Cleaner } from '../release/clean.ts';
import { secretArguments } from '../release/secret-arguments.ts';
import type { Scalekit } from '../scalekit/scalekit.ts';
import type { Confirmations } from './confirmation.ts';

/** The services that all calls of a process share. */
export interface Services {
  readonly scalekit: Scalekit;
  readonly confirmations: Confirmations;
  /** The size above which a list in a result is cut, in characters of JSON. */
  readonly resultBudget: number;
  readonly log: Log;
}

/** What belongs to the request that carries a call. */
export interface RequestContext {
  readonly observation: Observation;
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
  readonly progress: ToolContext['progress'];
}

/**
 * A cleaner that removes the secrets of a call: the caller's token, this server's credentials, and secret arguments.
 * Make a new one for each text, because the environment's token may be renewed during the call.
 */
export function cleanerFor({ caller, arguments: args }: Authorized, { scalekit }: Pick<Services, 'scalekit'>): Cleaner {
  return new Cleaner([caller.bearer(), ...scalekit.secrets(), ...secretArguments(args)]);
}
