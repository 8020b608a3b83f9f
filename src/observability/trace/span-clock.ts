/**
 * A clock for the spans of one request, in milliseconds since 1970. It goes on evenly when the system's clock is set, and is
 * as exact as `performance.now()`.
 *
 * Breaks when OpenTelemetry takes numbers above `performance.now()` for anything else than such times. Readings of that clock it
 * converts for each span anew, with the whole milliseconds of that moment, so that a span could begin before its parent.
 */
export function spanClock(): () => number {
  const toEpoch = Date.now() - performance.now();
  return () => performance.now() + toEpoch;
}
