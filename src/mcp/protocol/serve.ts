import {
  createMcpHandler,
  type JSONRPCResultResponse,
  type Server,
  type Transport,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { Era } from '../../core/message.ts';

/** One message to be served. */
export interface Delivery {
  /** Answers this message and no other. */
  readonly server: Server;
  /** Headers and URL; the body has been read and parsed already. */
  readonly request: Request;
  readonly body: unknown;
  /** Whether the answer becomes a stream as soon as there is progress to tell. */
  readonly mayStream: boolean;
  /** Calls back when the client goes away. */
  readonly onClose: (callback: () => void) => void;
  /** Errors that the SDK reports beside its answers. */
  readonly onError: (error: Error) => void;
}

/**
 * How a message was answered: with a JSON-RPC result and status 200, with whatever else the SDK answers (errors,
 * streams, acknowledgements), or not at all because the client went away.
 */
export type Answer =
  | { readonly kind: 'result'; readonly message: JSONRPCResultResponse }
  | { readonly kind: 'response'; readonly response: Response }
  | { readonly kind: 'gone' };

/** Lets the SDK answer one message in the era that it was sent for. */
export function serve(era: Era, delivery: Delivery): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { server, mayStream } = delivery;
    server.onerror = delivery.onError;
    // Closing the server is what aborts its handler, and with it the outgoing call, in either era. In 2025's, the
    // response promise of the SDK never settles after that.
    delivery.onClose(() => {
      server.close().catch(() => undefined);
      resolve({ kind: 'gone' });
    });
    if (era === 'modern' || !mayStream) takeResult(server, (message) => resolve({ kind: 'result', message }));
    const responding = era === 'modern' ? serveModern(delivery) : serveLegacy(delivery);
    responding.then((response) => resolve({ kind: 'response', response }), reject);
  });
}

/** 2026-07-28: the SDK checks envelope and headers, and turns the answer into a stream once a tool reports progress. */
function serveModern({ server, request, body, onError }: Delivery): Promise<Response> {
  const handler = createMcpHandler(() => server, { legacy: 'reject', onerror: onError });
  return handler.fetch(request, { parsedBody: body });
}

/**
 * 2025-03-26 to 2025-11-25, without sessions: one transport for one request. It answers in JSON, as a stream only where
 * a tool reports progress to a client that asked for it.
 */
async function serveLegacy({ server, request, body, mayStream }: Delivery): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: !mayStream });
  await server.connect(transport);
  return transport.handleRequest(request, { parsedBody: body });
}

/**
 * Breaks when the SDK's server stops handing its answers to `send` of the transport that it is connected to.
 *
 * Takes a result where the server hands it to its transport. The transport would build a web `Response` and a stream
 * around it, only for both to be taken apart again at once: a third of what answering costs. What came before the
 * result, a notification, has made the answer a stream already, and the result belongs at its end.
 */
function takeResult(server: Server, take: (message: JSONRPCResultResponse) => void): void {
  const connect = server.connect.bind(server);
  server.connect = async (transport: Transport) => {
    const send = transport.send.bind(transport);
    let streaming = false;
    transport.send = async (message, options) => {
      // Messages of the SDK's own making: their form needs no check.
      if (streaming || !('result' in message)) {
        streaming = true;
        return send(message, options);
      }
      take(message);
      // Not before the SDK has done with the request: what it finds unfinished then, it aborts.
      setImmediate(() => server.close().catch(() => undefined));
    };
    return connect(transport);
  };
}
