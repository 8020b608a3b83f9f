import type { IncomingHttpHeaders } from 'node:http';
import { isObject } from '../../core/json.ts';
import type { Message } from '../../core/message.ts';
import type { RequestFacts } from '../request-facts.ts';

// Traces travel with the record of a request and with the call that it becomes, explicitly: what follows a request
// around by itself would cost something on every call, traced or not.

/** Who a request is a part of, in the form of W3C Trace Context. */
export interface Parent {
  readonly traceparent: string;
  readonly tracestate: string | undefined;
}

/** A request to Scalekit, as traces see it: never a value that a caller chose. */
export interface OutgoingCall {
  readonly method: string;
  readonly address: string;
  readonly port: number;
  readonly template: string;
}

/** A request to Scalekit that is under way. */
export interface Outgoing {
  /** To be sent with it. */
  readonly headers: Readonly<Record<string, string>>;
  /** @param error what went wrong, where there was no answer */
  answered(status: number | undefined, error?: string): void;
}

/** A place in a trace. */
export interface Trace {
  /** What is sent on, where nobody collects spans and nothing else needs to be known. */
  readonly passedOn?: Readonly<Record<string, string>>;
  /** Begins a step, which `end` of what is returned ends. */
  step(name: string, attributes?: Readonly<Record<string, string>>): Trace;
  outgoing(call: OutgoingCall): Outgoing;
  /** @param errorType the class of error that it ended with, if it did */
  end(errorType?: string): void;
}

/** The spans of one request, where somebody collects them. */
export interface RequestSpans {
  authenticationBegan(): void;
  /** @param errorType why it was refused, if it was */
  authenticationEnded(errorType: string | undefined): void;
  /**
   * Begins the span of the message, which reaches back to the beginning of the request.
   * @param origin who sent the message; `transport` is who sent the HTTP request, where that is somebody else
   */
  received(method: string, origin: Parent | undefined, transport: Parent | undefined): Trace;
  /** Known once a span has begun. */
  readonly traceId: string | undefined;
  ended(record: RequestFacts, headers: IncomingHttpHeaders, outcome: string | undefined): void;
}

/** Makes spans. */
export interface Tracing {
  begin(): RequestSpans;
}

/** What came in goes out. */
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
    // Nobody collects spans.
  }

  end(): void {
    // Nobody collects spans.
  }
}

/** The trace of a caller, for a server that adds nothing to it: all that is done for it where nobody collects spans. */
export function passedOn(parent: Parent): Trace {
  return new PassedOn(parent);
}

/** Who a message and the HTTP request that carries it are a part of: not always the same. */
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

/** Who sent an HTTP request. */
export function parentIn(headers: IncomingHttpHeaders): Parent | undefined {
  const { traceparent } = headers;
  return traceparent === undefined ? undefined : parentFrom(traceparent, headers['tracestate']);
}

/** Version, trace, span and flags; zeros alone name nobody. Later versions may add to it, and are not passed on. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const TRACESTATE = /^[\x20-\x7e]{1,512}$/;

function parentFrom(traceparent: unknown, tracestate: unknown): Parent | undefined {
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent)) return undefined;
  return {
    traceparent,
    tracestate: typeof tracestate === 'string' && TRACESTATE.test(tracestate) ? tracestate : undefined,
  };
}
