import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendJson } from './answer.ts';
import { takePort } from './listener.ts';

const METRICS_PATH = '/metrics';
const HEADERS_TIMEOUT_MS = 5_000;

/** What Prometheus reads. */
export interface Exposition {
  readonly contentType: string;
  metrics(): Promise<string>;
}

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `GET /metrics` and nothing else on a port of its own, which is open to whoever reaches it.
 * @throws Error with the `code` of the network error, and words for the most common one
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

/** A scrape that is under way is not worth waiting for. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
