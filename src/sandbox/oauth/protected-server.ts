import { HOME_ORGANIZATION_ID } from '../data/ids.ts';
import { PEOPLE } from '../data/people.ts';
import type { Place } from '../place.ts';
import type { Model } from './adapter.ts';
import { ACCESS_TOKEN_LIFETIME, type TokenSubject } from './claims.ts';
import { type MachineRequest, machineSubject } from './machine.ts';
import { grantableScopes, OWN_SCOPES, type ScopeCatalogue, splitScope } from './scopes.ts';
import type { Names } from './target.ts';

const MONTH = 30 * 24 * 3600;

/** Somebody who can sign in. */
export interface Account {
  /** Subject of their tokens. */
  readonly id: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  /** What they do, and where. */
  readonly title: string;
  /** `oid` of their tokens. */
  readonly organizationId: string;
}

/** What somebody has allowed a client. */
export interface Allowance {
  readonly clientId: string;
  readonly accountId: string;
  readonly scopes: readonly string[];
}

/**
 * One MCP server, as far as the authorization server that issues its tokens has to know it. Everything is asked for anew
 * each time, so that a change takes effect at once.
 */
export interface ProtectedServer {
  readonly id: string;
  /** URL of its authorization server. */
  readonly issuer: string;
  /** As people read it on the consent page. */
  readonly shownAs: string;
  /** Where clients connect, for pages that say how to connect anew. */
  readonly url: string;
  readonly names: Names;
  readonly scopes: ScopeCatalogue;
  readonly accounts: readonly Account[];
  /** Whether clients may register themselves. */
  readonly takesRegistrations: boolean;
  /** Whether clients may be known by a metadata document of theirs. */
  readonly takesClientDocuments: boolean;
  /** Seconds for which a client's tokens are good. */
  lifetimes(clientId: string): { readonly access: number; readonly refresh: number };
  /** `iss` of its access tokens. */
  readonly tokenIssuer: string;
  /**
   * `aud` of its access tokens.
   * @param named by which name a request means the server
   */
  audience(named: string | undefined): readonly string[];
  /** Of some scopes those that the client may have at most. */
  within(clientId: string, scopes: readonly string[]): readonly string[];
  /**
   * What the token is about that a client gets for itself.
   * @throws OAuthError `invalid_scope`, `invalid_target`
   */
  toMachine(clientId: string, request: MachineRequest): TokenSubject;
  /** What somebody has allowed a client before; `undefined` if they never have. */
  allowedBefore(clientId: string, accountId: string): readonly string[] | undefined;
  /** Called when somebody has allowed something, with the grant that comes of it. */
  allowed(allowance: Allowance, grantId: string): void;
}

/** The scopes of a request that a person may be asked for on behalf of the client. Others are dropped (RFC 6749 §3.3). */
export function grantableTo(server: ProtectedServer, clientId: unknown, scope: unknown): readonly string[] {
  return server.within(String(clientId), grantableScopes(scope, server.scopes));
}

/** The MCP server that manages this environment, which the workspace's own people use. */
export function ownServer(place: Place, grants: Model): ProtectedServer {
  const { addresses, target } = place;
  const { issuer, serverId } = addresses;
  const accounts = PEOPLE.map((person) => ({ ...person, organizationId: HOME_ORGANIZATION_ID }));
  return {
    id: serverId,
    issuer,
    shownAs: target.published,
    url: target.published,
    names: target,
    scopes: OWN_SCOPES,
    accounts,
    takesRegistrations: true,
    takesClientDocuments: false,
    lifetimes: () => ({ access: ACCESS_TOKEN_LIFETIME, refresh: MONTH }),
    tokenIssuer: issuer,
    audience: (named = target.published) => [named, serverId],
    within: (_clientId, scopes) => scopes,
    toMachine: (_clientId, request) => machineSubject(request, place, issuer),
    allowedBefore(clientId, accountId) {
      const grant = grants.findLast((one) => one.accountId === accountId && one.clientId === clientId);
      return grant && Object.values(grant['resources'] ?? {}).flatMap(splitScope);
    },
    allowed: () => {},
  };
}
