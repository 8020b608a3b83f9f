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

// Traces travel with the observation of a request and with the call that it becomes, explicitly: what follows a request
// around by itself would cost something on every call, traced or not.

/** A request to another server, as traces see it: never a value that a caller chose. */
interface OutgoingCall {
  readonly method: string;
  readonly address: string;
  readonly port: number;
  readonly template: string;
}

/** A request to another server that is under way. */
interface Outgoing {
  /** To be sent with it. */
  readonly headers: Readonly<Record<string, string>>;
  /** @param error what went wrong, where there was no answer */
  answered(status: number | undefined, error?: string): void;
}

/** Makes spans that nobody collects: what they are children of is all that they hand on. */
const NO_SPANS = new ProxyTracerProvider().getTracer('none');

/** A place in a trace: a span, and what makes children of it. */
export class Trace {
  readonly #tracer: Tracer;
  readonly #span: Span;
  readonly #context: Context;

  constructor(tracer: Tracer, span: Span) {
    this.#tracer = tracer;
    this.#span = span;
    this.#context = traces.setSpan(ROOT_CONTEXT, span);
  }

  /** The trace of a caller, for a server that adds no spans to it: what came in goes out. */
  static passingOn(parent: SpanContext): Trace {
    return new Trace(NO_SPANS, traces.wrapSpanContext(parent));
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  describe(name: string, attributes: Attributes): void {
    this.#span.updateName(name).setAttributes(attributes);
  }

  /** Begins a step, which `end` of what is returned ends. */
  step(name: string, attributes?: Readonly<Record<string, string>>): Trace {
    return this.#child(name, { startTime: performance.now(), ...(attributes !== undefined && { attributes }) });
  }

  /** A step that is over. */
  past(name: string, startTime: number, endTime: number, errorType: string | undefined): void {
    endSpan(this.#tracer.startSpan(name, { startTime }, this.#context), errorType, endTime);
  }

  outgoing({ method, address, port, template }: OutgoingCall): Outgoing {
    const child = this.#child(`${method} ${template}`, {
      kind: SpanKind.CLIENT,
      startTime: performance.now(),
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

  /** @param errorType the class of error that it ended with, if it did */
  end(errorType?: string): void {
    endSpan(this.#span, errorType, performance.now());
  }

  #child(name: string, options: Parameters<Tracer['startSpan']>[1]): Trace {
    return new Trace(this.#tracer, this.#tracer.startSpan(name, options, this.#context));
  }
}

function endSpan(span: Span, errorType: string | undefined, endTime: number): void {
  if (errorType !== undefined) {
    span.setAttribute('error.type', errorType);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end(endTime);
}
