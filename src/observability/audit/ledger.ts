import { randomUUID } from 'node:crypto';
import type { AuditConfig } from '../../config/audit.ts';
import { sha256 } from '../../core/digest.ts';
import type { Effect } from '../../core/tool.ts';
import { version } from '../../core/version.ts';
import { within } from '../../core/within.ts';
import type { Log } from '../log/log.ts';
import { BackgroundWriter, type WriterOptions, type WriteSome } from '../log/writer.ts';
import type { RequestFacts } from '../request-facts.ts';
import { Chain, type Facts, type Head } from './chain.ts';
import { eventOf, intentFacts, outcomeFacts } from './events.ts';
import { LedgerFile } from './file.ts';
import { Refusals } from './flood.ts';
import type { TornEnd } from './tail.ts';
import { type EndedWorker, type Position, type StartedWorker, workerFacts } from './workers.ts';

/** The effects whose calls must be in the ledger before they run, by the value of `AUDIT_REQUIRED`. */
const EFFECTS_TO_RECORD: Readonly<Record<AuditConfig['required'], readonly Effect[]>> = {
  none: [],
  destructive: ['overwrite', 'destroy'],
  all: ['read', 'add', 'overwrite', 'destroy'],
};

/** How long a call waits for its record. A disk needs much less; the reader of a pipe may pause without end. */
const RECORD_DEADLINE_MS = 2_000;
const LAST_TOOLS_MS = 1_000;

/** The tamper-evident ledger of who did what. */
export interface Audit {
  /**
   * Records a completed request if it was a call, a failed authentication, a step-up or a refusal by a limit. If there
   * are too many refusals of one caller, or without a caller, in a minute, their number is recorded instead. A tool may
   * still run after its client has disconnected. Then the request is recorded when the tool ends.
   */
  request(record: RequestFacts): void;
  /**
   * Records a call before it runs, if its effect requires that.
   * @returns false when the record could not be written; then the call must not run
   */
  announce(record: RequestFacts): Promise<boolean>;
  /** Writes the first records of this process. Called when the server is ready. */
  started(): void;
  /** Records that a worker of this process serves requests. */
  workerStarted(worker: StartedWorker): void;
  /** Records that a worker of this process has ended. */
  workerEnded(worker: EndedWorker): void;
  /**
   * The record of this process's start, or of its end after `close`, once it is written; undefined if that takes too
   * long, or if there is no ledger.
   */
  written(): Promise<Position | undefined>;
  /**
   * Waits briefly for running tools, writes what is left or logs how many records are lost, and lets other processes use
   * the file. Before `started` it writes nothing.
   */
  close(): Promise<void>;
  /** Identifies this process in its records; undefined if there is no ledger. */
  readonly instance: string | undefined;
}

export interface AuditOptions {
  readonly config: AuditConfig;
  /** The number of this worker, and the instance of its primary, if this process is a worker. */
  readonly worker?: number | undefined;
  readonly primary?: string | undefined;
  /** Where `AUDIT_LOG=stderr` writes. */
  readonly stderr: WriteSome;
  readonly log: Log;
  /** How much is kept, and for how long, while the ledger cannot be written. */
  readonly writing?: Pick<WriterOptions, 'maxWaiting' | 'failurePauseMs' | 'flushDeadlineMs'>;
  /** How long a call waits for its record, in milliseconds. */
  readonly recordDeadlineMs?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** How long the lock of another machine must stay unchanged until it is taken over, in milliseconds. */
  readonly lockWatchMs?: number;
}

const NO_AUDIT: Audit = {
  request: () => undefined,
  announce: () => Promise.resolve(true),
  started: () => undefined,
  workerStarted: () => undefined,
  workerEnded: () => undefined,
  written: () => Promise.resolve(undefined),
  close: () => Promise.resolve(),
  instance: undefined,
};

/**
 * Opens the ledger, and finds where its chain continues. Writes nothing yet.
 * @throws ConfigurationError when the file cannot be used as a ledger
 */
export async function openAudit(options: AuditOptions): Promise<Audit> {
  const { to, maxBytes, keep } = options.config;
  if (to === 'off') return NO_AUDIT;
  if (to === 'stderr') return new Ledger(options, { write: options.stderr, to });
  const file = new LedgerFile({
    path: to.file,
    maxBytes,
    keep,
    lockWatchMs: options.lockWatchMs,
    onRotation: (event, file) => options.log[event === 'audit_file_stays' ? 'warn' : 'info'](event, file),
  });
  const resumption = await file.resume();
  return new Ledger(options, { ...resumption, write: file.write, to: to.file, close: () => file.close() });
}

interface Destination {
  readonly write: WriteSome;
  readonly to: string;
  readonly head?: Head | undefined;
  readonly torn?: TornEnd | undefined;
  readonly midLine?: boolean;
  /** Lets other processes write there. */
  readonly close?: () => Promise<void>;
}

class Ledger implements Audit {
  readonly #log: Log;
  readonly #effectsToRecord: readonly Effect[];
  readonly #destination: Destination;
  readonly #origin: Pick<AuditOptions, 'worker' | 'primary'>;
  readonly instance = randomUUID();
  readonly #chain: Chain;
  readonly #writer: BackgroundWriter;
  readonly #deadlineMs: number;
  readonly #now: () => number;
  readonly #refusals: Refusals;
  /** Completed requests whose tools are still running. */
  readonly #running = new Map<RequestFacts, Promise<void>>();
  /** The record of the start, then that of the end. */
  #milestone: Head | undefined;

  constructor(options: AuditOptions, destination: Destination) {
    const { config, log, writing, recordDeadlineMs = RECORD_DEADLINE_MS, now = Date.now } = options;
    this.#log = log;
    this.#origin = { worker: options.worker, primary: options.primary };
    this.#now = now;
    this.#refusals = new Refusals(now, (event, facts) => this.#add(event, facts));
    this.#deadlineMs = recordDeadlineMs;
    this.#effectsToRecord = EFFECTS_TO_RECORD[config.required];
    this.#destination = destination;
    this.#chain = new Chain(this.instance, destination.head);
    this.#writer = new BackgroundWriter({
      ...writing,
      write: destination.write,
      onFailure: (error) => log.error('audit_unavailable', { reason: error.message, required: config.required }),
      onRecovery: () => log.warn('audit_recovered'),
      onEnd: () => log.error('audit_unavailable', { reason: 'Its reader is gone.', required: config.required }),
      missing: (lost) => {
        log.error('audit_records_lost', { lost });
        return this.#line('audit_records_lost', { lost });
      },
    });
  }

  started(): void {
    const { to, torn, midLine } = this.#destination;
    const { seq, hash } = this.#chain.head;
    this.#log.info('audit', { to, instance: this.instance, seq, hash });
    if (torn !== undefined) {
      const { bytes, lines } = torn;
      this.#log.warn('audit_torn_line', { lines, bytes: bytes.length, seq, hash });
      const facts = { torn_lines: lines, torn_bytes: bytes.length, torn_sha256: sha256(bytes) };
      this.#add('audit_torn_line', facts, midLine);
    }
    this.#add('audit_started', { version, ...this.#origin }, midLine === true && torn === undefined);
    this.#milestone = this.#chain.head;
  }

  workerStarted(worker: StartedWorker): void {
    if (this.#milestone === undefined) this.started();
    this.#add('audit_worker_started', workerFacts(worker));
  }

  workerEnded(worker: EndedWorker): void {
    this.#add('audit_worker_ended', workerFacts(worker));
  }

  async written(): Promise<Position | undefined> {
    const milestone = this.#milestone;
    if (milestone === undefined || !(await this.#writer.isOut(this.#deadlineMs))) return undefined;
    return { instance: this.instance, ...milestone };
  }

  request(record: RequestFacts): void {
    const { running } = record.details;
    if (running === undefined) {
      this.#record(record);
      return;
    }
    const end = () => {
      this.#running.delete(record);
      this.#record(record);
    };
    this.#running.set(record, running.then(end, end));
  }

  async announce(record: RequestFacts): Promise<boolean> {
    const { effect } = record.details;
    if (effect === undefined || !this.#effectsToRecord.includes(effect)) return true;
    return this.#add('mcp_tool_intent', intentFacts(record)) && this.#writer.isOut(this.#deadlineMs);
  }

  async close(): Promise<void> {
    if (this.#milestone !== undefined) await this.#end();
    await this.#destination.close?.();
  }

  async #end(): Promise<void> {
    await this.#lastTools();
    this.#refusals.end();
    this.#add('audit_stopped', {});
    await this.#writer.flush();
    const lost = this.#writer.pending;
    this.#milestone = lost > 0 ? undefined : this.#chain.head;
    if (lost > 0) this.#log.error('audit_records_lost', { lost });
    this.#log.info('audit_stopped', { ...this.#chain.head });
  }

  #record(record: RequestFacts): void {
    const event = eventOf(record);
    if (event === undefined || !this.#refusals.admits(event, record)) return;
    this.#add(event, outcomeFacts(record));
  }

  /**
   * Waits for running tools. Connections to Scalekit are closed by now, so they end soon; one that does not is not
   * recorded.
   */
  async #lastTools(): Promise<void> {
    if (this.#running.size > 0) await within(LAST_TOOLS_MS, Promise.all(this.#running.values()));
  }

  #add(event: string, facts: Facts, afterCutOffLine = false): boolean {
    this.#refusals.endIfOver();
    return this.#writer.add(() => `${afterCutOffLine ? '\n' : ''}${this.#line(event, facts)}`);
  }

  #line(event: string, facts: Facts): string {
    return `${this.#chain.next(event, { timestamp: new Date(this.#now()).toISOString(), ...facts })}\n`;
  }
}
