import express, { type Request, type RequestHandler, type Router } from 'express';
import type { Adapter, AdapterFactory } from 'oidc-provider';
import type { Place } from '../place.ts';
import type { Store } from '../store.ts';
import { createPassingStorage, Model } from './adapter.ts';
import { type AuthorizationServer, createAuthorizationServer, METADATA } from './authorization-server.ts';
import { RegisteredClients } from './registered-clients.ts';
import { RegisteredServer } from './registered-server.ts';

/**
 * The authorization servers of the MCP servers that are registered in the first environment. Each is made when it is first
 * asked for, and there as long as its MCP server is registered.
 */
export function registeredServerRoutes(place: Place, store: Store): Router {
  const content = store.first;
  const made = new Map<string, AuthorizationServer>();

  const find = (id: string): AuthorizationServer | undefined => {
    const there = content.resources.filter(({ resource_type }) => resource_type === 'MCP_SERVER');
    const ids = new Set(there.map((one) => one.id));
    if (!ids.has(id)) {
      made.delete(id);
      return undefined;
    }
    const known = made.get(id);
    if (known !== undefined) return known;
    // Those of servers that were deleted, and that nobody has asked for since.
    for (const other of made.keys()) if (!ids.has(other)) made.delete(other);
    const created = create(place, store, id);
    made.set(id, created);
    return created;
  };
  const at =
    (part: 'below' | 'metadata' | 'registration'): RequestHandler<{ id: string }> =>
    (req, res, next) => {
      const found = find(req.params.id);
      if (found === undefined) next();
      else found[part](req as unknown as Request, res, next);
    };

  const router = express.Router({ caseSensitive: true, strict: true });
  router.use(`${METADATA}/resources/:id`, at('metadata'));
  router.use('/api/v1/resources/:id/clients\\:register', at('registration'));
  router.use('/resources/:id', at('below'));
  return router;

  function create(place: Place, store: Store, id: string): AuthorizationServer {
    const clients = new RegisteredClients(store, content, id);
    const server = new RegisteredServer({ id, place, store, content, clients });
    const storage = storageOf(server, clients, place.now);
    const made = createAuthorizationServer({ place, server, storage, clients, staticClients: [] });
    made.provider.Client.prototype.compareClientSecret = function compare(secret) {
      const record = clients.recordOf(this.clientId);
      return record !== undefined && store.secrets.isOneOf(record.secrets, secret);
    };
    return made;
  }
}

/** Where such a provider keeps what it knows: clients are the environment's, and grants last as long as the consent. */
function storageOf(server: RegisteredServer, clients: Adapter, now: Place['now']): AdapterFactory {
  const others = createPassingStorage(now);
  const grants = new ConsentedGrants(server, now);
  return (name) => (name === 'Client' ? clients : name === 'Grant' ? grants : others(name));
}

class ConsentedGrants extends Model {
  readonly #server: RegisteredServer;

  constructor(server: RegisteredServer, clock: Place['now']) {
    super(async () => {}, [], { clock, grace: 0 });
    this.#server = server;
  }

  override async find(id: string) {
    return this.#server.isConsented(id) ? super.find(id) : undefined;
  }
}
