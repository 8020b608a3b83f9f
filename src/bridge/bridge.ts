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
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { isObject, parseJson } from '../core/json.ts';
import type { Fetch } from '../outgoing/hosted-fetch.ts';
import { HostedFailure, whyNoAnswer } from './failure.ts';

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

/** The code of an error that the way to the server has caused, of those that JSON-RPC leaves to implementations. */
const NOT_CARRIED = -32_000;
const INVALID_REQUEST = -32_600;

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
  const remote = new StreamableHTTPClientTransport(server, {
    fetch,
    // The server keeps no sessions: an answer that is lost cannot be asked for again.
    reconnectionOptions: {
      initialReconnectionDelay: 0,
      maxReconnectionDelay: 0,
      reconnectionDelayGrowFactor: 1,
      maxRetries: 0,
    },
  });
  const running = new Map<RequestId, AbortController>();
  const initializing = new Set<RequestId>();
  let hasEnded = false;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const write = (message: JSONRPCMessage) => void local.send(message).catch(() => undefined);
  const endWhenIdle = () => {
    if (hasEnded && running.size === 0) void local.close();
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
    running.set(id, abort);
    if (isInitializeRequest(message)) initializing.add(id);
    const isPending = () => running.get(id) === abort;
    const onRequestStreamEnd = () => {
      if (isPending()) fail(id, lost(server));
    };
    try {
      await remote.send(message, { requestSignal: abort.signal, onRequestStreamEnd });
    } catch (error) {
      if (isPending()) fail(id, errorFor(error, message, server));
    }
  };
  const cancel = (params: unknown) => {
    const id = isObject(params) ? (params['requestId'] as RequestId) : undefined;
    if (id === undefined) return;
    const abort = running.get(id);
    running.delete(id);
    abort?.abort();
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
    for (const abort of running.values()) abort.abort();
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
  input.pipe(lines, { end: false });
  void remote.start().then(() => local.start());
  return { finished, stop: () => local.close() };
}

/** The error that answers a request which the server has not answered. */
function errorFor(error: unknown, message: JSONRPCMessage, server: URL): JSONRPCErrorResponse['error'] {
  const { origin } = server;
  const of = (text: string, data?: object) => ({
    code: NOT_CARRIED,
    message: text,
    ...(data !== undefined && { data }),
  });
  if (error instanceof HostedFailure) return of(error.message);
  if (error instanceof SdkHttpError) {
    const { status } = error;
    return (
      serversOwn(error, message) ??
      of(`${origin} answered ${status}, in a form that is not MCP. ${nextAfter(status)}`, { status })
    );
  }
  if (error instanceof SdkError && error.code === SdkErrorCode.ClientHttpUnexpectedContent) {
    return of(`${origin} answered something that is not MCP. Check that the URL is that of the server's endpoint.`);
  }
  const isOfNetwork = error instanceof TypeError;
  if (isOfNetwork)
    return of(
      `${origin} cannot be reached (${whyNoAnswer(error)}). If the request changes something, look whether it did before you try again.`,
    );
  return of(
    `${origin} answered something that cannot be read. If the request changes something, look whether it did before you try again.`,
  );
}

/** The JSON-RPC error with which the server refused, if its answer is one. */
function serversOwn(error: SdkHttpError, message: JSONRPCMessage): JSONRPCErrorResponse['error'] | undefined {
  const { text } = error.data as { readonly text?: unknown };
  const body = typeof text === 'string' ? parseJson(text) : undefined;
  if (!isObject(body) || !isObject(body['error'])) return undefined;
  const { code, message: words, data } = body['error'];
  if (typeof code !== 'number' || typeof words !== 'string') return undefined;
  const isOther = 'id' in message && body['id'] !== null && body['id'] !== undefined && body['id'] !== message.id;
  return isOther ? undefined : { code, message: words, ...(data !== undefined && { data }) };
}

function nextAfter(status: number): string {
  if (status === 429 || status >= 500) return 'Try again later.';
  if (status >= 300 && status < 400)
    return 'It sends elsewhere, where the sign-in is not sent: give the URL of the endpoint itself.';
  if (status === 401 || status === 403) return 'Sign in again with scalekit-mcp login.';
  return "Check that the URL is that of the server's endpoint.";
}

function lost({ origin }: URL): JSONRPCErrorResponse['error'] {
  return {
    code: NOT_CARRIED,
    message: `The connection to ${origin} ended before the answer. If the request changes something, look whether it did before you try again.`,
  };
}
