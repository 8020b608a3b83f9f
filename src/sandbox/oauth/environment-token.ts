import { createHash, timingSafeEqual } from 'node:crypto';
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import { type Log, logTokenRequest } from '../events.ts';
import type { Place } from '../place.ts';
import { grantToMachine, issueToken, MACHINE_CLIENT, type TokenResponse } from './machine.ts';
import { OAuthError, refuseUnreadable, sendOAuthError } from './oauth-error.ts';
import { splitScope } from './scopes.ts';

interface Credentials {
  readonly id: string;
  readonly secret: string;
}

type Form = Readonly<Record<string, unknown>>;

const NO_FORM = new OAuthError('invalid_request', 'The body cannot be read as a form.');

/** Whether these are credentials of the environment's own client. */
type IsEnvironment = (credentials: Credentials) => Promise<boolean>;

/**
 * The environment's own token endpoint, `{url}/oauth/token`: client credentials alone (RFC 6749 §4.4), for the machine
 * client and for the client of the development environment. Its tokens carry the environment as their issuer.
 */
export function environmentTokenEndpoint(
  place: Place,
  isEnvironment: IsEnvironment,
): (RequestHandler | ErrorRequestHandler)[] {
  const handle: RequestHandler = (req, res) => answer({ place, isEnvironment }, req, res);
  return [express.urlencoded({ extended: false, limit: '56kb' }), handle, refuseUnreadable(NO_FORM)];
}

interface Door {
  readonly place: Place;
  readonly isEnvironment: IsEnvironment;
}

async function answer(door: Door, req: Request, res: Response): Promise<void> {
  const { place } = door;
  const form: Form = req.body ?? {};
  try {
    const token = await grant(door, form, readCredentials(req.headers.authorization, form));
    record(place.log, req, form, true);
    res.set('Cache-Control', 'no-store').json(token);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    record(place.log, req, form, false);
    sendOAuthError(res, error);
  }
}

async function grant(
  { place, isEnvironment: isListed }: Door,
  form: Form,
  credentials: Credentials | undefined,
): Promise<TokenResponse> {
  const { addresses, environmentClient } = place;
  if (credentials === undefined) throw new OAuthError('invalid_client', 'Client authentication is missing.', 401);
  const isMachine = matches(credentials, MACHINE_CLIENT);
  const isGiven = environmentClient !== undefined && matches(credentials, environmentClient);
  if (!isMachine && !isGiven && !(await isListed(credentials))) {
    throw new OAuthError('invalid_client', 'Client authentication failed.', 401);
  }
  if (form['grant_type'] === undefined) throw new OAuthError('invalid_request', 'grant_type is missing.');
  if (form['grant_type'] !== 'client_credentials') {
    throw new OAuthError('unsupported_grant_type', 'This endpoint grants client_credentials only.');
  }
  if (isMachine) return grantToMachine(form, place, addresses.url);
  // For the management API alone: no audience by which an MCP server would know itself.
  const { id } = credentials;
  return issueToken(place, { issuer: addresses.url, audience: [id], subject: id, clientId: id, scopes: [] });
}

/** RFC 6749 §2.3.1: HTTP Basic with form-encoded parts, or parameters of the body. Not both. */
function readCredentials(authorization: string | undefined, form: Form): Credentials | undefined {
  const { client_id: id, client_secret: secret } = form;
  if (authorization === undefined) {
    return typeof id === 'string' && typeof secret === 'string' ? { id, secret } : undefined;
  }
  if (secret !== undefined) throw new OAuthError('invalid_request', 'The client authenticates in more than one way.');
  return readBasic(authorization);
}

function readBasic(authorization: string): Credentials | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  try {
    return { id: formDecode(id), secret: formDecode(secret) };
  } catch {
    return undefined;
  }
}

function formDecode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

function matches(given: Credentials, expected: Credentials): boolean {
  return given.id === expected.id && timingSafeEqual(digest(given.secret), digest(expected.secret));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function record(log: Log, req: Request, form: Form, success: boolean): void {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const basic = req.headers.authorization === undefined ? undefined : readBasic(req.headers.authorization);
  logTokenRequest(log, {
    clientId: basic?.id ?? text(form['client_id']),
    grantType: text(form['grant_type']),
    scopes: splitScope(form['scope']),
    success,
  });
}
