import type { Dispatcher as Undici } from 'undici';
import { Gathering } from '../core/gather.ts';
import type { Room } from './answer-budget.ts';
import type { Dispatcher } from './dispatcher.ts';

/** A complete HTTP response. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface SendOnceOptions {
  readonly origin: string;
  readonly path: string;
  readonly method: Undici.HttpMethod;
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
    let size = 0;
    let held = 0;
    let answer: Omit<RawAnswer, 'text'> = { status: 0, headers: {} };
    let body: Gathering | undefined;
    const reserve = (bytes: number) => {
      room?.grow(held, bytes);
      held = bytes;
    };
    /** Does a step of reading the answer; what it throws ends the reading. */
    const reading = (controller: Undici.DispatchController, step: () => void) => {
      try {
        step();
      } catch (error) {
        controller.abort(error as Error);
      }
    };
    let controller: Undici.DispatchController | undefined;
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
      onResponseStart(receiving, status, headers) {
        answer = { status, headers };
        const announced = lengthIn(headers);
        reading(receiving, () => {
          if (announced !== undefined && announced > maxBytes) throw new AnswerTooLarge();
          body = new Gathering(announced, reserve);
        });
      },
      onResponseData(receiving, chunk) {
        size += chunk.length;
        reading(receiving, () => {
          if (size > maxBytes) throw new AnswerTooLarge();
          body?.add(chunk);
        });
      },
      onResponseEnd() {
        settle();
        resolve({ ...answer, text: body?.bytes.toString('utf8') ?? '' });
      },
      onResponseError(_controller, error) {
        settle();
        // It may be asked for again.
        room?.drop(held);
        reject(error);
      },
    });
  });
}

/** The length of a body in bytes, if it is known before its end. */
function lengthIn(headers: RawAnswer['headers']): number | undefined {
  const text = headers['content-length'];
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
