import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Caller } from '../callers.ts';
import type { Random } from '../random.ts';

/** How long an attacker waits for an answer, or for the end of a connection, before it turns to the next one. */
const PATIENCE_MS = 10_000;

/** A connection of an attacker. */
export interface Line {
  readonly socket: Socket;
  /** Resolves when it is closed. */
  readonly closed: Promise<undefined>;
}

/** What an attack is made with: a token, and raw connections, since no client library sends what an attacker sends. */
export class Attacker {
  readonly caller: Caller;
  readonly random: Random;
  /** Ends all attacks. */
  readonly signal: AbortSignal;
  readonly #port: number;
  /** Requests that were sent. */
  sent = 0;
  /** Answers by status. */
  readonly statuses = new Map<number, number>();

  constructor(port: number, caller: Caller, random: Random, signal: AbortSignal) {
    this.#port = port;
    this.caller = caller;
    this.random = random;
    this.signal = signal;
  }

  /** Opens a connection. It is destroyed at the end of the attack at the latest. */
  async open(): Promise<Line> {
    const socket = connect({ port: this.#port, host: '127.0.0.1', signal: this.signal });
    socket.on('error', () => undefined);
    const closed = new Promise<undefined>((resolve) => socket.once('close', () => resolve(undefined)));
    await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), closed]);
    return { socket, closed };
  }

  /** A POST to the endpoint, as text. */
  post(body: string, { token = this.caller.token, length = Buffer.byteLength(body), headers = '' } = {}): string {
    this.sent++;
    const common = `POST /mcp HTTP/1.1\r\nHost: localhost:${this.#port}\r\nContent-Type: application/json\r\n`;
    const accept = 'Accept: application/json, text/event-stream\r\n';
    return `${common}${accept}Authorization: Bearer ${token}\r\n${headers}Content-Length: ${length}\r\n\r\n${body}`;
  }

  /** Sends requests one after the other over a connection, each when the one before has been answered. */
  async inTurn(next: () => string): Promise<void> {
    const { socket, closed } = await this.open();
    while (!(socket.destroyed || this.signal.aborted)) {
      const answer = new Promise<unknown>((resolve) => socket.once('data', resolve));
      socket.write(next());
      const chunk = await Promise.race([answer, closed, this.rest(PATIENCE_MS)]);
      this.#count(chunk);
      if (chunk === undefined) socket.destroy();
    }
  }

  /** Waits; shorter when the attack ends. */
  async rest(ms: number): Promise<undefined> {
    await pause(ms, undefined, { signal: this.signal }).catch(() => undefined);
    return undefined;
  }

  /** Waits until the server has closed the connection, or the patience is over. Then the connection is destroyed. */
  async outwait({ socket, closed }: Line): Promise<void> {
    await Promise.race([closed, this.rest(PATIENCE_MS)]);
    socket.destroy();
  }

  #count(chunk: unknown): void {
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(String(chunk ?? '').slice(0, 12))?.[1] ?? 0);
    if (status > 0) this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
  }
}
