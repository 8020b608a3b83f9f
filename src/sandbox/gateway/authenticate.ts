import { type JWTPayload, jwtVerify } from 'jose';
import type { Addresses } from '../addresses.ts';
import type { SigningKeys } from '../keys.ts';
import { ApiError } from './api-error.ts';

/** Who calls the management API. */
export type Principal =
  /** A person of the workspace, or the machine client that stands in for one. */
  | { readonly kind: 'workspace'; readonly subject: string; readonly clientId: string }
  /** The client of one environment, which it cannot leave. */
  | { readonly kind: 'client'; readonly subject: string; readonly clientId: string; readonly environmentId: string };

export interface AuthenticationRules {
  readonly addresses: Addresses;
  readonly keys: SigningKeys;
  /** The environment’s clock, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Subjects that act for the workspace. */
  readonly workspaceSubjects: ReadonlySet<string>;
  readonly environmentClient: { readonly id: string; readonly environmentId: string } | undefined;
}

/**
 * Identifies the caller by an access token of this environment, whichever of its two issuers signed it. Audience and
 * scopes are not looked at: those are between the person and the MCP server.
 * @throws ApiError UNAUTHENTICATED
 */
export async function authenticate(authorization: string | undefined, rules: AuthenticationRules): Promise<Principal> {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new ApiError('UNAUTHENTICATED', 'Token empty');
  const principal = toPrincipal(await verify(token, rules), rules);
  if (principal === undefined) throw invalidToken();
  return principal;
}

async function verify(token: string, { addresses, keys, now }: AuthenticationRules): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const key = keys.find(kid);
        if (key === undefined) throw new Error('The token was signed by a key that is not published.');
        return key.publicKey;
      },
      {
        algorithms: ['RS256'],
        issuer: [addresses.url, addresses.issuer],
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(now()),
      },
    );
    return payload;
  } catch {
    throw invalidToken();
  }
}

function toPrincipal({ sub, client_id }: JWTPayload, rules: AuthenticationRules): Principal | undefined {
  if (sub === undefined || typeof client_id !== 'string') return undefined;
  const identity = { subject: sub, clientId: client_id };
  const { environmentClient } = rules;
  if (sub === environmentClient?.id) {
    return { kind: 'client', ...identity, environmentId: environmentClient.environmentId };
  }
  return rules.workspaceSubjects.has(sub) ? { kind: 'workspace', ...identity } : undefined;
}

function invalidToken(): ApiError {
  return new ApiError('UNAUTHENTICATED', 'Token invalid or expired');
}
