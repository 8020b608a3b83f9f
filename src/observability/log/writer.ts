import { write } from 'node:fs';
import { Writable } from 'node:stream';

const MAX_WAITING = 8 * 1024 * 1024;
const FLUSH_DEADLINE_MS = 1_000;
/** Parts of the wait for a line. While the event loop stands still, no write can be told, and one part at most passes. */
const WAIT_PARTS = 10;
const FAILURE_PAUSE_MS = 1_000;
/** A write to a full non-blocking pipe fails with EAGAIN at once. It is tried again after this time. */
const FULL_PIPE_PAUSE_MS = 20;
/** Errors that mean that the reader has closed the pipe. The log is lost then, but the server keeps serving. */
const READER_GONE: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET']);

/** Where the log is written. */
export interface Output {
  readonly stream: Writable;
  /** Whether this is a terminal. */
  readonly isTerminal: boolean;
  /** Resolves when everything is written, or after `flushDeadlineMs`. */
  flush(): Promise<void>;
}

export interface OutputOptions {
  readonly write: WriteSome;
  readonly isTerminal: boolean;
  /** Called with one line when the log cannot be written, and not again until a write has succeeded. */
  readonly writeError: (line: string) => void;
  /** How many characters may wait to be written. Further lines are dropped, so that memory is bounded. */
  readonly maxWaiting?: number;
  /** In milliseconds. */
  readonly flushDeadlineMs?: number;
  /** How long to wait after a failure other than a full pipe, such as a full disk, in milliseconds. */
  readonly failurePauseMs?: number;
}

/**
 * A stream that never blocks the process. Node writes to a pipe or a file behind `process.stdout` synchronously, so
 * that a reader that pauses would stop every request. This stream writes in the background, and writes all lines that
 * have gathered meanwhile at once. When the reader pauses it retries, whereas `fs.WriteStream` would fail for good.
 */
export function backgroundOutput(options: OutputOptions): Output {
  const writer = new BackgroundWriter({
    ...options,
    onFailure: (error) => options.writeError(`The log cannot be written: ${error.message}\n`),
    missing: (lines) => {
      const facts = { timestamp: new Date().toISOString(), level: 'warn', event: 'log_lines_dropped', lines };
      return `${JSON.stringify(facts)}\n`;
    },
  });
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      writer.add(() => String(chunk));
      done();
    },
  });
  return { stream, isTerminal: options.isTerminal, flush: () => writer.flush() };
}

/** Writes as many of the bytes as possible, and calls back with their number. */
export type WriteSome = (bytes: Buffer, done: (error: NodeJS.ErrnoException | null, written: number) => void) => void;

/** Writes to an open file, a pipe or a terminal. */
export function writeTo(descriptor: number): WriteSome {
  return (bytes, done) => write(descriptor, bytes, done);
}

export interface WriterOptions extends Pick<OutputOptions, 'maxWaiting' | 'flushDeadlineMs' | 'failurePauseMs'> {
  readonly write: WriteSome;
  /** Called after a failure, and not again until a write has succeeded. */
  readonly onFailure: (error: NodeJS.ErrnoException) => void;
  /** Called when a write has succeeded after a failure. */
  readonly onRecovery?: () => void;
  /** Called when the reader is gone, so that nothing more will be written. */
  readonly onEnd?: () => void;
  /** Makes the line that is written in place of lines that were dropped. */
  readonly missing: (lines: number) => string;
}

/** Writes lines in order and in the background. While writing fails, a bounded number of them is kept. */
export class BackgroundWriter {
  readonly #options: WriterOptions;
  #lines: string[] = [];
  /** Characters in `#lines` and in what is being written. */
  #waiting = 0;
  #dropped = 0;
  #added = 0;
  #written = 0;
  #state: 'idle' | 'writing' | 'over' = 'idle';
  #failing = false;
  #atRest: () => void = () => undefined;
  /** Callers of `isOut`, each waiting until that many lines are written. */
  #waiters: { readonly lines: number; readonly tell: (isOut: boolean) => void }[] = [];

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** How many lines were added and are not written, dropped ones included. */
  get pending(): number {
    return this.#added - this.#written + this.#dropped;
  }

  /**
   * Adds a line.
   * @param line makes the line; called only if there is room for it, so that chained lines are made in written order
   * @returns whether there was room for it
   */
  add(line: () => string): boolean {
    if (this.#state === 'over' || this.#waiting >= (this.#options.maxWaiting ?? MAX_WAITING)) {
      this.#dropped++;
      return false;
    }
    this.#tellDropped();
    this.#push(line());
    if (this.#state === 'idle') this.#writeLines();
    return true;
  }

  /**
   * Waits until all lines that were added so far are written.
   * @param deadlineMs the longest wait, in milliseconds in which the event loop runs
   * @returns false as soon as writing fails, or at the deadline
   */
  isOut(deadlineMs: number): Promise<boolean> {
    if (this.#failing || this.#state === 'over' || this.#dropped > 0) return Promise.resolve(false);
    if (this.#added === this.#written) return Promise.resolve(true);
    return new Promise((resolve) => {
      let left = WAIT_PARTS;
      const deadline = setInterval(() => --left === 0 && tell(false), deadlineMs / WAIT_PARTS);
      const tell = (isOut: boolean) => {
        clearInterval(deadline);
        resolve(isOut);
      };
      this.#waiters.push({ lines: this.#added, tell });
    });
  }

  /** Resolves when all lines are written, or after `flushDeadlineMs`. */
  async flush(): Promise<void> {
    // The logger may pass on its last lines one turn of the event loop later.
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#state !== 'writing') return;
    await new Promise<void>((resolve) => {
      const deadline = setTimeout(resolve, this.#options.flushDeadlineMs ?? FLUSH_DEADLINE_MS);
      this.#atRest = () => {
        clearTimeout(deadline);
        resolve();
      };
    });
  }

  /** Adds a line that says how many lines were dropped at this place. */
  #tellDropped(): void {
    if (this.#dropped === 0) return;
    const lines = this.#dropped;
    this.#dropped = 0;
    this.#push(this.#options.missing(lines));
  }

  #push(line: string): void {
    this.#lines.push(line);
    this.#waiting += line.length;
    this.#added++;
  }

  #writeLines(): void {
    if (this.#lines.length === 0) this.#tellDropped();
    if (this.#lines.length === 0) {
      this.#rest('idle');
      return;
    }
    this.#state = 'writing';
    const text = this.#lines.join('');
    const lines = this.#lines.length;
    this.#lines = [];
    this.#write(Buffer.from(text), () => {
      this.#waiting -= text.length;
      this.#written += lines;
      this.#notify((waiter) => waiter.lines <= this.#written, true);
      this.#writeLines();
    });
  }

  #write(bytes: Buffer, done: () => void): void {
    this.#options.write(bytes, (error, written) => {
      if (error === null) this.#recovered();
      if (error !== null) this.#failed(error, () => this.#write(bytes, done));
      else if (written < bytes.length) this.#write(bytes.subarray(written), done);
      else done();
    });
  }

  #failed(error: NodeJS.ErrnoException, again: () => void): void {
    if (READER_GONE.has(error.code ?? '')) {
      this.#lines = [];
      this.#rest('over');
      this.#notify(() => true, false);
      this.#options.onEnd?.();
      return;
    }
    const full = error.code === 'EAGAIN';
    if (!full && !this.#failing) {
      this.#failing = true;
      this.#options.onFailure(error);
      this.#notify(() => true, false);
    }
    // `unref`, so that a retry does not keep the process running. `flush` waits for the rest.
    const pauseMs = full ? FULL_PIPE_PAUSE_MS : (this.#options.failurePauseMs ?? FAILURE_PAUSE_MS);
    setTimeout(again, pauseMs).unref();
  }

  #recovered(): void {
    if (!this.#failing) return;
    this.#failing = false;
    this.#options.onRecovery?.();
  }

  #notify(whom: (waiter: { readonly lines: number }) => boolean, isOut: boolean): void {
    if (this.#waiters.length === 0) return;
    const told = this.#waiters.filter(whom);
    this.#waiters = this.#waiters.filter((waiter) => !told.includes(waiter));
    for (const { tell } of told) tell(isOut);
  }

  #rest(state: 'idle' | 'over'): void {
    this.#state = state;
    this.#atRest();
  }
}
