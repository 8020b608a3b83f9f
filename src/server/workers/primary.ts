import type { AddressInfo } from 'node:net';
import { type Config, VARIABLES } from '../../config/config.ts';
import { drain } from '../../http/drain.ts';
import { listen } from '../../http/listener.ts';
import type { Log } from '../../observability/log/log.ts';
import type { WriteSome } from '../../observability/log/writer.ts';
import { MemoryConfirmationStore } from '../../shared/confirmation-store.ts';
import { startWorkerMetrics } from '../metrics.ts';
import { connectOrStartSandbox, type EmbeddedSandbox, originOf, type StartSandbox } from '../sandbox.ts';
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

/** A primary and its workers. */
export interface Primary {
  /**
   * Settles when all workers serve.
   * Rejects with a WorkerFailure when one of them dies before it is ready, or with whatever else keeps them from starting.
   */
  readonly ready: Promise<void>;
  /** Has all workers finish their calls, and ends what they have in common. Those that are still starting end at once. */
  stop(): Promise<void>;
  /** Ends all workers at once. */
  kill(): void;
}

/** Starts workers that serve on one port, and what they have in common. Serves nothing itself. */
export function startPrimary(options: PrimaryOptions): Primary {
  const { config, log } = options;
  const { workers, drain: times } = config.instances;
  const closers: (() => Promise<unknown> | undefined)[] = [];
  let state: 'starting' | 'ready' | 'stopping' = 'starting';
  let fleet: Fleet | undefined;

  const opening = (async () => {
    const port = await availablePort(config);
    const metrics = await startWorkerMetrics(
      config.observability.metrics,
      options.log,
      async () => (await fleet?.collect()) ?? new Map(),
    );
    closers.push(metrics.close);
    const { sandbox } = await connectOrStartSandbox(config, log, `${originOf(config, port)}/mcp`, options.startSandbox);
    closers.push(() => sandbox?.close());
    fleet = fleetFor({ ...options, log: metrics.log }, port, sandbox);
    return fleet;
  })();
  const ready = opening.then(async (opened) => {
    if (state === 'stopping') return;
    const facts = await opened.start();
    state = 'ready';
    log.info('ready', { ...facts, workers });
  });
  return {
    ready,
    stop: async () => {
      const isReady = state === 'ready';
      state = 'stopping';
      await opening.catch(() => undefined);
      if (isReady) await fleet?.stop(times.delayMs + times.timeoutMs + LAST_WORDS_MS);
      else fleet?.kill();
      await Promise.all(closers.map((close) => close()));
    },
    kill: () => fleet?.kill(),
  };
}

function fleetFor(options: PrimaryOptions, port: number, sandbox: EmbeddedSandbox | undefined): Fleet {
  const { config, log, stdout, stderr, isTerminal, script, argument } = options;
  const confirmations = new MemoryConfirmationStore(config.instances.confirmationKeys);
  return new Fleet({
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
