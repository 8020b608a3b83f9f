import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MetricsAddress } from '../config/observability.ts';
import { sendJson } from './answer.ts';
import { takePort } from './listener.ts';
import { metricsNames } from './metrics-names.ts';
import { faultOf } from './request-head.ts';
import { contradictsHost, readTarget } from './target.ts';

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
 * Serves `GET /metrics` and nothing else on a separate port, without authentication, under the names of its address.
 * @throws Error with the `code` of the network error; for a port in use its message names METRICS_PORT
 */
export async function serveMetrics(
  { host, port, allowedHosts }: MetricsAddress,
  exposition: Exposition,
): Promise<MetricsServer> {
  const isAllowed = metricsNames(host, allowedHosts);
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: HEADERS_TIMEOUT_MS,
      requireHostHeader: false,
      insecureHTTPParser: false,
    },
    (request, response) => {
      readTarget(request);
      const fault = faultOf(request);
      if (fault !== undefined || contradictsHost(request)) {
        response.setHeader('Connection', 'close');
        return sendJson(response, fault?.status ?? 400, { error: 'invalid_request' });
      }
      if (!isAllowed(request.headers.host)) {
        const error_description = 'Metrics are not served under that Host. METRICS_ALLOWED_HOSTS lists further names.';
        return sendJson(response, 403, { error: 'access_denied', error_description });
      }
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
