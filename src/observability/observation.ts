import type { IncomingHttpHeaders } from 'node:http';
import type { Tracer } from '@opentelemetry/api';
import type { Message } from '../core/message.ts';
import type { Audit } from './audit/ledger.ts';
import type { Log } from './log/log.ts';
import type { Metrics } from './metrics/metrics.ts';
import { knownMcpMethod, type Outcome } from './outcomes.ts';
import type { RequestDetails, RequestFacts, Source } from './request-facts.ts';
import { parentsOf } from './trace/parent.ts';
import { RequestSpans } from './trace/spans.ts';
import { Trace } from './trace/trace.ts';

/** Who is told about requests. */
export interface Observers {
  readonly log: Log;
  readonly audit: Audit;
  readonly metrics: Metrics;
  /** Makes spans, where somebody collects them. */
  readonly tracer?: Tracer | undefined;
  /** Takes secrets out of what anybody may write into a path or a header. */
  readonly clean: (text: string) => string;
}

/** What was decided about a message. */
export interface DecisionFacts {
  /** The name of the tool that it calls, where it calls one. */
  readonly tool?: string | undefined;
  /** Why it may not, where it may not. */
  readonly denied?: Outcome | undefined;
  readonly details: Partial<RequestDetails>;
}

/** How the HTTP request ended that carried the message. */
export interface Ending {
  readonly method: string;
  readonly path: string;
  /** As it was registered; undefined where there is none. */
  readonly route: string | undefined;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Whether the client went away before its answer. */
  readonly gone: boolean;
}

const MAX_REASON = 200;
const MAX_PATH = 200;

/**
 * What is observed of one request, told by those who do the work, in the order in which they do it. Log, ledger, metrics
 * and traces are fed from here alone.
 */
export class Observation {
  readonly #record: RequestFacts;
  readonly #observers: Observers;
  readonly #began = performance.now();
  readonly #spans: RequestSpans | undefined;
  #trace: Trace | undefined;

  constructor(requestId: string, { address, userAgent }: Source, observers: Observers) {
    this.#observers = observers;
    this.#record = { requestId, details: { address, userAgent: userAgent && observers.clean(userAgent) } };
    this.#spans = observers.tracer && new RequestSpans(observers.tracer);
    observers.metrics.requestBegan();
  }

  get requestId(): string {
    return this.#record.requestId;
  }

  /** Of the client. */
  get address(): string {
    return this.#record.details.address ?? 'unknown';
  }

  /** The place of the message in a trace, if it is a part of one. */
  get trace(): Trace | undefined {
    return this.#trace;
  }

  /** The token is being checked. */
  authenticating(): void {
    this.#spans?.authenticationBegan();
  }

  authenticated({ subject, clientId }: { readonly subject: string; readonly clientId: string | undefined }): void {
    this.#spans?.authenticationEnded(undefined);
    this.#record.caller = subject;
    this.#record.client = clientId;
  }

  /** The token is not good; `refused` has said why. */
  notAuthenticated(): void {
    this.#spans?.authenticationEnded(this.#record.outcome);
  }

  /** A message has been read. Its method is kept where the protocol knows it; anything else is a caller's text. */
  received(message: Message, headers: IncomingHttpHeaders): void {
    this.#record.rpc = knownMcpMethod(message.method);
    const { ofMessage, ofRequest } = parentsOf(message, headers);
    if (this.#spans !== undefined) {
      this.#trace = this.#spans.received(message.method, ofMessage ?? ofRequest, ofMessage && ofRequest);
      this.#record.traceId = this.#spans.traceId;
    } else {
      const parent = ofMessage ?? ofRequest;
      if (parent !== undefined) this.#trace = Trace.passingOn(parent);
    }
  }

  decided({ tool, denied, details }: DecisionFacts): void {
    if (tool !== undefined) this.#record.tool = tool;
    if (denied !== undefined) this.#record.outcome = denied;
    Object.assign(this.#record.details, details);
  }

  /**
   * The request ends here, without a result.
   * @param reason for the log, in words that do not quote the request
   */
  refused(outcome: Outcome, reason?: string): void {
    this.#record.outcome = outcome;
    if (reason !== undefined) this.#record.reason = reason.slice(0, MAX_REASON);
  }

  /** The message was answered in a way that its tool, if it ran, did not tell already. */
  answered(outcome: Outcome): void {
    this.#record.outcome ??= outcome;
  }

  /** The confirmation that a call brought was good. */
  confirmed(): void {
    this.#record.details.confirmed = true;
  }

  /**
   * Puts a call that is about to act into the ledger, where its effect demands that.
   * @returns false when it could not be written: the call must not run
   */
  announce(): Promise<boolean> {
    return this.#observers.audit.announce(this.#record);
  }

  /** A tool runs, and may outlive its client: it is recorded when it ends. */
  running(tool: Promise<unknown>): void {
    this.#record.details.running = tool;
  }

  /** A tool has run. */
  ran(outcome: Outcome): void {
    this.#record.outcome = outcome;
  }

  /** The connection is done with the request: tells all observers. */
  ended({ method, path, route, status, headers, gone }: Ending): void {
    const { log, audit, metrics, clean } = this.#observers;
    const record = this.#record;
    record.method = method;
    record.path = clean(path).slice(0, MAX_PATH);
    record.status = status;
    record.durationMs = Math.round((performance.now() - this.#began) * 100) / 100;
    record.details.route = route;
    record.details.gone = gone;
    const { details: _, ...line } = record;
    const outcome = gone ? 'client_closed' : record.outcome;
    log.info('request', gone ? { ...line, outcome } : line);
    metrics.requestEnded(record, outcome);
    this.#spans?.ended(record, headers, outcome);
    audit.request(record);
  }
}
