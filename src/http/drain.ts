import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate, setTimeout as wait } from 'node:timers/promises';

const SWEEP_MS = 50;
/** What a connection that was made right before the port closed may take until its first byte arrives. */
const SILENCE_MS = 1_000;

/** What is under way at a server. */
interface Traffic {
  readonly connections: Set<Socket>;
  readonly answers: Set<ServerResponse>;
}

const traffic = new WeakMap<Server, Traffic>();

/** Keeps count of a server's connections from now on, so that it can be drained. */
export function trackConnections(server: Server): void {
  const connections = new Set<Socket>();
  traffic.set(server, { connections, answers: new Set() });
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
}

/**
 * Keeps an answer of a watched server in reach until it is over. One that has to wait for another on its connection is
 * left out: it would never close if the connection did first.
 */
export function trackResponse(server: Server, response: ServerResponse): void {
  const answers = traffic.get(server)?.answers;
  if (answers === undefined || response.socket === null) return;
  answers.add(response);
  response.once('close', () => answers.delete(response));
}

export interface DrainOptions {
  /** How long everything is still served, in milliseconds, so that load balancers notice that they are to go elsewhere. */
  readonly delayMs?: number;
  /** How long requests in flight may take after that, in milliseconds. */
  readonly timeoutMs?: number;
}

/**
 * Ends a server in order: tells clients that their connections end, stops accepting, lets requests in flight finish up
 * to a deadline, cuts what is left.
 */
export async function drain(server: Server, { delayMs = 0, timeoutMs = 10_000 }: DrainOptions = {}): Promise<void> {
  const { connections = new Set<Socket>(), answers = new Set<ServerResponse>() } = traffic.get(server) ?? {};
  for (const answer of answers) closeAfterResponse(answer);
  server.prependListener('request', (_request, response) => closeAfterResponse(response));
  spareAnswers(server, answers);
  if (delayMs > 0) await wait(delayMs);
  // What has arrived by now is read before connections without a request count as idle.
  await setImmediate();

  const closed = new Promise((resolve) => server.close(resolve));
  // A connection whose last answer went out after the close would stay open as long as its client likes.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  // Node takes a connection on which nothing was ever sent for a busy one. Clients open such connections in reserve.
  const silence = setTimeout(() => cutSilent(connections), Math.min(SILENCE_MS, timeoutMs));
  const deadline = setTimeout(() => server.closeAllConnections(), timeoutMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(silence);
  clearTimeout(deadline);
  // An answer that was cut closes later than its connection, and those who follow it are told then.
  await Promise.all([...answers].map((answer) => once(answer, 'close')));
}

/** Clients do not send their next request on a connection after an answer that says so. */
function closeAfterResponse(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}

/**
 * Node takes a connection for idle once its answer is complete, and would cut off what has not left yet. No connection is
 * closed as idle while there is such an answer: the end waits for it anyway.
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
