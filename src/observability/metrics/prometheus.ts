import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { ALARMS, errorTypeOf, knownHttpMethod, knownMcpMethod, knownOutcome, OTHER, OUTCOMES } from '../outcomes.ts';
import type { RequestFacts } from '../request-facts.ts';
import type { Metrics, UpstreamCall } from './metrics.ts';

// Names and buckets follow OpenTelemetry's semantic conventions where those define the metric, in the spelling of
// Prometheus. Names of this server's own metrics begin with `scalekit_mcp_`.

const HTTP_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const MCP_BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];
/** Events are constants in the code, so there are fewer than this. Further ones are counted as `_OTHER`. */
const MAX_EVENTS = 100;

export interface PrometheusMetrics {
  readonly metrics: Metrics;
  /** Holds all metrics. The registries of several processes can be added up. */
  readonly registry: Registry;
}

/**
 * Creates the metrics in a new registry.
 * @param tools the tool names that may become a label; others are counted as `_OTHER`
 */
export function prometheusMetrics({ tools }: { readonly tools: readonly string[] }): PrometheusMetrics {
  const registry = new Registry();
  const meters = metersIn(registry);
  const toolNames: ReadonlySet<string> = new Set(tools);
  const events = new Set<string>();
  collectProcessMetrics(registry);
  beginAtZero(meters);

  function operationEnded(record: RequestFacts, outcome: string | undefined, seconds: number): void {
    const { rpc, tool } = record;
    if (rpc === undefined) return;
    const errorType = errorTypeOf(outcome);
    meters.operations.observe(
      {
        mcp_method_name: knownMcpMethod(rpc),
        ...(tool !== undefined && { gen_ai_tool_name: toolNames.has(tool) ? tool : OTHER }),
        ...(errorType !== undefined && { error_type: errorType }),
      },
      seconds,
    );
  }

  function outcomeKnown(record: RequestFacts, outcome: string): void {
    meters.outcomes.inc({ outcome: knownOutcome(outcome) });
    const limit = limitOf(outcome, record.caller !== undefined);
    if (limit !== undefined) meters.limits.inc({ limit });
    const confirmation = confirmationOf(outcome, record);
    if (confirmation !== undefined) meters.confirmations.inc({ result: confirmation });
  }

  return {
    registry,
    metrics: {
      requestBegan: () => meters.active.inc(),
      requestEnded: (record, outcome) => {
        meters.active.dec();
        const seconds = (record.durationMs ?? 0) / 1000;
        meters.requests.observe(
          {
            http_request_method: knownHttpMethod(record.method ?? ''),
            http_route: record.details.route ?? OTHER,
            http_response_status_code: String(record.status),
          },
          seconds,
        );
        operationEnded(record, outcome, seconds);
        if (outcome !== undefined) outcomeKnown(record, outcome);
      },
      upstreamEnded: (call) => meters.upstream.observe(upstreamLabels(call), call.seconds),
      tokenLookedUp: (isKnown) => meters.tokens.inc({ result: isKnown ? 'hit' : 'miss' }),
      keysRenewed: (succeeded) => {
        meters.keys.inc({ result: succeeded ? 'ok' : 'failed' });
        if (succeeded) meters.keysTime.setToCurrentTime();
      },
      checked: (check, isWell) => meters.checks.set({ check }, isWell ? 0 : 1),
      serving: (mode, version) => meters.info.set({ mode, version }, 1),
      logged: (level, event) => {
        if (events.size < MAX_EVENTS) events.add(event);
        meters.events.inc({ level, event: events.has(event) ? event : OTHER });
      },
    },
  };
}

function metersIn(registry: Registry) {
  const registers = [registry];
  return {
    requests: new Histogram({
      name: 'http_server_request_duration_seconds',
      help: 'Duration of HTTP requests, by method, route and status.',
      labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
      buckets: HTTP_BUCKETS,
      registers,
    }),
    active: new Gauge({
      name: 'http_server_active_requests',
      help: 'HTTP requests that have not been answered yet.',
      registers,
    }),
    operations: new Histogram({
      name: 'mcp_server_operation_duration_seconds',
      help: 'Duration of MCP requests and notifications, by method, tool and error.',
      labelNames: ['mcp_method_name', 'gen_ai_tool_name', 'error_type'],
      buckets: MCP_BUCKETS,
      registers,
    }),
    outcomes: new Counter({
      name: 'scalekit_mcp_requests_total',
      help: 'What came of requests to the endpoint, and of those that found none.',
      labelNames: ['outcome'],
      registers,
    }),
    upstream: new Histogram({
      name: 'http_client_request_duration_seconds',
      help: 'Duration of requests to Scalekit, each attempt by itself, by method, path and status or error.',
      labelNames: ['http_request_method', 'server_address', 'url_template', 'http_response_status_code', 'error_type'],
      buckets: HTTP_BUCKETS,
      registers,
    }),
    tokens: new Counter({
      name: 'scalekit_mcp_token_cache_total',
      help: 'Access tokens that were known to be good (hit), and those that had to be checked (miss).',
      labelNames: ['result'],
      registers,
    }),
    keys: new Counter({
      name: 'scalekit_mcp_key_refreshes_total',
      help: 'Downloads of the authorization server’s keys.',
      labelNames: ['result'],
      registers,
    }),
    keysTime: new Gauge({
      name: 'scalekit_mcp_keys_timestamp_seconds',
      help: 'When keys were downloaded last, in seconds since the epoch; 0 before the first time.',
      aggregator: 'min',
      registers,
    }),
    limits: new Counter({
      name: 'scalekit_mcp_limit_refusals_total',
      help: 'Requests that a limit of this server refused.',
      labelNames: ['limit'],
      registers,
    }),
    confirmations: new Counter({
      name: 'scalekit_mcp_confirmations_total',
      help: 'Confirmations of destructive calls that were asked for, accepted and refused.',
      labelNames: ['result'],
      registers,
    }),
    checks: new Gauge({
      name: 'scalekit_mcp_check_failing',
      help: 'Whether what is watched outside of requests fails: 1, else 0.',
      labelNames: ['check'],
      aggregator: 'max',
      registers,
    }),
    info: new Gauge({
      name: 'scalekit_mcp_info',
      help: 'Always 1, with the credential mode and the version of this server.',
      labelNames: ['mode', 'version'],
      aggregator: 'max',
      registers,
    }),
    events: new Counter({
      name: 'scalekit_mcp_log_events_total',
      help: 'Warnings and errors in the log, by event.',
      labelNames: ['level', 'event'],
      registers,
    }),
  };
}

/** Adds prom-client's default metrics of the process, which are read at each scrape. */
function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const metric of registry.getMetricsAsArray()) {
    // For several workers, show the longest delay of the event loop: an average would hide it.
    if (metric.aggregator === 'average') metric.aggregator = 'max';
    // It would be left out by default; for several workers, show the start of the oldest.
    if (metric.name === 'process_start_time_seconds') metric.aggregator = 'min';
  }
}

/**
 * Creates all counters with 0. Prometheus' `increase` misses the first event of a counter that did not exist before.
 */
function beginAtZero({
  outcomes,
  tokens,
  keys,
  limits,
  confirmations,
  checks,
  events,
}: ReturnType<typeof metersIn>): void {
  for (const outcome of [...OUTCOMES, OTHER]) outcomes.inc({ outcome }, 0);
  for (const result of ['hit', 'miss']) tokens.inc({ result }, 0);
  for (const result of ['ok', 'failed']) keys.inc({ result }, 0);
  for (const limit of ['rate', 'authentication_failures', 'calls_per_caller', 'calls']) limits.inc({ limit }, 0);
  for (const result of ['asked', 'accepted', 'refused']) confirmations.inc({ result }, 0);
  for (const check of ['api', 'client', 'authorization_server']) checks.set({ check }, 0);
  for (const [event, level] of Object.entries(ALARMS)) events.inc({ level, event }, 0);
}

/** @param isAuthenticated otherwise `rate_limit_exceeded` means too many invalid tokens */
function limitOf(outcome: string, isAuthenticated: boolean): string | undefined {
  if (outcome === 'rate_limit_exceeded') return isAuthenticated ? 'rate' : 'authentication_failures';
  if (outcome === 'too_many_calls') return 'calls_per_caller';
  return outcome === 'overloaded' ? 'calls' : undefined;
}

function confirmationOf(outcome: string, { details }: RequestFacts): string | undefined {
  if (details.confirmed === true) return 'accepted';
  if (outcome === 'confirmation_required') return 'asked';
  return outcome === 'confirmation_invalid' ? 'refused' : undefined;
}

function upstreamLabels({ method, address, template, status, error }: UpstreamCall) {
  const errorType = error ?? (status !== undefined && status >= 400 ? String(status) : undefined);
  return {
    http_request_method: method,
    server_address: address,
    url_template: template,
    ...(status !== undefined && { http_response_status_code: String(status) }),
    ...(errorType !== undefined && { error_type: errorType }),
  };
}
