import { AsyncLocalStorage } from 'node:async_hooks';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import {
  isInitializeRequest,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCErrorResponse,
  type JSONRPCMessage,
  type JSONRPCRequest,
  type RequestId,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { isObject } from '../core/json.ts';
import type { Fetch } from '../outgoing/hosted-fetch.ts';
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

const INVALID_REQUEST = -32_600;
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
 */
export function startBridge(options: BridgeOptions): Bridge {
  const { server, fetch, input, output, tell } = options;
  // Requests that came before the end of the input are still answered.
  const lines = new PassThrough();
  const local = new StdioServerTransport(lines, output);
  const answers = new AsyncLocalStorage<{ isStream: boolean }>();
  const remote = new StreamableHTTPClientTransport(server, {
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      const answer = answers.getStore();
      if (answer) answer.isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
      return response;
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
  let hasEnded = false;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const write = (message: JSONRPCMessage) => void local.send(message).catch(() => undefined);
  const endWhenIdle = () => {
    if (hasEnded && [...running.values()].every(({ method }) => method === LISTEN)) void local.close();
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
    if (running.has(id)) {
      write({
        jsonrpc: '2.0',
        id,
        error: { code: INVALID_REQUEST, message: 'Another request with this id is running. Use each id once.' },
      });
      return;
    }
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

  local.onmessage = (message) => {
    if (isJSONRPCRequest(message)) void ask(message);
    else if (isJSONRPCNotification(message)) {
      if (message.method === 'notifications/cancelled') cancel(message.params);
      else
        remote
          .send(message)
          .catch((error) =>
            tell(`The server was not told ${message.method}: ${errorFor(error, message, server).message}`),
          );
    }
  };
  local.onerror = () => {
    write({
      jsonrpc: '2.0',
      error: { code: INVALID_REQUEST, message: 'This is no message of JSON-RPC, one on each line, of at most 10 MiB.' },
    });
  };
  remote.onmessage = (message) => {
    if (!isJSONRPCResponse(message)) return write(message);
    if (message.id !== undefined && initializing.delete(message.id) && 'result' in message) {
      const { protocolVersion } = message.result;
      if (typeof protocolVersion === 'string') remote.setProtocolVersion(protocolVersion);
    }
    settle(message);
  };
  local.onclose = () => {
    for (const { abort } of running.values()) abort.abort();
    running.clear();
    void remote.close();
    input.unpipe(lines);
    finish();
  };
  const onEnd = () => {
    hasEnded = true;
    // What was read before is handled first.
    setImmediate(endWhenIdle);
  };
  input.once('end', onEnd);
  input.once('close', onEnd);
  input.once('error', onEnd);
  input.pipe(lines, { end: false });
  void remote.start().then(() => local.start());
  return { finished, stop: () => local.close() };
}
