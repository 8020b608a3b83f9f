import { sha256 } from '../../core/digest.ts';
import { canonicalJson, parseJson } from '../../core/json.ts';

/** Facts of one event. Members that are `undefined` are left out. */
export type Facts = Readonly<Record<string, unknown>>;

/** Where a chain stands: what the next record has to follow. */
export interface Head {
  /** Of the last record; 0 before the first. */
  readonly seq: number;
  /** Of the last record, or the genesis value before the first. */
  readonly hash: string;
}

/** A record as it stands in a ledger, as far as the chain is concerned. */
export interface ChainedRecord extends Facts {
  readonly seq: number;
  readonly event: string;
  readonly instance: string;
  readonly prev: string;
  readonly hash: string;
}

/** What the first record of a chain follows: it names the instance, so that two chains never begin alike. */
export function genesis(instance: string): Head {
  return { seq: 0, hash: sha256(`scalekit-mcp-server audit ledger\n${instance}`) };
}

/** A line of a ledger: the record in canonical form, its hash as the last member. */
function lineOf(record: Facts): { readonly line: string; readonly hash: string } {
  const text = canonicalJson(record);
  const digest = sha256(text);
  return { line: `${text.slice(0, -1)},"hash":"${digest}"}`, hash: digest };
}

/** Makes the lines of one ledger, each following the one before. */
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

  /** The next line, without its end. */
  next(event: string, facts: Facts): string {
    const seq = this.#head.seq + 1;
    // A literal that goes on after a spread of this size takes ten times as long.
    const record = Object.assign({}, facts, { event, instance: this.#instance, prev: this.#head.hash, seq });
    const { line, hash: digest } = lineOf(record);
    this.#head = { seq, hash: digest };
    return line;
  }
}

/**
 * Reads a line of a ledger.
 * @returns the record, or in words why it is none: it must be written exactly as `Chain` writes, and have its own hash
 */
export function readLine(line: string): ChainedRecord | string {
  const record = parse(line);
  if (record === undefined) return 'it is no record of a ledger';
  const { hash: digest, ...rest } = record;
  const written = lineOf(rest);
  if (written.hash !== digest) return 'its content does not have the hash that it carries: it was changed';
  // Two members of one name would be one to every parser and something else to every reader.
  return written.line === line ? record : 'it is not in the form in which records are written: it was changed';
}

function parse(line: string): ChainedRecord | undefined {
  const record = parseJson(line);
  return isRecord(record) ? record : undefined;
}

function isRecord(value: unknown): value is ChainedRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { seq, event, instance, prev, hash: digest } = value as Facts;
  return Number.isSafeInteger(seq) && [event, instance, prev, digest].every((member) => typeof member === 'string');
}
