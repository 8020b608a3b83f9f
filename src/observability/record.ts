import type { Response } from 'express';
import type { Effect } from '../core/tool.ts';
import type { Audit } from './audit/ledger.ts';
import type { Log } from './log/log.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { RequestSpans, Trace, Tracing } from './trace/trace.ts';

/** What becomes known about a request on its way, written as one line when it ends. */
export type RequestRecord = {
  readonly requestId: string;
  /** `sub` of the caller. */
  caller?: string;
  client?: string | undefined;
  /** JSON-RPC method. */
  rpc?: string;
  tool?: string;
  /** `ok`, `accepted` where nothing was asked for, or the code of what went wrong. */
  outcome?: string;
  /** Public reason of a refusal. */
  reason?: string;
  /** HTTP method, path and status. */
  method?: string;
  path?: string;
  status?: number;
  durationMs?: number;
  /** Of the trace that its spans are in, where there are any. */
  traceId?: string | undefined;
  /** Not part of the line. */
  readonly trail: Trail;
};

/** Where a request came from. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string | undefined;
}

/** What the audit ledger keeps of a request beyond its line in the log. */
export interface Trail extends Partial<Origin> {
  effect?: Effect;
  /** The environment that a call acts in: its id, or its URL where it is fixed. */
  environment?: string;
  /** Those that let a call through; where nothing did, all that the token carries. */
  scopes?: readonly string[];
  /** The one that a refused call lacked. */
  requiredScope?: string | undefined;
  /** SHA-256 of the redacted arguments. */
  argumentsSha256?: string;
  /** SHA-256 of the confirmation that a call brought. */
  confirmationSha256?: string;
  /** Whether that confirmation was good. */
  confirmed?: boolean;
  /** Where the request stands in a trace, if it is a part of one. */
  trace?: Trace;
  spans?: RequestSpans;
  /** Whether the client went away before its answer. */
  gone?: boolean;
  /** Settles when the tool has, which may be after its client went away. Never rejects. */
  running?: Promise<unknown>;
}

const KEY = 'requestRecord';

/** The record of the request that this response answers. */
export function recordOf(response: Response): RequestRecord {
  return response.locals[KEY] as RequestRecord;
}

/** Who is told about requests. */
export interface Observers {
  readonly log: Log;
  readonly audit: Audit;
  readonly metrics: Metrics;
  readonly tracing?: Tracing | undefined;
  /** Takes secrets out of what anybody may write into a path or a header. */
  readonly clean: (text: string) => string;
}

/** Starts the record of a request, and arranges for its line in the log and its place in ledger and metrics. */
export function startRecord(response: Response, requestId: string, origin: Origin, observers: Observers): void {
  const { log, audit, metrics, tracing, clean } = observers;
  const { address, userAgent } = origin;
  const record: RequestRecord = { requestId, trail: { address, userAgent: userAgent && clean(userAgent) } };
  const started = performance.now();
  response.locals[KEY] = record;
  metrics.requestBegan();
  if (tracing !== undefined) record.trail.spans = tracing.begin();
  response.once('close', () => {
    const { method, path } = response.req;
    const gone = !response.writableFinished;
    record.method = method;
    record.path = clean(path).slice(0, 200);
    record.status = response.statusCode;
    record.durationMs = Math.round((performance.now() - started) * 100) / 100;
    const { trail, ...line } = record;
    log.info('request', gone ? { ...line, outcome: 'client_closed' } : line);
    trail.gone = gone;
    metrics.requestEnded(record, response.req, gone);
    trail.spans?.ended(record, response.req.headers, gone ? 'client_closed' : record.outcome);
    audit.request(record);
  });
}
