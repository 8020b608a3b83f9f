import type { ScalekitConfig } from '../config/scalekit.ts';
import type { Log } from '../observability/log/log.ts';
import { CircuitBreaker } from '../outgoing/circuit-breaker.ts';
import { createDispatcher } from '../outgoing/dispatcher.ts';
import { fetchOnce, probeApi, probeClient } from './api-probe.ts';
import { ClientToken } from './client-token.ts';
import { downloadKeys } from './key-download.ts';
import { probeMetadata } from './metadata-probe.ts';
import type { Finding } from './watch.ts';

const KEYS_DEADLINE_MS = 5_000;

/** What was found out about a Scalekit environment and the management API, outside of any server. */
export interface Checkup {
  /** How many keys check tokens; undefined when they cannot be had. */
  readonly keys: number | undefined;
  /** Undefined, here and below: it cannot be told at the moment. */
  readonly api: Finding | undefined;
  readonly metadata: Finding | undefined;
  /** Whether the client of this server gets a token; `none` in workspace mode, where it has none. */
  readonly client: Finding | 'none' | undefined;
  /** By how much the clock of this machine is ahead of the environment's, in milliseconds. */
  readonly clockAheadMs: number | undefined;
}

/**
 * Asks Scalekit what a server with this configuration would depend on: the keys, the API, the metadata of the
 * authorization servers, and a token for its own client. Nothing is changed there. Never rejects.
 * @param now milliseconds since the epoch
 */
export async function checkUp(config: ScalekitConfig, now: () => number = Date.now): Promise<Checkup> {
  const { environmentUrl, mode, authorizationServers } = config;
  const baseUrl = mode.kind === 'workspace' ? mode.apiUrl : `${environmentUrl}/api/v1`;
  const setting = mode.kind === 'workspace' ? 'SCALEKIT_API_URL' : 'SCALEKIT_ENV_URL';
  const dispatcher = createDispatcher(new URL(baseUrl).origin);
  try {
    const [keys, api, metadata, client, clockAheadMs] = await Promise.all([
      downloadKeys(environmentUrl, KEYS_DEADLINE_MS).then(
        ({ kids }) => kids.size,
        () => undefined,
      ),
      probeApi({ baseUrl, setting, dispatcher }),
      probeMetadata(authorizationServers),
      mode.kind === 'workspace' ? ('none' as const) : clientFinding(environmentUrl, mode),
      clockAhead(environmentUrl, now),
    ]);
    return { keys, api, metadata, client, clockAheadMs };
  } finally {
    void dispatcher.destroy();
  }
}

/** Nobody reads a log while a person waits for the outcome. */
const SILENT: Log = { error: ignore, warn: ignore, info: ignore, debug: ignore };

function ignore(): void {}

async function clientFinding(
  environmentUrl: string,
  mode: Extract<ScalekitConfig['mode'], { kind: 'environment' }>,
): Promise<Finding | undefined> {
  const { origin, host } = new URL(environmentUrl);
  const dispatcher = createDispatcher(origin);
  const breaker = new CircuitBreaker({ host, log: SILENT });
  try {
    return await probeClient(new ClientToken({ environmentUrl, dispatcher, breaker, ...mode }));
  } finally {
    void dispatcher.destroy();
  }
}

/** By the header Date of the environment (RFC 9110 §6.6.1), which has whole seconds. */
async function clockAhead(environmentUrl: string, now: () => number): Promise<number | undefined> {
  const { origin } = new URL(environmentUrl);
  const dispatcher = createDispatcher(origin);
  try {
    const answer = await fetchOnce(dispatcher, origin, '/keys');
    const date = 'error' in answer ? undefined : answer.headers['date'];
    const theirs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
    return Number.isNaN(theirs) ? undefined : now() - theirs;
  } finally {
    void dispatcher.destroy();
  }
}
