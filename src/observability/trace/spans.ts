import type { IncomingHttpHeaders } from 'node:http';
import {
  type Attributes,
  type Context,
  createTraceState,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace as traces,
} from '@opentelemetry/api';
import { version } from '../../core/version.ts';
import { errorTypeOf, knownHttpMethod, knownMcpMethod } from '../outcomes.ts';
import type { RequestFacts } from '../request-facts.ts';
import {
  type Outgoing,
  type OutgoingCall,
  type Parent,
  parentIn,
  type RequestSpans,
  type Trace,
  type Tracing,
} from './trace.ts';

// Names and attributes follow OpenTelemetry's semantic conventions for MCP and HTTP. None of them contains an argument,
// an id of the platform, a body, a token or a query.

const NAME = 'scalekit-mcp-server';

/** Makes spans with the registered tracer provider. Undefined if none was registered before this server started. */
export function openTracing(): Tracing | undefined {
  const provider = traces.getTracerProvider();
  const tracer =
    provider instanceof ProxyTracerProvider
      ? provider.getDelegateTracer(NAME, version)
      : provider.getTracer(NAME, version);
  return tracer && tracingOf(tracer);
}

/** Makes spans with a given tracer. */
export function tracingOf(tracer: Tracer): Tracing {
  return { begin: () => new Spans(tracer) };
}

/**
 * The spans of one request. Their times come from the same clock as the durations in the log. The parent of the
 * request's span is known only when the message has been read, because it may be in the message. So the span is created
 * then, with the earlier start time, and the span of the authentication is added to it afterwards.
 */
class Spans implements RequestSpans {
  readonly #tracer: Tracer;
  readonly #began = performance.now();
  #authentication: { readonly began: number; ended?: number; errorType?: string | undefined } | undefined;
  #server: SpanTrace | undefined;

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  get traceId(): string | undefined {
    return this.#server?.traceId;
  }

  authenticationBegan(): void {
    this.#authentication = { began: performance.now() };
  }

  authenticationEnded(errorType: string | undefined): void {
    if (this.#authentication !== undefined)
      Object.assign(this.#authentication, { ended: performance.now(), errorType });
  }

  received(method: string, parent: Parent | undefined, linked: Parent | undefined): Trace {
    return this.#begin(knownMcpMethod(method), parent, linked);
  }

  ended(record: RequestFacts, headers: IncomingHttpHeaders, outcome: string | undefined): void {
    // Only requests to the MCP endpoint are authenticated; all others get no span.
    if (this.#authentication === undefined) return;
    const { rpc, tool, requestId } = record;
    const method = rpc === undefined ? undefined : knownMcpMethod(rpc);
    const name = method ?? `${knownHttpMethod(record.method ?? '')} ${record.path}`;
    const server = this.#server ?? this.#begin(name, parentIn(headers), undefined);
    const errorType = errorTypeOf(outcome);
    server.describe(tool === undefined ? name : `${name} ${tool}`, {
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'http.response.status_code': record.status,
      'scalekit_mcp.request_id': requestId,
      'mcp.method.name': method,
      'gen_ai.tool.name': tool,
      'gen_ai.operation.name': method === 'tools/call' ? 'execute_tool' : undefined,
    });
    server.end(errorType);
  }

  #begin(name: string, parent: Parent | undefined, linked: Parent | undefined): SpanTrace {
    const context = parent && traces.setSpanContext(ROOT_CONTEXT, spanContextOf(parent));
    const links = linked === undefined ? [] : [{ context: spanContextOf(linked) }];
    const options = { kind: SpanKind.SERVER, startTime: this.#began, links };
    this.#server = new SpanTrace(this.#tracer, this.#tracer.startSpan(name, options, context ?? ROOT_CONTEXT));
    const { began, ended = performance.now(), errorType } = this.#authentication ?? { began: this.#began };
    this.#server.past('authenticate', began, ended, errorType);
    return this.#server;
  }
}

class SpanTrace implements Trace {
  readonly #tracer: Tracer;
  readonly #span: Span;
  readonly #context: Context;

  constructor(tracer: Tracer, span: Span) {
    this.#tracer = tracer;
    this.#span = span;
    this.#context = traces.setSpan(ROOT_CONTEXT, span);
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  describe(name: string, attributes: Attributes): void {
    this.#span.updateName(name).setAttributes(attributes);
  }

  step(name: string, attributes?: Readonly<Record<string, string>>): SpanTrace {
    return this.#child(name, { startTime: performance.now(), ...(attributes !== undefined && { attributes }) });
  }

  /** Adds a step that has ended already. */
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

  end(errorType?: string): void {
    endSpan(this.#span, errorType, performance.now());
  }

  #child(name: string, options: Parameters<Tracer['startSpan']>[1]): SpanTrace {
    return new SpanTrace(this.#tracer, this.#tracer.startSpan(name, options, this.#context));
  }
}

function endSpan(span: Span, errorType: string | undefined, endTime: number): void {
  if (errorType !== undefined) {
    span.setAttribute('error.type', errorType);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end(endTime);
}

function spanContextOf({ traceparent, tracestate }: Parent): SpanContext {
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  return {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
    ...(tracestate !== undefined && { traceState: createTraceState(tracestate) }),
  };
}

function headersOf({ traceId, spanId, traceFlags, traceState }: SpanContext): Record<string, string> {
  const flags = traceFlags.toString(16).padStart(2, '0');
  const tracestate = traceState?.serialize() ?? '';
  return { traceparent: `00-${traceId}-${spanId}-${flags}`, ...(tracestate !== '' && { tracestate }) };
}
