import express, { type Router } from 'express';
import type { Adapter, AdapterFactory } from 'oidc-provider';
import type { Provider } from 'oidc-provider/lib/provider.js';
import { openToBrowsers } from '../cors.ts';
import type { Place } from '../place.ts';
import { interactionRoutes } from './interaction.ts';
import { authorizationServerMetadata } from './metadata.ts';
import type { ProtectedServer } from './protected-server.ts';
import { createProvider, PROVIDER_PATHS } from './provider.ts';
import { registrationEndpoint } from './registration.ts';

export const METADATA = '/.well-known/oauth-authorization-server';

/** What the authorization server of one MCP server answers, at three places of the environment. */
export interface AuthorizationServer {
  readonly provider: Provider;
  /** Below its issuer: pages, token endpoint, metadata. */
  readonly below: Router;
  /** The metadata document, wherever it is mounted. */
  readonly metadata: Router;
  /** Dynamic client registration, wherever it is mounted. */
  readonly registration: Router;
}

/** From what one is made. */
export interface AuthorizationServerParts {
  readonly place: Place;
  readonly server: ProtectedServer;
  readonly storage: AdapterFactory;
  /** Where clients are kept that register themselves. */
  readonly clients: Adapter;
  readonly staticClients: Parameters<typeof createProvider>[0]['clients'];
}

/** Makes the authorization server of one MCP server. */
export function createAuthorizationServer(parts: AuthorizationServerParts): AuthorizationServer {
  const { place, server, storage, clients, staticClients } = parts;
  const provider = createProvider({ place, server, storage, clients: staticClients });
  const toProvider = provider.callback();

  const metadata = strictRouter();
  metadata.all('/', openToBrowsers);
  metadata.get('/', (_req, res) => void res.json(authorizationServerMetadata(place.addresses, server)));

  const registration = strictRouter();
  registration.all('/', openToBrowsers);
  registration.post('/', ...registrationEndpoint({ server, provider, clients }));

  const below = strictRouter();
  below.use(METADATA, metadata);
  below.all(PROVIDER_PATHS.token, openToBrowsers);
  below.post(PROVIDER_PATHS.token, (req, res) => toProvider(req, res));
  below.get([PROVIDER_PATHS.authorization, `${PROVIDER_PATHS.authorization}/:uid`], (req, res) => toProvider(req, res));
  below.use('/interaction', interactionRoutes(provider, server));
  return { provider, below, metadata, registration };
}

function strictRouter(): Router {
  return express.Router({ caseSensitive: true, strict: true });
}
