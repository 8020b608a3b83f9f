import { open, readdir, realpath, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '../../config/error.ts';
import { isRotatedLedger, ledgerLock, rotatedLedger } from '../../config/ledger-files.ts';
import type { FileLock } from '../../core/file-lock.ts';
import { appendOnce, closeToOthers, isDevice, statOf, whyNotAppendable } from '../log/append.ts';
import type { WriteSome } from '../log/writer.ts';
import { type Head, readLine } from './chain.ts';
import { takeLock } from './lock.ts';
import { readTail, type Tail } from './tail.ts';

const NEWLINE = 0x0a;
/** How much of the end of a file is read to find the last record. Records are much shorter. */
const TAIL_BYTES = 256 * 1024;

export interface LedgerFileOptions {
  readonly path: string;
  /** The size in bytes above which the file is rotated. */
  readonly maxBytes: number;
  /** How many rotated files are kept; the oldest are removed. */
  readonly keep: number;
  /** Called for each file that was rotated, removed, or could not be removed, with its last record where that is known. */
  readonly onRotation: (
    event: 'audit_file_full' | 'audit_file_removed' | 'audit_file_stays',
    file: { readonly file: string } & Partial<Head>,
  ) => void;
  /** How long the lock of another machine must stay unchanged until it is taken over, in milliseconds. */
  readonly lockWatchMs?: number | undefined;
}

/** Where an existing ledger continues. */
export interface Resumption extends Pick<Tail, 'torn' | 'midLine'> {
  /** The last record. Unset: nothing has been written yet. */
  readonly head: Head | undefined;
}

/**
 * The file of a ledger. It is opened again for every batch of lines. So if another program has moved or removed it, the
 * next batch creates a new one.
 */
export class LedgerFile {
  readonly #options: LedgerFileOptions;
  /** Its path without links, so that the lock is the same by whatever name the file is opened. */
  #path: string;
  #lock: FileLock | undefined;
  /** Whether the last write ended in the middle of a line. Then the rest of the line must go to the same file. */
  #midLine = false;

  constructor(options: LedgerFileOptions) {
    this.#options = options;
    this.#path = options.path;
  }

  /**
   * Opens the file, creates it if it does not exist, keeps other processes from writing to it, and finds the end of its
   * chain. Its files become readable for their owner only.
   * @throws ConfigurationError when the file cannot be written, has another writer or another name, or does not end with
   * a record
   */
  async resume(): Promise<Resumption> {
    const { path, lockWatchMs } = this.#options;
    const problem = (await whyNotAppendable(path)) ?? (await whyNotAlone(path));
    if (problem !== undefined) throw unusable(problem);
    // Nothing can be read back from a device, and several processes may write to it.
    if (await isDevice(path)) return { head: undefined, torn: undefined, midLine: false };
    this.#path = await realpath(path);
    const lock = await takeLock(ledgerLock(this.#path), lockWatchMs);
    this.#lock = lock;
    try {
      const resumption = await this.#resume();
      if (!(await lock.isHeld())) throw unusable('another process has begun to write to this file');
      return resumption;
    } catch (error) {
      await this.close();
      throw error instanceof ConfigurationError ? error : unusable(`${this.#path} cannot be read (${codeOf(error)})`);
    }
  }

  /** Lets other processes write to the file. */
  async close(): Promise<void> {
    await this.#lock?.release();
  }

  async #resume(): Promise<Resumption> {
    const rotated = await this.#rotatedFiles();
    for (const file of rotated) await closeToOthers(file);
    const tail = readTail(await readEnd(this.#path));
    if (tail === undefined) throw notALedger();
    this.#midLine = tail.midLine;
    // If the process ended after rotating the file and before its next line, the last record is in the rotated file.
    const newest = rotated.at(-1);
    const before = tail.head === undefined && newest !== undefined ? readTail(await readEnd(newest)) : undefined;
    return { ...tail, head: tail.head ?? before?.head };
  }

  /** Appends lines to the file, and rotates it before if they would make it too large. */
  readonly write: WriteSome = (bytes, done) => {
    this.#append(bytes).then(
      (written) => done(null, written),
      (error: NodeJS.ErrnoException) => done(error, 0),
    );
  };

  async #append(bytes: Buffer): Promise<number> {
    if (!this.#midLine) await this.#rotateIfFull(bytes);
    const written = await appendOnce(this.#path, bytes);
    if (written > 0) this.#midLine = bytes[written - 1] !== NEWLINE;
    return written;
  }

  /** Renames the file if these bytes would make it too large. */
  async #rotateIfFull(bytes: Buffer): Promise<void> {
    const { maxBytes, onRotation } = this.#options;
    const existing = await statOf(this.#path);
    if (existing?.isFile() !== true || existing.size === 0 || existing.size + bytes.length <= maxBytes) return;
    const first = readLine(bytes.subarray(0, bytes.indexOf(NEWLINE)));
    const last = typeof first === 'string' ? undefined : { seq: first.seq - 1, hash: first.prev };
    const rotated = rotatedLedger(this.#path, last?.seq ?? 0);
    await rename(this.#path, rotated);
    onRotation('audit_file_full', { file: rotated, ...last });
    await this.#removeOldest();
  }

  async #removeOldest(): Promise<void> {
    const { keep, onRotation } = this.#options;
    const files = await this.#rotatedFiles();
    for (const file of files.slice(0, Math.max(0, files.length - keep))) {
      // The verification of what is left has to be told this record. Once the file is gone, nothing else proves its hash.
      const last = await lastRecordOf(file);
      await unlink(file).then(
        () => onRotation('audit_file_removed', { file, ...last }),
        () => onRotation('audit_file_stays', { file }),
      );
    }
  }

  /** The rotated files, oldest first. */
  async #rotatedFiles(): Promise<string[]> {
    const folder = dirname(this.#path);
    return (await readdir(folder))
      .filter((name) => isRotatedLedger(this.#path, name))
      .sort()
      .map((name) => join(folder, name));
  }
}

/** The end of a full file's chain; undefined where it cannot be read. */
async function lastRecordOf(file: string): Promise<Head | undefined> {
  const last = await readEnd(file).then(
    (end) => readTail(end)?.head,
    () => undefined,
  );
  return last && { seq: last.seq, hash: last.hash };
}

/** The last bytes of a file. */
async function readEnd(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const tail = buffer.subarray(0, bytesRead);
    if (size > TAIL_BYTES && !tail.includes(NEWLINE)) throw notALedger();
    return tail;
  } finally {
    await handle.close();
  }
}

/** A file with two names could get two writers, each with a lock beside its own name. */
async function whyNotAlone(path: string): Promise<string | undefined> {
  const stats = await statOf(path);
  return stats?.isFile() === true && stats.nlink > 1
    ? 'the file has a second name (a hard link), under which another process could write to it. Remove that name, or name another file'
    : undefined;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function notALedger(): ConfigurationError {
  return unusable('the file does not end with a record of this server. Move it away, or name another one');
}

function unusable(why: string): ConfigurationError {
  return new ConfigurationError([`AUDIT_LOG: ${why}.`]);
}
