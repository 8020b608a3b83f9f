import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import type { HttpServer } from './server.ts';

/** How often idle connections are closed while the server drains. */
const SWEEP_MS = 50;
/** How long a connection may take to send its first byte after the port has been closed. */
const SILENCE_MS = 1_000;

/** A turn of the event loop in which less time than this went by had next to nothing to do. */
const QUIET_MS = 2;
/** How long a quiet moment is waited for. */
const QUIET_WITHIN_MS = 2_000;

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
  await takeWaiting(server);

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

/**
 * Takes the connections that the system has accepted by now: those that still wait when the port closes are reset, and a proxy
 * does not send a POST again that it has sent into one. What they have sent is read as well, before they are treated as idle.
 * The port is then closed at a moment in which nothing has come, because whoever is busy with something else leaves some waiting.
 */
async function takeWaiting(server: HttpServer): Promise<void> {
  let taken = 0;
  const count = () => {
    taken += 1;
  };
  server.on('connection', count);
  const last = performance.now() + QUIET_WITHIN_MS;
  // From here on, whole turns are looked at.
  await setImmediate();
  let isQuiet = false;
  while (!isQuiet && performance.now() < last) {
    const [before, begun] = [taken, performance.now()];
    await setImmediate();
    isQuiet = taken === before && performance.now() - begun < QUIET_MS;
  }
  server.off('connection', count);
}
