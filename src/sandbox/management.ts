import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { createGateway } from './gateway/gateway.ts';
import { registeredServerRoutes } from './oauth/registered-servers.ts';
import type { Place } from './place.ts';
import { stepRoutes } from './steps/routes.ts';
import { Store } from './store.ts';

export interface Management {
  /** The management API below `/api/v1`. */
  api(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** The pages behind the links that it hands out. */
  readonly steps: RequestHandler;
  /** The authorization servers of registered MCP servers. */
  readonly servers: RequestHandler;
  /** Whether these are the credentials of a client of the first environment, of type ENV. */
  isEnvironmentClient(credentials: { readonly id: string; readonly secret: string }): boolean;
}

/** All that works on the data of the environment. */
export function createManagement(place: Place): Management {
  const store = new Store(place.addresses.url);
  return {
    api: createGateway(place, store),
    steps: stepRoutes(store),
    servers: registeredServerRoutes(place, store),
    isEnvironmentClient({ id, secret }) {
      const client = store.first.clients.find((one) => one.id === id && one.client_type === 'ENV');
      return client !== undefined && store.secrets.isOneOf(client.secrets, secret);
    },
  };
}
