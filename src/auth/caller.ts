import type { ScopeMap } from '../config/scopes.ts';
import { personKey } from '../core/person.ts';
import type { VerifiedToken } from '../scalekit/tokens.ts';
import { type Grant, parseGrant } from './scopes.ts';

/** Who makes a request, as the verified access token says; over stdio, the client with whose credentials this process acts. */
export interface Caller {
  /** Identifies the caller in caches. The same person using the same client always has the same key. */
  readonly key: string;
  /**
   * Identifies the person in limits: issuer and subject, whichever client is used. The same for all spellings of an
   * issuer that stand for one environment.
   */
  readonly person: string;
  /** `usr_…` for a person; the client id for a machine (claim `sub`). */
  readonly subject: string;
  /** The person's name and address, where the token says them: to be shown, never to decide by. */
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly clientId: string | undefined;
  readonly organizationId: string | undefined;
  readonly grant: Grant;
  /** When the token expires. Undefined over stdio, where none is shown. */
  readonly expiresAt: Date | undefined;
  /** The token itself; empty over stdio. A method, so that no logger or serializer includes it by accident. */
  bearer(): string;
}

const callers = new WeakMap<VerifiedToken, Caller>();

/**
 * The caller that a verified token belongs to. Built once for each token, because every call reads scopes from it.
 * @param scopeMap must be the same on every call of this function, since the caller is kept
 */
export function callerOf(token: VerifiedToken, scopeMap: ScopeMap): Caller {
  const known = callers.get(token);
  if (known !== undefined) return known;
  const caller = toCaller(token, scopeMap);
  callers.set(token, caller);
  return caller;
}

/** Whether a token was issued to a machine for itself (client credentials): its subject is its client. */
export function isMachine({ subject, clientId }: Pick<Caller, 'subject' | 'clientId'>): boolean {
  return clientId !== undefined && subject === clientId;
}

function toCaller({ claims, subject, bearer }: VerifiedToken, scopeMap: ScopeMap): Caller {
  // Nothing is decided by other claims: customers can put any name that Scalekit has not reserved into a token.
  const clientId = text(claims['client_id']);
  const organizationId = text(claims['oid']);
  const issuer = environmentOf(claims.iss);
  const isPerson = !isMachine({ subject, clientId });
  return Object.freeze({
    key: JSON.stringify([issuer, subject, clientId, organizationId]),
    person: personKey(issuer, subject),
    subject,
    name: isPerson ? nameIn(claims) : undefined,
    email: isPerson ? text(claims['email']) : undefined,
    clientId,
    organizationId,
    grant: parseGrant(scopesOf(claims), scopeMap),
    expiresAt: new Date(claims.exp * 1000),
    bearer,
  });
}

/**
 * The environment that an issuer stands for. Scalekit names an environment by its URL, or by the URL of one of the MCP
 * servers in it; a subject is the same person in both.
 */
function environmentOf(issuer: string): string {
  return issuer.replace(/\/resources\/[^/]+$/, '');
}

/** Scalekit's tokens carry `scope` as a string, `scopes` as a list, or both. */
function scopesOf(claims: Readonly<Record<string, unknown>>): string[] {
  const found = [claims['scope'], claims['scopes']].flatMap((claim) => {
    if (typeof claim === 'string') return claim.split(' ');
    return Array.isArray(claim) ? claim.filter((entry) => typeof entry === 'string') : [];
  });
  return [...new Set(found.filter((scope) => scope !== ''))];
}

/** The name of a person in the claims that OpenID Connect Core §5.1 defines. */
function nameIn(claims: Readonly<Record<string, unknown>>): string | undefined {
  const parts = [text(claims['given_name']), text(claims['family_name'])].filter((part) => part !== undefined);
  return text(claims['name']) ?? text(parts.join(' '));
}

function text(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}
