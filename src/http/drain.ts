import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate, setTimeout as wait } from 'node:timers/promises';

/** How often idle connections are closed while the server drains. */
const SWEEP_MS = 50;
/** How long a connection may take to send its first byte after the port has been closed. */
const SILENCE_MS = 1_000;

/** The open connections of a server, and its answers that are not complete yet. */
interface Traffic {
  readonly connections: Set<Socket>;
  readonly answers: Set<ServerResponse>;
}

const traffic = new WeakMap<Server, Traffic>();

/** Records the connections of a server from now on, so that `drain` can close them. */
export function trackConnections(server: Server): void {
  const connections = new Set<Socket>();
  traffic.set(server, { connections, answers: new Set() });
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
}

/**
 * Records an answer of a server whose connections are tracked, until it is complete. With HTTP pipelining, an answer
 * that waits for an earlier one on the same connection has no socket yet and is left out: it would never emit `close`
 * if the connection closed first.
 */
export function trackResponse(server: Server, response: ServerResponse): void {
  const answers = traffic.get(server)?.answers;
  if (answers === undefined || response.socket === null) return;
  answers.add(response);
  response.once('close', () => answers.delete(response));
}

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
export async function drain(server: Server, { delayMs = 0, timeoutMs = 10_000 }: DrainOptions = {}): Promise<void> {
  const { connections = new Set<Socket>(), answers = new Set<ServerResponse>() } = traffic.get(server) ?? {};
  for (const answer of answers) closeAfterResponse(answer);
  server.prependListener('request', (_request, response) => closeAfterResponse(response));
  spareAnswers(server, answers);
  if (delayMs > 0) await wait(delayMs);
  // Requests that have arrived by now must be read before their connections are treated as idle.
  await setImmediate();

  const closed = new Promise((resolve) => server.close(resolve));
  // A connection whose last answer is sent after `close` would otherwise stay open until its client closes it.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  // Node does not treat a connection that has never sent anything as idle. Clients open such connections in advance.
  const silence = setTimeout(() => cutSilent(connections), Math.min(SILENCE_MS, timeoutMs));
  const deadline = setTimeout(() => server.closeAllConnections(), timeoutMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(silence);
  clearTimeout(deadline);
  // An answer that was cut off emits `close` later than its connection, and listeners to that must still run.
  await Promise.all([...answers].map((answer) => once(answer, 'close')));
}

/** Tells the client not to send another request on this connection, unless the headers are sent already. */
function closeAfterResponse(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}

/**
 * Node treats a connection as idle once its answer has ended, even if some of it has not been sent yet, and would cut
 * it off. So no connection is closed as idle while there is such an answer; draining waits for it anyway.
 */
function spareAnswers(server: Server, answers: ReadonlySet<ServerResponse>): void {
  const closeIdle = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => {
    for (const answer of answers) if (answer.writableEnded && !answer.writableFinished) return;
    closeIdle();
  };
}

function cutSilent(connections: Iterable<Socket>): void {
  for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
}
