import type { Request, RequestHandler, Response } from 'express';
import { sendOAuthError } from '../http/answer.ts';
import { recordOf } from '../observability/request-record.ts';
import { KeysUnavailable } from '../scalekit/keys.ts';
import { TokenRejected, type VerifyToken } from '../scalekit/tokens.ts';
import { type Caller, callerOf } from './caller.ts';
import { bearerChallenge } from './challenge.ts';
import type { ProtectedResource } from './resource.ts';

/** A handler that only ever runs for an authenticated caller. */
export type CallerHandler = (request: Request, response: Response, caller: Caller) => Promise<void> | void;

export interface BearerOptions {
  readonly verify: VerifyToken;
  readonly resource: ProtectedResource;
  /** What a client that has no token yet is told to ask for. */
  readonly initialScopes: readonly string[];
}

/**
 * Lets a request through to `handler` only with a good access token in its `Authorization` header, and before any of its
 * body is read. Everything else ends here: 401 with a challenge, or 503 when tokens cannot be checked for now.
 */
export function authenticated(options: BearerOptions, handler: CallerHandler): RequestHandler {
  const serve = async (request: Request, response: Response) => {
    const caller = await authenticate(options, request).catch((error: unknown) => {
      refuse(options, request, response, error);
      return undefined;
    });
    if (caller === undefined) return;
    Object.assign(recordOf(response), { caller: caller.subject, client: caller.clientId });
    await handler(request, response, caller);
  };
  return (request, response, next) => {
    serve(request, response).catch(next);
  };
}

/** The request carries no credential at all. */
class NoToken extends Error {}

async function authenticate({ verify }: BearerOptions, request: Request): Promise<Caller> {
  return callerOf(await verify(bearerToken(request)));
}

/** The one credential of a request: in the header, once. Tokens in the query or the body are never looked at. */
function bearerToken(request: Request): string {
  const header = request.headers.authorization;
  if (header === undefined) throw new NoToken();
  // Node keeps the first of several; a proxy in front may have checked the last.
  const fields = request.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'authorization');
  if (fields.length > 1) throw new TokenRejected('The request carries more than one Authorization header.');
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1];
  if (token === undefined) throw new TokenRejected('The Authorization header does not hold a bearer token.');
  return token;
}

function refuse(options: BearerOptions, request: Request, response: Response, error: unknown): void {
  if (error instanceof KeysUnavailable) cannotTell(response, error);
  else if (error instanceof NoToken) challenge(options, request, response);
  else if (error instanceof TokenRejected) challenge(options, request, response, error.message);
  else throw error;
}

/** 503: not the token is at fault, so that the client must keep it. */
function cannotTell(response: Response, { retryAfterSeconds }: KeysUnavailable): void {
  recordOf(response).outcome = 'keys_unavailable';
  response.setHeader('Retry-After', retryAfterSeconds);
  const description =
    'Access tokens cannot be checked for now: the keys of the issuer are out of reach. Try again soon.';
  sendOAuthError(response, 503, 'server_error', description);
}

/** 401. A request without a token is told what to ask for; RFC 6750 §3.1 wants no error in its challenge. */
function challenge(options: BearerOptions, request: Request, response: Response, rejection?: string): void {
  const { resource, initialScopes: scopes } = options;
  const header = bearerChallenge({
    ...(rejection !== undefined && { error: 'invalid_token', description: rejection }),
    scopes,
    resourceMetadata: resource.metadataUrl(request),
  });
  const description = rejection ?? 'This server needs an access token. Its resource_metadata says where to get one.';
  Object.assign(recordOf(response), { outcome: rejection ? 'invalid_token' : 'no_token', reason: description });
  response.setHeader('WWW-Authenticate', header);
  sendOAuthError(response, 401, 'invalid_token', description);
}
