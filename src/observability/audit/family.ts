import { canonicalJson } from '../../core/json.ts';
import { plainText } from '../plain-text.ts';
import type { ChainedRecord } from './chain.ts';

/** A line of a file, from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** A worker, and the record of its primary that names its start. */
export interface Started {
  /** Its number, as records show it. */
  readonly worker: string;
  readonly seq: number;
}

/** A chain that a record names, and where it does. */
interface Named extends Place {
  readonly reason: string;
}

/**
 * What primaries and workers say of each other's chains. A primary names the first and the last record of each worker,
 * and the first record of a worker names its primary. So whoever takes out one of these chains, or the end of a worker's,
 * would have to change the others.
 */
export class Family {
  /** By the hash of a record that must be there. */
  readonly #records = new Map<string, Named>();
  /** By the instance that must have records. */
  readonly #primaries = new Map<string, Named>();
  /** The first and the last records of processes; the ones in between are not needed. */
  readonly #found = new Set<string>();
  readonly #instances = new Set<string>();
  /** Workers without an end, by what tells the processes of one primary apart. */
  readonly #unended = new Map<string, Started>();
  #workers = 0;

  /** How many chains of workers were named. */
  get workers(): number {
    return this.#workers;
  }

  /** The workers that were named as started and never as ended. */
  unended(): readonly Started[] {
    return [...this.#unended.values()];
  }

  read(record: ChainedRecord, place: Place): void {
    const { event, instance, hash } = record;
    if (event === 'audit_started' || event === 'audit_stopped') {
      this.#found.add(hash);
      this.#instances.add(instance);
    }
    const { worker, primary, worker_hash: named, worker_seq: seq } = record;
    if (event === 'audit_started' && typeof primary === 'string' && !this.#primaries.has(primary)) {
      const reason = `worker ${shown(worker)} has begun here, and no record of its primary is there: its chain was taken out, or its file is missing`;
      this.#primaries.set(primary, { ...place, reason });
    }
    if (event !== 'audit_worker_started' && event !== 'audit_worker_ended') return;
    if (event === 'audit_worker_started') this.#workers++;
    this.#follow(record);
    if (typeof named !== 'string') return;
    const reason = `this record names record ${shown(seq)} of worker ${shown(worker)}, which is not there: records of that worker were taken out, or its file is missing`;
    this.#records.set(named, { ...place, reason });
  }

  #follow({ event, instance, seq, worker, pid }: ChainedRecord): void {
    const process = canonicalJson([instance, worker, pid]);
    if (event === 'audit_worker_started') this.#unended.set(process, { worker: shown(worker), seq });
    else this.#unended.delete(process);
  }

  /** The first record that names something that is not there. */
  missing(): Named | undefined {
    for (const [hash, named] of this.#records) if (!this.#found.has(hash)) return named;
    for (const [instance, named] of this.#primaries) if (!this.#instances.has(instance)) return named;
    return undefined;
  }
}

/** A number of a record in a text. Whoever has forged the record may have written something else there. */
function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : plainText(canonicalJson(value));
}
