import type { Dispatcher } from 'undici';
import { type Metrics, NO_METRICS, type UpstreamCall } from '../observability/metrics.ts';
import type { Path } from '../tool/api.ts';
import { templateOf } from './path.ts';
import { AnswerTooLarge, type RawAnswer, type SendOnceOptions, sendOnce } from './send-once.ts';

/** A request to Scalekit as those know it who watch it. */
interface Watched {
  readonly path: Path;
  readonly limits?: { readonly wish: AbortSignal };
}

/** Sends one request, and tells those who watch how it went. Where nobody does, it costs a comparison. */
export function sendWatched(
  dispatcher: Dispatcher,
  options: SendOnceOptions,
  watched: Watched,
  metrics: Metrics,
): Promise<RawAnswer> {
  if (metrics === NO_METRICS) return sendOnce(dispatcher, options);
  return sendAndTell(dispatcher, options, watched, metrics);
}

async function sendAndTell(
  dispatcher: Dispatcher,
  options: SendOnceOptions,
  watched: Watched,
  metrics: Metrics,
): Promise<RawAnswer> {
  const call = {
    method: options.method,
    address: new URL(options.origin).hostname,
    template: templateOf(watched.path),
  };
  const began = performance.now();
  const tell = (end: Pick<UpstreamCall, 'status' | 'error'>) =>
    metrics.upstreamEnded({ ...call, ...end, seconds: (performance.now() - began) / 1000 });
  try {
    const answer = await sendOnce(dispatcher, options);
    tell({ status: answer.status });
    return answer;
  } catch (error) {
    tell({ error: kindOf(error, options.signal, watched) });
    throw error;
  }
}

function kindOf(error: unknown, signal: AbortSignal, { limits }: Watched): NonNullable<UpstreamCall['error']> {
  if (limits?.wish.aborted === true) return 'cancelled';
  if (signal.aborted) return 'timeout';
  return error instanceof AnswerTooLarge ? 'too_large' : 'connection';
}
