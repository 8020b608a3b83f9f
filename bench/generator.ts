import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Shot } from './shot.ts';

/** What came of sending for a while. */
export interface Volley {
  readonly requests: number;
  readonly seconds: number;
  /** Of each request, in milliseconds. */
  readonly latencies: readonly number[];
  /** Answers with another status or length than the one that is due, and connections that were lost. */
  readonly failures: number;
}

/** When to stop: after so many seconds, or so many requests. */
export interface Until {
  readonly seconds?: number;
  readonly requests?: number;
}

/**
 * Sends a shot on so many connections, on each the next one when the last one is answered. Bare sockets: what loads a
 * server shares the machine with it, and must take as little of it as it can.
 */
export async function fire(shot: Shot, connections: number, until: Until): Promise<Volley> {
  const { hostname, port } = new URL(shot.url);
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
  const failures = await Promise.all(sockets.map((socket) => shoot(socket, shot, latencies, charge)));
  return {
    requests: latencies.length,
    seconds: (performance.now() - started) / 1000,
    latencies,
    failures: failures.reduce((sum, failed) => sum + failed, 0),
  };
}

/** @returns how many answers were not the right one */
function shoot(socket: Socket, shot: Shot, latencies: number[], charge: () => boolean): Promise<number> {
  return new Promise((resolve) => {
    const answer = new AnswerReader();
    let failures = 0;
    let sentAt = 0;
    const next = () => {
      sentAt = performance.now();
      if (charge()) socket.write(shot.bytes);
      else socket.destroy();
    };
    socket.on('data', (chunk) => {
      if (!answer.isCompleteWith(chunk)) return;
      latencies.push(performance.now() - sentAt);
      if (answer.status !== shot.status || answer.bodyLength !== shot.bodyLength) failures++;
      answer.forget();
      next();
    });
    socket.on('error', () => failures++);
    // Also comes when the server ends the connection, which it has no reason to.
    socket.on('end', () => failures++);
    socket.on('close', () => resolve(failures));
    next();
  });
}

/** Reads as little of an answer as tells where it ends. */
class AnswerReader {
  status = 0;
  bodyLength = Number.NaN;
  #head: Buffer | undefined;
  /** Bytes of the body that are still to come. */
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
    // Without a length the answer would never be complete; it counts as one that is wrong.
    this.bodyLength = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    this.#missing = Number.isNaN(this.bodyLength) ? 0 : this.bodyLength - (bytes.length - end - 4);
    return this.#missing <= 0;
  }

  forget(): void {
    this.status = 0;
    this.#head = undefined;
  }
}
