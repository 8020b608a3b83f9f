import { pathToFileURL } from 'node:url';
import { AlwaysOnSampler, BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { NO_METRICS } from '../src/observability/metrics/metrics.ts';
import type { RequestRecord } from '../src/observability/record.ts';
import { tracingOf } from '../src/observability/trace/spans.ts';
import { followTrace, type Tracing } from '../src/observability/trace/trace.ts';

const TIMES = 200_000;
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const OUTGOING = { method: 'GET', address: 'api.example.com', port: 443, template: '/organizations' };

/** What following one tool call costs, in microseconds of CPU, all of its steps taken together. */
export interface TraceCosts {
  /** No spans are collected, and the caller has no trace: what everybody pays. */
  readonly off: number;
  /** No spans are collected, and the trace of the caller is sent on. */
  readonly passedOn: number;
  /** Six spans are made, and thrown away. */
  readonly spans: number;
}

export function traceMicroseconds(): TraceCosts {
  const provider = new BasicTracerProvider({ sampler: new AlwaysOnSampler() });
  const spans = tracingOf(provider.getTracer('bench'));
  return {
    off: costOf({}, undefined),
    passedOn: costOf({ traceparent: TRACEPARENT }, undefined),
    spans: costOf({ traceparent: TRACEPARENT }, spans),
  };
}

function costOf(headers: Record<string, string>, tracing: Tracing | undefined): number {
  const message = { method: 'tools/call', params: { name: 'list_organizations', arguments: {}, _meta: { a: 1 } } };
  // Made beforehand: a request has a record whether it is traced or not.
  const records = Array.from({ length: TIMES }, (): RequestRecord => ({ requestId: 'bench', trail: {} }));
  const warm = Array.from({ length: 20_000 }, (): RequestRecord => ({ requestId: 'bench', trail: {} }));
  for (const record of warm) follow(record, headers, message, tracing);
  const before = process.cpuUsage();
  for (const record of records) follow(record, headers, message, tracing);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / TIMES;
}

/** The same steps that the doors, the endpoint, the pipeline and the REST client take. */
function follow(
  record: RequestRecord,
  headers: Record<string, string>,
  message: Parameters<typeof followTrace>[2],
  tracing: Tracing | undefined,
): void {
  const { trail } = record;
  NO_METRICS.requestBegan();
  if (tracing !== undefined) trail.spans = tracing.begin();
  trail.spans?.authenticationBegan();
  trail.spans?.authenticationEnded(undefined);
  followTrace(record, headers, message);
  trail.trace?.step('authorize').end();
  const tool = trail.trace?.step('execute_tool list_organizations', { 'gen_ai.tool.name': 'list_organizations' });
  for (let i = 0; i < 2; i++) {
    if (tool !== undefined && tool.passedOn === undefined) tool.outgoing(OUTGOING).answered(200);
  }
  tool?.end();
  trail.spans?.ended(record, headers, 'ok');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.table(traceMicroseconds());
