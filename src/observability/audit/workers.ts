import type { Facts } from './chain.ts';

// A primary records when its workers start and end, and where their chains are then. So records of a worker cannot be
// taken out, neither all of them nor the last ones, without breaking what the chain of the primary says.

/** A place in the chain of a process. */
export interface Position {
  readonly instance: string;
  readonly seq: number;
  readonly hash: string;
}

/** A worker that serves requests. */
export interface StartedWorker {
  readonly worker: number;
  readonly pid: number | undefined;
  /** Its last record; undefined if it is not known to be written. */
  readonly at: Position | undefined;
}

/** A worker that has ended. */
export interface EndedWorker extends StartedWorker {
  readonly code: number | null;
  readonly signal: string | null;
}

/** The facts of a worker for a record of its primary. */
export function workerFacts({ worker, pid, at, ...ending }: StartedWorker | EndedWorker): Facts {
  const { code, signal } = { code: undefined, signal: undefined, ...ending };
  return {
    worker,
    pid,
    code: code ?? undefined,
    signal: signal ?? undefined,
    worker_instance: at?.instance,
    worker_seq: at?.seq,
    worker_hash: at?.hash,
  };
}
