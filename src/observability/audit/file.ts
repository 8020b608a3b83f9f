import { constants } from 'node:fs';
import { type FileHandle, open, readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ConfigurationError } from '../../config/error.ts';
import { sha256 } from '../../core/digest.ts';
import { appendOnce, OWNER_ONLY, statOf } from '../log/append.ts';
import type { WriteSome } from '../log/writer.ts';
import { type Head, readLine } from './chain.ts';

const NEWLINE = 0x0a;
/** How much of the end of a file is read to find the last record. Records are much shorter. */
const TAIL_BYTES = 256 * 1024;
const SEQ_DIGITS = 12;

export interface LedgerFileOptions {
  readonly path: string;
  /** The size in bytes above which the file is rotated. */
  readonly maxBytes: number;
  /** How many rotated files are kept; the oldest are removed. */
  readonly keep: number;
  /** Called for each file that was rotated, removed, or could not be removed. */
  readonly onRotation: (event: 'audit_file_full' | 'audit_file_removed' | 'audit_file_stays', file: string) => void;
}

/** An incomplete last line, which a crash has cut off. */
export interface TornLine {
  readonly bytes: number;
  readonly sha256: string;
}

/** Where an existing ledger continues. */
export interface Resumption {
  /** The last record. Unset: nothing has been written yet. */
  readonly head: Head | undefined;
  readonly torn: TornLine | undefined;
}

/**
 * The file of a ledger. It is opened again for every batch of lines. So if another program has moved or removed it, the
 * next batch creates a new one.
 */
export class LedgerFile {
  readonly #options: LedgerFileOptions;
  /** Whether the last write ended in the middle of a line. Then the rest of the line must go to the same file. */
  #midLine = false;

  constructor(options: LedgerFileOptions) {
    this.#options = options;
  }

  /**
   * Opens the file, creates it if it does not exist, and finds the end of its chain.
   * @throws ConfigurationError when the file cannot be written, or does not end with a record
   */
  async resume(): Promise<Resumption> {
    const { path } = this.#options;
    const tail = await readEnd(path).catch((error: NodeJS.ErrnoException) => {
      throw error instanceof ConfigurationError ? error : unusable(`the file cannot be written (${error.code})`);
    });
    const end = tail.lastIndexOf(NEWLINE) + 1;
    const { head, rest } = readHead(tail.subarray(0, end), tail.subarray(end));
    this.#midLine = end < tail.length;
    return {
      // If the process ended after rotating the file and before its next line, the last record is in the rotated file.
      head: head ?? (await this.#headOfRotated()),
      torn: rest.length === 0 ? undefined : { bytes: rest.length, sha256: sha256(rest) },
    };
  }

  /** Whether the last line was cut off, so that the next one must begin with a line feed. */
  get midLine(): boolean {
    return this.#midLine;
  }

  /** Appends lines to the file, and rotates it before if they would make it too large. */
  readonly write: WriteSome = (bytes, done) => {
    this.#append(bytes).then(
      (written) => done(null, written),
      (error: NodeJS.ErrnoException) => done(error, 0),
    );
  };

  async #append(bytes: Buffer): Promise<number> {
    const { path } = this.#options;
    if (!this.#midLine) await this.#rotateIfFull(bytes);
    const written = await appendOnce(path, bytes);
    if (written > 0) this.#midLine = bytes[written - 1] !== NEWLINE;
    return written;
  }

  /** Renames the file if these bytes would make it too large. */
  async #rotateIfFull(bytes: Buffer): Promise<void> {
    const { path, maxBytes, onRotation } = this.#options;
    const existing = await statOf(path);
    if (existing?.isFile() !== true || existing.size === 0 || existing.size + bytes.length <= maxBytes) return;
    const first = readLine(bytes.toString('utf8', 0, bytes.indexOf(NEWLINE)));
    const last = typeof first === 'string' ? 0 : first.seq - 1;
    // Named after its last record, so that the names of all rotated files sort in the order of the chain.
    const rotated = `${path}.${String(last).padStart(SEQ_DIGITS, '0')}`;
    await rename(path, rotated);
    onRotation('audit_file_full', rotated);
    await this.#removeOldest();
  }

  async #removeOldest(): Promise<void> {
    const { keep, onRotation } = this.#options;
    const files = await this.#rotatedFiles();
    for (const file of files.slice(0, Math.max(0, files.length - keep))) {
      await unlink(file).then(
        () => onRotation('audit_file_removed', file),
        () => onRotation('audit_file_stays', file),
      );
    }
  }

  /** The rotated files, oldest first. */
  async #rotatedFiles(): Promise<string[]> {
    const folder = dirname(this.#options.path);
    const prefix = `${basename(this.#options.path)}.`;
    // The number of digits distinguishes them from the ledger of a worker, which may be called `ledger.1`.
    const number = new RegExp(`^\\d{${SEQ_DIGITS},}$`);
    const isRotated = (name: string) => name.startsWith(prefix) && number.test(name.slice(prefix.length));
    return (await readdir(folder))
      .filter(isRotated)
      .sort()
      .map((name) => join(folder, name));
  }

  async #headOfRotated(): Promise<Head | undefined> {
    const newest = (await this.#rotatedFiles()).at(-1);
    return newest === undefined ? undefined : readHead(await readEnd(newest), Buffer.alloc(0)).head;
  }
}

/** The last bytes of a file, which is created if it does not exist. */
async function readEnd(path: string): Promise<Buffer> {
  const existing = await statOf(path);
  if (existing !== undefined && !existing.isFile() && !existing.isCharacterDevice()) {
    throw unusable('what it names is neither a file nor a device');
  }
  if (existing?.isCharacterDevice() === true) {
    // Nothing can be read back from a device. Opening it proves that it can be written.
    await open(path, constants.O_WRONLY).then((handle) => handle.close());
    return Buffer.alloc(0);
  }
  const handle = await open(path, 'a+', OWNER_ONLY);
  return readLast(handle).finally(() => handle.close());
}

async function readLast(handle: FileHandle): Promise<Buffer> {
  const { size } = await handle.stat();
  const length = Math.min(size, TAIL_BYTES);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
  const tail = buffer.subarray(0, bytesRead);
  if (size > TAIL_BYTES && !tail.includes(NEWLINE)) throw notALedger();
  return tail;
}

/**
 * Finds the last record of a file's end.
 * @param complete complete lines; the beginning of the first may be missing
 * @param rest the bytes after the last line feed
 * @returns the record, and the bytes of a last line that is not a record
 */
function readHead(complete: Buffer, rest: Buffer): { readonly head: Head | undefined; readonly rest: Buffer } {
  const last = complete.length === 0 ? undefined : readLine(lastLine(complete));
  if (typeof last === 'string') throw notALedger();
  // A last line that lacks only its line feed is a complete record.
  const cut = readLine(rest.toString());
  if (typeof cut !== 'string' && (last === undefined || cut.prev === last.hash)) {
    return { head: cut, rest: Buffer.alloc(0) };
  }
  return { head: last, rest };
}

function lastLine(complete: Buffer): string {
  const lines = complete.subarray(0, -1);
  return lines.toString('utf8', lines.lastIndexOf(NEWLINE) + 1);
}

function notALedger(): ConfigurationError {
  return unusable('the file does not end with a record of this server. Move it away, or name another one');
}

function unusable(why: string): ConfigurationError {
  return new ConfigurationError([`AUDIT_LOG: ${why}.`]);
}
