import type { Request, RequestHandler, Response } from 'express';
import type { ScopeMap } from '../config/scopes.ts';
import { sendOAuthError, sendRetryLater } from '../http/answer.ts';
import { observationOf } from '../http/observe.ts';
import type { AuthenticationFailures } from '../limits/failures.ts';
import { KeysUnavailable } from '../scalekit/keys.ts';
import { TokenExpired, TokenRejected, type VerifyToken } from '../scalekit/tokens.ts';
import { type Caller, callerOf } from './caller.ts';
import { bearerChallenge } from './challenge.ts';
import type { ProtectedResource } from './resource.ts';

/** A handler that only ever runs for an authenticated caller. */
export type CallerHandler = (request: Request, response: Response, caller: Caller) => Promise<void> | void;

export interface BearerOptions {
  readonly verify: VerifyToken;
  readonly resource: ProtectedResource;
  readonly failures: AuthenticationFailures;
  /** What further scopes of a token mean here. */
  readonly scopeMap: ScopeMap;
  /** What a client that has no token yet is told to ask for: what it asks to see decides that. */
  readonly initialScopes: (request: Request) => readonly string[];
}

/**
 * Lets a request through to `handler` only with a good access token in its `Authorization` header, and before any of its
 * body is read. Everything else ends here: 401 with a challenge, 429 once too many tokens from the same address were bad,
 * or 503 when tokens cannot be checked for now.
 */
export function authenticated(options: BearerOptions, handler: CallerHandler): RequestHandler {
  const serve = async (request: Request, response: Response) => {
    const observation = observationOf(response);
    observation.authenticating();
    const caller = await authenticate(options, request, response).catch(async (error: unknown) => {
      await refuse(options, request, response, error);
      return undefined;
    });
    if (caller === undefined) return observation.notAuthenticated();
    observation.authenticated(caller);
    await handler(request, response, caller);
  };
  return (request, response, next) => {
    serve(request, response).catch(next);
  };
}

/** The request carries no credential at all. */
class NoToken extends Error {}

/**
 * Good tokens pass whatever others behind the same address have sent. But once too many from there were bad, unknown
 * ones cause no more downloads of keys: what remains to be done for them costs no more than refusing them.
 */
async function authenticate(
  { verify, failures, scopeMap }: BearerOptions,
  request: Request,
  response: Response,
): Promise<Caller> {
  const token = bearerToken(request);
  return callerOf(
    await verify(token, { asksForUnknownKeys: !failures.areTooMany(observationOf(response).address) }),
    scopeMap,
  );
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

async function refuse(options: BearerOptions, request: Request, response: Response, error: unknown): Promise<void> {
  if (error instanceof KeysUnavailable) return cannotTell(response, error);
  if (error instanceof NoToken) return challenge(options, request, response);
  if (!(error instanceof TokenRejected)) throw error;
  // Tokens expire every hour or so, also those of many people behind one address: no failure, and no reason to wait.
  if (error instanceof TokenExpired) return challenge(options, request, response, error.message);
  const wait = await options.failures.count(observationOf(response).address);
  if (wait === undefined) return challenge(options, request, response, error.message);
  observationOf(response).refused('rate_limit_exceeded', error.message);
  const description = `Too many bad access tokens came from your address. Get a good one, and try again in ${wait} seconds at the latest.`;
  sendRetryLater(response, 429, wait, description);
}

/** 503: not the token is at fault, so that the client must keep it. */
function cannotTell(response: Response, { retryAfterSeconds }: KeysUnavailable): void {
  observationOf(response).refused('keys_unavailable');
  const description =
    'Access tokens cannot be checked for now: the keys of the issuer are out of reach. Try again soon.';
  sendRetryLater(response, 503, retryAfterSeconds, description);
}

/** 401. A request without a token is told what to ask for; RFC 6750 §3.1 wants no error in its challenge. */
function challenge(options: BearerOptions, request: Request, response: Response, rejection?: string): void {
  const { resource, initialScopes } = options;
  const header = bearerChallenge({
    ...(rejection !== undefined && { error: 'invalid_token', description: rejection }),
    scopes: initialScopes(request),
    resourceMetadata: resource.metadataUrl(request),
  });
  const description = rejection ?? 'This server needs an access token. Its resource_metadata says where to get one.';
  observationOf(response).refused(rejection === undefined ? 'no_token' : 'invalid_token', description);
  response.setHeader('WWW-Authenticate', header);
  sendOAuthError(response, 401, 'invalid_token', description);
}
