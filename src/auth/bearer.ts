import type { Request, RequestHandler, Response } from 'express';
import type { ScopeMap } from '../config/scopes.ts';
import { observationOf } from '../http/observe.ts';
import { sendRefusal } from '../http/refusal.ts';
import { networkOf } from '../limits/address.ts';
import type { AuthenticationFailures } from '../limits/failures.ts';
import type { Limits } from '../limits/limits.ts';
import { KeysUnavailable } from '../scalekit/keys.ts';
import { TokenRejected } from '../scalekit/token-rejected.ts';
import type { VerifyToken } from '../scalekit/tokens.ts';
import { type Caller, callerOf } from './caller.ts';
import { bearerChallenge } from './challenge.ts';
import type { ProtectedResource } from './resource.ts';

/** A handler that runs only for an authenticated caller. */
export type CallerHandler = (request: Request, response: Response, caller: Caller) => Promise<void> | void;

export interface BearerOptions {
  readonly verify: VerifyToken;
  readonly resource: ProtectedResource;
  readonly failures: AuthenticationFailures;
  /** Holds back refusals of addresses that go on although they are refused. */
  readonly patience: Limits['patience'];
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
    const caller = await authenticate(options, request).catch(async (error: unknown) => {
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

/** The request carries no bearer token, good or bad. The message says what to send. */
class NoToken extends Error {}

const NO_HEADER = 'This server needs an access token. Its resource_metadata says where to get one.';
const NO_CREDENTIAL =
  'The Authorization header holds no bearer token. Send "Bearer" and an access token; resource_metadata says where to get one.';

/**
 * Finds the caller of a request. A valid token passes even if other clients at the same address have sent invalid ones.
 * @throws NoToken, TokenRejected or KeysUnavailable
 */
async function authenticate({ verify, scopeMap }: BearerOptions, request: Request): Promise<Caller> {
  return callerOf(await verify(bearerToken(request)), scopeMap);
}

/**
 * The token of a request, from exactly one `Authorization` header. Tokens in the query or the body are ignored.
 * @throws NoToken without a header of the scheme Bearer that holds something, as nothing was tried then (RFC 6750 §3.1);
 *   TokenRejected for more than one header, or for what cannot be a token
 */
function bearerToken(request: Request): string {
  const header = request.headers.authorization;
  if (header === undefined) throw new NoToken(NO_HEADER);
  // Of several headers Node keeps the first, but a proxy before this server may have checked the last.
  const fields = request.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'authorization');
  if (fields.length > 1) throw new TokenRejected('The request carries more than one Authorization header.');
  if (!/^Bearer\s+\S/i.test(header)) throw new NoToken(NO_CREDENTIAL);
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1];
  if (token === undefined) throw new TokenRejected('The Authorization header does not hold a bearer token.');
  return token;
}

async function refuse(options: BearerOptions, request: Request, response: Response, error: unknown): Promise<void> {
  await options.patience.hold(networkOf(observationOf(response).address), response);
  if (error instanceof KeysUnavailable) return cannotTell(response, error);
  if (error instanceof NoToken) return challenge(options, request, response, error);
  if (!(error instanceof TokenRejected)) throw error;
  if (!error.isFailure) return challenge(options, request, response, error);
  const wait = await options.failures.count(observationOf(response).address);
  if (wait === undefined) return challenge(options, request, response, error);
  observationOf(response).refused('rate_limit_exceeded', error.message);
  const description = `Too many bad access tokens came from your address. Get a good one, and try again in ${wait} seconds at the latest.`;
  sendRefusal(response, { status: 429, error: 'rate_limit_exceeded', description, retryAfterSeconds: wait });
}

/** Answers 503: the token may be valid, so the client is to keep it. */
function cannotTell(response: Response, { retryAfterSeconds }: KeysUnavailable): void {
  observationOf(response).refused('keys_unavailable');
  const description =
    'Access tokens cannot be checked for now: the keys of the issuer are out of reach. Try again soon.';
  sendRefusal(response, { status: 503, error: 'server_error', description, retryAfterSeconds });
}

/**
 * Answers 401 with the scopes to ask for. A request without a token gets a challenge without `error` (RFC 6750 §3.1).
 */
function challenge(
  options: BearerOptions,
  request: Request,
  response: Response,
  refusal: NoToken | TokenRejected,
): void {
  const { resource, initialScopes } = options;
  const isBad = refusal instanceof TokenRejected;
  observationOf(response).refused(
    isBad ? 'invalid_token' : 'no_token',
    refusal.message,
    isBad ? refusal.facts : undefined,
  );
  // Its client is gone, or was cut off because too many of them wait: it is on record, and the work for it is saved.
  if (response.destroyed) return;
  const header = bearerChallenge({
    ...(isBad && { error: 'invalid_token', description: refusal.message }),
    scopes: initialScopes(request),
    resourceMetadata: resource.metadataUrl(request),
  });
  response.setHeader('WWW-Authenticate', header);
  sendRefusal(response, { status: 401, error: 'invalid_token', description: refusal.message });
}
