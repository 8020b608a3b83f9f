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
 * closes. The request keeps the id in its `X-Request-Id` header if that has a harmless form; otherwise it gets a random
 * one.
 */
export function observe(observers: Observers): RequestHandler {
  return (request, response, next) => {
    const given = request.headers['x-request-id'];
    const id = typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
    response.setHeader('X-Request-Id', id);
    const source = { address: clientAddress(request), userAgent: request.headers['user-agent'] };
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

/** The path of the route as it was registered. Of a list of exact paths it is the one that was requested. */
function routeOf({ route, path }: Request): string | undefined {
  const registered: unknown = route?.path;
  if (typeof registered === 'string') return registered;
  return Array.isArray(registered) && registered.includes(path) ? path : undefined;
}
