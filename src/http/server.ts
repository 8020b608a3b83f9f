import { once } from 'node:events';
import { type RequestListener, Server, type ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { AnswerTime } from './answer-deadline.ts';
import { Connection } from './connection.ts';
import { keepInFewPieces } from './few-pieces.ts';
import type { OriginOf } from './origin.ts';
import { SmallChunks } from './small-chunks.ts';
import { UnreadBodies } from './unread.ts';

/** How often, within the time for answers, connections are checked for answers that do not leave. */
const CHECKS = 10;
const MAX_CHECK_INTERVAL_MS = 5_000;

export interface HttpServerOptions extends Omit<ServerOptions, 'requireHostHeader' | 'insecureHTTPParser'> {
  readonly answers: AnswerTime;
  /** Handles requests until `handler` is set. */
  readonly handler: RequestListener;
  /** Lets answers say where this server is. */
  readonly originOf?: OriginOf;
  /** Called for a connection that has closed before all requests that had arrived on it were handled. */
  readonly onUnhandled?: (connection: { readonly address: string | undefined; readonly requests: number }) => void;
}

/** An HTTP server that knows its connections: it handles their requests in order, and ends those that are not read. */
export class HttpServer extends Server {
  /** Handles every request that begins from now on. */
  handler: RequestListener;
  readonly #connections = new Map<Socket, Connection>();
  readonly #counts = { unread: new UnreadBodies(), small: new SmallChunks() };
  readonly #originOf: OriginOf | undefined;
  #isDraining = false;

  constructor({ answers, handler, originOf, onUnhandled, ...options }: HttpServerOptions) {
    super({
      ...options,
      // Handlers check the Host header, also a missing one; Node's own answer to that has no body.
      requireHostHeader: false,
      // Whatever the flags of the process say: a lenient parser takes framing that a proxy in front reads differently.
      insecureHTTPParser: false,
    });
    this.handler = handler;
    this.#originOf = originOf;
    this.on('connection', (socket: Socket) => {
      const connection = new Connection(socket, answers);
      const address = socket.remoteAddress;
      this.#connections.set(socket, connection);
      socket.once('close', () => {
        this.#connections.delete(socket);
        if (connection.unhandled > 0) onUnhandled?.({ address, requests: connection.unhandled });
      });
    });
    const receive = this.#inOrder((request, response) => this.handler(request, response));
    this.on('request', receive);
    // Those with an `Expect` header that Node does not know, which it would answer itself.
    this.on('checkExpectation', receive);
    const interval = Math.min(answers.timeoutMs / CHECKS, MAX_CHECK_INTERVAL_MS);
    const checks = setInterval(() => this.#endUnread(), interval).unref();
    this.once('close', () => clearInterval(checks));
  }

  /** Ends the connection after the answer under way, and after every later one. */
  closeAfterAnswers(): void {
    this.#isDraining = true;
    for (const connection of this.#connections.values()) connection.closeAfterAnswer();
  }

  /**
   * Closes connections on which nothing happens. Node treats a connection as idle once its answer is complete, even if
   * some of it has not left yet, and would cut it off. So none is closed while there is such an answer.
   */
  override closeIdleConnections(): void {
    for (const connection of this.#connections.values()) if (connection.isSending) return;
    super.closeIdleConnections();
  }

  /** Closes connections that have never sent anything, which Node does not treat as idle. */
  closeSilentConnections(): void {
    for (const socket of this.#connections.keys()) if (socket.bytesRead === 0) socket.destroy();
  }

  /** Resolves when all connections have closed, and everything that listens to that has run. */
  async allClosed(): Promise<void> {
    await Promise.all([...this.#connections.keys()].map((socket) => once(socket, 'close')));
  }

  #inOrder(handle: RequestListener): RequestListener {
    return (request, response) => {
      keepInFewPieces(request, this.#counts);
      request.originOf = this.#originOf;
      this.#connections.get(request.socket)?.receive({
        request,
        response,
        handle: (...exchange) => {
          if (this.#isDraining) response.setHeader('Connection', 'close');
          handle(...exchange);
        },
      });
    };
  }

  #endUnread(): void {
    const now = performance.now();
    for (const connection of this.#connections.values()) connection.endIfUnread(now);
  }
}
