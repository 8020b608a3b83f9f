import type { Log } from '../log/log.ts';
import { plainText } from '../plain-text.ts';

// Whether spans reach their collector. A preloaded module sends them, and knows nothing of the log; the library that it
// uses gives them up in silence.

type Listener = (error: string | undefined) => void;

let listener: Listener | undefined;
let isFailing = false;

/**
 * Takes note of an attempt to send spans.
 * @param error why they were given up; undefined when the collector has taken them
 */
export function spansExported(error: unknown): void {
  const failed = error !== undefined;
  if (failed === isFailing) return;
  isFailing = failed;
  listener?.(failed ? plainText(error instanceof Error ? error.message : String(error)) : undefined);
}

/** Logs when spans get lost, and when they arrive again: each change once. */
export function watchExports(log: Log): void {
  listener = (error) => {
    if (error === undefined) log.info('spans_arrive', { notice: 'The collector takes spans again.' });
    else
      log.warn('spans_lost', {
        error,
        notice:
          'The collector does not take spans, and those of now are lost. Check OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS, and that the collector takes OTLP over HTTP (port 4318, as a rule).',
      });
  };
}
