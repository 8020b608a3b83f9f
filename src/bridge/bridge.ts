import { AsyncLocalStorage } from 'node:async_hooks';
import type { Readable, Writable } from 'node:stream';
import {
  isInitializeRequest,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCErrorResponse,
  type JSONRPCMessage,
  type JSONRPCNotification,
  type JSONRPCRequest,
  type JSONRPCResponse,
  type RequestId,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { isObject } from '../core/json.ts';
import { MAX_BODY_BYTES } from '../mcp/receive/body-limit.ts';
import { Refused } from '../mcp/refusals.ts';
import type { Fetch } from '../outgoing/hosted-fetch.ts';
import { LineWriter } from '../stdio/line-writer.ts';
import { type Line, LineReader } from '../stdio/lines.ts';
import { answerTo, demandCountable, receivedIn } from '../stdio/reading.ts';
import { errorFor, lost } from './answer-error.ts';

export interface BridgeOptions {
  readonly server: URL;
  /** Sends requests to the server, with the credential. */
  readonly fetch: Fetch;
  readonly input: Readable;
  /** Gets messages of the protocol and nothing else. */
  readonly output: Writable;
  /** Says something to the person, who may read the log of their client. */
  readonly tell: (text: string) => void;
}

/** A bridge that runs. */
export interface Bridge {
  /** Resolves when the input has ended and everything of it is answered, when nobody reads the output, or after `stop`. */
  readonly finished: Promise<void>;
  /** Aborts what runs. */
  stop(): Promise<void>;
}

/** So many questions of the server may wait for their answers; further ones are refused. */
const MAX_QUESTIONS = 100;
/** The code of JSON-RPC for what goes wrong on the side that is asked. */
const INTERNAL_ERROR = -32_603;
/** What may stand in the header that names a version of the protocol. */
const VERSION = /^[\w.-]{1,64}$/;
/** A request that is answered when its stream ends, and until then has nothing to finish. */
const LISTEN = 'subscriptions/listen';

/** A request that waits for its answer. */
interface Running {
  readonly abort: AbortController;
  readonly method: string;
}

/**
 * Forwards messages between a client on stdin and stdout and a hosted server over Streamable HTTP, in both eras of the
 * protocol: a message is passed on as it is, and what HTTP wants beside it is derived from it. A cancelled request is
 * cancelled at the server by closing it. A request that gets no answer of the server is answered with an error that says why.
 *
 * In the era of 2025 a server may ask its client something, on the stream of an answer or on that of the client: `ping`, and by
 * the client's capabilities `roots/list`, `sampling/createMessage`, `elicitation/create` and what concerns tasks. That is passed
 * on too, and the response goes to the server. In the era of 2026-07-28 such questions are results, and their answers arguments.
 */
export function startBridge(options: BridgeOptions): Bridge {
  const { server, fetch, input, output, tell } = options;
  const lines = new LineReader(() => MAX_BODY_BYTES);
  const writer = new LineWriter(input, output);
  const answers = new AsyncLocalStorage<{ isStream: boolean }>();
  const remote = new StreamableHTTPClientTransport(server, {
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      const answer = answers.getStore();
      if (answer) answer.isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
      return paced(response, () => writer.room);
    },
    // The server keeps no sessions: an answer that is lost cannot be asked for again.
    reconnectionOptions: {
      initialReconnectionDelay: 0,
      maxReconnectionDelay: 0,
      reconnectionDelayGrowFactor: 1,
      maxRetries: 0,
    },
  });
  const running = new Map<RequestId, Running>();
  const initializing = new Set<RequestId>();
  /** What the server has asked and the client has not answered. */
  const questions = new Set<RequestId>();
  let hasEnded = false;
  let isClosed = false;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const write = (message: JSONRPCMessage) => {
    try {
      void writer.write(message);
    } catch (error) {
      // It is nested deeper than JSON can be written.
      const why = errorFor(error, message, server);
      if (isJSONRPCRequest(message)) deliver({ jsonrpc: '2.0', id: message.id, error: why });
      else if ('id' in message) void writer.write({ jsonrpc: '2.0', id: message.id, error: why });
      else tell(`A message of the server was not passed on: ${why.message}`);
    }
  };
  const endWhenIdle = () => {
    if (hasEnded && [...running.values()].every(({ method }) => method === LISTEN)) close();
  };
  const settle = (message: JSONRPCMessage & { readonly id?: RequestId | undefined }) => {
    // Nobody waits for what has been cancelled.
    if (message.id !== undefined && !running.delete(message.id)) return;
    write(message);
    endWhenIdle();
  };
  const fail = (id: RequestId, error: JSONRPCErrorResponse['error']) => settle({ jsonrpc: '2.0', id, error });

  const ask = async (message: JSONRPCRequest) => {
    const { id } = message;
    const abort = new AbortController();
    running.set(id, { abort, method: message.method });
    if (isInitializeRequest(message)) initializing.add(id);
    const isPending = () => running.get(id)?.abort === abort;
    const answer = { isStream: false };
    const onRequestStreamEnd = () => {
      if (isPending()) fail(id, lost(server));
    };
    try {
      await answers.run(answer, () => remote.send(message, { requestSignal: abort.signal, onRequestStreamEnd }));
      // What is no stream was the whole answer, and this request is not answered with it.
      if (!answer.isStream && isPending()) fail(id, lost(server));
    } catch (error) {
      if (isPending()) fail(id, errorFor(error, message, server));
    }
  };
  const cancel = (params: unknown) => {
    const id = isObject(params) ? (params['requestId'] as RequestId) : undefined;
    if (id === undefined) return;
    const asked = running.get(id);
    running.delete(id);
    asked?.abort.abort();
    endWhenIdle();
  };

  const notify = (message: JSONRPCNotification) => {
    if (message.method === 'notifications/cancelled') return cancel(message.params);
    remote
      .send(message)
      .catch((error) => tell(`The server was not told ${message.method}: ${errorFor(error, message, server).message}`));
  };
  /** Passes a question of the server on. */
  const question = (message: JSONRPCRequest) => {
    if (questions.size < MAX_QUESTIONS) {
      questions.add(message.id);
      return write(message);
    }
    const error = { code: INTERNAL_ERROR, message: `${MAX_QUESTIONS} questions are not answered yet.` };
    deliver({ jsonrpc: '2.0', id: message.id, error });
  };
  const deliver = (message: JSONRPCResponse) => {
    remote.send(message).catch((error) => {
      tell(`The server did not get the answer to its question: ${errorFor(error, message, server).message}`);
    });
  };
  const read = (line: Line) => {
    const received = receivedIn(line, MAX_BODY_BYTES);
    if (received.kind === 'asked') {
      const { body } = received;
      if (!isJSONRPCRequest(body)) return notify(body as JSONRPCNotification);
      demandCountable(body.id, running);
      void ask(body);
      return;
    }
    const { body } = received;
    // The answer to a question that nobody has asked must not be answered (JSON-RPC 2.0 §5).
    if (isJSONRPCResponse(body) && body.id !== undefined && questions.delete(body.id)) deliver(body);
  };
  const readAll = (complete: Iterable<Line>) => {
    for (const line of complete) {
      try {
        read(line);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        void writer.write(answerTo(error));
      }
    }
  };
  remote.onmessage = (message) => {
    if (isJSONRPCRequest(message)) return question(message);
    if (!isJSONRPCResponse(message)) return write(message);
    if (message.id !== undefined && initializing.delete(message.id) && 'result' in message) {
      const { protocolVersion } = message.result;
      if (typeof protocolVersion === 'string' && VERSION.test(protocolVersion))
        remote.setProtocolVersion(protocolVersion);
    }
    settle(message);
  };
  const onData = (piece: Buffer | string) => {
    readAll(lines.push(typeof piece === 'string' ? Buffer.from(piece) : piece));
  };
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    input.off('data', onData);
    writer.stop();
    for (const { abort } of running.values()) abort.abort();
    running.clear();
    void remote.close();
    finish();
  };
  // What came before the end of the input is still answered.
  const onEnd = () => {
    if (hasEnded) return;
    hasEnded = true;
    readAll(lines.end());
    endWhenIdle();
  };
  output.on('error', close);
  void remote.start().then(() => {
    input.on('data', onData);
    for (const end of ['end', 'close', 'error'] as const) input.once(end, onEnd);
  });
  return { finished, stop: async () => close() };
}

/** The same answer, of which no more is read while there is no room for it. */
function paced({ body, status, statusText, headers }: Response, room: () => Promise<void>): Response {
  const pacing = new TransformStream<Uint8Array, Uint8Array>({
    async transform(piece, controller) {
      await room();
      controller.enqueue(piece);
    },
  });
  return new Response(body?.pipeThrough(pacing) ?? null, { status, statusText, headers });
}
