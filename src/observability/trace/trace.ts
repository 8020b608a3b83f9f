import type { IncomingHttpHeaders } from 'node:http';
import { isObject } from '../../core/json.ts';
import type { Message } from '../../core/message.ts';
import type { RequestFacts } from '../request-facts.ts';

// A trace is passed on explicitly, with the observation of a request and with its call. An implicit context
// (AsyncLocalStorage) would cost something for every call, traced or not.

/** The parent span of a request, in the form of W3C Trace Context. */
export interface Parent {
  readonly traceparent: string;
  readonly tracestate: string | undefined;
}

/** The facts about a request to Scalekit that traces use. None of them is a value that a caller chose. */
export interface OutgoingCall {
  readonly method: string;
  readonly address: string;
  readonly port: number;
  readonly template: string;
}

/** The trace of a request to Scalekit that has not been answered yet. */
export interface Outgoing {
  /** The headers to send with the request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the trace of the request. `error` is what went wrong, if there was no answer. */
  answered(status: number | undefined, error?: string): void;
}

/** A span of a trace, or, when no spans are collected, the headers of a trace to be passed on. */
export interface Trace {
  /** The headers to send with outgoing requests, if no spans are collected. Then nothing else needs to be done. */
  readonly passedOn?: Readonly<Record<string, string>>;
  /** Begins a child span. Its `end` ends it. */
  step(name: string, attributes?: Readonly<Record<string, string>>): Trace;
  /** Begins the span of a request to Scalekit. */
  outgoing(call: OutgoingCall): Outgoing;
  /** @param errorType the class of the error, if there was one */
  end(errorType?: string): void;
}

/** The spans of one request, if spans are collected. */
export interface RequestSpans {
  authenticationBegan(): void;
  /** @param errorType why it was refused, if it was */
  authenticationEnded(errorType: string | undefined): void;
  /**
   * Begins the span of the message. Its start time is the beginning of the request.
   * @param parent the span that sent the message, or else the HTTP request
   * @param linked the span that sent the HTTP request, if the message names another parent; it becomes a link
   */
  received(method: string, parent: Parent | undefined, linked: Parent | undefined): Trace;
  /** Undefined until a span has begun. */
  readonly traceId: string | undefined;
  ended(record: RequestFacts, headers: IncomingHttpHeaders, outcome: string | undefined): void;
}

/** Makes spans. */
export interface Tracing {
  begin(): RequestSpans;
}

/** Passes the trace headers of the caller on, unchanged. */
class PassedOn implements Trace, Outgoing {
  readonly passedOn: Readonly<Record<string, string>>;

  constructor({ traceparent, tracestate }: Parent) {
    this.passedOn = { traceparent, ...(tracestate !== undefined && { tracestate }) };
  }

  get headers(): Readonly<Record<string, string>> {
    return this.passedOn;
  }

  step(): Trace {
    return this;
  }

  outgoing(): Outgoing {
    return this;
  }

  answered(): void {
    // There is no span to end.
  }

  end(): void {
    // There is no span to end.
  }
}

/** A trace that passes the caller's headers on to Scalekit, for a server that does not collect spans. */
export function passedOn(parent: Parent): Trace {
  return new PassedOn(parent);
}

/** The parents that a message (in `_meta`) and its HTTP request (in headers) name. They may differ. */
export function parentsOf(
  { params }: Pick<Message, 'params'>,
  headers: IncomingHttpHeaders,
): { readonly ofMessage: Parent | undefined; readonly ofRequest: Parent | undefined } {
  const meta = params['_meta'];
  return {
    ofMessage: isObject(meta) ? parentFrom(meta['traceparent'], meta['tracestate']) : undefined,
    ofRequest: parentIn(headers),
  };
}

/** The parent that the headers of an HTTP request name. */
export function parentIn(headers: IncomingHttpHeaders): Parent | undefined {
  const { traceparent } = headers;
  return traceparent === undefined ? undefined : parentFrom(traceparent, headers['tracestate']);
}

/**
 * W3C Trace Context §3.2: version, trace id, parent id and flags. Ids of zeros are invalid. Later versions may have
 * further fields; such headers do not match and are not passed on.
 */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const TRACESTATE = /^[\x20-\x7e]{1,512}$/;

function parentFrom(traceparent: unknown, tracestate: unknown): Parent | undefined {
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent)) return undefined;
  return {
    traceparent,
    tracestate: typeof tracestate === 'string' && TRACESTATE.test(tracestate) ? tracestate : undefined,
  };
}
