import type { IncomingHttpHeaders } from 'node:http';
import type { Tracer } from '@opentelemetry/api';
import type { Message } from '../core/message.ts';
import { once } from '../core/once.ts';
import type { Audit } from './audit/ledger.ts';
import { beginningOfEncoded } from './encoded.ts';
import type { Log } from './log/log.ts';
import type { Metrics } from './metrics/metrics.ts';
import { knownMcpMethod, type Outcome } from './outcomes.ts';
import { MAX_TEXT, plainText } from './plain-text.ts';
import { plainToken } from './refused-token.ts';
import type { RefusedToken, RequestDetails, RequestFacts, Source, UpstreamFacts } from './request-facts.ts';
import { parentsOf } from './trace/parent.ts';
import { RequestSpans } from './trace/spans.ts';
import { Trace } from './trace/trace.ts';
import { wordsOf } from './upstream-facts.ts';

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
  /** What the message reads, completes or gets otherwise, by a name of this server. */
  readonly subject?: string | undefined;
  /** The reason, if the message was denied. */
  readonly denied?: Outcome | undefined;
  /** The caller's organization, and the settings whose lists lack the caller, if that is why. */
  readonly admission?:
    | { readonly organization: string | undefined; readonly missingFrom: readonly string[] }
    | undefined;
  readonly details: Partial<RequestDetails>;
}

/** The HTTP request of a message, and what it has been answered with so far. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  /** The path of the route as it was registered; undefined if no route matched. */
  readonly route: string | undefined;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

const MAX_REASON = 200;

function isProbe(route: string | undefined): boolean {
  return route !== undefined && /^\/health(\/|$)/.test(route);
}

/**
 * Everything that is observed of one request. Each step of the request calls a method that says what has happened. The
 * request's line in the log, its record in the ledger, its metrics and its spans come only from here, all at the same
 * moment: when the tool has ended, or else when the answer is complete, or else when the client has disconnected. None
 * of them waits for an answer to be read, because a client may never read it.
 */
export class Observation {
  readonly #record: RequestFacts;
  readonly #observers: Observers;
  readonly #exchange: (() => Exchange) | undefined;
  readonly #began = performance.now();
  readonly #spans: RequestSpans | undefined;
  #trace: Trace | undefined;
  #isReported = false;
  #isRefused = false;
  #atEnd: (() => void)[] = [];

  /** @param exchange the HTTP request as it is now; left out for a message that did not come over HTTP */
  constructor(
    requestId: string,
    { address, userAgent, clientRequestId }: Source,
    observers: Observers,
    exchange?: () => Exchange,
  ) {
    this.#observers = observers;
    this.#exchange = exchange;
    // Read for some requests alone, and cleaned only then.
    const agent = once(() => userAgent && this.#clean(userAgent));
    const details = {
      address,
      get userAgent() {
        return agent();
      },
    };
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
    this.#spans?.authenticated();
    this.#record.caller = plainText(subject);
    this.#record.client = clientId && plainText(clientId);
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
  decided({ tool, subject, denied, admission, details }: DecisionFacts): void {
    if (tool !== undefined) this.#record.tool = tool;
    if (subject !== undefined) this.#record.subject = subject;
    if (denied !== undefined) this.#record.outcome = denied;
    if (admission !== undefined) {
      this.#record.organization = admission.organization && plainText(admission.organization);
      this.#record.missing_from = admission.missingFrom;
    }
    Object.assign(this.#record.details, details);
  }

  /**
   * The request was refused.
   * @param reason for the log; must not quote the request
   * @param token what an access token said, and what is accepted, if that is why; both are cleaned here
   */
  refused(outcome: Outcome, reason?: string, token?: RefusedToken): void {
    this.#record.outcome = outcome;
    if (token !== undefined) this.#record.token = plainToken(token, (text) => this.#clean(text));
    if (reason !== undefined) this.#record.reason = reason.slice(0, MAX_REASON);
    // Its answer may have to wait.
    this.#isRefused = true;
    this.#endIfOver();
  }

  /** The message was answered. Ignored if an outcome is known already, such as that of a tool. */
  answered(outcome: Outcome): void {
    this.#record.outcome ??= outcome;
  }

  /** What the call is about to do, in one sentence without secrets. */
  about(action: string): void {
    this.#record.details.action = action;
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

  /** Told of requests to the management API that may change something. */
  readonly changes = {
    sending: () => {
      const { details } = this.#record;
      details.changes = (details.changes ?? 0) + 1;
    },
    refused: () => {
      const { details } = this.#record;
      details.changes = (details.changes ?? 1) - 1;
    },
  };

  /**
   * Whether the request has been refused or reported, and no tool is running for it. Then it takes nothing of this server.
   */
  get isOver(): boolean {
    return (this.#isReported || this.#isRefused) && this.#record.details.running === undefined;
  }

  /** Calls back once, when the request is over, whatever becomes of its connection. */
  whenOver(callback: () => void): void {
    if (this.isOver) callback();
    else this.#atEnd.push(callback);
  }

  /**
   * A tool is running. It may still run after its client has disconnected; the ledger records the request when it ends.
   * @param tool settles when the tool has ended; never rejects
   */
  running(tool: Promise<unknown>): void {
    this.#record.details.running = tool;
    const ended = () => this.#toolEnded();
    tool.then(ended, ended);
  }

  /** So many arguments that the caller's program had added were dropped before the decision. */
  droppedArguments(count: number): void {
    this.#record.droppedArguments = count;
  }

  /**
   * A tool has run.
   * @param upstream what the management API said, if that is why the tool failed
   */
  ran(outcome: Outcome, upstream?: UpstreamFacts): void {
    this.#record.outcome = outcome;
    if (upstream !== undefined) this.#record.upstream = wordsOf(upstream);
    this.#toolEnded();
    this.#report(false);
  }

  /** The answer is complete. Its client may not have received it. */
  sent(): void {
    this.#report(false);
  }

  /**
   * The response has closed.
   * @param isDelivered whether the operating system has taken the whole answer
   */
  closed(isDelivered: boolean): void {
    const { requestId, caller } = this.#record;
    if (this.#isReported && !isDelivered) this.#observers.log.info('answer_lost', { requestId, caller });
    this.#report(!isDelivered);
  }

  /** What records show of a text from a request. Cut before it is cleaned, because anybody can send long ones. */
  #clean(text: string): string {
    return beginningOfEncoded(text, MAX_TEXT, this.#observers.clean);
  }

  #toolEnded(): void {
    this.#record.details.running = undefined;
    this.#endIfOver();
  }

  /**
   * Reports the request to all observers, once.
   * @param gone whether the client has disconnected before there was an answer
   */
  #report(gone: boolean): void {
    if (this.#isReported) return;
    this.#isReported = true;
    const { log, audit, metrics } = this.#observers;
    const record = this.#record;
    const exchange = this.#exchange?.();
    if (exchange !== undefined) {
      record.method = exchange.method;
      record.path = this.#clean(exchange.path);
      record.status = exchange.status;
      record.details.route = exchange.route;
    }
    record.durationMs = Math.round((performance.now() - this.#began) * 100) / 100;
    record.details.gone = gone;
    const { details: _, ...line } = record;
    const outcome = gone ? 'client_closed' : record.outcome;
    // Probes come every second or two from everything that watches this process.
    const level = isProbe(exchange?.route) ? 'debug' : 'info';
    log[level]('request', gone ? { ...line, outcome } : line);
    metrics.requestEnded(record, outcome);
    this.#spans?.ended(record, exchange?.headers ?? {}, outcome);
    audit.request(record);
    this.#endIfOver();
  }

  #endIfOver(): void {
    if (!this.isOver) return;
    for (const callback of this.#atEnd) callback();
    this.#atEnd = [];
  }
}
