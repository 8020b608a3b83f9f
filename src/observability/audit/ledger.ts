import { randomUUID } from 'node:crypto';
import type { AuditConfig } from '../../config/audit.ts';
import type { Effect } from '../../core/tool.ts';
import { version } from '../../core/version.ts';
import { within } from '../../core/within.ts';
import type { Log } from '../log/log.ts';
import { BackgroundWriter, type WriterOptions, type WriteSome } from '../log/writer.ts';
import type { RequestFacts } from '../request-facts.ts';
import { Chain, type Facts, type Head } from './chain.ts';
import { eventOf, intentFacts, outcomeFacts } from './events.ts';
import { LedgerFile, type TornLine } from './file.ts';
import { AnonymousRecords, isAnonymous } from './flood.ts';

/** The calls that must be on record before they run. */
const DEMANDING: Readonly<Record<AuditConfig['required'], readonly Effect[]>> = {
  none: [],
  destructive: ['overwrite', 'destroy'],
  all: ['read', 'add', 'overwrite', 'destroy'],
};

/** A disk takes far less, and a reader that pauses may take for ever. */
const RECORD_DEADLINE_MS = 2_000;
const LAST_TOOLS_MS = 1_000;

/** The tamper-evident ledger of who did what. */
export interface Audit {
  /**
   * Takes a request that is over, and keeps what the ledger is for: calls, failed authentications, step-ups, limits.
   * Refusals without a caller that are too many in a minute are summed up.
   * A tool may outlive its client: it is recorded when it ends, with what it did.
   */
  request(record: RequestFacts): void;
  /**
   * Puts a call on record before it runs, where its effect demands that.
   * @returns false when it could not be written: the call must not run
   */
  announce(record: RequestFacts): Promise<boolean>;
  /** Begins, once this server serves. */
  started(): void;
  /** Writes what is left, tools that are just ending included, or says in the log how much is lost. */
  close(): Promise<void>;
}

export interface AuditOptions {
  readonly config: AuditConfig;
  /** Where `AUDIT_LOG=stderr` leads. */
  readonly stderr: WriteSome;
  readonly log: Log;
  /** How long and how much waits while the ledger cannot be written. */
  readonly patience?: Pick<WriterOptions, 'maxWaiting' | 'failurePauseMs' | 'flushDeadlineMs'>;
  /** How long a call waits for its record. */
  readonly recordDeadlineMs?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const NO_AUDIT: Audit = {
  request: () => undefined,
  announce: () => Promise.resolve(true),
  started: () => undefined,
  close: () => Promise.resolve(),
};

/**
 * Opens the ledger, and finds out where it goes on. Writes nothing yet.
 * @throws ConfigurationError when the file cannot serve as one
 */
export async function openAudit(options: AuditOptions): Promise<Audit> {
  const { to, maxBytes, keep } = options.config;
  if (to === 'off') return NO_AUDIT;
  if (to === 'stderr') return new Ledger(options, { write: options.stderr, to });
  const file = new LedgerFile({
    path: to.file,
    maxBytes,
    keep,
    onRotation: (event, name) => options.log[event === 'audit_file_stays' ? 'warn' : 'info'](event, { file: name }),
  });
  const { head, torn } = await file.resume();
  return new Ledger(options, { write: file.write, to: to.file, head, torn, midLine: file.midLine });
}

interface Destination {
  readonly write: WriteSome;
  readonly to: string;
  readonly head?: Head | undefined;
  readonly torn?: TornLine | undefined;
  readonly midLine?: boolean;
}

class Ledger implements Audit {
  readonly #log: Log;
  readonly #demanding: readonly Effect[];
  readonly #destination: Destination;
  readonly #instance = randomUUID();
  readonly #chain: Chain;
  readonly #writer: BackgroundWriter;
  readonly #deadlineMs: number;
  readonly #now: () => number;
  readonly #anonymous: AnonymousRecords;
  /** Requests that are over while their tools are not. */
  readonly #running = new Map<RequestFacts, Promise<void>>();

  constructor(options: AuditOptions, destination: Destination) {
    const { config, log, patience, recordDeadlineMs = RECORD_DEADLINE_MS, now = Date.now } = options;
    this.#log = log;
    this.#now = now;
    this.#anonymous = new AnonymousRecords(now, (facts) => this.#add('mcp_auth_failures_summed', facts));
    this.#deadlineMs = recordDeadlineMs;
    this.#demanding = DEMANDING[config.required];
    this.#destination = destination;
    this.#chain = new Chain(this.#instance, destination.head);
    this.#writer = new BackgroundWriter({
      ...patience,
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
    this.#log.info('audit', { to, instance: this.#instance, seq, hash });
    if (torn !== undefined) {
      this.#log.warn('audit_torn_line', { ...torn });
      this.#add('audit_torn_line', { torn_bytes: torn.bytes, torn_sha256: torn.sha256 }, midLine);
    }
    this.#add('audit_started', { version }, midLine === true && torn === undefined);
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
    if (effect === undefined || !this.#demanding.includes(effect)) return true;
    return this.#add('mcp_tool_intent', intentFacts(record)) && this.#writer.isOut(this.#deadlineMs);
  }

  async close(): Promise<void> {
    await this.#lastTools();
    this.#anonymous.end();
    this.#add('audit_stopped', {});
    await this.#writer.flush();
    const lost = this.#writer.pending;
    if (lost > 0) this.#log.error('audit_records_lost', { lost });
    this.#log.info('audit_stopped', { ...this.#chain.head });
  }

  #record(record: RequestFacts): void {
    const event = eventOf(record);
    if (event === undefined || (isAnonymous(event, record) && !this.#anonymous.admits())) return;
    this.#add(event, outcomeFacts(record));
  }

  /** Tools have nothing left to wait for when the ledger is closed; one that does not end all the same is left out. */
  async #lastTools(): Promise<void> {
    if (this.#running.size > 0) await within(LAST_TOOLS_MS, Promise.all(this.#running.values()));
  }

  #add(event: string, facts: Facts, afterCutOffLine = false): boolean {
    this.#anonymous.endIfOver();
    return this.#writer.add(() => `${afterCutOffLine ? '\n' : ''}${this.#line(event, facts)}`);
  }

  #line(event: string, facts: Facts): string {
    return `${this.#chain.next(event, { timestamp: new Date(this.#now()).toISOString(), ...facts })}\n`;
  }
}
