import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { createGateway } from './gateway/gateway.ts';
import type { Place } from './place.ts';
import { stepRoutes } from './steps/routes.ts';
import { Store } from './store.ts';

export interface Management {
  /** The management API below `/api/v1`. */
  api(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** The pages behind the links that it hands out. */
  readonly steps: RequestHandler;
}

/** All that works on the data of the environment. */
export function createManagement(place: Place): Management {
  const store = new Store(place.addresses.url);
  return { api: createGateway(place, store), steps: stepRoutes(store) };
}
