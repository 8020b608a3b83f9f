import type { Authorized } from '../access/authorize.ts';
import type { ToolContext } from '../core/tool.ts';
import type { Log } from '../observability/log/log.ts';
import type { Observation } from '../observability/observation.ts';
import { Cleaner } from '../release/clean.ts';
import { KnownSecrets } from '../release/known-secrets.ts';
import { tokenParts } from '../release/token-parts.ts';
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
 * @param secrets those among the arguments; none while the arguments have not been read
 */
export function cleanerFor(
  { caller }: Pick<Authorized, 'caller'>,
  secrets: readonly string[],
  { scalekit }: Pick<Services, 'scalekit'>,
): Cleaner {
  const credentials = [caller.bearer(), ...scalekit.secrets()].flatMap(tokenParts);
  return new Cleaner(secrets, new KnownSecrets(credentials, 'issuer'));
}
