import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MetricsAddress } from '../config/observability.ts';
import { sendJson } from './answer.ts';
import { ANSWER_TIME, type AnswerTime } from './answer-deadline.ts';
import { takePort } from './listener.ts';
import { metricsNames } from './metrics-names.ts';
import { faultOf, hasUnknownExpectation } from './request-head.ts';
import { HttpServer } from './server.ts';
import { contradictsHost, readTarget } from './target.ts';

const METRICS_PATH = '/metrics';
const HEADERS_TIMEOUT_MS = 5_000;

/** The metrics in the text format of Prometheus. */
export interface Exposition {
  readonly contentType: string;
  metrics(): Promise<string>;
  /** How long a text is good for after it was made, in milliseconds. Unset: for those alone who asked before. */
  readonly goodForMs?: number;
}

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `GET /metrics` and nothing else on a separate port, without authentication, under the names of its address.
 * Requests and answers have the same bounds as elsewhere.
 * @param answers how long an answer may take to leave before its connection is ended
 * @throws Error with the `code` of the network error; for a port in use its message names METRICS_PORT
 */
export async function serveMetrics(
  { host, port, allowedHosts }: MetricsAddress,
  exposition: Exposition,
  answers: Pick<AnswerTime, 'timeoutMs'> & Partial<AnswerTime>,
): Promise<MetricsServer> {
  const isAllowed = metricsNames(host, allowedHosts);
  const scrape = oneAtATime(exposition);
  const server = new HttpServer({
    answers: { ...ANSWER_TIME, ...answers },
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: HEADERS_TIMEOUT_MS,
    handler: (request, response) => {
      if (!refuses(request, response, isAllowed)) answer(response, scrape, exposition.contentType);
    },
  });
  await takePort(server, { host, port, setting: 'METRICS_PORT' });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}${METRICS_PATH}`,
    close: () => closed(server),
  };
}

/** Refuses everything but a request for the metrics. @returns whether the request was answered */
function refuses(
  request: IncomingMessage,
  response: ServerResponse,
  isAllowed: (host: string | undefined) => boolean,
): boolean {
  const refuse = (status: number, body: object) => {
    sendJson(response, status, body);
    return true;
  };
  readTarget(request);
  const fault = faultOf(request);
  if (fault !== undefined || contradictsHost(request)) {
    response.setHeader('Connection', 'close');
    return refuse(fault?.status ?? 400, { error: 'invalid_request' });
  }
  if (!isAllowed(request.headers.host)) {
    const error_description = 'Metrics are not served under that Host. METRICS_ALLOWED_HOSTS lists further names.';
    return refuse(403, { error: 'access_denied', error_description });
  }
  if (hasUnknownExpectation(request)) return refuse(417, { error: 'invalid_request' });
  const isThere = request.url?.split('?', 1)[0] === METRICS_PATH;
  if (!isThere) return refuse(404, { error: 'not_found' });
  if (request.method === 'GET' || request.method === 'HEAD') return false;
  response.setHeader('Allow', 'GET, HEAD');
  return refuse(405, { error: 'method_not_allowed' });
}

/**
 * Scrapes one at a time: who asks while one runs, or for as long after that as its text is good for, gets the same bytes.
 * So many answers that nobody reads take the memory of one, and many scrapes the time of one.
 */
function oneAtATime(exposition: Exposition): () => Promise<Buffer> {
  const { goodForMs } = exposition;
  let shared: Promise<Buffer> | undefined;
  const forget = () => {
    shared = undefined;
  };
  const scrape = async () => Buffer.from(await exposition.metrics());
  return () => {
    shared ??= scrape().finally(() => {
      if (goodForMs === undefined) forget();
      else setTimeout(forget, goodForMs).unref();
    });
    return shared;
  };
}

function answer(response: ServerResponse, scrape: () => Promise<Buffer>, contentType: string): void {
  scrape().then(
    (bytes) => response.setHeader('Content-Type', contentType).end(bytes),
    () => sendJson(response, 500, { error: 'server_error' }),
  );
}

/** Closes the server without waiting for scrapes that are running. */
function closed(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
