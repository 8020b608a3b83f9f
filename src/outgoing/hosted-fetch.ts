import { Agent, fetch as fetchBy } from 'undici';
import { guardedConnector } from './guarded-connector.ts';
import { isLoopbackAddress } from './public-address.ts';

/** The same signature as the global `fetch`, which the MCP SDK takes. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

const CONNECT_TIMEOUT_MS = 10_000;
/** For one request of signing in, with its whole answer. */
const SIGN_IN_TIMEOUT_MS = 15_000;
/** The longest metadata, registration or token answer that is read, in bytes, as it comes and as it is decoded. */
const MAX_SIGN_IN_BYTES = 262_144;

/** The longest message of the endpoint that is read, in bytes, as it is decoded. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** So much of an answer is read that reports a failure, in bytes. */
const MAX_FAILURE_BYTES = 65_536;
/** What ends an event of a stream (WHATWG HTML, "Server-sent events"). */
const BLANK_LINES = ['\n\n', '\n\r\n', '\r\r'] as const;

/** How the commands for a hosted server reach it, and whatever it names. Nothing follows a redirect. */
export interface HostedFetch {
  /** Requests to the endpoint itself, whose answers may be streams, of messages that are bounded. */
  readonly endpoint: Fetch;
  /**
   * Requests of signing in: bounded in time and size. Those to other origins than the server's own, which the server alone
   * has named, reach addresses of the public internet only, and this machine where the server itself is there.
   */
  readonly signIn: Fetch;
  /** Closes all connections; what is under way fails. */
  close(): Promise<void>;
}

/**
 * Opens the way to a hosted server that a person has named.
 * @param server its URL: `https:`, or `http:` of this machine
 */
export function openHostedFetch(server: URL): HostedFetch {
  const direct = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS }, headersTimeout: 0, bodyTimeout: 0 });
  const sized = { maxResponseSize: MAX_SIGN_IN_BYTES };
  const own = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS }, ...sized });
  const others = new Agent({ connect: guardedConnector({ allowLoopback: isThisMachine(server) }), ...sized });
  const through = async (dispatcher: Agent, url: URL, init?: RequestInit) => {
    const { body, status, statusText, headers } = await fetchBy(url, {
      ...(init as object),
      redirect: 'manual',
      dispatcher,
    });
    // Breaks when the MCP SDK gets undici's own class, which it does not take for an answer: it asks for the global one.
    return new Response(body as ReadableStream | null, { status, statusText, headers: [...headers] });
  };
  return {
    endpoint: async (url, init) => eachBounded(await through(direct, new URL(url), init)),
    signIn: async (url, init) => {
      const to = new URL(url);
      const signal = AbortSignal.timeout(SIGN_IN_TIMEOUT_MS);
      return bounded(await through(to.origin === server.origin ? own : others, to, { ...init, signal }));
    },
    close: async () => {
      await Promise.all([direct, own, others].map((agent) => agent.destroy()));
    },
  };
}

/** The same answer, which fails when more is decoded than was meant to come: a short text may stand for a very long one. */
function bounded({ body, status, statusText, headers }: Response): Response {
  let bytes = 0;
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      bytes += piece.byteLength;
      if (bytes > MAX_SIGN_IN_BYTES) controller.error(new TypeError('The answer is too long.'));
      else controller.enqueue(piece);
    },
  });
  return new Response(body?.pipeThrough(counting) ?? null, { status, statusText, headers });
}

/** The same answer, which fails when a message in it is too long, and which ends where a failure has been told at length. */
export function eachBounded({ body, ok, status, statusText, headers }: Response): Response {
  const isStream = headers.get('content-type')?.startsWith('text/event-stream') === true;
  let bytes = 0;
  // A blank line may come in two pieces.
  let rest = Buffer.alloc(0);
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      const read = isStream ? Buffer.concat([rest, piece]) : rest;
      const end = Math.max(...BLANK_LINES.map((line) => read.lastIndexOf(line)));
      bytes = end === -1 ? bytes + piece.byteLength : read.byteLength - end;
      rest = read.subarray(-2);
      if (!ok && bytes > MAX_FAILURE_BYTES) controller.terminate();
      else if (bytes > MAX_MESSAGE_BYTES) controller.error(new Error('The message is too long.'));
      else controller.enqueue(piece);
    },
  });
  return new Response(body?.pipeThrough(counting) ?? null, { status, statusText, headers });
}

/** Whether a URL leads to this machine: `localhost` or a loopback address. */
export function isThisMachine({ hostname }: URL): boolean {
  return hostname === 'localhost' || isLoopbackAddress(hostname.replace(/^\[|\]$/g, ''));
}
