import { pathToFileURL } from 'node:url';
import type { Tracer } from '@opentelemetry/api';
import { AlwaysOnSampler, BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import type { Message } from '../src/core/message.ts';
import { NO_METRICS } from '../src/observability/metrics/metrics.ts';
import { Observation } from '../src/observability/observation.ts';

const TIMES = 200_000;
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const CALLER = { subject: 'usr_1', clientId: undefined };
const TOOL = { 'gen_ai.tool.name': 'list_organizations' };
const EXCHANGE = { method: 'POST', path: '/mcp', route: '/mcp', status: 200 };
const ignore = () => undefined;
const SILENT = {
  log: { error: ignore, warn: ignore, info: ignore, debug: ignore },
  audit: { request: ignore, announce: () => Promise.resolve(true), started: ignore, close: () => Promise.resolve() },
};
const OUTGOING = { method: 'GET', address: 'api.example.com', port: 443, template: '/organizations' };

/** The cost of tracing one tool call, all its steps together, in microseconds of CPU. */
export interface TraceCosts {
  /** No spans are collected, and the caller has no trace. Every call has this cost. */
  readonly off: number;
  /** No spans are collected, and the trace of the caller is sent on. */
  readonly passedOn: number;
  /** Six spans are made, and discarded. */
  readonly spans: number;
}

export function traceMicroseconds(): TraceCosts {
  const provider = new BasicTracerProvider({ sampler: new AlwaysOnSampler() });
  const spans = provider.getTracer('bench');
  return {
    off: costOf({}, undefined),
    passedOn: costOf({ traceparent: TRACEPARENT }, undefined),
    spans: costOf({ traceparent: TRACEPARENT }, spans),
  };
}

function costOf(headers: Record<string, string>, tracer: Tracer | undefined): number {
  const message = { method: 'tools/call', params: { name: 'list_organizations', arguments: {}, _meta: { a: 1 } } };
  const observers = { ...SILENT, metrics: NO_METRICS, tracer, clean: (text: string) => text };
  const exchange = () => ({ ...EXCHANGE, headers });
  const observed = () => new Observation('bench', { address: '127.0.0.1', userAgent: undefined }, observers, exchange);
  // Made before measuring, because a request is observed whether it is traced or not.
  const observations = Array.from({ length: TIMES }, observed);
  for (const observation of Array.from({ length: 20_000 }, observed)) follow(observation, headers, message);
  const before = process.cpuUsage();
  for (const observation of observations) follow(observation, headers, message);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / TIMES;
}

/** The same steps that the middleware, the endpoint, the pipeline and the REST client take. */
function follow(observation: Observation, headers: Record<string, string>, message: Message): void {
  observation.authenticating();
  observation.authenticated(CALLER);
  observation.received(message, headers);
  observation.trace?.step('authorize').end();
  const tool = observation.trace?.step('execute_tool list_organizations', TOOL);
  for (let i = 0; i < 2; i++) {
    tool?.outgoing(OUTGOING).answered(200);
  }
  tool?.end();
  observation.sent();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.table(traceMicroseconds());
