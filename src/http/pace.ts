import type { ServerResponse } from 'node:http';
import type { RequestHandler, Response } from 'express';

/** Holds an answer back. Resolves when it may leave, or its client is gone; undefined: it may leave at once. */
export type Hold = () => Promise<void> | undefined;

declare module 'node:http' {
  interface ServerResponse {
    /** Holds this answer back, unless it was held back before. Unset: nothing does. */
    pace?: Hold | undefined;
  }
}

/**
 * Middleware that lets a response know its pace. It waits for nothing: that is for those who answer, since what somebody
 * with a good token is answered has limits of its own.
 */
export function pacedBy(hold: (response: Response) => ReturnType<Hold>): RequestHandler {
  return (_request, response, next) => {
    response.pace = () => hold(response);
    next();
  };
}

/** Does what makes an answer when that may leave; not at all once its client is gone. */
export function inPace(response: ServerResponse, answer: () => void): void {
  const { pace } = response;
  response.pace = undefined;
  const held = pace?.();
  if (held === undefined) answer();
  else held.then(() => response.destroyed || answer());
}

/** Middleware in front of what anybody is answered without a token, so that the work for it waits, too. */
export const anybody: RequestHandler = (_request, response, next) => inPace(response, next);
