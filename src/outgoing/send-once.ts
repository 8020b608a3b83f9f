import type { Dispatcher } from 'undici';
import type { Room } from './answer-budget.ts';

/** A complete HTTP response. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface SendOnceOptions {
  readonly origin: string;
  readonly path: string;
  readonly method: Dispatcher.HttpMethod;
  readonly headers: Record<string, string>;
  readonly body: string | null;
  readonly maxBytes: number;
  /** Where a long body takes room. Unset: it takes none. */
  readonly room?: Room | undefined;
  readonly signal: AbortSignal;
}

/** The body of the response is longer than `maxBytes`, or holds more than its reader takes. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
}

/**
 * Sends one request and reads its complete response. It uses undici's dispatch interface, which builds no stream around
 * the body; that halves the cost of an outgoing call.
 * @throws the network error, `AnswerTooLarge`, `NoRoomForAnswer`, or the signal's reason
 */
export function sendOnce(dispatcher: Dispatcher, options: SendOnceOptions): Promise<RawAnswer> {
  const { signal, maxBytes, room, ...request } = options;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let answer: Omit<RawAnswer, 'text'> = { status: 0, headers: {} };
    let controller: Dispatcher.DispatchController | undefined;
    // Rejects also while the request still waits for a connection, when there is no controller to abort yet.
    const stop = () => {
      controller?.abort(signal.reason);
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    const settle = () => signal.removeEventListener('abort', stop);
    dispatcher.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        if (signal.aborted) stop();
      },
      onResponseStart(_controller, status, headers) {
        answer = { status, headers };
      },
      onResponseData(receiving, chunk) {
        const before = size;
        size += chunk.length;
        if (size > maxBytes) return receiving.abort(new AnswerTooLarge());
        try {
          room?.grow(before, size);
        } catch (error) {
          return receiving.abort(error as Error);
        }
        chunks.push(chunk);
      },
      onResponseEnd() {
        settle();
        resolve({ ...answer, text: Buffer.concat(chunks).toString('utf8') });
      },
      onResponseError(_controller, error) {
        settle();
        reject(error);
      },
    });
  });
}
