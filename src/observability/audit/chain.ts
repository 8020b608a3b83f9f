import { isUtf8 } from 'node:buffer';
import { sha256 } from '../../core/digest.ts';
import { canonicalJson, isDeeperThan, MAX_DEPTH, parseJson } from '../../core/json.ts';

/** The longest line that can be a record, in bytes. Records are much shorter, because all of their texts are cut. */
export const MAX_LINE = 64 * 1024;

/** The facts of one event. Members that are `undefined` are left out. */
export type Facts = Readonly<Record<string, unknown>>;

/** The end of a chain, which the next record has to follow. */
export interface Head {
  /** The sequence number of the last record; 0 before the first. */
  readonly seq: number;
  /** The hash of the last record, or the genesis value before the first. */
  readonly hash: string;
}

/** A record of a ledger, with the members that make it a part of the chain. */
export interface ChainedRecord extends Facts {
  readonly seq: number;
  readonly event: string;
  readonly instance: string;
  readonly prev: string;
  readonly hash: string;
}

/** The head before the first record. It depends on the instance, so that two chains never begin with the same hash. */
export function genesis(instance: string): Head {
  return { seq: 0, hash: sha256(`scalekit-mcp-server audit ledger\n${instance}`) };
}

/** A line of a ledger: the record as canonical JSON, with its hash as the last member. */
function lineOf(record: Facts): { readonly line: string; readonly hash: string } {
  const text = canonicalJson(record);
  const digest = sha256(text);
  return { line: `${text.slice(0, -1)},"hash":"${digest}"}`, hash: digest };
}

/** Makes the lines of one ledger. Each contains the hash of the one before. */
export class Chain {
  readonly #instance: string;
  #head: Head;

  constructor(instance: string, head = genesis(instance)) {
    this.#instance = instance;
    this.#head = head;
  }

  get head(): Head {
    return this.#head;
  }

  /** The next line, without the line feed. */
  next(event: string, facts: Facts): string {
    const seq = this.#head.seq + 1;
    // An object literal with a spread of this size takes ten times as long.
    const record = Object.assign({}, facts, { event, instance: this.#instance, prev: this.#head.hash, seq });
    const { line, hash: digest } = lineOf(record);
    this.#head = { seq, hash: digest };
    return line;
  }
}

/**
 * Reads a line of a ledger and checks that it is written exactly as `Chain` writes, and that its hash is right.
 * @returns the record, or a text that says what is wrong
 */
export function readLine(bytes: Buffer): ChainedRecord | string {
  if (bytes.length > MAX_LINE) return 'it is longer than any record of a ledger';
  // Bytes that are no UTF-8 would all be read as U+FFFD, which may stand in a record.
  if (!isUtf8(bytes)) return 'it holds bytes that are not UTF-8: it was changed';
  const line = bytes.toString();
  const record = parse(line);
  if (record === undefined) return 'it is no record of a ledger';
  const { hash: digest, ...rest } = record;
  const written = lineOf(rest);
  if (written.hash !== digest) return 'its content does not have the hash that it carries: it was changed';
  // Catches two members with the same name: a parser sees only the last one, but a person reads both.
  return written.line === line ? record : 'it is not in the form in which records are written: it was changed';
}

function parse(line: string): ChainedRecord | undefined {
  const record = parseJson(line);
  return isRecord(record) && !isDeeperThan(record, MAX_DEPTH) ? record : undefined;
}

function isRecord(value: unknown): value is ChainedRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { seq, event, instance, prev, hash: digest } = value as Facts;
  return Number.isSafeInteger(seq) && [event, instance, prev, digest].every((member) => typeof member === 'string');
}
