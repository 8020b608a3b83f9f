import { createReadStream } from 'node:fs';
import { sha256 } from '../../core/digest.ts';
import { type ChainedRecord, genesis, type Head, MAX_LINE, readLine } from './chain.ts';
import { Family, type Started } from './family.ts';
import { MAX_TORN_LINES } from './tail.ts';

/** The place where the chain of a ledger is broken. */
interface BrokenLink {
  readonly file: string;
  /** The number of the line, from 1. */
  readonly line: number;
  /** Why the chain is broken, as a clause. */
  readonly reason: string;
}

/** The last record of one chain, and where it stands. */
interface ChainEnd extends Head {
  /** The process that wrote it, as its lines `audit` in the log name it. */
  readonly instance: string;
  readonly file: string;
}

/** The facts about an unbroken ledger. */
interface Whole {
  readonly records: number;
  readonly first: number;
  /** The last record. If it is kept elsewhere, it proves later that nothing was removed from the end. */
  readonly head: Head;
  readonly instances: number;
  /** The number of chains in the ledger. */
  readonly chains: number;
  /** The last record of each chain. */
  readonly ends: readonly ChainEnd[];
  /** How many records could not be written, as the ledger itself says. */
  readonly lost: number;
  /** How many lines were cut off in the middle, as later records confirm. */
  readonly torn: number;
  /** How many chains of workers the records of their primaries name. They are looked for only in interleaved input. */
  readonly workers: number;
  /** The workers that their primaries name as started and never as ended. */
  readonly unended: readonly Started[];
}

/** The outcome of a verification. */
export type Verdict = ({ readonly whole: true } & Whole) | ({ readonly whole: false } & BrokenLink);

/** Lines that are not records, until the next record explains them. */
interface Torn {
  /** The first of them. */
  readonly line: number;
  readonly reason: string;
  readonly lines: Buffer[];
}

export interface VerifyOptions {
  /** The hash of the record before the first one, if older files are missing. Unset: the ledger must begin here. */
  readonly after?: string | undefined;
  /** Whether several processes have written to the ledger, each its own chain, as they do to one stderr. */
  readonly interleaved?: boolean | undefined;
}

/**
 * Verifies the chain of a ledger, up to the first broken link.
 * @param files the files of the ledger, oldest first
 * @throws Error when a file cannot be read
 */
export async function verifyLedger(files: readonly string[], options: VerifyOptions = {}): Promise<Verdict> {
  const follower = new Follower(options);
  for (const file of files) {
    const broken = await follower.follow(file);
    if (broken !== undefined) return { whole: false, file, ...broken };
  }
  const missing = options.interleaved === true ? follower.missing() : undefined;
  return missing === undefined ? { whole: true, ...follower.summary() } : { whole: false, ...missing };
}

const NEWLINE = 0x0a;
const LINE_FEED = Buffer.from('\n');

/** The lines of a file without their line feeds; the last one may be incomplete. */
async function* linesOf(file: string): AsyncIterable<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file)) {
    let bytes = Buffer.concat([rest, chunk as Buffer]);
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE)) {
      yield bytes.subarray(0, end);
      bytes = bytes.subarray(end + 1);
    }
    // What is this long is no record, and would be copied with every chunk.
    if (bytes.length > MAX_LINE) return yield bytes;
    rest = bytes;
  }
  if (rest.length > 0) yield rest;
}

class Follower {
  readonly #after: string | undefined;
  readonly #interleaved: boolean;
  readonly #instances = new Set<string>();
  /** The last record of each chain. */
  readonly #ends = new Map<string, ChainEnd>();
  #head: Head | undefined;
  #torn: Torn | undefined;
  #first = 0;
  #records = 0;
  #lost = 0;
  #tornLines = 0;
  readonly #family = new Family();

  constructor({ after, interleaved = false }: VerifyOptions) {
    this.#after = after;
    this.#interleaved = interleaved;
  }

  summary(): Whole {
    return {
      records: this.#records,
      first: this.#first,
      head: this.#head ?? { seq: 0, hash: this.#after ?? '' },
      instances: this.#instances.size,
      chains: this.#ends.size,
      ends: [...this.#ends.values()],
      lost: this.#lost,
      torn: this.#tornLines,
      workers: this.#family.workers,
      unended: this.#family.unended(),
    };
  }

  /** A chain that a record names and that is not there. */
  missing(): BrokenLink | undefined {
    return this.#family.missing();
  }

  async follow(file: string): Promise<Omit<BrokenLink, 'file'> | undefined> {
    let line = 0;
    for await (const bytes of linesOf(file)) {
      line++;
      const reason = this.#take(bytes, file, line);
      if (reason !== undefined) return { line: this.#torn?.line ?? line, reason: this.#torn?.reason ?? reason };
    }
    if (this.#torn === undefined) return undefined;
    return {
      line: this.#torn.line,
      reason: `${this.#torn.reason}, or a crash cut it off and nothing was written since`,
    };
  }

  /** @returns why the chain breaks here */
  #take(bytes: Buffer, file: string, line: number): string | undefined {
    const record = readLine(bytes);
    if (typeof record === 'string') return this.#tear(record, bytes, line);
    const reason = this.#explainTorn(record) ?? this.#link(record);
    if (reason !== undefined) return reason;
    this.#count(record, file);
    this.#family.read(record, { file, line });
    return undefined;
  }

  #tear(reason: string, bytes: Buffer, line: number): string | undefined {
    this.#torn ??= { line, reason, lines: [] };
    this.#torn.lines.push(bytes);
    const isCutOff = bytes.length <= MAX_LINE && this.#torn.lines.length <= MAX_TORN_LINES;
    return isCutOff ? undefined : reason;
  }

  #explainTorn({ event, torn_sha256: digest }: ChainedRecord): string | undefined {
    if (this.#torn === undefined) return undefined;
    const { lines, reason } = this.#torn;
    const bytes = Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line] : [LINE_FEED, line])));
    if (event !== 'audit_torn_line' || digest !== sha256(bytes)) return reason;
    this.#torn = undefined;
    this.#tornLines += lines.length;
    return undefined;
  }

  #link({ seq, prev, instance }: ChainedRecord): string | undefined {
    if (this.#ends.get(prev)?.seq === seq - 1) return undefined;
    if (this.#head === undefined) return this.#begin(seq, prev, instance);
    if (!this.#interleaved) {
      const follows = `record ${seq} does not follow record ${this.#head.seq}`;
      return `${follows}: a line was removed, inserted or moved, or another process writes here too (--interleaved)`;
    }
    if (seq === 1 && prev === genesis(instance).hash && !this.#instances.has(instance)) return undefined;
    return `record ${seq} follows no record before it: a line was removed, inserted or moved`;
  }

  #begin(seq: number, prev: string, instance: string): string | undefined {
    const expected = this.#after ?? (seq === 1 ? genesis(instance).hash : undefined);
    if (prev === expected) return undefined;
    return this.#after === undefined
      ? `the ledger begins with record ${seq}: give the files before this one too, or with --after the hash of record ${seq - 1}, which the log has where older files were removed (audit_file_removed)`
      : `record ${seq} does not follow the hash that --after names`;
  }

  #count({ seq, prev, hash, instance, event, lost }: ChainedRecord, file: string): void {
    if (this.#records++ === 0) this.#first = seq;
    this.#head = { seq, hash };
    this.#ends.delete(prev);
    this.#ends.set(hash, { seq, hash, instance, file });
    this.#instances.add(instance);
    if (event === 'audit_records_lost' && Number.isSafeInteger(lost)) this.#lost += Math.max(0, Number(lost));
  }
}
