import type { RequestListener } from 'node:http';
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import { openToBrowsers } from './cors.ts';
import type { Log } from './events.ts';
import { deliverFault } from './faults/deliver.ts';
import type { FaultBoard } from './faults/fault-board.ts';
import { sendAnswer } from './http-answer.ts';
import type { Management } from './management.ts';
import { createStorage } from './oauth/adapter.ts';
import { createAuthorizationServer, METADATA } from './oauth/authorization-server.ts';
import { environmentTokenEndpoint } from './oauth/environment-token.ts';
import { MACHINE_CLIENT } from './oauth/machine.ts';
import { ownServer } from './oauth/protected-server.ts';
import { homePage } from './pages/home-page.ts';
import { sendPage } from './pages/page.ts';
import type { Place } from './place.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const BAD_REQUEST = JSON.stringify({ error: 'invalid_request' });
/** Where the authorization servers of MCP servers are, and their metadata. */
const OF_SERVERS = /^(\/\.well-known\/oauth-authorization-server)?\/resources\//;
/** Where clients register themselves for an MCP server: the one path of the API that is no operation. */
const REGISTRATION = /^\/api\/v1\/resources\/[^/]+\/clients:register$/;

const MACHINE = {
  client_id: MACHINE_CLIENT.id,
  client_secret: MACHINE_CLIENT.secret,
  // The provider takes `client_secret_post` from such a client as well.
  token_endpoint_auth_method: 'client_secret_basic' as const,
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
};

/** Everything that the environment serves, in the order in which requests pass it. */
export function createApp(place: Place): RequestListener {
  const { addresses, keys, log } = place;
  const storage = createStorage(place.state, place.now);
  const own = createAuthorizationServer({
    place,
    server: ownServer(place, storage('Grant')),
    storage,
    clients: storage('Client'),
    staticClients: [MACHINE],
  });
  const management = lazyManagement(place);
  const issuerPath = new URL(addresses.issuer).pathname;

  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').enable('strict routing');

  app.use(misbehave(place.faults, (path) => /^\/api\/v1(\/|$)/.test(path) && !REGISTRATION.test(path)));

  app.get('/', (_req, res) => sendPage(res, homePage(place.target.published, addresses.url)));

  app.all('/keys', openToBrowsers);
  app.get('/keys', (_req, res) => void res.json(keys.document()));
  app.use(`${METADATA}${issuerPath}`, own.metadata);

  app.all('/oauth/token', openToBrowsers);
  app.post(
    '/oauth/token',
    ...environmentTokenEndpoint(place, async (given) => (await management()).isEnvironmentClient(given)),
  );

  // A colon begins a parameter in Express's paths.
  app.use(new URL(addresses.registrationAt(addresses.serverId)).pathname.replace(':', '\\:'), own.registration);
  app.use(issuerPath, own.below);

  // Not mounted at a path: Express would count it twice, as the routes have whole ones.
  app.use(async (req, res, next) => {
    if (OF_SERVERS.test(req.path) || REGISTRATION.test(req.path)) (await management()).servers(req, res, next);
    else next();
  });
  app.use('/api/v1', async (req, res) => (await management()).api(req, res));
  app.use(['/magicLink', '/sso'], async (req, res, next) => {
    // Express strips what it mounts under, and the pages have whole paths.
    req.url = req.originalUrl;
    (await management()).steps(req, res, next);
  });

  const elsewhere = `Nothing is here. This is the sandbox’s Scalekit; the MCP server is at ${place.target.published}`;
  app.use((_req, res) => void res.status(404).json({ error: 'not_found', error_description: elsewhere }));
  app.use(answerError(log));
  // A target that is no URL passes by all of the above; Express would answer it with a page of HTML.
  return (req, res) =>
    app(req as Request, res as Response, () => sendAnswer(res, { status: 400, headers: JSON_TYPE, body: BAD_REQUEST }));
}

/** Loaded by its first request: descriptors, seed data and operations take as long as all the rest of the start. */
function lazyManagement(place: Place): () => Promise<Management> {
  let loaded: Promise<Management> | undefined;
  return () => {
    loaded ??= import('./management.ts').then(({ createManagement }) => createManagement(place));
    return loaded;
  };
}

/** Faults of everything but the management API, which applies its own: it lets operations take effect first. */
function misbehave(faults: FaultBoard, appliesItsOwn: (path: string) => boolean): RequestHandler {
  return async (req, res, next) => {
    const fault = appliesItsOwn(req.path) ? undefined : faults.take(req.method, req.originalUrl);
    if (fault === undefined) return next();
    await deliverFault(res, fault);
  };
}

/** What a parser refused is the client's fault; anything else that is thrown is a defect of ours. */
function answerError(log: Log): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: { status?: number }, _req, res, _next) => {
    // A client that went away while it was being read or answered.
    if (res.destroyed) return;
    const { status = 500 } = error;
    if (status < 500) return void res.status(status).json({ error: 'invalid_request' });
    log({ event: 'sandbox_defect', error: String(error) });
    if (res.headersSent) res.destroy();
    else res.status(500).json({ error: 'server_error' });
  };
}
