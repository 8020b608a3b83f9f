import type { RequestListener } from 'node:http';
import cors from 'cors';
import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express';
import type { Log } from '../observability/log/log.ts';
import { sendOAuthError } from './answer.ts';
import { observationOf } from './observe.ts';
import { hostname } from './origin.ts';

/**
 * Several middleware functions as one layer of Express, whose own walk costs about 5 µs a layer. One that answers does
 * not call `next`; one that fails hands its error to it.
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

/** Answers are for their caller alone, and none of them is a page. `strict` adds HSTS, for servers behind https. */
export function securityHeaders(strict: boolean): RequestHandler {
  return (_request, response, next) => {
    for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value);
    if (strict) response.setHeader('Strict-Transport-Security', 'max-age=31536000');
    next();
  };
}

/**
 * Refuses requests for another host: a page on the web must not reach this server under a name of its own (DNS
 * rebinding). Health probes name the address of a pod and are let through.
 */
export function allowedHost(names: readonly string[]): RequestHandler {
  const allowed = new Set(names);
  return (request, response, next) => {
    if (allowed.has(hostname(request.headers.host)) || /^\/health(\/|$)/.test(request.path)) return next();
    forbid(response, 'This server does not answer under that Host. ALLOWED_HOSTS lists the accepted names.');
  };
}

/** Refuses browsers that come from a page of somebody else. Clients that are no browsers send no Origin. */
export function allowedOrigin(names: readonly string[]): RequestHandler {
  const allowed = new Set(names);
  return (request, response, next) => {
    response.setHeader('Vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || (URL.canParse(origin) && allowed.has(new URL(origin).hostname))) return next();
    forbid(response, 'Pages of this Origin may not call this server. ALLOWED_ORIGINS lists the accepted names.');
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
  'Last-Event-ID',
];

const preflight = cors({
  origin: '*',
  methods: ['GET', 'POST', 'DELETE', 'OPTIONS'],
  allowedHeaders: SHARED_HEADERS,
  exposedHeaders: SHARED_HEADERS,
  maxAge: 86_400,
});
const EXPOSED_HEADERS = SHARED_HEADERS.join(',');

/**
 * Any origin may look, with no credentials but the token it brings. Preflights end here. What all other answers say is
 * always the same, so that it need not be put together for each.
 */
export const crossOrigin: RequestHandler = (request, response, next) => {
  if (request.method === 'OPTIONS') return preflight(request, response, next);
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Expose-Headers', EXPOSED_HEADERS);
  next();
};

/** Answers 405 to all methods but these; `allow` names the ones that have a use, where others are only let through. */
export function onlyMethods(methods: readonly string[], allow = methods): RequestHandler {
  return (request, response, next) => {
    if (methods.includes(request.method)) return next();
    methodNotAllowed(response, allow);
  };
}

export function methodNotAllowed(response: Response, methods: readonly string[]): void {
  observationOf(response).refused('method_not_allowed');
  // Preflights never come this far.
  const allow = [...methods, 'OPTIONS'].join(', ');
  response.setHeader('Allow', allow);
  sendOAuthError(response, 405, 'method_not_allowed', `Use one of: ${allow}.`);
}

/** Stands in for a target that Express cannot parse. */
const NO_PATH = '*';

/**
 * Express finds no path in a target such as `http://[`, and then skips all middleware: its own answer would be a
 * page of HTML. This sends such requests through once more, with a target that it can read.
 */
export function everyTarget(app: Express): RequestListener {
  return (request, response) => {
    app(request as Request, response as Response, () => {
      request.url = NO_PATH;
      app(request, response);
    });
  };
}

export const unreadableTarget: RequestHandler = (request, response, next) => {
  if (request.path !== NO_PATH) return next();
  observationOf(response).refused('bad_target');
  sendOAuthError(response, 400, 'invalid_request', 'The request target is not a path. The MCP endpoint is /mcp.');
};

export const notFound: RequestHandler = (_request, response) => {
  observationOf(response).refused('not_found');
  sendOAuthError(response, 404, 'not_found', 'There is nothing at this path. The MCP endpoint is /mcp.');
};

/** The last middleware: an unexpected error is logged whole, and answered without its text. */
export function errorHandler(log: Log): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const observation = observationOf(response);
    const { requestId: id } = observation;
    observation.refused('internal_error');
    log.error('request_defect', { requestId: id, error: error instanceof Error ? error.stack : String(error) });
    if (response.headersSent) response.destroy();
    else
      sendOAuthError(response, 500, 'server_error', `This server failed. Its operator finds the reason under ${id}.`);
  };
}

/** 403, readable for the page that caused it. */
function forbid(response: Response, description: string): void {
  observationOf(response).refused('foreign');
  response.setHeader('Access-Control-Allow-Origin', '*');
  sendOAuthError(response, 403, 'access_denied', description);
}
