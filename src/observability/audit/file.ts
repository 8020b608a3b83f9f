import { constants } from 'node:fs';
import { type FileHandle, open, readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ConfigurationError } from '../../config/error.ts';
import { sha256 } from '../../core/digest.ts';
import { appendOnce, OWNER_ONLY, statOf } from '../log/append.ts';
import type { WriteSome } from '../log/writer.ts';
import { type Head, readLine } from './chain.ts';

const NEWLINE = 0x0a;
/** Records are bounded to far less. */
const TAIL_BYTES = 256 * 1024;
const SEQ_DIGITS = 12;

export interface LedgerFileOptions {
  readonly path: string;
  /** A file that would grow beyond this is set aside. */
  readonly maxBytes: number;
  /** How many files that were set aside are kept; the oldest ones go. */
  readonly keep: number;
  /** Told about files that were set aside or removed, and about those that could not be removed. */
  readonly onRotation: (event: 'audit_file_full' | 'audit_file_removed' | 'audit_file_stays', file: string) => void;
}

/** A last line that a crash cut off. */
export interface TornLine {
  readonly bytes: number;
  readonly sha256: string;
}

/** Where an existing ledger goes on. */
export interface Resumption {
  /** Unset: nothing has been written yet. */
  readonly head: Head | undefined;
  readonly torn: TornLine | undefined;
}

/**
 * The file of a ledger. It is opened anew for every batch of lines: a file that somebody else moved away or removed is
 * noticed by the next batch, which begins a new one.
 */
export class LedgerFile {
  readonly #options: LedgerFileOptions;
  /** Whether what was written last ends in the middle of a line: its rest belongs into the same file. */
  #midLine = false;

  constructor(options: LedgerFileOptions) {
    this.#options = options;
  }

  /**
   * Opens the file, makes it where there is none, and looks where its chain ends.
   * @throws ConfigurationError when it cannot be written, or does not end with a record
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
      // A process that ended between setting a file aside and its next line has left the chain's end there.
      head: head ?? (await this.#headSetAside()),
      torn: rest.length === 0 ? undefined : { bytes: rest.length, sha256: sha256(rest) },
    };
  }

  /** Whether a line was cut off, so that the next one needs an end of line in front of it. */
  get midLine(): boolean {
    return this.#midLine;
  }

  readonly write: WriteSome = (bytes, done) => {
    this.#append(bytes).then(
      (written) => done(null, written),
      (error: NodeJS.ErrnoException) => done(error, 0),
    );
  };

  async #append(bytes: Buffer): Promise<number> {
    const { path } = this.#options;
    if (!this.#midLine) await this.#makeRoom(bytes);
    const written = await appendOnce(path, bytes);
    if (written > 0) this.#midLine = bytes[written - 1] !== NEWLINE;
    return written;
  }

  /** Sets the file aside when these bytes would make it too large. */
  async #makeRoom(bytes: Buffer): Promise<void> {
    const { path, maxBytes, onRotation } = this.#options;
    const existing = await statOf(path);
    if (existing?.isFile() !== true || existing.size === 0 || existing.size + bytes.length <= maxBytes) return;
    const first = readLine(bytes.toString('utf8', 0, bytes.indexOf(NEWLINE)));
    const last = typeof first === 'string' ? 0 : first.seq - 1;
    // Named after its last record, so that the names of all of them sort in the order of the chain.
    const aside = `${path}.${String(last).padStart(SEQ_DIGITS, '0')}`;
    await rename(path, aside);
    onRotation('audit_file_full', aside);
    await this.#removeOldest();
  }

  async #removeOldest(): Promise<void> {
    const { keep, onRotation } = this.#options;
    const files = await this.#setAside();
    for (const file of files.slice(0, Math.max(0, files.length - keep))) {
      await unlink(file).then(
        () => onRotation('audit_file_removed', file),
        () => onRotation('audit_file_stays', file),
      );
    }
  }

  /** Files that were set aside, oldest first. */
  async #setAside(): Promise<string[]> {
    const folder = dirname(this.#options.path);
    const prefix = `${basename(this.#options.path)}.`;
    // As many digits as such a name has: the ledger of a worker may be called `ledger.1`.
    const number = new RegExp(`^\\d{${SEQ_DIGITS},}$`);
    const isOurs = (name: string) => name.startsWith(prefix) && number.test(name.slice(prefix.length));
    return (await readdir(folder))
      .filter(isOurs)
      .sort()
      .map((name) => join(folder, name));
  }

  async #headSetAside(): Promise<Head | undefined> {
    const newest = (await this.#setAside()).at(-1);
    return newest === undefined ? undefined : readHead(await readEnd(newest), Buffer.alloc(0)).head;
  }
}

/** The last bytes of a file, which is made where there is none. */
async function readEnd(path: string): Promise<Buffer> {
  const existing = await statOf(path);
  if (existing !== undefined && !existing.isFile() && !existing.isCharacterDevice()) {
    throw unusable('what it names is neither a file nor a device');
  }
  if (existing?.isCharacterDevice() === true) {
    // Nothing can be read back from one: opening it proves that it may be written.
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
 * The last record among complete lines, and what is left of a line that is none.
 * @param complete whole lines, of which the first may be cut off at its beginning
 * @param rest what follows the last end of line
 */
function readHead(complete: Buffer, rest: Buffer): { readonly head: Head | undefined; readonly rest: Buffer } {
  const last = complete.length === 0 ? undefined : readLine(lastLine(complete));
  if (typeof last === 'string') throw notALedger();
  // Cut off right before its end of line, a record is as good as any.
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
