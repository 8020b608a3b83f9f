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

/** A handler that runs only for an authenticated caller. */
export type CallerHandler = (request: Request, response: Response, caller: Caller) => Promise<void> | void;

export interface BearerOptions {
  readonly verify: VerifyToken;
  readonly resource: ProtectedResource;
  readonly failures: AuthenticationFailures;
  /** The operator's map from further scopes of a token to scopes of this server. */
  readonly scopeMap: ScopeMap;
  /** The scopes that a 401 tells a client to ask for. They depend on what the request asks to see. */
  readonly initialScopes: (request: Request) => readonly string[];
}

/**
 * Middleware that passes a request to `handler` only if its `Authorization` header holds a valid access token (RFC 6750
 * §2.1). Decides before any of the body is read. All other requests are answered here: 401 with a challenge, 429 after
 * too many invalid tokens from the same address, or 503 while tokens cannot be checked.
 */
export function authenticated(options: BearerOptions, handler: CallerHandler): RequestHandler {
  const serve = async (request: Request, response: Response) => {
    const observation = observationOf(response);
    observation.authenticating();
    const caller = await authenticate(options, request, response).catch(async (error: unknown) => {
      await refuse(options, request, response, error);
      return undefined;
    });
    if (caller === undefined) return;
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
 * Finds the caller of a request. A valid token passes even if other clients at the same address have sent invalid ones.
 * But after too many invalid tokens from an address, a token with an unknown key id causes no download of keys any
 * more: checking it then costs no more than refusing it.
 * @throws NoToken, TokenRejected or KeysUnavailable
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

/**
 * The token of a request, from exactly one `Authorization` header. Tokens in the query or the body are ignored.
 * @throws NoToken without the header, TokenRejected for more than one, or for one of another form
 */
function bearerToken(request: Request): string {
  const header = request.headers.authorization;
  if (header === undefined) throw new NoToken();
  // Of several headers Node keeps the first, but a proxy before this server may have checked the last.
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
  // Expired tokens do not count as failures: tokens expire every hour or so, and many people may share one address.
  if (error instanceof TokenExpired) return challenge(options, request, response, error.message);
  const wait = await options.failures.count(observationOf(response).address);
  if (wait === undefined) return challenge(options, request, response, error.message);
  observationOf(response).refused('rate_limit_exceeded', error.message);
  const description = `Too many bad access tokens came from your address. Get a good one, and try again in ${wait} seconds at the latest.`;
  sendRetryLater(response, 429, wait, description);
}

/** Answers 503: the token may be valid, so the client is to keep it. */
function cannotTell(response: Response, { retryAfterSeconds }: KeysUnavailable): void {
  observationOf(response).refused('keys_unavailable');
  const description =
    'Access tokens cannot be checked for now: the keys of the issuer are out of reach. Try again soon.';
  sendRetryLater(response, 503, retryAfterSeconds, description);
}

/**
 * Answers 401 with the scopes to ask for. Without a rejection the request carried no token, and then the challenge has
 * no `error` (RFC 6750 §3.1).
 */
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
