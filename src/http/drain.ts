import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import type { HttpServer } from './server.ts';

/** How often idle connections are closed while the server drains. */
const SWEEP_MS = 50;
/** How long a connection may take to send its first byte after the port has been closed. */
const SILENCE_MS = 1_000;

export interface DrainOptions {
  /** How long new requests are still served, in milliseconds, so that load balancers have time to notice. */
  readonly delayMs?: number;
  /** How long requests in flight may take after that delay, in milliseconds. */
  readonly timeoutMs?: number;
}

/**
 * Shuts a server down gracefully: sends `Connection: close` with every answer, waits for the delay, stops accepting
 * connections, waits for requests in flight until the timeout, and then destroys the connections that are left.
 */
export async function drain(server: HttpServer, { delayMs = 0, timeoutMs = 10_000 }: DrainOptions = {}): Promise<void> {
  server.closeAfterAnswers();
  if (delayMs > 0) await wait(delayMs);
  // Requests that have arrived by now must be read before their connections are treated as idle.
  await setImmediate();

  const closed = new Promise((resolve) => server.close(resolve));
  // A connection whose last answer is sent after `close` would otherwise stay open until its client closes it.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  // Clients open connections in advance, on which they have not sent anything.
  const silence = setTimeout(() => server.closeSilentConnections(), Math.min(SILENCE_MS, timeoutMs));
  const deadline = setTimeout(() => server.closeAllConnections(), timeoutMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(silence);
  clearTimeout(deadline);
  // The server has closed before its last sockets say so, and what listens to them must still run.
  await server.allClosed();
}
