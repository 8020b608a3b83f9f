import type { SecretSetting } from '../config/scalekit.ts';
import { ToolError } from '../core/errors.ts';
import { isObject, parseJson } from '../core/json.ts';
import type { Dispatcher } from '../outgoing/dispatcher.ts';
import { type RawAnswer, sendOnce } from '../outgoing/send-once.ts';
import type { ClientToken } from './client-token.ts';
import { type ApiSetting, errorCodeOf } from './upstream-error.ts';
import type { Finding } from './watch.ts';

const DEADLINE_MS = 5_000;
const MAX_ANSWER_BYTES = 256 * 1024;
/** An operation of the API. It refuses a request without a token, with an error of its own. */
const PROBED = '/environments';
/** Stands for this server where persons are told apart. */
const NOBODY = '';

const HEALTHY: Finding = { health: 'healthy' };

export interface ApiProbe {
  readonly baseUrl: string;
  readonly setting: ApiSetting;
  readonly dispatcher: Dispatcher;
}

/**
 * Finds out whether the management API is where it is looked for: one request without a token, so that no environment's
 * allowance is touched. The API refuses it with an error that no other server has.
 */
export async function probeApi({ baseUrl, setting, dispatcher }: ApiProbe): Promise<Finding | undefined> {
  const { origin, host } = new URL(baseUrl);
  const path = new URL(baseUrl).pathname + PROBED;
  const answer = await fetchOnce(dispatcher, origin, path);
  if ('error' in answer) {
    const notice = `The management API at ${setting} cannot be reached. Correct ${setting}, or let this server reach its host: DNS, HTTPS_PROXY, NO_PROXY, firewall. Calls fail until then.`;
    return failing({ notice, host, error: answer.error });
  }
  const { status, text } = answer;
  if (status === 429) return undefined;
  if (status >= 500) return failing({ notice: `The management API at ${setting} fails.`, host, status });
  const isSuccess = status >= 200 && status < 300 && isObject(parseJson(text));
  if (isSuccess || errorCodeOf(text) !== undefined) return HEALTHY;
  const notice = `There is no management API at ${setting}: something else answers there. Correct ${setting}; calls fail until then.`;
  return failing({ notice, host, path, status });
}

/** Finds out whether this server's client gets a token, unless it has one that is good for some time. */
export async function probeClient(token: ClientToken): Promise<Finding | undefined> {
  if (token.current() !== undefined) return HEALTHY;
  return token.fetch(NOBODY).then(
    () => HEALTHY,
    (error: unknown) => findingOfClient(error, token.secretSetting),
  );
}

/**
 * What the outcome of a token request says about this server's client; undefined if it says nothing.
 * @param error undefined for a success
 * @param secretSetting the variable that the client's secret was given with
 */
export function findingOfClient(error: unknown, secretSetting: SecretSetting): Finding | undefined {
  if (error === undefined) return HEALTHY;
  if (!(error instanceof ToolError) || error.code !== 'unauthenticated') return undefined;
  const notice = `Scalekit refuses the client of this server, and with it all calls. Check SCALEKIT_CLIENT_ID and ${secretSetting}, and that both are of the environment of SCALEKIT_ENV_URL.`;
  return failing({ notice, status: error.recovery.upstream?.status });
}

function failing(problem: NonNullable<Finding['problem']>): Finding {
  return { health: 'unhealthy', problem };
}

/** Sends one GET without a credential. Its failure is a result as well: the code of the error. */
export async function fetchOnce(
  dispatcher: Dispatcher,
  origin: string,
  path: string,
): Promise<RawAnswer | { readonly error: string }> {
  const request = {
    origin,
    path,
    method: 'GET' as const,
    headers: { accept: 'application/json' },
    body: null,
    maxBytes: MAX_ANSWER_BYTES,
    signal: AbortSignal.timeout(DEADLINE_MS),
  };
  return sendOnce(dispatcher, request).catch((error: Error & { readonly code?: unknown }) => ({
    error: typeof error.code === 'string' ? error.code : error.name,
  }));
}
