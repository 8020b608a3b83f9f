import type { Log } from '../log/log.ts';
import type { RequestFacts } from '../request-facts.ts';

/** The facts about a request to Scalekit that metrics use. None of them is a value that a caller chose. */
export interface UpstreamCall {
  readonly method: string;
  /** Host name of the API. */
  readonly address: string;
  /** The path, with a placeholder for each value. */
  readonly template: string;
  /** The HTTP status, if there was an answer. */
  readonly status?: number;
  /** What went wrong, if there was no answer. */
  readonly error?: 'timeout' | 'cancelled' | 'too_large' | 'connection';
  readonly seconds: number;
}

/** What is watched outside of requests: the management API, this server's client there, the authorization server. */
export type Check = 'api' | 'client' | 'authorization_server';

/** What is counted. Most of it is counted from the record of a completed request, so that few places call this. */
export interface Metrics {
  requestBegan(): void;
  /**
   * @param outcome the outcome for the client: `client_closed` if it left early, whatever the outcome of the tool is
   */
  requestEnded(record: RequestFacts, outcome: string | undefined): void;
  upstreamEnded(call: UpstreamCall): void;
  /** @param isKnown whether the token was in the cache of verified tokens */
  tokenLookedUp(isKnown: boolean): void;
  keysRenewed(succeeded: boolean): void;
  logged(level: 'warn' | 'error', event: string): void;
  checked(check: Check, isWell: boolean): void;
  /** This server serves in that credential mode. */
  serving(mode: string, version: string): void;
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
  checked: nothing,
  serving: nothing,
};

/** Wraps a log, so that its warnings and errors are counted by event. */
export function countedLog(log: Log, metrics: Metrics): Log {
  const counted =
    (level: 'warn' | 'error'): Log['warn'] =>
    (event, fields) => {
      metrics.logged(level, event);
      log[level](event, fields);
    };
  return { ...log, warn: counted('warn'), error: counted('error') };
}
