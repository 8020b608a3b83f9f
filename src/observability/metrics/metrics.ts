import type { Request } from 'express';
import type { Registry } from 'prom-client';
import type { Log } from '../log/log.ts';
import type { RequestRecord } from '../record.ts';

/** A request to Scalekit, as metrics see it: never a value that a caller chose. */
export interface UpstreamCall {
  readonly method: string;
  /** Host name of the API. */
  readonly address: string;
  /** The path, with a placeholder for each value. */
  readonly template: string;
  /** Of the answer, where there was one. */
  readonly status?: number;
  /** What went wrong, where there was none. */
  readonly error?: 'timeout' | 'cancelled' | 'too_large' | 'connection';
  readonly seconds: number;
}

/** What is counted, from as few places as possible: most of it is in the record of a request once that is over. */
export interface Metrics {
  requestBegan(): void;
  /** @param gone whether the client went away before its answer */
  requestEnded(record: RequestRecord, request: Request, gone: boolean): void;
  upstreamEnded(call: UpstreamCall): void;
  /** @param isKnown whether the token had been verified a moment ago */
  tokenLookedUp(isKnown: boolean): void;
  keysRenewed(succeeded: boolean): void;
  logged(level: 'warn' | 'error', event: string): void;
}

const nothing = () => undefined;

/** Nobody reads any. */
export const NO_METRICS: Metrics = {
  requestBegan: nothing,
  requestEnded: nothing,
  upstreamEnded: nothing,
  tokenLookedUp: nothing,
  keysRenewed: nothing,
  logged: nothing,
};

export interface OpenMetrics {
  readonly metrics: Metrics;
  /** All that is counted. */
  readonly registry: Registry;
}

export interface MetricsOptions {
  /** The names that the label of a tool may have. */
  readonly tools: readonly string[];
}

/** Starts to count. What does that is loaded here, and nowhere else. */
export async function openMetrics(options: MetricsOptions): Promise<OpenMetrics> {
  const { prometheusMetrics } = await import('./prometheus.ts');
  return prometheusMetrics(options);
}

/** The same log, whose warnings and errors are counted by their events. */
export function countedLog(log: Log, metrics: Metrics): Log {
  const counted =
    (level: 'warn' | 'error'): Log['warn'] =>
    (event, fields) => {
      metrics.logged(level, event);
      log[level](event, fields);
    };
  return { ...log, warn: counted('warn'), error: counted('error') };
}
