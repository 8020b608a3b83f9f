import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Log } from '../../observability/log/log.ts';
import type { Snapshot } from '../../observability/metrics/workers.ts';
import type { Assignment, Question, ReadyFacts, ToPrimary, ToWorker } from './messages.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** A worker that has served for so long was no failure to start. */
const STABLE_MS = 10_000;
/** Replacements in a row that may die before they are ready. */
const MAX_FAILURES = 5;
/** Whoever reads metrics waits no longer than this for a worker that hangs. */
const COLLECT_MS = 1_000;

export interface FleetOptions {
  /** The script that a worker runs, and the argument that tells it so. */
  readonly script: string;
  readonly argument: string;
  readonly workers: number;
  readonly assignment: Omit<Assignment, 'kind' | 'worker'>;
  readonly answer: (question: Question) => Promise<unknown>;
  readonly log: Log;
  /** Called when a worker cannot be replaced. */
  readonly onFailure: (error: WorkerFailure) => void;
}

/** A worker that does not get ready. `exitCode` is its own. */
export class WorkerFailure extends Error {
  override readonly name = 'WorkerFailure';
  readonly exitCode: number;

  constructor(message: string, exitCode: number | null) {
    super(message);
    this.exitCode = exitCode ?? 1;
  }
}

/** Worker processes, each replaced when it dies. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #workers = new Map<number, Worker>();
  readonly #pauses = new Set<NodeJS.Timeout>();
  /** Those that serve. */
  readonly #ready = new Set<Worker>();
  readonly #collecting = new Map<number, (snapshot: Snapshot) => void>();
  #lastId = 0;
  #isStopping = false;

  constructor(options: FleetOptions) {
    this.#options = options;
    cluster.setupPrimary({ exec: options.script, args: [options.argument] });
  }

  /**
   * Starts all workers, the first one alone: what is wrong with all of them is said once.
   * @returns what the first one says of itself
   * @throws WorkerFailure when one of them dies before it is ready
   */
  async start(): Promise<ReadyFacts> {
    const facts = await this.#run(1, 0);
    if (this.#isStopping) return facts;
    const others = Array.from({ length: this.#options.workers - 1 }, (_, index) => this.#run(index + 2, 0));
    await Promise.all(others);
    return facts;
  }

  /** Has all workers stop. Resolves when they have ended, or have been killed because they took too long. */
  async stop(deadlineMs: number): Promise<void> {
    this.#isStopping = true;
    for (const pause of this.#pauses) clearTimeout(pause);
    const deadline = setTimeout(() => {
      this.#options.log.error('worker_hangs', { workers: [...this.#workers.keys()] });
      this.kill();
    }, deadlineMs);
    const ended = [...this.#workers.values()].map((worker) => once(worker, 'exit'));
    for (const worker of this.#workers.values()) tell(worker, { kind: 'stop' });
    await Promise.all(ended);
    clearTimeout(deadline);
  }

  /** Ends all workers at once. */
  kill(): void {
    this.#isStopping = true;
    for (const worker of this.#workers.values()) worker.process.kill('SIGKILL');
  }

  /** What each worker that serves counts, by its process id; undefined for one that does not answer in time. */
  async collect(): Promise<ReadonlyMap<number, Snapshot | undefined>> {
    const asked = [...this.#ready].map(async (worker) => [worker.process.pid ?? 0, await this.#ask(worker)] as const);
    return new Map(await Promise.all(asked));
  }

  #ask(worker: Worker): Promise<Snapshot | undefined> {
    const id = ++this.#lastId;
    return new Promise<Snapshot | undefined>((resolve) => {
      const patience = setTimeout(resolve, COLLECT_MS, undefined);
      this.#collecting.set(id, (snapshot) => {
        clearTimeout(patience);
        resolve(snapshot);
      });
      tell(worker, { kind: 'collect', id });
    }).finally(() => this.#collecting.delete(id));
  }

  /** Resolves when the worker is ready, and replaces it when it dies later. */
  #run(number: number, failures: number): Promise<ReadyFacts> {
    const worker = cluster.fork();
    this.#workers.set(number, worker);
    let readyAt: number | undefined;
    return new Promise((resolve, reject) => {
      worker.on('message', (message: ToPrimary) => {
        switch (message.kind) {
          case 'hello':
            return tell(worker, { kind: 'assignment', worker: number, ...this.#options.assignment });
          case 'question':
            return void this.#answer(worker, message.id, message.question);
          case 'ready':
            readyAt = performance.now();
            this.#ready.add(worker);
            return resolve(message.facts);
          case 'collected':
            return this.#collecting.get(message.id)?.(message.snapshot);
        }
      });
      // Of the channel to a worker that has just died; `exit` follows.
      worker.on('error', () => undefined);
      worker.once('exit', (code: number | null, signal: string | null) => {
        this.#workers.delete(number);
        this.#ready.delete(worker);
        if (this.#isStopping) return;
        const ending = signal === null ? `with code ${code}` : `by ${signal}`;
        if (readyAt === undefined) {
          reject(new WorkerFailure(`Worker ${number} has ended ${ending} before it was ready.`, code));
          return;
        }
        this.#options.log.error('worker_died', { worker: number, code, signal });
        this.#replace(number, performance.now() - readyAt > STABLE_MS ? 0 : failures);
      });
    });
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

  async #answer(worker: Worker, id: number, question: Question): Promise<void> {
    const value = await this.#options.answer(question);
    tell(worker, { kind: 'answer', id, value });
  }
}

function tell(worker: Worker, message: ToWorker): void {
  // One that has just died does not listen; `exit` says so.
  if (worker.isConnected()) worker.send(message, () => undefined);
}
