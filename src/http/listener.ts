import { createServer, type RequestListener, type Server } from 'node:http';
import { sendOAuthError } from './answer.ts';
import { trackConnections, trackResponse } from './drain.ts';
import { answersEarlyProbe } from './health.ts';
import { nameOrigin, type OriginRules } from './origin.ts';

/** Access tokens of 8 KiB and a browser's other headers fit; Node's own 16 KiB would cut them off. */
const MAX_HEADER_BYTES = 64 * 1024;
/** Longer than the idle time of common proxies, which would otherwise reuse a connection that is just being closed. */
const KEEP_ALIVE_MS = 65_000;

export interface ListenOptions extends OriginRules {
  readonly host: string;
  readonly port: number;
  /** For a whole request, body included, in milliseconds: a byte now and then does not keep it open. */
  readonly requestTimeoutMs?: number;
}

/**
 * Takes the port. Until somebody else handles its requests, they are told to come back. Errors are JSON from where a
 * request could be parsed: what is no HTTP, too large or too slow gets Node's own short answer (400, 431, 408), and its
 * connection is closed. So is one that asks for a tunnel (`CONNECT`), without a word.
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
  trackConnections(server);
  server.on('checkExpectation', (_request, response) => {
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
    .on('request', (_request, response) => trackResponse(server, response))
    .on('request', handler);
}
