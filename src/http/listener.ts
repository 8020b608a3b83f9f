import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { sendOAuthError } from './answer.ts';
import { track, watch } from './drain.ts';
import { answersEarlyProbe } from './health.ts';
import type { OAuthErrorCode } from './oauth-errors.ts';
import { errorUri, nameOrigin, type OriginRules } from './origin.ts';

/** Access tokens of 8 KiB and a browser's other headers fit; Node's own 16 KiB would cut them off. */
const MAX_HEADER_BYTES = 64 * 1024;
/** Longer than the idle time of common proxies, which would otherwise reuse a connection that is just being closed. */
const KEEP_ALIVE_MS = 65_000;

export interface ListenOptions extends OriginRules {
  readonly host: string;
  readonly port: number;
  /** For a whole request, body included, in milliseconds: a byte now and then does not hold a seat. */
  readonly requestTimeoutMs?: number;
}

/**
 * Takes the port. Until somebody else handles its requests, they are told to come back.
 * @throws Error with the `code` of the network error, and words for the most common one
 */
export function listen({ host, port, requestTimeoutMs = 20_000, ...originRules }: ListenOptions): Promise<Server> {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: requestTimeoutMs,
    headersTimeout: Math.min(requestTimeoutMs, 10_000),
    connectionsCheckingInterval: Math.min(requestTimeoutMs, 2_000),
    // Whether the Host is good is decided by middleware, and so is a missing one; Node would answer without a body.
    requireHostHeader: false,
  });
  nameOrigin(server, originRules);
  watch(server);
  server.on('clientError', refuseBroken);
  server.on('connect', refuseTunnel);
  server.on('checkExpectation', (request, response) => {
    remember(request, response);
    sendOAuthError(response, 417, 'invalid_request', 'The only expectation that this server meets is 100-continue.');
  });
  setHandler(server, (request, response) => {
    if (answersEarlyProbe(request, response)) return;
    response.setHeader('Retry-After', 1);
    sendOAuthError(response, 503, 'server_error', 'This server is starting. Try again in a second.');
  });
  return takePort(server, { host, port, setting: 'PORT' });
}

/**
 * Lets a server listen.
 * @throws Error with the `code` of the network error, and words for the most common one, which name the setting
 */
export function takePort(
  server: Server,
  { host, port, setting }: Pick<ListenOptions, 'host' | 'port'> & { readonly setting: string },
): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} on ${host} is taken. ${setting} names another one.`;
      reject(
        error.code === 'EADDRINUSE' ? Object.assign(new Error(taken, { cause: error }), { code: error.code }) : error,
      );
    });
    server.listen(port, host, () => resolve(server.removeAllListeners('error')));
  });
}

/** Lets `handler` answer the requests from now on, in place of whoever did before. */
export function setHandler(server: Server, handler: RequestListener): void {
  server
    .removeAllListeners('request')
    .on('request', (request, response) => {
      remember(request, response);
      track(server, response);
    })
    .on('request', handler);
}

/** The latest answer of each connection, and whether its request came before the answer to the one in front of it. */
const latest = new WeakMap<Duplex, { readonly response: ServerResponse; readonly pipelined: boolean }>();

/** Keeps an answer in reach of its connection, for what turns out to be broken there later. */
function remember({ socket }: IncomingMessage, response: ServerResponse): void {
  const before = latest.get(socket);
  latest.set(socket, { response, pipelined: before !== undefined && !before.response.writableFinished });
  response.on('close', forget);
}

/** Idle connections keep no answers in memory. That half a request has been answered must be known until the end. */
function forget(this: ServerResponse): void {
  const { complete, socket } = this.req;
  if (complete && latest.get(socket)?.response === this) latest.delete(socket);
}

/**
 * Whether the client would take what is written to its connection now for the answer to what it sent last. While another
 * answer is under way or awaited, it would be a part of that one; after an answer to half a request, a second one.
 */
function mayAnswer(socket: Duplex): boolean {
  const last = latest.get(socket);
  if (last === undefined) return true;
  const { response, pipelined } = last;
  if (pipelined) return false;
  return response.req.complete ? response.writableFinished : !response.headersSent;
}

const BROKEN: Readonly<Record<string, readonly [status: number, description: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are too large.'],
};

/** What is no HTTP request never reaches Express; it is answered in JSON all the same. */
function refuseBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, description] = BROKEN[error.code ?? ''] ?? [400, 'This is not an HTTP request.'];
  endWith(socket, status, 'invalid_request', description);
}

/** Node hands over the bare connection, and would close it without a word if nobody took it. */
function refuseTunnel(_request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  endWith(socket, 405, 'method_not_allowed', 'This server is no proxy.', 'Allow: POST, OPTIONS');
}

/** Closes a connection with an OAuth error, or without a word where it would be taken for something else. */
function endWith(
  socket: Duplex,
  status: number,
  error: OAuthErrorCode,
  description: string,
  ...headers: string[]
): void {
  if (!socket.writable || !mayAnswer(socket)) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ error, error_description: description, error_uri: errorUri(socket, error) });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...headers,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
