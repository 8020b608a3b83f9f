import { createServer, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { sendOAuthError } from './answer.ts';

/** Access tokens of 8 KiB and a browser's other headers fit; Node's own 16 KiB would cut them off. */
const MAX_HEADER_BYTES = 64 * 1024;
/** Longer than the idle time of common proxies, which would otherwise reuse a connection that is just being closed. */
const KEEP_ALIVE_MS = 65_000;
const DRAIN_MS = 10_000;
const SWEEP_MS = 50;

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** For a whole request, body included, in milliseconds: a byte now and then does not hold a seat. */
  readonly requestTimeoutMs?: number;
}

/**
 * Takes the port. Until somebody else handles its requests, they are told to come back.
 * @throws Error with the `code` of the network error, and words for the most common one
 */
export function listen({ host, port, requestTimeoutMs = 20_000 }: ListenOptions): Promise<Server> {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: requestTimeoutMs,
    headersTimeout: Math.min(requestTimeoutMs, 10_000),
    connectionsCheckingInterval: Math.min(requestTimeoutMs, 2_000),
  });
  server.on('clientError', refuseBroken);
  server.on('request', (_request, response) => {
    response.setHeader('Retry-After', 1);
    sendOAuthError(response, 503, 'server_error', 'This server is starting. Try again in a second.');
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} on ${host} is taken. PORT moves this server.`;
      reject(
        error.code === 'EADDRINUSE' ? Object.assign(new Error(taken, { cause: error }), { code: error.code }) : error,
      );
    });
    server.listen(port, host, () => resolve(server.removeAllListeners('error')));
  });
}

/** Stops accepting, lets requests in flight finish up to a deadline, closes what is left. */
export async function drain(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  // A connection whose last answer went out after the close would stay open as long as its client likes.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}

const BROKEN: Readonly<Record<string, readonly [status: number, description: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are too large.'],
};

/** What is no HTTP request never reaches Express; it is answered in JSON all the same. */
function refuseBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, description] = BROKEN[error.code ?? ''] ?? [400, 'This is not an HTTP request.'];
  const body = JSON.stringify({ error: 'invalid_request', error_description: description });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
