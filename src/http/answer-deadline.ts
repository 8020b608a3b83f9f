/** How long an answer may take to leave. */
export interface AnswerTime {
  /** For every answer, in milliseconds. */
  readonly timeoutMs: number;
  /** One more second for each of these bytes that have not left, so that a long answer also reaches slow clients. */
  readonly bytesPerSecond: number;
}

/** 16 KiB in a second are slower than any usual connection. */
export const ANSWER_TIME: AnswerTime = { timeoutMs: 60_000, bytesPerSecond: 16 * 1024 };

/** What a socket has been given to send. */
export interface Backlog {
  /** All bytes that it was ever given. */
  readonly bytesWritten: number;
  /** Those of them that the operating system has not taken yet. */
  readonly writableLength: number;
}

/**
 * Watches whether what a connection has to send leaves in time. The time begins when something has to wait, and begins
 * anew only when a whole write has left. Reading a little of an answer now and then does not extend it: otherwise a
 * client could keep a connection for as long as it likes.
 */
export class AnswerDeadline {
  readonly #time: AnswerTime;
  #waiting: { readonly gone: number; readonly until: number } | undefined;

  constructor(time: AnswerTime) {
    this.#time = time;
  }

  /**
   * Whether the time is over. To be called regularly, because it also notices when the time begins.
   * @param now in milliseconds, of any clock that only goes forward
   */
  isOver({ bytesWritten, writableLength }: Backlog, now: number): boolean {
    if (writableLength === 0) {
      this.#waiting = undefined;
      return false;
    }
    const gone = bytesWritten - writableLength;
    if (this.#waiting?.gone !== gone) {
      const { timeoutMs, bytesPerSecond } = this.#time;
      this.#waiting = { gone, until: now + timeoutMs + (writableLength / bytesPerSecond) * 1000 };
    }
    return now >= this.#waiting.until;
  }
}
