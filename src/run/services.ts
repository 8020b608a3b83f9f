import type { Authorized } from '../access/authorize.ts';
import { boundedMap } from '../core/bounded-map.ts';
import type { Documentation } from '../core/documentation.ts';
import type { ToolContext } from '../core/tool.ts';
import type { Log } from '../observability/log/log.ts';
import type { Observation } from '../observability/observation.ts';
import type { External } from '../outgoing/external.ts';
import { Cleaner } from '../release/clean.ts';
import { KnownSecrets } from '../release/known-secrets.ts';
import { tokenParts } from '../release/token-parts.ts';
import type { Scalekit } from '../scalekit/scalekit.ts';
import type { Confirmations } from './confirmation.ts';

/** The services that all calls of a process share. */
export interface Services {
  readonly scalekit: Scalekit;
  readonly confirmations: Confirmations;
  readonly documentation: Documentation;
  /** Asks servers that are not Scalekit's. */
  readonly external: External;
  /** How long a call of a patient tool may take, in milliseconds. */
  readonly patientTimeoutMs: number;
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
 * So many characters of an answer are cleaned for one result, or as many as the budget has if that is more. The dearest texts
 * take some microsecond for each, and nothing else runs meanwhile.
 */
export const LEAST_ROOM = 40_000;

/**
 * A cleaner that removes the secrets of a call: the caller's token, this server's credentials, and secret arguments.
 * Make a new one for each text, because the environment's token may be renewed during the call.
 * @param secrets those among the arguments; none while the arguments have not been read
 */
export function cleanerFor(
  { caller }: Pick<Authorized, 'caller'>,
  secrets: readonly string[],
  { scalekit, resultBudget }: Pick<Services, 'scalekit' | 'resultBudget'>,
): Cleaner {
  return new Cleaner(secrets, credentialsOf(caller, scalekit.secrets()), Math.max(resultBudget, LEAST_ROOM));
}

/** The credentials of calls, ready to be searched for. Making them takes longer than all else in a short call. */
interface Credentials {
  /** This server's own, which may be renewed. */
  readonly own: string;
  readonly known: KnownSecrets;
}

/** So many callers call at about the same time. Each entry has some 20 KiB. */
const MAX_CALLERS = 200;
const credentialsByCaller = boundedMap<Authorized['caller'], Credentials>(MAX_CALLERS);

function credentialsOf(caller: Authorized['caller'], own: readonly string[]): KnownSecrets {
  const ownKey = own.join('\n');
  const cached = credentialsByCaller.get(caller);
  if (cached?.own === ownKey) return cached.known;
  const known = new KnownSecrets([caller.bearer(), ...own].flatMap(tokenParts), 'issuer');
  credentialsByCaller.set(caller, { own: ownKey, known });
  return known;
}
