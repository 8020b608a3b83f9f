import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendJson } from './answer.ts';
import { takePort } from './listener.ts';

const METRICS_PATH = '/metrics';
const HEADERS_TIMEOUT_MS = 5_000;

/** The metrics in the text format of Prometheus. */
export interface Exposition {
  readonly contentType: string;
  metrics(): Promise<string>;
}

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `GET /metrics` and nothing else on a separate port, without authentication.
 * @throws Error with the `code` of the network error; for a port in use its message names METRICS_PORT
 */
export async function serveMetrics(
  { host, port }: { readonly host: string; readonly port: number },
  exposition: Exposition,
): Promise<MetricsServer> {
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: HEADERS_TIMEOUT_MS },
    (request, response) => {
      const isThere = request.url?.split('?', 1)[0] === METRICS_PATH;
      if (!isThere) return sendJson(response, 404, { error: 'not_found' });
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('Allow', 'GET, HEAD');
        return sendJson(response, 405, { error: 'method_not_allowed' });
      }
      exposition.metrics().then(
        (text) => response.setHeader('Content-Type', exposition.contentType).end(text),
        () => sendJson(response, 500, { error: 'server_error' }),
      );
    },
  );
  await takePort(server, { host, port, setting: 'METRICS_PORT' });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}${METRICS_PATH}`,
    close: () => closed(server),
  };
}

/** Closes the server without waiting for scrapes that are running. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
