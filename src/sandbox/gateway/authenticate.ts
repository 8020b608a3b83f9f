import { type JWTPayload, jwtVerify } from 'jose';
import { ENVIRONMENT_IDS } from '../data/ids.ts';
import { PEOPLE } from '../data/people.ts';
import { MACHINE_CLIENT } from '../oauth/machine.ts';
import type { Place } from '../place.ts';
import type { Store } from '../store.ts';
import { ApiError } from './api-error.ts';
import type { Principal } from './principal.ts';

/** Subjects that act for the workspace. */
const WORKSPACE_SUBJECTS: ReadonlySet<string> = new Set([...PEOPLE.map(({ id }) => id), MACHINE_CLIENT.id]);

/**
 * Identifies the caller by an access token of this environment, whichever of its two issuers signed it. Audience and
 * scopes are not looked at: those are between the person and the MCP server.
 * @throws ApiError UNAUTHENTICATED
 */
export async function authenticate(authorization: string | undefined, place: Place, store: Store): Promise<Principal> {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new ApiError('UNAUTHENTICATED', 'Token empty');
  const principal = toPrincipal(await verify(token, place), place, store);
  if (principal === undefined) throw invalidToken();
  return principal;
}

async function verify(token: string, { addresses, keys, now }: Place): Promise<JWTPayload> {
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

function toPrincipal(
  { sub, client_id }: JWTPayload,
  { environmentClient }: Place,
  store: Store,
): Principal | undefined {
  if (sub === undefined || typeof client_id !== 'string') return undefined;
  const identity = { subject: sub, clientId: client_id };
  const isOwn = store.first.clients.some(({ id, disallow_scalekit_api_access: isBarred }) => id === sub && !isBarred);
  if (sub === environmentClient?.id || isOwn)
    return { kind: 'client', ...identity, environmentId: ENVIRONMENT_IDS.development };
  return WORKSPACE_SUBJECTS.has(sub) ? { kind: 'workspace', ...identity } : undefined;
}

function invalidToken(): ApiError {
  return new ApiError('UNAUTHENTICATED', 'Token invalid or expired');
}
