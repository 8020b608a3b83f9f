import { z } from 'zod';
import type { Api, Path } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { type Asked, notCameTrue, requireAsBefore, requireTold } from './came-true.ts';
import { canonicalCidr } from './cidr.ts';
import type { SecretHolder } from './client-secrets.ts';
import { askedClaims, changedClaims, claimsOf, listOf } from './custom-claims.ts';
import { AppClient } from './entities/environment-client.ts';
import type { Pairs } from './pairs.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';
import { aboutArguments, requireChange } from './refusal.ts';

const One = z.object({ client: AppClient });
type One = z.output<typeof One>;
type Shown = One['client'];

const LIST = 'list_environment_clients';

/** The type of the client that an environment has from the start. */
const ENVIRONMENT = 'ENV';

/** What a client is made or changed to. What is left out stays as it is. */
export interface WantedClient {
  readonly name?: string | undefined;
  readonly redirectUris?: readonly string[] | undefined;
  readonly postLogoutRedirectUris?: readonly string[] | undefined;
  readonly initiateLoginUri?: string | undefined;
  readonly grantTypes?: readonly string[] | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly customClaims?: Pairs | undefined;
  readonly accessTokenExpirySeconds?: number | undefined;
  readonly enforcePkce?: boolean | undefined;
  readonly disallowScalekitApiAccess?: boolean | undefined;
  /** In canonical form. Empty: from everywhere. */
  readonly ipAllowlist?: readonly string[] | undefined;
}

/** Where a client is read, changed and deleted. */
export function clientPath(id: string): Path {
  return path`/clients/${id}`;
}

/** Reads any client of an environment (`GET /clients/{id}`). */
export async function readAppClient(api: Api, id: string): Promise<One> {
  return checkAnswer(One, await api.get(clientPath(id)));
}

/** Where the secrets of a client are. */
export function secretsOfClient(api: Api, id: string): SecretHolder<Shown> {
  return {
    at: path`/clients/${id}/secrets`,
    secretAt: (secretId) => path`/clients/${id}/secrets/${secretId}`,
    read: () => readAppClient(api, id),
    tools: { list: LIST, add: 'create_client_secret', remove: 'delete_client_secret' },
  };
}

/** Where the API's fields of a violation come from. */
const ORIGINS = [
  { at: 'client.name', field: 'name' },
  { at: 'client.client_type', field: 'clientType' },
  { at: 'client.post_login_uris', field: 'redirectUris' },
  { at: 'client.post_logout_redirect_uris', field: 'postLogoutRedirectUris' },
  { at: 'client.initiate_login_uri', field: 'initiateLoginUri' },
  { at: 'client.grant_types', field: 'grantTypes' },
  { at: 'client.scopes', field: 'scopes', nextTool: 'list_environment_scopes' },
  { at: 'client.custom_claims', field: 'customClaims' },
  { at: 'client.access_token_expiry', field: 'accessTokenExpirySeconds' },
  { at: 'client.ip_allowlist', field: 'ipAllowlist' },
];

/**
 * Creates a client (`POST /clients`).
 * @throws ToolError `not_applied` for what is not as asked
 */
export async function createClient(api: Api, clientType: string, wanted: WantedClient): Promise<One> {
  const body = { client_type: clientType, ...bodyOf(wanted), custom_claims: listOf(wanted.customClaims) };
  const answer = await api.post(path`/clients`, body).catch((refusal) => {
    throw aboutArguments(refusal, ORIGINS);
  });
  const created = checkAnswer(One, answer, 'write');
  const asked = ({ client }: One) => ({
    clientType: { asked: clientType, shown: client.client_type },
    ...askedOf(wanted, client),
  });
  return requireTold(asked, created, () => readAppClient(api, created.client.id), LIST);
}

/**
 * Changes a client (`PATCH /clients/{id}`). Lists replace those before; claims are laid over those that are there.
 * @param check looks at the client first, and throws for what must not be done to it
 * @throws ToolError `not_applied` for what the API kept, and for what has changed beside it
 */
export function changeClient(
  api: Api,
  id: string,
  changes: WantedClient,
  check: (client: Shown) => void,
): Promise<One> {
  requireChange({ ...changes }, 'name');
  const read = () => readAppClient(api, id);
  return api.inTurn(clientPath(id), async () => {
    const { client: before } = await read();
    check(before);
    const custom_claims = changedClaims(before.custom_claims, changes.customClaims);
    const answer = await api.patch(clientPath(id), { ...bodyOf(changes), custom_claims }).catch((refusal) => {
      throw aboutArguments(refusal, ORIGINS);
    });
    const told = await requireTold(
      ({ client }: One) => askedOf(changes, client),
      checkAnswer(One, answer, 'write'),
      read,
      LIST,
    );
    if (notCameTrue(keptOf(before, changes, told.client)).length === 0) return told;
    const now = await readBack(read(), LIST);
    requireAsBefore(keptOf(before, changes, now.client), LIST);
    return now;
  });
}

/**
 * Login of the environment's own client goes through tools that take one address at a time.
 * @throws ToolError `invalid_arguments`
 */
export function refuseLoginOfEnvironment({ client_type }: Shown, changes: WantedClient): void {
  if (client_type?.toUpperCase() !== ENVIRONMENT) return;
  const tools = {
    redirectUris: 'add_redirect_uri',
    postLogoutRedirectUris: 'add_post_logout_redirect_uri',
    initiateLoginUri: 'set_initiate_login_uri',
  } as const;
  for (const [field, nextTool] of Object.entries(tools)) {
    if (changes[field as keyof typeof tools] === undefined) continue;
    const message = 'This is the environment’s own client: its addresses are added and removed one at a time.';
    throw new ToolError('invalid_arguments', message, { field, nextTool });
  }
}

/**
 * A client that may go. The one that an environment has from the start may not (documented), so that nobody is asked to
 * agree to what the API refuses.
 * @throws ToolError `invalid_arguments`
 */
export async function showDeletedClient(api: Api, id: string): Promise<One> {
  const shown = await readAppClient(api, id);
  if (shown.client.client_type?.toUpperCase() !== ENVIRONMENT) return shown;
  const message = 'This is the environment’s own client, which Scalekit does not delete. Its secrets can be deleted.';
  throw new ToolError('invalid_arguments', message, { field: 'clientId', nextTool: LIST });
}

function bodyOf({ name, grantTypes, scopes, ...wanted }: WantedClient) {
  const { ipAllowlist: ranges } = wanted;
  return {
    name,
    post_login_uris: wanted.redirectUris,
    post_logout_redirect_uris: wanted.postLogoutRedirectUris,
    initiate_login_uri: wanted.initiateLoginUri,
    grant_types: grantTypes,
    scopes,
    access_token_expiry: wanted.accessTokenExpirySeconds,
    enforce_pkce: wanted.enforcePkce,
    disallow_scalekit_api_access: wanted.disallowScalekitApiAccess,
    ip_allowlist: ranges && { opted_in: ranges.length > 0, cidrs: ranges.map((value) => ({ value })) },
  };
}

/** From where a client may get tokens; empty: from everywhere. */
function rangesOf({ ip_allowlist: list }: Shown): string[] | undefined {
  if (!list) return undefined;
  if (!list.opted_in) return [];
  return (list.cidrs ?? []).map(({ value }) => canonicalCidr(value ?? '') ?? value ?? '');
}

function askedOf(wanted: WantedClient, shown: Shown): Readonly<Record<string, Asked>> {
  return {
    name: { asked: wanted.name, shown: shown.name },
    redirectUris: { asked: wanted.redirectUris, shown: shown.post_login_uris },
    postLogoutRedirectUris: { asked: wanted.postLogoutRedirectUris, shown: shown.post_logout_redirect_uris },
    initiateLoginUri: { asked: wanted.initiateLoginUri, shown: shown.initiate_login_uri },
    grantTypes: { asked: wanted.grantTypes, shown: shown.grant_types },
    scopes: { asked: wanted.scopes, shown: shown.scopes },
    customClaims: askedClaims(wanted.customClaims, shown.custom_claims),
    accessTokenExpirySeconds: { asked: wanted.accessTokenExpirySeconds, shown: shown.access_token_expiry },
    enforcePkce: { asked: wanted.enforcePkce, shown: shown.enforce_pkce },
    disallowScalekitApiAccess: { asked: wanted.disallowScalekitApiAccess, shown: shown.disallow_scalekit_api_access },
    ipAllowlist: { asked: wanted.ipAllowlist, shown: rangesOf(shown) },
  };
}

/** What a change does not name, before and afterwards. */
function keptOf(before: Shown, changes: WantedClient, now: Shown): Readonly<Record<string, Asked>> {
  const whole = askedOf(
    {
      name: before.name ?? '',
      redirectUris: before.post_login_uris ?? [],
      postLogoutRedirectUris: before.post_logout_redirect_uris ?? [],
      initiateLoginUri: before.initiate_login_uri ?? '',
      grantTypes: before.grant_types ?? [],
      scopes: before.scopes ?? [],
      customClaims: claimsOf(before.custom_claims) ?? {},
      accessTokenExpirySeconds: before.access_token_expiry ?? 0,
      enforcePkce: before.enforce_pkce ?? false,
      disallowScalekitApiAccess: before.disallow_scalekit_api_access ?? false,
      ipAllowlist: rangesOf(before) ?? [],
    },
    now,
  );
  const kept = Object.entries(whole).filter(([name]) => changes[name as keyof WantedClient] === undefined);
  return Object.fromEntries(kept);
}
