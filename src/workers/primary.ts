import type { AddressInfo } from 'node:net';
import { type Config, VARIABLES } from '../config.ts';
import { drain } from '../http/drain.ts';
import { listen } from '../http/listener.ts';
import { MemoryConfirmationStore } from '../instances/confirmation-store.ts';
import type { Log } from '../observability/log.ts';
import type { WriteSome } from '../observability/output.ts';
import { originOf, reachScalekit, type StartSandbox } from '../reach-scalekit.ts';
import { startWorkerMetrics } from '../start-metrics.ts';
import { answersOf } from './answers.ts';
import { Fleet, type WorkerFailure } from './fleet.ts';

/** What a worker may take beyond the times of its drain: to close its pools, and to write its last lines. */
const LAST_WORDS_MS = 5_000;

export interface PrimaryOptions {
  readonly config: Config;
  /** What the configuration was made of: workers must not read anything else. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Where the lines of all workers go, those of each together. */
  readonly stdout: WriteSome;
  readonly stderr: WriteSome;
  readonly isTerminal: boolean;
  /** What a worker runs. */
  readonly script: string;
  readonly argument: string;
  readonly startSandbox: StartSandbox;
  /** Called when workers die again and again. */
  readonly onFailure: (error: WorkerFailure) => void;
}

/** A primary whose workers serve. */
export interface RunningPrimary {
  /** Has all workers finish their calls, and ends what they have in common. */
  stop(): Promise<void>;
  /** Ends all workers at once. */
  kill(): void;
}

/**
 * Starts workers that serve on one port, and what they have in common. Serves nothing itself.
 * @throws WorkerFailure when one of them dies before it is ready
 */
export async function runPrimary(options: PrimaryOptions): Promise<RunningPrimary> {
  const { config, log, stdout, stderr, isTerminal, script, argument } = options;
  const port = await availablePort(config);
  const metrics = await startWorkerMetrics(config.observability.metrics, log);
  const { sandbox } = await reachScalekit(config, log, `${originOf(config, port)}/mcp`, options.startSandbox);
  const confirmations = new MemoryConfirmationStore(config.instances.confirmationKeys);
  const fleet = new Fleet({
    script,
    argument,
    workers: config.instances.workers,
    assignment: {
      variables: Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, options.variables[name]])),
      port,
      isTerminal,
      sandbox: sandbox && { url: sandbox.url, serverId: sandbox.serverId },
      confirmationKeys: confirmations.keys().map((key) => key.export().toString('base64')),
    },
    answer: answersOf({ confirmations, stdout, stderr }),
    log,
    onFailure: options.onFailure,
  });
  const { delayMs, timeoutMs } = config.instances.drain;
  const stop = async () => {
    await fleet.stop(delayMs + timeoutMs + LAST_WORDS_MS);
    await Promise.all([sandbox?.close(), metrics.close()]);
  };
  try {
    log.info('ready', { ...(await fleet.start()), workers: config.instances.workers });
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop, kill: () => fleet.kill() };
}

/**
 * Finds out that the port can be had, before anything is started that needs it; 0 becomes one that is free.
 * @throws Error with the `code` of the network error
 */
async function availablePort(config: Config): Promise<number> {
  const server = await listen(config);
  const { port } = server.address() as AddressInfo;
  await drain(server);
  return port;
}
