import {
  type Attributes,
  type Context,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace as traces,
} from '@opentelemetry/api';
import { headersOf } from './parent.ts';

// A trace is passed on explicitly, with the observation of a request and with its call. An implicit context
// (AsyncLocalStorage) would cost something for every call, traced or not.

/** The facts about an outgoing request that traces use. None of them is a value that a caller chose. */
interface OutgoingCall {
  readonly method: string;
  readonly address: string;
  readonly port: number;
  readonly template: string;
}

/** The trace of an outgoing request that has not been answered yet. */
interface Outgoing {
  /** The headers to send with the request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the trace of the request. `error` is what went wrong, if there was no answer. */
  answered(status: number | undefined, error?: string): void;
}

/** The no-op tracer of OpenTelemetry: its spans are not collected, and only pass their parent on. */
const NO_SPANS = new ProxyTracerProvider().getTracer('none');

/** A span of a trace, and the tracer that makes its child spans. */
export class Trace {
  readonly #tracer: Tracer;
  readonly #span: Span;
  readonly #context: Context;
  readonly #now: () => number;

  /** @param now the clock of its times, in milliseconds since 1970: one for all spans of a request */
  constructor(tracer: Tracer, span: Span, now: () => number) {
    this.#tracer = tracer;
    this.#span = span;
    this.#now = now;
    this.#context = traces.setSpan(ROOT_CONTEXT, span);
  }

  /** A trace that passes the caller's headers on, for a server that does not collect spans. */
  static passingOn(parent: SpanContext): Trace {
    return new Trace(NO_SPANS, traces.wrapSpanContext(parent), Date.now);
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  describe(name: string, attributes: Attributes): void {
    this.#span.updateName(name).setAttributes(attributes);
  }

  /** Begins a child span. Its `end` ends it. */
  step(name: string, attributes?: Readonly<Record<string, string>>): Trace {
    return this.#child(name, { startTime: this.#now(), ...(attributes !== undefined && { attributes }) });
  }

  /** Adds a child span that has ended already. */
  past(name: string, startTime: number, endTime: number, errorType: string | undefined): void {
    endSpan(this.#tracer.startSpan(name, { startTime }, this.#context), errorType, endTime);
  }

  /** Begins the span of an outgoing request. */
  outgoing({ method, address, port, template }: OutgoingCall): Outgoing {
    const child = this.#child(`${method} ${template}`, {
      kind: SpanKind.CLIENT,
      startTime: this.#now(),
      attributes: {
        'http.request.method': method,
        'url.template': template,
        'server.address': address,
        'server.port': port,
      },
    });
    return {
      headers: headersOf(child.#span.spanContext()),
      answered: (status, error) => {
        if (status !== undefined) child.#span.setAttribute('http.response.status_code', status);
        child.end(error ?? (status !== undefined && status >= 400 ? String(status) : undefined));
      },
    };
  }

  /** @param errorType the class of the error, if there was one */
  end(errorType?: string): void {
    endSpan(this.#span, errorType, this.#now());
  }

  #child(name: string, options: Parameters<Tracer['startSpan']>[1]): Trace {
    return new Trace(this.#tracer, this.#tracer.startSpan(name, options, this.#context), this.#now);
  }
}

function endSpan(span: Span, errorType: string | undefined, endTime: number): void {
  if (errorType !== undefined) {
    span.setAttribute('error.type', errorType);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end(endTime);
}
