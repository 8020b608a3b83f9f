import type { Request, RequestHandler } from 'express';
import { BadSelection, isSelecting, type Names, selectionOf } from '../access/select.ts';
import type { Selection } from '../access/selection.ts';
import { observationOf } from '../http/observe.ts';
import { sendOAuthError } from '../http/refusal.ts';

/** Reads what a request asks to see. Throws `BadSelection`. */
export type Select = (request: Request) => Selection;

/**
 * Reads what requests ask to see, from the query of their URL and from their headers: once for each request, however often
 * it is asked for.
 * @param names those that there are
 */
export function selectBy(names: Names, mode: 'workspace' | 'environment'): Select {
  const known = new WeakMap<Request, Selection>();
  return (request) => {
    const read = known.get(request);
    if (read !== undefined) return read;
    const header = (name: string) => {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(',') : value;
    };
    const headers = () => Object.keys(request.headers);
    const selection = selectionOf({ query: queryOf(request), header, headers }, names, mode);
    known.set(request, selection);
    return selection;
  };
}

/** Middleware that answers 400 when it cannot be read what a request asks to see: it would see more than was meant. */
export function readable(select: Select): RequestHandler {
  return (request, response, next) => {
    try {
      select(request);
    } catch (error) {
      if (!(error instanceof BadSelection)) throw error;
      observationOf(response).refused('bad_request', error.message);
      return sendOAuthError(response, 400, 'invalid_request', error.message);
    }
    next();
  };
}

/**
 * The query of a URL that asks for something, with its question mark; otherwise empty. It belongs to the URL of the
 * resource then (RFC 9728 §3).
 */
export function selectingQueryOf(request: Pick<Request, 'url'>): string {
  const query = queryOf(request);
  return isSelecting(query) ? `?${query}` : '';
}

function queryOf({ url }: Pick<Request, 'url'>): string {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at + 1);
}
