import { write } from 'node:fs';
import { Writable } from 'node:stream';

const MAX_WAITING = 8 * 1024 * 1024;
const FLUSH_DEADLINE_MS = 1_000;
const FAILURE_PAUSE_MS = 1_000;
/** A pipe that is full says so at once instead of holding up the write; it is asked again after this. */
const FULL_PIPE_PAUSE_MS = 20;
/** The reader is gone, and with it whoever could miss the log. That is no reason to stop serving. */
const READER_GONE: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET']);

/** Where the log goes, and how to get all of it out before the process ends. */
export interface Output {
  readonly stream: Writable;
  /** Whether a person is looking. */
  readonly isTerminal: boolean;
  /** Resolves once everything is out, or when the reader has been waited for long enough. */
  flush(): Promise<void>;
}

export interface OutputOptions {
  readonly write: WriteSome;
  readonly isTerminal: boolean;
  /** Told in one line that the log cannot be written, and not again until it could be. */
  readonly writeError: (line: string) => void;
  /** What may wait for the reader, in characters: one that stays away for long costs lines, not memory. */
  readonly maxWaiting?: number;
  readonly flushDeadlineMs?: number;
  /** Until the next try after a failure other than a full pipe: a disk may be cleaned up, but nobody waits for it. */
  readonly failurePauseMs?: number;
}

/**
 * A stream that must not hold up the process. Node writes to a pipe or a file behind `process.stdout` synchronously: a
 * reader that pauses would stop every request. This writes in the background, all lines of the meantime at once, and
 * waits for a reader that pauses: `fs.WriteStream` gives up on it for good.
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

/** Writes as many of these bytes as it can, and says how many those were. */
export type WriteSome = (bytes: Buffer, done: (error: NodeJS.ErrnoException | null, written: number) => void) => void;

/** Writes to an open file, a pipe or a terminal. */
export function writeTo(descriptor: number): WriteSome {
  return (bytes, done) => write(descriptor, bytes, done);
}

export interface WriterOptions extends Pick<OutputOptions, 'maxWaiting' | 'flushDeadlineMs' | 'failurePauseMs'> {
  readonly write: WriteSome;
  /** Told of a failure, and not again until writing worked in between. */
  readonly onFailure: (error: NodeJS.ErrnoException) => void;
  readonly onRecovery?: () => void;
  /** Told that the reader is gone, and that nothing will be written any more. */
  readonly onEnd?: () => void;
  /** The line that says that lines are missing at its place. */
  readonly missing: (lines: number) => string;
}

/** Writes lines in their order, in the background, and keeps a bounded number of them while writing fails. */
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
  /** Those who wait until so many lines are out. */
  #waiters: { readonly lines: number; readonly tell: (isOut: boolean) => void }[] = [];

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Lines that were added and are not out. */
  get pending(): number {
    return this.#added - this.#written + this.#dropped;
  }

  /**
   * Adds a line, which is made only once it is certain that it will be written in this place.
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
   * Waits until all that was added is out.
   * @returns false as soon as writing fails, or when it takes longer than this many milliseconds
   */
  isOut(deadlineMs: number): Promise<boolean> {
    if (this.#failing || this.#state === 'over' || this.#dropped > 0) return Promise.resolve(false);
    if (this.#added === this.#written) return Promise.resolve(true);
    return new Promise((resolve) => {
      const deadline = setTimeout(resolve, deadlineMs, false);
      const tell = (isOut: boolean) => {
        clearTimeout(deadline);
        resolve(isOut);
      };
      this.#waiters.push({ lines: this.#added, tell });
    });
  }

  async flush(): Promise<void> {
    // The logger may hand on its last lines a turn later.
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

  /** Says where lines are missing, at the place where they are. */
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
    // Must not keep the process from ending: whoever wants the rest calls `flush`.
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
