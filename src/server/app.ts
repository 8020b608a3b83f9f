import type { RequestListener } from 'node:http';
import express, { type RequestHandler, type Response } from 'express';
import { authenticated, type BearerOptions, type CallerHandler } from '../auth/bearer.ts';
import { AUTHORIZATION_SERVER_PATHS, METADATA_PATHS } from '../auth/resource.ts';
import type { Config } from '../config/config.ts';
import { ENDPOINT_PATHS, type Endpoint } from '../core/endpoints.ts';
import { later } from '../core/later.ts';
import { once } from '../core/once.ts';
import { sendJson } from '../http/answer.ts';
import { type HealthOptions, healthRoutes } from '../http/health.ts';
import {
  afterTarget,
  allowedHost,
  allowedOrigin,
  compose,
  crossOrigin,
  errorHandler,
  knownExpectation,
  methodNotAllowed,
  notFound,
  onlyMethods,
  securityHeaders,
  wellFormed,
} from '../http/middleware.ts';
import { observationOf, observe } from '../http/observe.ts';
import { originsBy } from '../http/origin.ts';
import { anybody, inPace, pacedBy } from '../http/pace.ts';
import { networkOf } from '../limits/address.ts';
import type { Limits } from '../limits/limits.ts';
import type { Observers } from '../observability/observation.ts';
import type { SignInEndpoints } from '../scalekit/metadata-probe.ts';
import { isReader } from '../web/accept.ts';
import type { FrontSources } from '../web/front.ts';
import { PAGE_PATHS, type PageName } from '../web/routes.ts';
import { readable, type Select } from './select.ts';

/** Pages, which people look at now and then. */
const web = later(() => import('../web/pages.ts'));

export interface AppOptions extends HealthOptions, Observers {
  readonly config: Pick<Config, 'publicUrl' | 'allowedHosts' | 'allowedOrigins' | 'limits' | 'publication'>;
  readonly bearer: BearerOptions;
  /** Reads what a request asks to see. */
  readonly select: Select;
  /** What the pages for people show. */
  readonly front: Omit<FrontSources, 'health'>;
  /** Handles the POST requests of authenticated callers. */
  readonly endpoint: CallerHandler;
  readonly limits: Pick<Limits, 'strangers' | 'notifications' | 'fairShare'>;
  /** The URL of the authorization server's metadata (RFC 8414). */
  readonly authorizationServerMetadata: string;
  /** The endpoints in it; undefined where they are not known. */
  readonly signIn: () => Promise<SignInEndpoints | undefined>;
}

/** Creates the Express app: all middleware and routes, in the order in which they run. */
export function createApp(options: AppOptions): RequestListener {
  const { config, log, bearer, endpoint, select, limits } = options;
  const addressOf = (response: Response) => networkOf(observationOf(response).address);
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false);
  app.set('trust proxy', config.limits.proxies);
  app.enable('case sensitive routing').enable('strict routing');

  app.use(
    compose(
      observe(options),
      securityHeaders(config.publicUrl?.startsWith('https:') === true),
      pacedBy((response) => limits.strangers.hold(addressOf(response), response)),
      wellFormed,
      allowedHost(config.allowedHosts),
      knownExpectation,
      crossOrigin(ENDPOINT_PATHS, config.allowedOrigins),
    ),
  );

  // Probes must be answered in time, whoever asks beside them, so they are not held back.
  const inTurn: RequestHandler = async (_request, response, next) => {
    await limits.fairShare.turn(addressOf(response));
    next();
  };
  for (const [path, handler] of healthRoutes(options)) app.all(path, onlyMethods(['GET', 'HEAD']), inTurn, handler);

  for (const [endpoint, paths] of Object.entries(METADATA_PATHS)) {
    app.all([...paths], onlyMethods(['GET', 'HEAD']), anybody, readable(select), (request, response) => {
      response.setHeader('Cache-Control', 'public, max-age=300');
      sendJson(response, 200, bearer.resource.document(request, endpoint as Endpoint));
    });
  }
  // Clients of MCP 2025-03-26 look for the authorization server at this server, so they are redirected to the real one.
  // They name their version. Others must not be: strict ones take a document of another issuer for a forgery, and stop.
  app.get([...AUTHORIZATION_SERVER_PATHS], anybody, (request, response, next) => {
    if (!request.headers['mcp-protocol-version']) return next();
    response.redirect(307, options.authorizationServerMetadata);
  });

  // Clients that keep their tokens, but not where these came from, go to the default endpoints of MCP 2025-03-26 instead:
  // Python's SDKs refresh there after a restart, and 1.28 and others that follow to another host need not ask the person.
  const leadTo = (name: keyof SignInEndpoints): RequestHandler => {
    return async ({ url }, response, next) => {
      const endpoint = (await options.signIn())?.[name];
      if (endpoint === undefined) return next();
      const query = url.indexOf('?');
      response.redirect(307, query === -1 ? endpoint : endpoint + url.slice(query));
    };
  };
  app.all('/authorize', onlyMethods(['GET', 'HEAD']), anybody, leadTo('authorize'));
  app.all('/token', onlyMethods(['POST']), anybody, leadTo('token'));

  const { front } = options;
  const pages = once(async () => {
    const { pagesOf } = await web();
    return pagesOf({
      front: { ...front, health: options.health },
      openAiChallenge: config.publication.openAiChallenge,
    });
  });
  const page = (name: PageName): RequestHandler => {
    return (request, response, next) => {
      pages()
        .then((all) => all[name](request, response, next))
        .catch(next);
    };
  };
  for (const [name, paths] of Object.entries(PAGE_PATHS)) {
    app.all([...paths], onlyMethods(['GET', 'HEAD']), anybody, page(name as PageName));
  }
  const frontPage = page('front');
  const forReaders: RequestHandler = (request, response, next) =>
    isReader(request) ? inPace(response, () => frontPage(request, response, next)) : next();

  const postOnly: CallerHandler = (request, response, caller) => {
    if (request.method === 'POST') return endpoint(request, response, caller);
    // Clients ask for a stream when they connect, as they send a notification.
    response.pace = () => limits.notifications.hold(caller.person, response);
    methodNotAllowed(response, ['POST']);
  };
  app.all(
    [...ENDPOINT_PATHS],
    compose(
      allowedOrigin(config.allowedOrigins),
      forReaders,
      // GET and DELETE get 405 too, but only after the token is checked: some clients begin with GET to get the 401.
      // HEAD gets it at once: Qwen Code, when challenged on HEAD, cannot register afterwards.
      onlyMethods(['POST', 'GET', 'DELETE'], ['POST']),
      readable(select),
      authenticated(bearer, postOnly),
    ),
  );

  app.use(notFound(originsBy(config)));
  app.use(errorHandler(log, options.clean));
  return afterTarget(app);
}
