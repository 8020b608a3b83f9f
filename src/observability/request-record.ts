import type { Response } from 'express';
import type { Log } from './log.ts';

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
};

const KEY = 'requestRecord';

/** The record of the request that this response answers. */
export function recordOf(response: Response): RequestRecord {
  return response.locals[KEY] as RequestRecord;
}

/** Starts the record of a request and arranges for its line in the log. */
export function startRecord(response: Response, requestId: string, log: Log): void {
  const record: RequestRecord = { requestId };
  const started = performance.now();
  response.locals[KEY] = record;
  response.once('close', () => {
    const { method, path } = response.req;
    if (!response.writableFinished) record.outcome = 'client_closed';
    record.method = method;
    record.path = path.slice(0, 200);
    record.status = response.statusCode;
    record.durationMs = Math.round((performance.now() - started) * 100) / 100;
    log.info('request', record);
  });
}
