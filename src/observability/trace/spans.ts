import type { IncomingHttpHeaders } from 'node:http';
import { ProxyTracerProvider, ROOT_CONTEXT, type SpanContext, SpanKind, type Tracer, trace } from '@opentelemetry/api';
import { version } from '../../core/version.ts';
import { errorTypeOf, knownHttpMethod, knownMcpMethod } from '../outcomes.ts';
import type { RequestFacts } from '../request-facts.ts';
import { parentIn } from './parent.ts';
import { spanClock } from './span-clock.ts';
import { Trace } from './trace.ts';

// Names and attributes follow OpenTelemetry's semantic conventions for MCP and HTTP. None of them contains an argument,
// an id of the platform, a body, a token or a query.

const NAME = 'scalekit-mcp-server';

/** The tracer of the registered tracer provider. Undefined if none was registered before this server started. */
export function openTracing(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  if (!(provider instanceof ProxyTracerProvider)) return provider.getTracer(NAME, version);
  return provider.getDelegateTracer(NAME, version);
}

/**
 * The spans of one request. Their times come from one clock, so that no span begins before its parent. The parent of the
 * request's span is known only when the message has been read, because it may be in the message. So the span is created
 * then, with the earlier start time, and the span of the authentication is added to it afterwards.
 */
export class RequestSpans {
  readonly #tracer: Tracer;
  readonly #now = spanClock();
  readonly #began = this.#now();
  #authentication: { readonly began: number; ended?: number; errorType?: string | undefined } | undefined;
  #server: Trace | undefined;

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  /** Known once the span of the request has begun. */
  get traceId(): string | undefined {
    return this.#server?.traceId;
  }

  authenticationBegan(): void {
    this.#authentication = { began: this.#now() };
  }

  /** The token is valid. Otherwise the authentication ends with its request, for the same reason. */
  authenticated(): void {
    this.#authenticationEnded(undefined);
  }

  /**
   * Begins the span of the message, with the start time of the request.
   * @param parent of the span
   * @param linked the parent of the HTTP request, if that is another span
   */
  received(method: string, parent: SpanContext | undefined, linked: SpanContext | undefined): Trace {
    return this.#begin(knownMcpMethod(method), parent, linked);
  }

  ended(facts: RequestFacts, headers: IncomingHttpHeaders, outcome: string | undefined): void {
    // Only requests to the MCP endpoint are authenticated; all others get no span.
    if (this.#authentication === undefined) return;
    if (this.#authentication.ended === undefined) this.#authenticationEnded(outcome);
    const { rpc, tool, subject, requestId, clientRequestId } = facts;
    const method = rpc === undefined ? undefined : knownMcpMethod(rpc);
    const name = method ?? `${knownHttpMethod(facts.method ?? '')} ${facts.path}`;
    const server = this.#server ?? this.#begin(name, parentIn(headers), undefined);
    server.describe(tool === undefined ? name : `${name} ${tool}`, {
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'http.response.status_code': facts.status,
      'scalekit_mcp.request_id': requestId,
      'scalekit_mcp.client_request_id': clientRequestId,
      'mcp.method.name': method,
      'gen_ai.tool.name': tool,
      'scalekit_mcp.subject': subject,
      'gen_ai.operation.name': method === 'tools/call' ? 'execute_tool' : undefined,
    });
    server.end(errorTypeOf(outcome));
  }

  #authenticationEnded(errorType: string | undefined): void {
    if (this.#authentication !== undefined) Object.assign(this.#authentication, { ended: this.#now(), errorType });
  }

  #begin(name: string, parent: SpanContext | undefined, linked: SpanContext | undefined): Trace {
    const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
    const links = linked === undefined ? [] : [{ context: linked }];
    const options = { kind: SpanKind.SERVER, startTime: this.#began, links };
    this.#server = new Trace(this.#tracer, this.#tracer.startSpan(name, options, context), this.#now);
    const { began, ended = this.#now(), errorType } = this.#authentication ?? { began: this.#began };
    this.#server.past('authenticate', began, ended, errorType);
    return this.#server;
  }
}
