import type { RequestListener } from 'node:http';
import cors from 'cors';
import type { ErrorRequestHandler, Express, RequestHandler, Response } from 'express';
import { ENVIRONMENT_PARAM } from '../core/message.ts';
import type { Log } from '../observability/log/log.ts';
import { PROBE_PATHS } from './health.ts';
import { observationOf } from './observe.ts';
import { hostname, type OriginOf } from './origin.ts';
import { inPace } from './pace.ts';
import { pageFilter } from './page-origin.ts';
import { sendOAuthError, sendRefusal } from './refusal.ts';
import { faultOf, hasUnknownExpectation } from './request-head.ts';

/** The longest text of a defect in the log, in characters. */
const MAX_DEFECT = 10_000;

import { contradictsHost, readTarget } from './target.ts';

/**
 * Joins several middleware functions into one layer of Express, because each layer costs about 5 µs. As usual, a
 * function that answers does not call `next`, and one that fails passes its error to `next`.
 */
export function compose(...middleware: readonly RequestHandler[]): RequestHandler {
  return (request, response, next) => {
    const enter = (index: number): unknown => {
      const handle = middleware[index];
      if (handle === undefined) return next();
      return handle(request, response, (error) => (error ? next(error) : enter(index + 1)));
    };
    return enter(0);
  };
}

const SECURITY_HEADERS = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
  ['Cache-Control', 'no-store'],
] as const;

/**
 * Sets the security headers of all answers: not cached, not framed, without scripts or other content.
 * @param strict whether to add `Strict-Transport-Security` (RFC 6797), for servers whose public URL is https
 */
export function securityHeaders(strict: boolean): RequestHandler {
  return (_request, response, next) => {
    for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value);
    if (strict) response.setHeader('Strict-Transport-Security', 'max-age=31536000');
    next();
  };
}

/**
 * Lets the app see targets only after `readTarget` has read them: Express skips all middleware for some that it cannot
 * parse, and would answer them with an HTML page.
 */
export function afterTarget(app: Express): RequestListener {
  return (request, response) => {
    readTarget(request);
    app(request, response);
  };
}

/** Refuses requests that expect what this server does not meet. */
export const knownExpectation: RequestHandler = (request, response, next) => {
  if (!hasUnknownExpectation(request)) return next();
  refuseHead(response, 417, 'The only expectation that this server meets is 100-continue.');
};

/** Refuses requests whose head RFC 9112 does not allow. Their connection ends, because the body may not be what it seems. */
export const wellFormed: RequestHandler = (request, response, next) => {
  const fault = faultOf(request);
  if (fault === undefined) return next();
  refuseHead(response, fault.status, fault.description);
};

/**
 * Refuses requests whose Host header is not allowed with 403, which prevents DNS rebinding: a web page must not reach
 * this server under the page's own host name. The paths of probes accept any Host, because those use the address of a pod.
 * @param names host names without port
 */
export function allowedHost(names: readonly string[]): RequestHandler {
  const allowed = new Set(names);
  return (request, response, next) => {
    if (!allowed.has(hostname(request.headers.host)) && !PROBE_PATHS.includes(request.path)) {
      return forbid(response, FOREIGN_HOST, names);
    }
    if (!contradictsHost(request)) return next();
    refuseHead(response, 400, 'The request target names another host than the Host header. Send the same in both.');
  };
}

/**
 * Refuses requests from web pages of other origins with 403. Clients that are not browsers send no Origin header and
 * pass.
 * @param allowed whole origins, and loopback names, which stand for http and https on any port; `*` for all
 */
export function allowedOrigin(allowed: readonly string[]): RequestHandler {
  const isAllowed = pageFilter(allowed);
  return (request, response, next) => {
    response.setHeader('Vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || isAllowed(origin)) return next();
    forbid(response, FOREIGN_ORIGIN, allowed);
  };
}

const SHARED_HEADERS = [
  'Authorization',
  'Content-Type',
  'MCP-Protocol-Version',
  'Mcp-Method',
  'Mcp-Name',
  'Mcp-Session-Id',
  'WWW-Authenticate',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'Last-Event-ID',
];
/** With which pages say what they ask to see, and state what a call holds. */
const REQUEST_HEADERS = [
  `Mcp-Param-${ENVIRONMENT_PARAM}`,
  'X-MCP-Toolsets',
  'X-MCP-Tools',
  'X-MCP-Readonly',
  'X-Scalekit-Environment',
  // And ask whether a document that they have kept is still the same.
  'If-None-Match',
];

const preflight = cors({
  origin: '*',
  methods: ['GET', 'POST', 'DELETE', 'OPTIONS'],
  allowedHeaders: [...SHARED_HEADERS, ...REQUEST_HEADERS],
  exposedHeaders: SHARED_HEADERS,
  maxAge: 86_400,
});
const EXPOSED_HEADERS = SHARED_HEADERS.join(',');

/**
 * CORS for any origin, without cookies; a page needs an access token. Answers preflight requests; those for some paths
 * promise nothing that `allowedOrigin` would refuse. The headers of all other answers never change, so they are not
 * computed for each one; with them, a page can read why it is refused.
 * @param restricted the paths behind `allowedOrigin`
 * @param allowed as for `allowedOrigin`
 */
export function crossOrigin(restricted: readonly string[], allowed: readonly string[]): RequestHandler {
  const isAllowed = pageFilter(allowed);
  const answerPreflight: RequestHandler = (request, response, next) => {
    if (!restricted.includes(request.path)) return preflight(request, response, next);
    response.setHeader('Vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || isAllowed(origin)) return preflight(request, response, next);
    refuseForeign(response, FOREIGN_ORIGIN, allowed);
    response.writeHead(204, { 'Content-Length': 0 }).end();
  };
  return (request, response, next) => {
    if (request.method === 'OPTIONS') return inPace(response, () => answerPreflight(request, response, next));
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', EXPOSED_HEADERS);
    next();
  };
}

/**
 * Passes requests with one of these methods, and answers all others with 405.
 * @param allow the methods that the `Allow` header names, if a later handler refuses some of `methods`
 */
export function onlyMethods(methods: readonly string[], allow = methods): RequestHandler {
  return (request, response, next) => {
    if (methods.includes(request.method)) return next();
    methodNotAllowed(response, allow);
  };
}

/** Answers 405 (RFC 9110 §15.5.6). `OPTIONS` is added to the methods in `Allow`. */
export function methodNotAllowed(response: Response, methods: readonly string[]): void {
  observationOf(response).refused('method_not_allowed');
  // `crossOrigin` has answered OPTIONS before.
  const allow = [...methods, 'OPTIONS'].join(', ');
  response.setHeader('Allow', allow);
  sendOAuthError(response, 405, 'method_not_allowed', `Use one of: ${allow}.`);
}

/** The paths that clients of HTTP with SSE, the transport of MCP 2024-11-05, are set up for by habit. */
const OLDER_TRANSPORT = /\/(sse|messages?)\/?$/i;

/**
 * Answers 404 to requests that no route has handled, with the way to the endpoint.
 * @param originOf says where this server is, without repeating a Host that is not allowed
 */
export function notFound(originOf: OriginOf): RequestHandler {
  return (request, response) => {
    observationOf(response).refused('not_found');
    const endpoint = `${originOf(request)}/mcp`;
    const description = OLDER_TRANSPORT.test(request.path)
      ? `There is nothing at this path: this server speaks Streamable HTTP, not the older HTTP with SSE. Connect to ${endpoint} with the transport "http".`
      : 'There is nothing at this path. The MCP endpoint is /mcp.';
    sendOAuthError(response, 404, 'not_found', description);
  };
}

/** The last middleware: logs an unexpected error with its stack, and answers 500 without its text. */
export function errorHandler(log: Log, clean: (text: string) => string): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const observation = observationOf(response);
    const { requestId: id } = observation;
    if (isOfClient(error) && !response.headersSent) {
      const description = 'The URL of the request cannot be read.';
      observation.refused('bad_request', description);
      return sendOAuthError(response, 400, 'invalid_request', description);
    }
    observation.refused('internal_error');
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error('request_defect', { requestId: id, error: clean(text.slice(0, MAX_DEFECT)) });
    if (response.headersSent) response.destroy();
    else {
      const description = `This server failed. Its operator finds the reason under ${id}.`;
      sendRefusal(response, { status: 500, error: 'server_error', description });
    }
  };
}

/** Whether Express says that a request is to blame, such as for a path that cannot be decoded. */
function isOfClient(error: unknown): boolean {
  const { status } = error as { readonly status?: unknown };
  return error instanceof Error && typeof status === 'number' && status >= 400 && status < 500;
}

/** Refuses a request for what its head says, and ends its connection. CORS lets the page that sent it read the answer. */
function refuseHead(response: Response, status: number, description: string): void {
  observationOf(response).refused('bad_request', description);
  response.setHeader('Connection', 'close');
  response.setHeader('Access-Control-Allow-Origin', '*');
  sendOAuthError(response, status, 'invalid_request', description);
}

const FOREIGN_HOST = 'This server does not answer under that Host. ALLOWED_HOSTS lists the accepted names.';
const FOREIGN_ORIGIN = 'Pages of this Origin may not call this server. ALLOWED_ORIGINS lists the accepted origins.';

/** Reports a Host or Origin that is not accepted. The log, and nothing else, says which are; what came is not repeated. */
function refuseForeign(response: Response, description: string, accepted: readonly string[]): void {
  observationOf(response).refused('foreign', `${description} They are ${accepted.join(', ')}.`);
}

/** Answers 403. CORS lets the page that sent the request read the answer. */
function forbid(response: Response, description: string, accepted: readonly string[]): void {
  refuseForeign(response, description, accepted);
  response.setHeader('Access-Control-Allow-Origin', '*');
  sendOAuthError(response, 403, 'access_denied', description);
}
