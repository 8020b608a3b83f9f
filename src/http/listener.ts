import type { RequestListener, Server } from 'node:http';
import { ANSWER_TIME, type AnswerTime } from './answer-deadline.ts';
import { answersEarlyProbe } from './health.ts';
import { type OriginRules, originsBy } from './origin.ts';
import { sendRefusal } from './refusal.ts';
import { HttpServer, type HttpServerOptions } from './server.ts';

/**
 * Enough for access tokens of 8 KiB and the other headers of a browser, for which Node's default of 16 KiB is too
 * small.
 */
const MAX_HEADER_BYTES = 64 * 1024;
/**
 * Longer than the idle timeout of common proxies. Otherwise they could reuse a connection that is just being closed.
 */
const KEEP_ALIVE_MS = 65_000;

export interface ListenOptions extends OriginRules, Pick<HttpServerOptions, 'onUnhandled'> {
  readonly host: string;
  readonly port: number;
  /** How long receiving a whole request may take, body included, in milliseconds. Slow clients cannot extend it. */
  readonly requestTimeoutMs?: number;
  /**
   * Lets requests wait until `setHandler` is called, instead of answering them with 503: a worker that replaces another
   * one gets connections as soon as it listens, and its siblings would have served them.
   */
  readonly waitsForHandler?: boolean;
  /** How long an answer may take to leave before its connection is ended. */
  readonly answers?: Partial<AnswerTime>;
}

/**
 * Creates the HTTP server and listens on the port. Until `setHandler` is called, requests are answered with 503. Errors
 * are JSON if the request could be parsed. Input that is not HTTP, too large or too slow gets Node's own short answer
 * (400, 431, 408), and its connection is closed. A `CONNECT` request is closed without an answer. The requests of a
 * connection are handled one after the other.
 * @throws Error with the `code` of the network error, and words for the most common one
 */
export async function listen(options: ListenOptions): Promise<HttpServer> {
  const {
    host,
    port,
    requestTimeoutMs = 20_000,
    waitsForHandler = false,
    answers,
    onUnhandled,
    ...originRules
  } = options;
  const server = new HttpServer({
    answers: { ...ANSWER_TIME, ...answers },
    originOf: originsBy(originRules),
    handler: waitsForHandler ? waitingRequests() : answerWhileStarting,
    ...(onUnhandled !== undefined && { onUnhandled }),
    maxHeaderSize: MAX_HEADER_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: requestTimeoutMs,
    headersTimeout: Math.min(requestTimeoutMs, 10_000),
    connectionsCheckingInterval: Math.min(requestTimeoutMs, 2_000),
  });
  await takePort(server, { host, port, setting: 'PORT' });
  return server;
}

const answerWhileStarting: RequestListener = (request, response) => {
  if (answersEarlyProbe(request, response)) return;
  const description = 'This server is starting. Try again in a second.';
  sendRefusal(response, { status: 503, error: 'server_error', description, retryAfterSeconds: 1 });
};

/**
 * Lets a server listen on a port.
 * @param setting the name of the variable that configures the port, for the error message
 * @throws Error with the `code` of the network error; its message says what to do about the usual ones
 */
export function takePort(
  server: Server,
  { host, port, setting }: Pick<ListenOptions, 'host' | 'port'> & { readonly setting: string },
): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = whyNoPort(error.code, { host, port, setting });
      reject(why === undefined ? error : Object.assign(new Error(why, { cause: error }), { code: error.code }));
    });
    server.listen(port, host, () => resolve(server.removeAllListeners('error')));
  });
}

function whyNoPort(
  code: string | undefined,
  { host, port, setting }: Pick<ListenOptions, 'host' | 'port'> & { readonly setting: string },
): string | undefined {
  const address = setting.replace('PORT', 'HOST');
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken. ${setting} names another one.`;
    case 'EACCES':
      return `This user may not listen on port ${port} of ${host}. ${setting} names another one, such as one above 1023.`;
    case 'EADDRNOTAVAIL':
      return `${host} is not an address of this machine. ${address} is the address to listen on: 127.0.0.1 behind a proxy on this machine, 0.0.0.0 for all.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host name ${host} is not known here. ${address} is the address of this machine to listen on, not the name that clients use.`;
    default:
      return undefined;
  }
}

/** Sets the handler of all requests from now on, and of those that wait for one. It replaces the previous one. */
export function setHandler(server: HttpServer, handler: RequestListener): void {
  const { handler: before } = server;
  server.handler = handler;
  if ('handleWith' in before) (before as WaitingRequests).handleWith(handler);
}

/** A handler that keeps requests for the one that comes after it. */
interface WaitingRequests extends RequestListener {
  handleWith(handler: RequestListener): void;
}

function waitingRequests(): WaitingRequests {
  const waiting: Parameters<RequestListener>[] = [];
  const keep: RequestListener = (...request) => void waiting.push(request);
  return Object.assign(keep, {
    handleWith: (handler: RequestListener) => {
      for (const request of waiting.splice(0)) handler(...request);
    },
  });
}
