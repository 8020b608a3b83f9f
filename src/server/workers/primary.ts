import type { AddressInfo } from 'node:net';
import { type Config, VARIABLES } from '../../config/config.ts';
import { drain } from '../../http/drain.ts';
import { listen } from '../../http/listener.ts';
import { openAudit } from '../../observability/audit/ledger.ts';
import type { Log } from '../../observability/log/log.ts';
import type { WriteSome } from '../../observability/log/writer.ts';
import { startPrimaryMetrics } from '../metrics.ts';
import { connectOrStartSandbox, originOf, type StartSandbox } from '../sandbox.ts';
import type { ServerFacts } from './messages.ts';
import { Supervisor, type WorkerFailure } from './supervisor.ts';
import { wholeLines } from './whole-lines.ts';

/** What a worker may take beyond the times of its drain, in milliseconds: to close its pools, and to write its log. */
const CLOSING_MS = 5_000;

export interface PrimaryOptions {
  readonly config: Config;
  /** The variables from which the configuration was made. Workers use these, and read no others. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Where the audit ledger is written with `AUDIT_LOG=stderr`, together with those of the workers. */
  readonly stderr: WriteSome;
  /** The script that a worker runs, and the argument that tells it that it is a worker. */
  readonly script: string;
  readonly argument: string;
  readonly startSandbox: StartSandbox;
  /** Called when a worker has died repeatedly and is not replaced any more. */
  readonly onFailure: (error: WorkerFailure) => void;
}

/** A primary and its workers. */
export interface Primary {
  /**
   * Resolves when all workers take requests.
   * Rejects with a WorkerFailure when one of them dies before it is ready, or with whatever else keeps them from
   * starting.
   */
  readonly ready: Promise<void>;
  /**
   * Has all workers finish their calls, waits for their ends, and then ends what they have in common. Workers that take
   * no requests yet end at once. Further calls wait for the same.
   */
  stop(): Promise<void>;
  /** Ends all workers at once. */
  kill(): void;
}

/**
 * Starts workers that share one port, and the sandbox and metrics that they share. The primary serves no requests
 * itself.
 */
export function startPrimary(options: PrimaryOptions): Primary {
  const { config, variables, log, startSandbox } = options;
  const { workers, drain: times } = config.scaling;
  const closers: (() => Promise<unknown> | undefined)[] = [];
  const stopping = new AbortController();
  let state: 'starting' | 'listening' | 'ready' | 'stopping' = 'starting';
  const isStopping = () => state === 'stopping';
  const readyWorkers = new Set<number>();
  let facts: ServerFacts = {};
  /** One line for all workers, once: a worker that replaces another is no news. */
  const tellReady = () => {
    if (state !== 'listening' || readyWorkers.size < workers) return;
    state = 'ready';
    log.info('ready', { ...facts, workers });
  };
  let supervisor: Supervisor | undefined;
  let stopped: Promise<void> | undefined;

  const opening = (async () => {
    const port = await availablePort(config);
    const audit = await openAudit({ config: config.audit, stderr: wholeLines(options.stderr), log });
    closers.push(() => audit.close());
    const metrics = await startPrimaryMetrics(config, log);
    closers.push(metrics.close);
    const { sandbox } = await connectOrStartSandbox(
      config,
      log,
      `${originOf(config, port)}/mcp`,
      startSandbox,
      stopping.signal,
    );
    closers.push(() => sandbox?.close());
    supervisor = new Supervisor({
      ...options,
      workers,
      assignment: {
        variables: Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, variables[name]])),
        port,
        sandbox: sandbox && { url: sandbox.url, serverId: sandbox.serverId, domain: sandbox.domain },
        primary: audit.instance,
      },
      onReady: (worker) => {
        readyWorkers.add(worker);
        tellReady();
      },
      onStart: (worker) => audit.workerStarted(worker),
      onEnd: (worker) => audit.workerEnded(worker),
      onDeath: metrics.workerDied,
    });
    return supervisor;
  })();
  const started = opening.then(async (opened) => {
    if (isStopping()) return;
    facts = await opened.start();
    // A worker that is told to stop while it starts says first that it takes requests.
    if (isStopping()) return;
    state = 'listening';
    log.info('listening', { ...facts, workers });
    tellReady();
  });
  const stop = async () => {
    state = 'stopping';
    stopping.abort();
    await opening.catch(() => undefined);
    await supervisor?.stop(times.delayMs + times.timeoutMs + CLOSING_MS);
    await Promise.all(closers.map((close) => close()));
  };
  return {
    ready: started,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
    kill: () => supervisor?.kill(),
  };
}

/**
 * Checks that the port is available before anything else is started.
 * @returns the port; for port 0, a free one
 * @throws Error with the `code` of the network error
 */
async function availablePort(config: Config): Promise<number> {
  const server = await listen(config);
  const { port } = server.address() as AddressInfo;
  await drain(server);
  return port;
}
