import cluster, { type Worker } from 'node:cluster';
import type { EndedWorker, Position, StartedWorker } from '../../observability/audit/workers.ts';
import type { Log } from '../../observability/log/log.ts';
import { endOf } from './end-of.ts';
import type { Assignment, FromWorker, ServerFacts } from './messages.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** A worker that has served this long counts as started; its death does not count as a further failure. */
const STABLE_MS = 10_000;
/** How many replacements in a row may die before they are ready. */
const MAX_FAILURES = 5;

export interface SupervisorOptions {
  /** The script that a worker runs, and the argument that tells it so. */
  readonly script: string;
  readonly argument: string;
  readonly workers: number;
  readonly assignment: Omit<Assignment, 'kind' | 'worker'>;
  readonly log: Log;
  /** Called when a worker can answer requests. */
  readonly onReady: (worker: number) => void;
  /** Called when a worker takes requests, and when it has ended after that. */
  readonly onStart: (worker: StartedWorker) => void;
  readonly onEnd: (worker: EndedWorker) => void;
  /** Called when a worker that was ready has died. */
  readonly onDeath: () => void;
  /** Called when a worker cannot be replaced. */
  readonly onFailure: (error: WorkerFailure) => void;
}

/** A worker has ended before it was ready. `exitCode` is the worker's exit code. */
export class WorkerFailure extends Error {
  override readonly name = 'WorkerFailure';
  readonly exitCode: number;

  constructor(message: string, exitCode: number | null) {
    super(message);
    this.exitCode = exitCode ?? 1;
  }
}

/** Runs worker processes, and replaces each one that dies. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #workers = new Map<number, Worker>();
  /** For each worker that has not ended; resolves when it has, and everything that it has sent was received. */
  readonly #endings = new Set<Promise<void>>();
  readonly #pauses = new Set<NodeJS.Timeout>();
  #isStopping = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    cluster.setupPrimary({ exec: options.script, args: [options.argument] });
  }

  /**
   * Starts all workers. The first one is started alone, so that an error that affects all of them is reported once.
   * @returns the facts of the first worker
   * @throws WorkerFailure when one of them dies before it is ready
   */
  async start(): Promise<ServerFacts> {
    const facts = await this.#run(1, 0);
    if (this.#isStopping) return facts;
    const others = Array.from({ length: this.#options.workers - 1 }, (_, index) => this.#run(index + 2, 0));
    await Promise.all(others);
    return facts;
  }

  /**
   * Stops all workers, also those that are starting: only a worker itself knows whether it takes requests by now. Resolves
   * when they have ended; after `deadlineMs` milliseconds they are killed.
   */
  async stop(deadlineMs: number): Promise<void> {
    this.#isStopping = true;
    for (const pause of this.#pauses) clearTimeout(pause);
    const deadline = setTimeout(() => {
      this.#options.log.error('worker_hangs', { workers: [...this.#workers.keys()] });
      this.kill();
    }, deadlineMs);
    this.#signal('SIGTERM');
    await Promise.all(this.#endings);
    clearTimeout(deadline);
  }

  /** Kills all workers, without waiting for their ends. */
  kill(): void {
    this.#isStopping = true;
    this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    for (const worker of this.#workers.values()) worker.process.kill(signal);
  }

  /**
   * Starts a worker, and replaces it if it dies after it was ready.
   * @param failures how many replacements in a row have died
   * @throws WorkerFailure when it dies before it is ready
   */
  #run(number: number, failures: number): Promise<ServerFacts> {
    const worker = cluster.fork();
    this.#workers.set(number, worker);
    // Errors of the channel to a worker that has just died are ignored; `exit` follows.
    worker.on('error', () => undefined);
    const assignment: Assignment = { kind: 'assignment', worker: number, ...this.#options.assignment };
    let startedAt: number | undefined;
    this.#watchEnding(number, worker);
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'hello') worker.send(assignment);
        if (message.kind === 'ready') this.#options.onReady(number);
        if (message.kind !== 'listening') return;
        startedAt = performance.now();
        this.#options.onStart({ worker: number, pid: worker.process.pid, at: message.at });
        resolve(message.facts);
      });
      worker.once('exit', (code: number | null, signal: string | null) => {
        this.#workers.delete(number);
        if (this.#isStopping) return;
        if (startedAt === undefined) {
          const ending = signal === null ? `with code ${code}` : `by ${signal}`;
          reject(new WorkerFailure(`Worker ${number} has ended ${ending} before it was ready.`, code));
          return;
        }
        this.#options.log.error('worker_died', { worker: number, code, signal });
        this.#options.onDeath();
        this.#replace(number, performance.now() - startedAt > STABLE_MS ? 0 : failures);
      });
    });
  }

  /**
   * Reports that a worker has ended, with its last record if it has said so.
   */
  #watchEnding(number: number, worker: Worker): void {
    let hasStarted = false;
    let at: Position | undefined;
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'listening') hasStarted = true;
      if (message.kind === 'stopped') at = message.at;
    });
    const ending = endOf(worker).then((how) => {
      this.#endings.delete(ending);
      if (hasStarted) this.#options.onEnd({ worker: number, pid: worker.process.pid, at, ...how });
    });
    this.#endings.add(ending);
  }

  #replace(number: number, failures: number): void {
    const pause = setTimeout(
      () => {
        this.#pauses.delete(pause);
        this.#run(number, failures + 1).catch((error: WorkerFailure) => this.#failedAgain(number, failures + 1, error));
      },
      Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS),
    );
    this.#pauses.add(pause);
  }

  #failedAgain(number: number, failures: number, error: WorkerFailure): void {
    if (this.#isStopping) return;
    this.#options.log.error('worker_failed', { worker: number, error: error.message });
    if (failures >= MAX_FAILURES) this.#options.onFailure(error);
    else this.#replace(number, failures);
  }
}
