import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Log } from '../events.ts';
import { defaultStateFile, prepareFolderOf } from './place-for-state.ts';

/** A part of the sandbox that outlives the process: takes back what it kept, and says what it keeps. */
export interface Lasting {
  /** JSON. */
  kept(): unknown;
}

/**
 * What outlives the process, so that clients which signed in yesterday still can today: keys, registrations, grants and
 * refresh tokens. Without a file, or with one that cannot be used, all of it lives as long as the process.
 */
export class State {
  readonly #file: string | undefined;
  readonly #log: Log;
  readonly #before: Readonly<Record<string, unknown>>;
  readonly #parts = new Map<string, Lasting>();
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  private constructor(file: string | undefined, before: Readonly<Record<string, unknown>>, log: Log) {
    this.#file = file;
    this.#before = before;
    this.#log = log;
  }

  /**
   * Reads what the last process has kept.
   * @param file unset: the usual one for the port
   */
  static async open(port: number, file = defaultStateFile(port), log: Log = () => {}): Promise<State> {
    if (file === undefined) return new State(undefined, {}, log);
    try {
      await prepareFolderOf(file);
      return new State(file, await read(file), log);
    } catch (error) {
      log({ event: 'sandbox_state_unavailable', file, error: String(error) });
      return new State(undefined, {}, log);
    }
  }

  /** What the part kept before; `undefined` when there is nothing. */
  before(part: string): unknown {
    return this.#before[part];
  }

  /** Keeps the part from now on. */
  keep(part: string, lasting: Lasting): void {
    this.#parts.set(part, lasting);
  }

  /**
   * Writes down what the parts keep now. Resolves when it is on disk, or cannot be written. Changes that come while it
   * writes share the next turn.
   */
  changed(): Promise<void> {
    if (this.#file === undefined) return Promise.resolve();
    this.#next ??= (this.#running ?? Promise.resolve()).then(() => {
      this.#running = this.#next;
      this.#next = undefined;
      return this.#write(String(this.#file));
    });
    return this.#next;
  }

  async #write(file: string): Promise<void> {
    const kept = Object.fromEntries([...this.#parts].map(([name, part]) => [name, part.kept()]));
    const draft = `${file}.new`;
    try {
      await writeFile(draft, JSON.stringify(kept), { mode: 0o600 });
      // Whoever reads meets the old state or the new one, and never half of it.
      await rename(draft, file);
    } catch (error) {
      this.#log({ event: 'sandbox_state_unavailable', file, error: String(error) });
    }
  }
}

async function read(file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  try {
    const kept: unknown = JSON.parse(text);
    return typeof kept === 'object' && kept !== null ? (kept as Readonly<Record<string, unknown>>) : {};
  } catch {
    // What cannot be read is written anew.
    return {};
  }
}
