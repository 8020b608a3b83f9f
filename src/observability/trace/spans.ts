import type { IncomingHttpHeaders } from 'node:http';
import { ProxyTracerProvider, ROOT_CONTEXT, type SpanContext, SpanKind, type Tracer, trace } from '@opentelemetry/api';
import { version } from '../../core/version.ts';
import { errorTypeOf, knownHttpMethod, knownMcpMethod } from '../outcomes.ts';
import type { RequestFacts } from '../request-facts.ts';
import { parentIn } from './parent.ts';
import { Trace } from './trace.ts';

// Names and attributes follow the semantic conventions of OpenTelemetry for MCP and HTTP. None of them holds an
// argument, an id of the platform, a body, a token or a query.

const NAME = 'scalekit-mcp-server';

/** Undefined unless somebody collects spans, which must have been arranged before this server starts. */
export function openTracing(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  if (!(provider instanceof ProxyTracerProvider)) return provider.getTracer(NAME, version);
  return provider.getDelegateTracer(NAME, version);
}

/**
 * The spans of one request. They begin and end at moments of the one clock that durations in the log have. A caller is
 * known to be the parent only when its message has been read; what happened before is put under it then.
 */
export class RequestSpans {
  readonly #tracer: Tracer;
  readonly #began = performance.now();
  #authentication: { readonly began: number; ended?: number; errorType?: string | undefined } | undefined;
  #server: Trace | undefined;

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  /** Known once a span has begun. */
  get traceId(): string | undefined {
    return this.#server?.traceId;
  }

  authenticationBegan(): void {
    this.#authentication = { began: performance.now() };
  }

  /** @param errorType why it was refused, if it was */
  authenticationEnded(errorType: string | undefined): void {
    if (this.#authentication !== undefined)
      Object.assign(this.#authentication, { ended: performance.now(), errorType });
  }

  /**
   * Begins the span of the message, which reaches back to the beginning of the request.
   * @param origin who sent the message; `transport` is who sent the HTTP request, where that is somebody else
   */
  received(method: string, origin: SpanContext | undefined, transport: SpanContext | undefined): Trace {
    return this.#begin(knownMcpMethod(method), origin, transport);
  }

  ended(facts: RequestFacts, headers: IncomingHttpHeaders, outcome: string | undefined): void {
    // Only the endpoint authenticates, at its own paths: no other request is worth a span.
    if (this.#authentication === undefined) return;
    const { rpc, tool, requestId } = facts;
    const method = rpc === undefined ? undefined : knownMcpMethod(rpc);
    const name = method ?? `${knownHttpMethod(facts.method ?? '')} ${facts.path}`;
    const server = this.#server ?? this.#begin(name, parentIn(headers), undefined);
    server.describe(tool === undefined ? name : `${name} ${tool}`, {
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'http.response.status_code': facts.status,
      'scalekit_mcp.request_id': requestId,
      'mcp.method.name': method,
      'gen_ai.tool.name': tool,
      'gen_ai.operation.name': method === 'tools/call' ? 'execute_tool' : undefined,
    });
    server.end(errorTypeOf(outcome));
  }

  #begin(name: string, origin: SpanContext | undefined, transport: SpanContext | undefined): Trace {
    const parent = origin === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, origin);
    const links = transport === undefined ? [] : [{ context: transport }];
    const options = { kind: SpanKind.SERVER, startTime: this.#began, links };
    this.#server = new Trace(this.#tracer, this.#tracer.startSpan(name, options, parent));
    const { began, ended = performance.now(), errorType } = this.#authentication ?? { began: this.#began };
    this.#server.past('authenticate', began, ended, errorType);
    return this.#server;
  }
}
