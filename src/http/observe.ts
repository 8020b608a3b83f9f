import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { type Exchange, Observation, type Observers } from '../observability/observation.ts';
import { clientAddress } from './client-address.ts';

const KEY = 'observation';

/** The observation of the request that this response answers. `observe` must have run before. */
export function observationOf(response: Response): Observation {
  return response.locals[KEY] as Observation;
}

/**
 * Middleware that creates the `Observation` of a request and tells it when the answer is complete and when the response
 * closes. Each request gets an id that no other one has, in `X-Server-Request-Id`. `X-Request-Id` repeats the id that the
 * client has sent, if that has a harmless form; many requests may have the same.
 */
export function observe(observers: Observers): RequestHandler {
  return (request, response, next) => {
    const id = randomUUID();
    const clientRequestId = clientRequestIdOf(request, observers.clean);
    response.setHeader('X-Request-Id', clientRequestId ?? id);
    response.setHeader('X-Server-Request-Id', id);
    const source = { address: clientAddress(request), userAgent: request.headers['user-agent'], clientRequestId };
    const observation = new Observation(id, source, observers, () => exchangeOf(response));
    response.locals[KEY] = observation;
    const { socket } = request;
    let isDelivered = false;
    // Node emits it when `end` was called, however much of the answer has left.
    response.once('prefinish', () => observation.sent());
    response.once('finish', () => {
      // Emitted as well when the connection is lost with some of the answer; `writableFinished` says the same then.
      isDelivered = !socket.destroyed;
    });
    response.once('close', () => observation.closed(isDelivered));
    next();
  };
}

function exchangeOf({ req: request, statusCode: status }: Response): Exchange {
  const { method, path, headers } = request;
  return { method, path, route: routeOf(request), status, headers };
}

/** The id that a client has given its request; undefined if there is none, or it could be a secret. */
function clientRequestIdOf({ headers }: Request, clean: Observers['clean']): string | undefined {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w-]{8,64}$/.test(given) && clean(given) === given ? given : undefined;
}

/** The path of the route as it was registered. Of a list of exact paths it is the one that was requested. */
function routeOf({ route, path }: Request): string | undefined {
  const registered: unknown = route?.path;
  if (typeof registered === 'string') return registered;
  return Array.isArray(registered) && registered.includes(path) ? path : undefined;
}
