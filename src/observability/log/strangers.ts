import { Minute } from '../minute.ts';
import { ANONYMOUS_ONE_BY_ONE, Tally } from '../tally.ts';
import type { Log } from './log.ts';

/** The events of requests and connections, which anybody can cause without end. */
const EVENTS: ReadonlySet<string> = new Set(['request', 'answer_lost', 'requests_unhandled']);

/** A log that nobody without a token can fill. */
export interface SummedLog {
  readonly log: Log;
  /** Writes the sum of what was left out so far. */
  end(): void;
}

/**
 * A log in which the lines about requests without a known caller are written one by one up to a number in each minute, and
 * then only counted, by their outcomes.
 * @param now milliseconds since the epoch
 */
export function summedLog(log: Log, now: () => number = Date.now): SummedLog {
  let tally = new Tally(ANONYMOUS_ONE_BY_ONE);
  const minute = new Minute(now, (since) => {
    const left = tally.leftOut();
    tally = new Tally(ANONYMOUS_ONE_BY_ONE);
    if (left !== undefined) log.info('strangers_summed', { count: left.count, outcomes: left.errors, since });
  });
  const info: Log['info'] = (event, fields) => {
    if (EVENTS.has(event) && fields?.['caller'] === undefined) {
      minute.begin();
      if (!tally.count(String(fields?.['outcome'] ?? event))) return;
    }
    log.info(event, fields);
  };
  return { log: { ...log, info }, end: () => minute.end() };
}
