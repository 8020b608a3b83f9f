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
  readonly descriptor: number;
  readonly isTerminal: boolean;
  /** Told in one line that the log cannot be written, and not again until it could be. */
  readonly complain: (line: string) => void;
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
  const writer = new BackgroundWriter(options);
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      writer.add(String(chunk));
      done();
    },
  });
  return { stream, isTerminal: options.isTerminal, flush: () => writer.flush() };
}

class BackgroundWriter {
  readonly #options: OutputOptions;
  #lines: string[] = [];
  /** Characters in `#lines` and in what is being written. */
  #waiting = 0;
  #dropped = 0;
  #state: 'idle' | 'writing' | 'over' = 'idle';
  #failing = false;
  #atRest: () => void = () => undefined;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  add(line: string): void {
    if (this.#state === 'over') return;
    if (this.#waiting + line.length > (this.#options.maxWaiting ?? MAX_WAITING)) {
      this.#dropped++;
      return;
    }
    this.#tellDropped();
    this.#push(line);
    if (this.#state === 'idle') this.#writeLines();
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
    const facts = {
      timestamp: new Date().toISOString(),
      level: 'warn',
      event: 'log_lines_dropped',
      lines: this.#dropped,
    };
    this.#dropped = 0;
    this.#push(`${JSON.stringify(facts)}\n`);
  }

  #push(line: string): void {
    this.#lines.push(line);
    this.#waiting += line.length;
  }

  #writeLines(): void {
    if (this.#lines.length === 0) this.#tellDropped();
    if (this.#lines.length === 0) {
      this.#rest('idle');
      return;
    }
    this.#state = 'writing';
    const text = this.#lines.join('');
    this.#lines = [];
    this.#write(Buffer.from(text), () => {
      this.#waiting -= text.length;
      this.#writeLines();
    });
  }

  #write(bytes: Buffer, done: () => void): void {
    write(this.#options.descriptor, bytes, (error, written) => {
      if (error === null) this.#failing = false;
      if (error !== null) this.#failed(error, () => this.#write(bytes, done));
      else if (written < bytes.length) this.#write(bytes.subarray(written), done);
      else done();
    });
  }

  #failed(error: NodeJS.ErrnoException, again: () => void): void {
    if (READER_GONE.has(error.code ?? '')) {
      this.#lines = [];
      this.#rest('over');
      return;
    }
    const full = error.code === 'EAGAIN';
    if (!full && !this.#failing) {
      this.#failing = true;
      this.#options.complain(`The log cannot be written: ${error.message}\n`);
    }
    // Must not keep the process from ending: whoever wants the rest calls `flush`.
    const pauseMs = full ? FULL_PIPE_PAUSE_MS : (this.#options.failurePauseMs ?? FAILURE_PAUSE_MS);
    setTimeout(again, pauseMs).unref();
  }

  #rest(state: 'idle' | 'over'): void {
    this.#state = state;
    this.#atRest();
  }
}
