import type { IncomingHttpHeaders } from 'node:http';
import type { Tracer } from '@opentelemetry/api';
import type { Message } from '../core/message.ts';
import type { Audit } from './audit/ledger.ts';
import { cleanEncoded } from './encoded.ts';
import type { Log } from './log/log.ts';
import type { Metrics } from './metrics/metrics.ts';
import { knownMcpMethod, type Outcome } from './outcomes.ts';
import { plainText } from './plain-text.ts';
import type { RequestDetails, RequestFacts, Source } from './request-facts.ts';
import { parentsOf } from './trace/parent.ts';
import { RequestSpans } from './trace/spans.ts';
import { Trace } from './trace/trace.ts';

/** The observers of requests: log, audit ledger, metrics and traces. */
export interface Observers {
  readonly log: Log;
  readonly audit: Pick<Audit, 'request' | 'announce'>;
  readonly metrics: Metrics;
  /** Makes spans, if a tracer provider is registered. */
  readonly tracer?: Tracer | undefined;
  /** Removes secrets from text that any client can send in a path or a header. */
  readonly clean: (text: string) => string;
}

/** The facts about the decision on a message. */
export interface DecisionFacts {
  /** The name of the tool, if the message calls one. */
  readonly tool?: string | undefined;
  /** The reason, if the message was denied. */
  readonly denied?: Outcome | undefined;
  readonly details: Partial<RequestDetails>;
}

/** How the HTTP request of a message ended. */
export interface Ending {
  readonly method: string;
  readonly path: string;
  /** The path of the route as it was registered; undefined if no route matched. */
  readonly route: string | undefined;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Whether the client disconnected before the answer was sent. */
  readonly gone: boolean;
}

const MAX_REASON = 200;
const MAX_PATH = 200;

/**
 * Everything that is observed of one request. Each step of the request calls a method that says what has happened. The
 * request's line in the log, its record in the ledger, its metrics and its spans come only from here.
 */
export class Observation {
  readonly #record: RequestFacts;
  readonly #observers: Observers;
  readonly #began = performance.now();
  readonly #spans: RequestSpans | undefined;
  #trace: Trace | undefined;

  constructor(requestId: string, { address, userAgent, clientRequestId }: Source, observers: Observers) {
    this.#observers = observers;
    const details = { address, userAgent: userAgent && cleanEncoded(userAgent, observers.clean) };
    this.#record = { requestId, clientRequestId, details };
    this.#spans = observers.tracer && new RequestSpans(observers.tracer);
    observers.metrics.requestBegan();
  }

  get requestId(): string {
    return this.#record.requestId;
  }

  /** The IP address of the client. */
  get address(): string {
    return this.#record.details.address ?? 'unknown';
  }

  /** The trace of the message, if there is one; steps and outgoing requests are added to it. */
  get trace(): Trace | undefined {
    return this.#trace;
  }

  /** The token is being checked. */
  authenticating(): void {
    this.#spans?.authenticationBegan();
  }

  authenticated({ subject, clientId }: { readonly subject: string; readonly clientId: string | undefined }): void {
    this.#spans?.authenticationEnded(undefined);
    this.#record.caller = plainText(subject);
    this.#record.client = clientId && plainText(clientId);
  }

  /** The token is not valid. `refused` must have been called before, with the reason. */
  notAuthenticated(): void {
    this.#spans?.authenticationEnded(this.#record.outcome);
  }

  /** A message has been read. Only methods of the protocol are kept; any other becomes `_OTHER`. */
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

  /** A call was authorized, or a message was denied. */
  decided({ tool, denied, details }: DecisionFacts): void {
    if (tool !== undefined) this.#record.tool = tool;
    if (denied !== undefined) this.#record.outcome = denied;
    Object.assign(this.#record.details, details);
  }

  /**
   * The request was refused.
   * @param reason for the log; must not quote the request
   */
  refused(outcome: Outcome, reason?: string): void {
    this.#record.outcome = outcome;
    if (reason !== undefined) this.#record.reason = reason.slice(0, MAX_REASON);
  }

  /** The message was answered. Ignored if an outcome is known already, such as that of a tool. */
  answered(outcome: Outcome): void {
    this.#record.outcome ??= outcome;
  }

  /** The confirmation of the call was valid, and is now used up. */
  confirmed(): void {
    this.#record.details.confirmed = true;
  }

  /**
   * Records a call in the ledger before it runs, if its effect requires that.
   * @returns false when the record could not be written; then the call must not run
   */
  announce(): Promise<boolean> {
    return this.#observers.audit.announce(this.#record);
  }

  /**
   * A tool is running. It may still run after its client has disconnected; the ledger records the request when it ends.
   * @param tool settles when the tool has ended; never rejects
   */
  running(tool: Promise<unknown>): void {
    this.#record.details.running = tool;
  }

  /** A tool has run. */
  ran(outcome: Outcome): void {
    this.#record.outcome = outcome;
  }

  /** The response has closed. Reports the request to all observers. */
  ended({ method, path, route, status, headers, gone }: Ending): void {
    const { log, audit, metrics, clean } = this.#observers;
    const record = this.#record;
    record.method = method;
    record.path = cleanEncoded(path, clean).slice(0, MAX_PATH);
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
