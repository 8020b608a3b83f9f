import { z } from 'zod';
import type { Api, Path } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { type Asked, notCameTrue, requireAsBefore, requireTold } from './came-true.ts';
import type { SecretHolder } from './client-secrets.ts';
import { askedClaims, changedButNotEmptied, claimsOf, listOf } from './custom-claims.ts';
import { OrganizationClient } from './entities/organization-client.ts';
import type { Pairs } from './pairs.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';
import { aboutArguments, requireChange } from './refusal.ts';

const One = z.object({ client: OrganizationClient });
const New = One.extend({ plain_secret: z.string().min(1) });
type One = z.output<typeof One>;
type Shown = One['client'];

const LIST = 'list_organization_clients';

/** A client that a call names. */
export interface OrganizationClientTarget {
  readonly organizationId: string;
  readonly clientId: string;
}

/** What a client is made or changed to. What is left out stays as it is. */
interface Wanted {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly audience?: readonly string[] | undefined;
  readonly customClaims?: Pairs | undefined;
  readonly expirySeconds?: number | undefined;
}

/** Where a client is read, changed and deleted. */
export function organizationClientPath({ organizationId, clientId }: OrganizationClientTarget): Path {
  return path`/organizations/${organizationId}/clients/${clientId}`;
}

/** Reads a client (`GET /organizations/{id}/clients/{id}`). */
export async function readOrganizationClient(api: Api, target: OrganizationClientTarget): Promise<One> {
  return checkAnswer(One, await api.get(organizationClientPath(target)));
}

/** Where the secrets of a client are. */
export function secretsOfOrganizationClient(api: Api, target: OrganizationClientTarget): SecretHolder<Shown> {
  const { organizationId, clientId } = target;
  return {
    at: path`/organizations/${organizationId}/clients/${clientId}/secrets`,
    secretAt: (id) => path`/organizations/${organizationId}/clients/${clientId}/secrets/${id}`,
    read: () => readOrganizationClient(api, target),
    tools: { list: LIST, add: 'create_organization_client_secret', remove: 'delete_organization_client_secret' },
  };
}

/** Where the API's fields of a violation come from. */
const ORIGINS = [
  { at: 'client.name', field: 'name' },
  { at: 'client.description', field: 'description' },
  { at: 'client.scopes', field: 'scopes' },
  { at: 'client.audience', field: 'audience' },
  { at: 'client.custom_claims', field: 'customClaims' },
  { at: 'client.expiry', field: 'expirySeconds' },
];

/**
 * Creates a client (`POST /organizations/{id}/clients`).
 * @returns the client, its secret, and in `not_applied` the arguments that the API did not heed: an error would lose the
 *   secret
 */
export async function createOrganizationClient(api: Api, organizationId: string, wanted: Wanted) {
  const { name, description, scopes, audience, customClaims, expirySeconds: expiry } = wanted;
  const body = { name, description, scopes, audience, custom_claims: listOf(customClaims), expiry };
  const answer = await api.post(path`/organizations/${organizationId}/clients`, body).catch((refusal) => {
    throw aboutArguments(refusal, ORIGINS);
  });
  const created = checkAnswer(New, answer, 'write');
  const kept = notCameTrue(askedOf(wanted, created.client));
  return { ...created, ...(kept.length > 0 && { not_applied: kept }) };
}

/**
 * Changes a client (`PATCH /organizations/{id}/clients/{id}`). Lists replace those before; claims are laid over those
 * that are there. What the call leaves out is compared with what was there before, since the request cannot tell it from
 * what is empty.
 * @throws ToolError `not_applied` for what the API kept, and for what has changed beside it
 */
export function changeOrganizationClient(api: Api, target: OrganizationClientTarget, changes: Wanted): Promise<One> {
  requireChange({ ...changes }, 'name');
  const at = organizationClientPath(target);
  const read = () => readOrganizationClient(api, target);
  return api.inTurn(at, async () => {
    const { client: before } = await read();
    const { name, description, scopes, audience, customClaims, expirySeconds: expiry } = changes;
    const custom_claims = changedButNotEmptied(before.custom_claims, customClaims);
    const answer = await api
      .patch(at, { name, description, scopes, audience, custom_claims, expiry })
      .catch((refusal) => {
        throw aboutArguments(refusal, ORIGINS);
      });
    const asked = ({ client }: One) => askedOf(changes, client);
    const told = await requireTold(asked, checkAnswer(One, answer, 'write'), read, LIST);
    if (notCameTrue(keptOf(before, changes, told.client)).length === 0) return told;
    const now = await readBack(read(), LIST);
    requireAsBefore(keptOf(before, changes, now.client), LIST);
    return now;
  });
}

function askedOf(wanted: Wanted, shown: Shown): Readonly<Record<string, Asked>> {
  return {
    name: { asked: wanted.name, shown: shown.name },
    description: { asked: wanted.description, shown: shown.description },
    scopes: { asked: wanted.scopes, shown: shown.scopes },
    audience: { asked: wanted.audience, shown: shown.audience },
    customClaims: askedClaims(wanted.customClaims, shown.custom_claims),
    expirySeconds: { asked: wanted.expirySeconds, shown: shown.expiry },
  };
}

/** What a change does not name, before and afterwards. */
function keptOf(before: Shown, changes: Wanted, now: Shown): Readonly<Record<string, Asked>> {
  const keeps = <T>(change: unknown, of: (client: Shown) => T) => ({
    asked: change === undefined ? of(before) : undefined,
    shown: of(now),
  });
  return {
    name: keeps(changes.name, ({ name }) => name),
    description: keeps(changes.description, ({ description }) => description),
    scopes: keeps(changes.scopes, ({ scopes }) => scopes),
    audience: keeps(changes.audience, ({ audience }) => audience),
    custom_claims: keeps(changes.customClaims, ({ custom_claims }) => claimsOf(custom_claims)),
    expiry: keeps(changes.expirySeconds, ({ expiry }) => expiry),
  };
}
