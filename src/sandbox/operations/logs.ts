import { AuditLogsService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/auditlogs/auditlogs_pb.js';
import { EventsService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/events/events_pb.js';
import type { JsonOf } from '../contract/json.ts';
import { AgentkitAnalyticsService, AgentkitLogsService } from '../contract/published/agentkit-logs.ts';
import type { SandboxEvent, ToolCallLog } from '../data/logs.ts';
import { findIn } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import { page } from './paging.ts';
import { given } from './parts.ts';

/** Documented: the page when none is asked for, and the longest. */
const USUAL_PAGE = 20;
const MAX_PAGE = 100;

export const toolCallLogsOperations = operations(AgentkitLogsService, {
  listToolCallLogs: ({ request, environment, content }) => {
    const { connection_id, connected_account_id, identifier, agent_run_id, page_size } = request;
    const same = { connection_id, connected_account_id, identifier, agent_run_id };
    const matching = content.toolCallLogs.filter((log) => isSame(log, same) && fits(log, request));
    const listing = ['tool calls', environment.id, JSON.stringify([same, narrowing(request)])];
    const size = Math.min(page_size || USUAL_PAGE, MAX_PAGE);
    const { total_size, ...rest } = page('tool_call_logs', matching, { ...request, page_size: size }, listing);
    return { ...rest, total_size: String(total_size) };
  },

  getToolCallLog: ({ request, content }) =>
    findIn(content.toolCallLogs, ({ execution_id }) => execution_id === request.execution_id, 'tool call log'),
});

/** Buckets of time in seconds. The first is taken with which a window has 30 at most (documented). */
const BUCKETS = [300, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400, 259_200, 604_800];
const MAX_BUCKETS = 30;

export const analyticsOperations = operations(AgentkitAnalyticsService, {
  getOverviewStats: ({ request, content }) => {
    const logs = content.toolCallLogs.filter(
      (log) => fits(log, request) && isOneOf(log.error_code, request.error_code),
    );
    const seconds = (time: string | undefined) => Date.parse(given(time)) / 1000;
    const length = seconds(request.end_time) - seconds(request.start_time);
    const width = BUCKETS.find((bucket) => length / bucket <= MAX_BUCKETS) ?? (BUCKETS.at(-1) as number);
    const bucketOf = ({ started_at }: ToolCallLog) => Math.floor(seconds(started_at) / width) * width;
    const failures = logs.filter(({ error_code }) => error_code !== '');
    return {
      ...countsOf(logs),
      top_error_codes: grouped(failures, ({ error_code }) => error_code)
        .map(([error_code, some]) => ({ error_code, count: String(some.length) }))
        .sort((a, b) => Number(b.count) - Number(a.count)),
      connector_breakdown: grouped(logs, ({ provider }) => provider).map(([provider, some]) => ({
        provider,
        ...countsOf(some),
      })),
      time_series: grouped(logs, bucketOf)
        .sort(([a], [b]) => a - b)
        .map(([start, some]) => ({
          bucket: new Date(start * 1000).toISOString(),
          bucket_duration_seconds: String(width),
          ...countsOf(some),
        })),
    };
  },
});

export const authLogsOperations = operations(AuditLogsService, {
  listAuthRequests: ({ request, environment, content }) => {
    const { email, status, start_time, end_time, resource_id, connected_account_identifier, client_id } = request;
    const same = { email, resource_id, connected_account_identifier, client_id };
    const states = status.map((state) => state.toUpperCase());
    const matching = content.authRequests.filter(
      (entry) =>
        isSame(entry, same) && isOneOf(entry.status, states) && isBetween(entry.timestamp, start_time, end_time),
    );
    const listing = ['sign-ins', environment.id, JSON.stringify([same, states, start_time, end_time])];
    return page('authRequests', matching, request, listing);
  },
});

export const eventsOperations = operations(EventsService, {
  listEvents: ({ request, environment, content }) => {
    const wanted: Filter = request.filter ?? {};
    const { event_types: types = [], start_time, end_time, organization_id, source } = wanted;
    const { auth_request_id, connection_id, connected_account_id } = wanted;
    const told = { auth_request_id, connection_id, connected_account_id };
    const isFrom = ({ data }: SandboxEvent) =>
      !source || source === 'SOURCE_UNSPECIFIED' || (data?.['source'] ?? 'SCALEKIT') === source;
    const matching = content.events.filter(
      (entry) =>
        isOneOf(entry.type, types) &&
        isSame(entry, { organization_id }) &&
        isSame(entry.data ?? {}, told) &&
        isFrom(entry) &&
        isBetween(entry.occurred_at, start_time, end_time),
    );
    const listing = [
      'events',
      environment.id,
      JSON.stringify([types, start_time, end_time, organization_id, source, told]),
    ];
    return page('events', matching, request, listing);
  },
});

type Filter = Partial<NonNullable<JsonOf<typeof EventsService.method.listEvents.input>['filter']>>;

interface Narrowing {
  readonly start_time?: string | undefined;
  readonly end_time?: string | undefined;
  readonly status: readonly string[];
  readonly provider: readonly string[];
  readonly source: readonly string[];
  readonly connection_name?: string | undefined;
}

function narrowing({ start_time, end_time, status, provider, source, connection_name }: Narrowing) {
  return { start_time, end_time, status, provider, source, connection_name };
}

/** What both operations on runs of tools narrow by. Documented: a part of the connection's name is enough. */
function fits(log: ToolCallLog, wanted: Narrowing): boolean {
  const { start_time, end_time, status, provider, source, connection_name: part = '' } = narrowing(wanted);
  return (
    isOneOf(log.status, status) &&
    isOneOf(log.provider, provider) &&
    isOneOf(log.source, source) &&
    log.connection_name.toLowerCase().includes(part.toLowerCase()) &&
    isBetween(log.started_at, start_time, end_time)
  );
}

/** Whether an entry has all values that are given. */
function isSame(entry: object, given: Readonly<Record<string, string | undefined>>): boolean {
  const values = entry as Readonly<Record<string, unknown>>;
  return Object.entries(given).every(([name, value]) => !value || values[name] === value);
}

function isOneOf(value: string, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.includes(value);
}

/** Documented: both ends belong to it. */
function isBetween(time: string | undefined, start: string | undefined, end: string | undefined): boolean {
  const at = Date.parse(time ?? '');
  return (start === undefined || at >= Date.parse(start)) && (end === undefined || at <= Date.parse(end));
}

function grouped<Key>(logs: readonly ToolCallLog[], keyOf: (log: ToolCallLog) => Key): [Key, ToolCallLog[]][] {
  const groups = new Map<Key, ToolCallLog[]>();
  for (const log of logs) groups.set(keyOf(log), [...(groups.get(keyOf(log)) ?? []), log]);
  return [...groups];
}

function countsOf(logs: readonly ToolCallLog[]) {
  const count = (state: string) => logs.filter(({ status }) => status === state).length;
  const [success, provider_errors, platform_errors] = [
    count('success'),
    count('provider_error'),
    count('platform_error'),
  ];
  const errors = provider_errors + platform_errors;
  const counts = { total: logs.length, success, errors, provider_errors, platform_errors };
  return Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, String(value)])) as Record<
    keyof typeof counts,
    string
  >;
}
