import type { Place } from '../place.ts';
import { ACCESS_TOKEN_LIFETIME, accessTokenClaims, type TokenSubject } from './claims.ts';
import { OAuthError } from './oauth-error.ts';
import { isMachineScope, RESOURCE_SCOPES, splitScope } from './scopes.ts';
import type { TargetRequest } from './target.ts';

/** The client that lets scripts get a workspace token without a person. Its secret is no secret: nothing is behind it. */
export const MACHINE_CLIENT = { id: 'sandbox-machine', secret: 'sandbox-secret' } as const;

/** What a client-credentials request may say (RFC 6749 §4.4.2, RFC 8707 §2). */
export interface MachineRequest extends TargetRequest {
  readonly scope?: unknown;
}

/** Body of a successful answer (RFC 6749 §5.1). */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly scope: string;
}

/**
 * Grants the machine client a token for the resource that it names.
 * @throws OAuthError `invalid_scope`, `invalid_target`
 */
export async function grantToMachine(request: MachineRequest, place: Place, issuer: string): Promise<TokenResponse> {
  return issueToken(place, machineSubject(request, place, issuer));
}

/**
 * What such a token is about.
 * @throws OAuthError `invalid_scope`, `invalid_target`
 */
export function machineSubject(request: MachineRequest, { target, addresses }: Place, issuer: string): TokenSubject {
  return {
    issuer,
    audience: [target.named(request) ?? target.published, addresses.serverId],
    subject: MACHINE_CLIENT.id,
    clientId: MACHINE_CLIENT.id,
    scopes: machineScopes(request.scope),
  };
}

/** Signs a token and wraps it as a token endpoint answers. */
export async function issueToken({ keys, now }: Place, subject: TokenSubject): Promise<TokenResponse> {
  return {
    access_token: await keys.sign(accessTokenClaims(subject, now())),
    token_type: 'Bearer',
    expires_in: subject.lifetime ?? ACCESS_TOKEN_LIFETIME,
    scope: subject.scopes.join(' '),
  };
}

/** A script that asks for a scope it cannot have must hear so; a token that silently lacks it is hard to debug. */
function machineScopes(scope: unknown): readonly string[] {
  const requested = splitScope(scope);
  if (!requested.every(isMachineScope)) {
    const allowed = RESOURCE_SCOPES.join(' ');
    throw new OAuthError(
      'invalid_scope',
      `The request names scopes that this client cannot have. It can have: ${allowed}`,
    );
  }
  return requested.length > 0 ? requested : RESOURCE_SCOPES;
}
