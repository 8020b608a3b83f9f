import type { RequestListener } from 'node:http';
import express from 'express';
import { authenticated, type BearerOptions, type CallerHandler } from './auth/bearer.ts';
import { ENDPOINTS, METADATA_PATHS } from './auth/resource.ts';
import type { Config } from './config.ts';
import { sendJson } from './http/answer.ts';
import {
  allowedHost,
  allowedOrigin,
  crossOrigin,
  everyTarget,
  inOrder,
  methodNotAllowed,
  notFound,
  onlyMethods,
  requestId,
  securityHeaders,
  unforeseen,
  unreadableTarget,
} from './http/doors.ts';
import { ERRORS_PATH } from './http/origin.ts';
import type { Audit } from './observability/audit.ts';
import type { Health } from './observability/health.ts';
import type { Log } from './observability/log.ts';
import { errorsPage } from './web/errors-page.ts';

export interface AppOptions {
  readonly config: Pick<Config, 'publicUrl' | 'allowedHosts' | 'allowedOrigins' | 'limits'>;
  readonly log: Log;
  readonly audit: Audit;
  readonly bearer: BearerOptions;
  /** Serves a POST of an authenticated caller. */
  readonly endpoint: CallerHandler;
  readonly health: () => Health;
  /** Whether this server has been told to stop, and is not to be sent anything new. */
  readonly isStopping: () => boolean;
  /** URL of the authorization server's own metadata. */
  readonly authorizationServerMetadata: string;
}

/** The doors of this server, in the order in which a request meets them. */
export function createApp(options: AppOptions): RequestListener {
  const { config, log, audit, bearer, endpoint, health, isStopping } = options;
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false);
  app.enable('case sensitive routing').enable('strict routing');

  app.use(
    inOrder(
      requestId(log, audit, config.limits.proxies),
      securityHeaders(config.publicUrl?.startsWith('https:') === true),
      allowedHost(config.allowedHosts),
      crossOrigin,
    ),
  );

  app.get('/health', (_request, response) => {
    const report = health();
    sendJson(response, report.status === 'healthy' ? 200 : 503, report);
  });

  app.get('/health/ready', (_request, response) => {
    const stopping = isStopping();
    sendJson(response, stopping ? 503 : 200, { status: stopping ? 'stopping' : 'ready' });
  });

  for (const path of ENDPOINTS) {
    app.all(METADATA_PATHS[path], onlyMethods(['GET', 'HEAD']), (request, response) => {
      response.setHeader('Cache-Control', 'public, max-age=300');
      sendJson(response, 200, bearer.resource.document(request, path));
    });
  }
  // Clients of the 2025-03-26 revision take this server for its own authorization server: show them the real one.
  app.get('/.well-known/oauth-authorization-server{/mcp}', (_request, response) => {
    response.redirect(307, options.authorizationServerMetadata);
  });

  app.all(ERRORS_PATH, onlyMethods(['GET', 'HEAD']), errorsPage());

  const postOnly: CallerHandler = (request, response, caller) =>
    request.method === 'POST' ? endpoint(request, response, caller) : methodNotAllowed(response, ['POST']);
  app.all(
    [...ENDPOINTS],
    inOrder(
      allowedOrigin(config.allowedOrigins),
      // GET and DELETE end at 405 as well, but not before the token: clients begin with GET to learn if they need one.
      onlyMethods(['POST', 'GET', 'HEAD', 'DELETE'], ['POST']),
      authenticated(bearer, postOnly),
    ),
  );

  app.use(unreadableTarget);
  app.use(notFound);
  app.use(unforeseen(log));
  return everyTarget(app);
}
