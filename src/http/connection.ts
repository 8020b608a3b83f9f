import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { AnswerDeadline, type AnswerTime } from './answer-deadline.ts';
import { headSize } from './head-size.ts';

/**
 * How many requests may wait behind an unanswered one. No MCP client sends any. A connection with more is ended: the
 * socket is not paused, because a client that leaves is noticed only while its socket is read.
 */
const MAX_WAITING = 4;
/** How long their heads may be together, in characters: strangers open many connections, and a head may be 64 KiB long. */
export const MAX_WAITING_HEADS = 16 * 1024;

/**
 * How long the rest of a body is taken on after its answer has left, in milliseconds. Node would parse it for as long as a
 * request may take.
 */
const LINGER_MS = 1_000;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly handle: RequestListener;
}

/**
 * One connection of a client. Its requests are handled one after the other: each begins only after the answer to the
 * one before has left. Node would hand them over as they arrive, and an answer that waits for another one then emits
 * nothing when the connection is lost (Node 20 and 22), so that nobody would learn what became of its request.
 */
export class Connection {
  readonly socket: Socket;
  readonly #deadline: AnswerDeadline;
  /** The answer under way. */
  #answer: ServerResponse | undefined;
  readonly #waiting: Exchange[] = [];
  #refused = 0;

  constructor(socket: Socket, answers: AnswerTime) {
    this.socket = socket;
    this.#deadline = new AnswerDeadline(answers);
  }

  /** The number of requests that have arrived and are not handled. Once the connection has closed, they never are. */
  get unhandled(): number {
    return this.#waiting.length + this.#refused;
  }

  /** Whether an answer is complete, but has not left. Node takes such a connection for idle. */
  get isSending(): boolean {
    return this.#answer?.writableEnded === true && !this.#answer.writableFinished;
  }

  /** Handles a request now, or once the requests in front of it have been answered. */
  receive(exchange: Exchange): void {
    if (this.#hasEnded) this.#refused++;
    else if (this.#answer === undefined) this.#handle(exchange);
    else if (this.#hasRoomFor(exchange)) this.#waiting.push(exchange);
    else {
      this.#refused++;
      this.socket.destroy();
      stopParsing(this.socket);
    }
  }

  /** Tells the client not to send another request on this connection, unless the headers of its answer are sent. */
  closeAfterAnswer(): void {
    if (this.#answer?.headersSent === false) this.#answer.setHeader('Connection', 'close');
  }

  /**
   * Ends the connection if its client does not take what it is sent. A reset, because the operating system would go on
   * offering the rest.
   * @param now in milliseconds, of a clock that only goes forward
   */
  endIfUnread(now: number): void {
    if (this.#deadline.isOver(this.socket, now)) this.socket.resetAndDestroy();
  }

  #hasRoomFor({ request }: Exchange): boolean {
    if (this.#waiting.length >= MAX_WAITING) return false;
    const waiting = this.#waiting.reduce((sum, one) => sum + headSize(one.request), 0);
    return waiting + headSize(request) <= MAX_WAITING_HEADS;
  }

  #handle({ request, response, handle }: Exchange): void {
    this.#answer = response;
    response.once('finish', () => {
      if (request.complete) return;
      const end = setTimeout(() => request.complete || this.socket.destroy(), LINGER_MS).unref();
      request.once('close', () => clearTimeout(end));
    });
    response.once('close', () => {
      this.#answer = undefined;
      this.#next();
    });
    handle(request, response);
  }

  /** Whether nothing more can be answered. Node ends the socket after an answer with `Connection: close`. */
  get #hasEnded(): boolean {
    return this.socket.destroyed || this.socket.writableEnded;
  }

  #next(): void {
    const next = this.#hasEnded ? undefined : this.#waiting.shift();
    if (next !== undefined) this.#handle(next);
  }
}

/** What `onIncoming` returns for a request behind which nothing is to be parsed. */
const NO_MORE = 2;

/**
 * Leaves the rest of what has arrived on a connection unread. Node would go on to make a request and an answer for each
 * head in it, which stay in memory until the connection has closed: some thousand for every connection that floods.
 * Breaks when Node's parser no longer asks its `onIncoming` about each request: then the rest is parsed in vain.
 */
function stopParsing(socket: Socket): void {
  const { parser } = socket as { readonly parser?: { onIncoming?: () => number } | null };
  if (parser) parser.onIncoming = () => NO_MORE;
}
