import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { PreparedRequest } from './prepared-request.ts';

/** The outcome of sending load for a while. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** The latency of each request, in milliseconds. */
  readonly latencies: readonly number[];
  /** Answers with a wrong status or length, and lost connections. */
  readonly failures: number;
}

/** When to stop: after a number of seconds, or of requests. */
export interface Until {
  readonly seconds?: number;
  readonly requests?: number;
}

/**
 * Sends a prepared request repeatedly on a number of connections; on each, the next one is sent when the last one is
 * answered. It uses bare sockets, because the load runs on the same machine as the server and must use little CPU.
 */
export async function sendLoad(prepared: PreparedRequest, connections: number, until: Until): Promise<LoadResult> {
  const { hostname, port } = new URL(prepared.url);
  const sockets = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      await once(socket, 'connect');
      return socket;
    }),
  );
  const { seconds = Number.POSITIVE_INFINITY, requests = Number.POSITIVE_INFINITY } = until;
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  let sent = 0;
  const charge = () => performance.now() < end && sent++ < requests;
  const { bytes, inTurn = [bytes] } = prepared;
  const nextBytes = () => inTurn[sent % inTurn.length] ?? bytes;
  const failures = await Promise.all(
    sockets.map((socket) => sendOn(socket, { ...prepared, nextBytes }, latencies, charge)),
  );
  return {
    requests: latencies.length,
    seconds: (performance.now() - started) / 1000,
    latencies,
    failures: failures.reduce((sum, failed) => sum + failed, 0),
  };
}

/** @returns how many answers were not the right one */
function sendOn(
  socket: Socket,
  prepared: Pick<PreparedRequest, 'status' | 'bodyLength'> & { readonly nextBytes: () => Buffer },
  latencies: number[],
  charge: () => boolean,
): Promise<number> {
  return new Promise((resolve) => {
    const answer = new AnswerReader();
    let failures = 0;
    let sentAt = 0;
    const next = () => {
      sentAt = performance.now();
      if (charge()) socket.write(prepared.nextBytes());
      else socket.destroy();
    };
    socket.on('data', (chunk) => {
      if (!answer.isCompleteWith(chunk)) return;
      latencies.push(performance.now() - sentAt);
      if (answer.status !== prepared.status || answer.bodyLength !== prepared.bodyLength) failures++;
      answer.reset();
      next();
    });
    socket.on('error', () => failures++);
    // The server has no reason to end a connection, so that counts as a failure.
    socket.on('end', () => failures++);
    socket.on('close', () => resolve(failures));
    next();
  });
}

/** Reads answers, only as far as is needed to find their end. */
class AnswerReader {
  status = 0;
  bodyLength = Number.NaN;
  #head: Buffer | undefined;
  /** How many bytes of the body are missing. */
  #missing = 0;

  isCompleteWith(chunk: Buffer): boolean {
    if (this.status > 0) {
      this.#missing -= chunk.length;
      return this.#missing <= 0;
    }
    const bytes = this.#head === undefined ? chunk : Buffer.concat([this.#head, chunk]);
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) {
      this.#head = bytes;
      return false;
    }
    const head = bytes.toString('latin1', 0, end);
    this.status = Number(head.slice(9, 12));
    // An answer without a length counts as complete and wrong; its end could not be found.
    this.bodyLength = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    this.#missing = Number.isNaN(this.bodyLength) ? 0 : this.bodyLength - (bytes.length - end - 4);
    return this.#missing <= 0;
  }

  reset(): void {
    this.status = 0;
    this.#head = undefined;
  }
}
