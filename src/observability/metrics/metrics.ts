import type { Log } from '../log/log.ts';
import type { RequestFacts } from '../request-facts.ts';

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
  /** @param outcome what came of it, for its client; not what came of the tool, where the client left early */
  requestEnded(record: RequestFacts, outcome: string | undefined): void;
  upstreamEnded(call: UpstreamCall): void;
  /** @param isKnown whether the token had been verified a moment ago */
  tokenLookedUp(isKnown: boolean): void;
  keysRenewed(succeeded: boolean): void;
  logged(level: 'warn' | 'error', event: string): void;
}

const nothing = () => undefined;

/** Used when metrics are off. */
export const NO_METRICS: Metrics = {
  requestBegan: nothing,
  requestEnded: nothing,
  upstreamEnded: nothing,
  tokenLookedUp: nothing,
  keysRenewed: nothing,
  logged: nothing,
};

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
