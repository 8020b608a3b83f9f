import type { IncomingMessage } from 'node:http';

/** So many bytes of bodies that nobody reads yet may have arrived at a server, in all. */
export const MAX_UNREAD = 16 * 1024 * 1024;

/**
 * Counts what has arrived of bodies that nobody reads yet, because their request waits behind another one, or its answer is held
 * back. Above the limit the connection ends whose body has waited longest: a request that is worked on is soon read.
 */
export class UnreadBodies {
  /** In the order in which they began to arrive. */
  readonly #bytes = new Map<IncomingMessage, number>();
  #sum = 0;

  /** So many bytes of a body have arrived. */
  add(request: IncomingMessage, length: number): void {
    if (request.readableFlowing === true || request.destroyed) return;
    const before = this.#bytes.get(request);
    if (before === undefined) {
      const leave = () => {
        request.off('resume', leave).off('close', leave);
        this.#leave(request);
      };
      request.on('resume', leave).on('close', leave);
    }
    this.#bytes.set(request, (before ?? 0) + length);
    this.#sum += length;
    while (this.#sum > MAX_UNREAD) {
      const [oldest] = this.#bytes.keys();
      if (oldest === undefined) return;
      oldest.socket.destroy();
      this.#leave(oldest);
    }
  }

  #leave(request: IncomingMessage): void {
    this.#sum -= this.#bytes.get(request) ?? 0;
    this.#bytes.delete(request);
  }
}
