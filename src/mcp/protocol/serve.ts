import {
  createMcpHandler,
  type JSONRPCResultResponse,
  type Server,
  type Transport,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { Era } from '../../core/message.ts';

/** One message to be answered, with what the SDK needs for that. */
export interface Delivery {
  /** Answers only this message. */
  readonly server: Server;
  /** Headers and URL; the body has been read and parsed already. */
  readonly request: Request;
  readonly body: unknown;
  /** Whether the answer becomes an event stream when the tool reports progress. */
  readonly mayStream: boolean;
  /** Registers a callback for the case that the client disconnects. */
  readonly onClose: (callback: () => void) => void;
  /** Called with errors that the SDK reports in addition to its answers. */
  readonly onError: (error: Error) => void;
}

/**
 * How a message was answered: with a JSON-RPC result (HTTP 200), with another response of the SDK (errors, streams,
 * acknowledgements), or not at all because the client disconnected.
 */
export type Served =
  | { readonly kind: 'result'; readonly message: JSONRPCResultResponse }
  | { readonly kind: 'response'; readonly response: Response }
  | { readonly kind: 'gone' };

/** Lets the SDK answer one message, in the era for which it was sent. */
export function serve(era: Era, delivery: Delivery): Promise<Served> {
  return new Promise((resolve, reject) => {
    const { server, mayStream } = delivery;
    server.onerror = delivery.onError;
    // Closing the server aborts its handler, and thereby the request to the API, in either era. In the era of 2025, the
    // SDK's promise of a response never settles after that.
    delivery.onClose(() => {
      server.close().catch(() => undefined);
      resolve({ kind: 'gone' });
    });
    if (era === 'modern' || !mayStream) takeResult(server, (message) => resolve({ kind: 'result', message }));
    const responding = era === 'modern' ? serveModern(delivery) : serveLegacy(delivery);
    responding.then((response) => resolve({ kind: 'response', response }), reject);
  });
}

/** 2026-07-28: the SDK checks envelope and headers, and makes the answer a stream when a tool reports progress. */
function serveModern({ server, request, body, onError }: Delivery): Promise<Response> {
  const handler = createMcpHandler(() => server, { legacy: 'reject', onerror: onError });
  return handler.fetch(request, { parsedBody: body });
}

/**
 * 2025-03-26 to 2025-11-25, without sessions: one transport for each request. It answers with JSON, or with a stream if
 * the answer may become one (`mayStream`).
 */
async function serveLegacy({ server, request, body, mayStream }: Delivery): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: !mayStream });
  await server.connect(transport);
  return transport.handleRequest(request, { parsedBody: body });
}

/**
 * Breaks when the SDK's server stops handing its answers to `send` of the transport that it is connected to.
 *
 * Takes the result of a request when the server passes it to its transport, by replacing `send` of the transport. The
 * transport would put the result into a stream inside a web `Response`, which this server would then unpack again; that
 * is a third of the cost of an answer. If a notification (progress) was sent before, the answer is a stream already.
 * Then the result is sent by the transport, as the end of that stream.
 * @param take gets the result, at most once
 */
function takeResult(server: Server, take: (message: JSONRPCResultResponse) => void): void {
  const connect = server.connect.bind(server);
  server.connect = async (transport: Transport) => {
    const send = transport.send.bind(transport);
    let streaming = false;
    transport.send = async (message, options) => {
      // The SDK has made these messages, so their form needs no check.
      if (streaming || !('result' in message)) {
        streaming = true;
        return send(message, options);
      }
      take(message);
      // Closes the server only after the SDK has finished the request: `close` aborts requests that are still open.
      setImmediate(() => server.close().catch(() => undefined));
    };
    return connect(transport);
  };
}
