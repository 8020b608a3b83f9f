import { type Metrics, NO_METRICS, type UpstreamCall } from '../observability/metrics/metrics.ts';
import type { Trace } from '../observability/trace/trace.ts';
import { NoRoomForAnswer } from './answer-budget.ts';
import { isTimeout } from './deadline.ts';
import type { Dispatcher } from './dispatcher.ts';
import { AnswerTooLarge, type RawAnswer, type SendOnceOptions, sendOnce } from './send-once.ts';

const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** The facts about a request that metrics and traces need. */
interface Watched {
  /** The path, with a placeholder for each value. */
  readonly template: string;
  readonly trace?: Trace | undefined;
}

/**
 * Sends one request and reports it to metrics and traces. If both are off, that costs two comparisons.
 * @throws the same as `sendOnce`
 */
export function sendWatched(
  dispatcher: Dispatcher,
  options: SendOnceOptions,
  watched: Watched,
  metrics: Metrics,
): Promise<RawAnswer> {
  const { trace } = watched;
  if (metrics === NO_METRICS && trace === undefined) return sendOnce(dispatcher, options);
  return sendAndTell(dispatcher, options, watched, metrics);
}

async function sendAndTell(
  dispatcher: Dispatcher,
  options: SendOnceOptions,
  watched: Watched,
  metrics: Metrics,
): Promise<RawAnswer> {
  const { method, signal } = options;
  const { hostname: address, port, protocol } = new URL(options.origin);
  const { template } = watched;
  const outgoing = watched.trace?.outgoing({ method, address, port: Number(port || PORTS[protocol]), template });
  const headers = outgoing === undefined ? options.headers : { ...options.headers, ...outgoing.headers };
  const began = performance.now();
  const tell = (end: Pick<UpstreamCall, 'status' | 'error'>) => {
    outgoing?.answered(end.status, end.error);
    metrics.upstreamEnded({ method, address, template, ...end, seconds: (performance.now() - began) / 1000 });
  };
  try {
    const answer = await sendOnce(dispatcher, { ...options, headers });
    tell({ status: answer.status });
    return answer;
  } catch (error) {
    tell({ error: kindOf(error, signal) });
    throw error;
  }
}

function kindOf(error: unknown, signal: AbortSignal): NonNullable<UpstreamCall['error']> {
  if (signal.aborted) return isTimeout(signal) ? 'timeout' : 'cancelled';
  return error instanceof AnswerTooLarge || error instanceof NoRoomForAnswer ? 'too_large' : 'connection';
}
