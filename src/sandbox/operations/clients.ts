import { complete } from '../contract/complete.ts';
import {
  ClientSchema,
  ClientService,
  EnvironmentLoginUrisService,
  type IpAllowlist,
} from '../contract/published/clients.ts';
import type { Client, Environment, ServerClient } from '../data/types.ts';
import { ApiError, byId, findIn, found, invalid, refuseTaken, type Violation } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { newSecret, refuseTooMany, withoutSecret } from './client-secrets.ts';
import { page } from './paging.ts';
import { given, masked, now, remove, replace } from './parts.ts';
import { checkRedirectUri } from './redirect-rules.ts';

const MAX_POST_LOGIN_URIS = 5;
const TOO_MANY = {
  description: `value must contain no more than ${MAX_POST_LOGIN_URIS} item(s)`,
  constraint: 'repeated.max_items',
};

/** What is documented to be made and deleted; type ENV is the one that every environment has from the start. */
const OTHER_TYPES: readonly string[] = ['WEB_APP', 'NTV', 'SPA'];

/** Secrets are kept as hashes: one is shown when it is made, and never again. A client keeps at least one (documented). */
export const clientsOperations = operations(ClientService, {
  listClient: ({ request, environment, content }) => {
    const named = request.filter?.client_type ?? [];
    const types = named.length === 0 ? ['ENV'] : named;
    const matching = content.clients.filter(({ client_type }) => types.includes('ALL') || types.includes(client_type));
    return page('clients', matching, request, ['clients', environment.id, ...types]);
  },

  getClient: ({ request, content }) => ({ client: byId(content.clients, request.client_id, 'client') }),

  createClient: ({ request, environment, content, store }) => {
    const wanted = given(request.client);
    if (!OTHER_TYPES.includes(wanted.client_type)) {
      const description = `value must be one of ${OTHER_TYPES.join(', ')}`;
      throw invalid({ field: 'client.client_type', description, constraint: 'string.in' });
    }
    const allowlist = (wanted as Allowlisted).ip_allowlist;
    const violations = [...checkUris(wanted, environment), ...checkAllowlist(allowlist)];
    if (violations.length > 0) throw invalid(...violations);
    const id = store.newId('skc');
    const at = now();
    const { access_token_expiry, disallow_scalekit_api_access, enforce_pkce, custom_claims, ...others } = wanted;
    const client = complete(ClientSchema, {
      ...others,
      ip_allowlist: allowlist && withTypes(allowlist),
      custom_claims: custom_claims.map(({ key, value }) => ({ key, value })),
      access_token_expiry: access_token_expiry === '0' ? '3600' : access_token_expiry,
      disallow_scalekit_api_access: disallow_scalekit_api_access ?? false,
      enforce_pkce: enforce_pkce ?? false,
      grant_types: wanted.grant_types.length > 0 ? wanted.grant_types : ['authorization_code', 'refresh_token'],
      ...{ id, keyId: id, create_time: at, update_time: at },
    });
    content.clients.push(client);
    return { client };
  },

  // Documented: the client that an environment has from the start stays.
  deleteClient: ({ request, content }) => {
    const client = byId(content.clients, request.client_id, 'client');
    if (OTHER_TYPES.includes(client.client_type)) return remove(content.clients, client);
    throw new ApiError('INVALID_ARGUMENT', 'the default client of an environment cannot be deleted');
  },

  updateClient: ({ request, environment, content }) => {
    const before = byId(content.clients, request.client_id, 'client');
    const changes = masked(given(request.client), request.mask);
    const allowlist = (changes as Allowlisted).ip_allowlist;
    const violations = [...checkUris(changes, environment), ...checkAllowlist(allowlist)];
    if (violations.length > 0) throw invalid(...violations);
    const listed = allowlist && { ip_allowlist: withTypes(allowlist) };
    const after = { ...before, ...changes, ...listed, update_time: now() } as Client;
    return { client: replace(content.clients, before, after) };
  },

  createClientSecret: ({ request, principal, content, store }) => {
    const { secrets, keep } = secretsOf(content, request.client_id);
    refuseTooMany(secrets);
    const made = newSecret(store, principal);
    // Oldest first, as the live tests show of the secrets of a client.
    keep([...secrets, made.secret] as Client['secrets']);
    return made;
  },

  updateClientSecret: ({ request, content }) => {
    const { secrets, keep } = secretsOf(content, request.client_id);
    const secret = byId(secrets, request.secret_id, 'secret');
    const changes = masked(given(request.secret), request.mask);
    const after = { ...secret, ...changes, update_time: now() };
    keep(secrets.map((one) => (one === secret ? after : one)));
    return { secret: after };
  },

  deleteClientSecret: ({ request, content }) => {
    const { secrets, keep } = secretsOf(content, request.client_id);
    keep(withoutSecret(secrets, request.secret_id));
    return {};
  },
});

/**
 * The secrets of a client, and how to keep others in their place. Documented by Scalekit's SDK: they are found by the id of the
 * client alone, whichever kind it is of.
 */
function secretsOf({ clients, serverClients }: EnvironmentContent, id: string) {
  const ofServer = serverClients.find(({ client_id }) => client_id === id);
  const update = (secrets: Client['secrets']) => ({ secrets, update_time: now() });
  if (ofServer !== undefined) {
    const keep = (secrets: Client['secrets']) =>
      replace(serverClients, ofServer, { ...ofServer, ...update(secrets) } as ServerClient);
    return { secrets: ofServer.secrets as Client['secrets'], keep };
  }
  const before = byId(clients, id, 'client');
  return {
    secrets: before.secrets,
    keep: (secrets: Client['secrets']) => replace(clients, before, { ...before, ...update(secrets) }),
  };
}

/** On the environment's own client, one address at a time. What each does is documented. */
export const loginUrisOperations = operations(EnvironmentLoginUrisService, {
  addEnvironmentRedirectUri: ({ request: { redirect_uri: uri }, environment, content }) => {
    const client = ownClient(content);
    refuseScheme('redirect_uri', uri);
    const before = client.post_login_uris;
    refuseTaken(before, (entry) => entry === uri, 'this redirect URI');
    const violations = checkRedirectUri('redirect_uri', uri, environment.type);
    if (before.length >= MAX_POST_LOGIN_URIS) violations.unshift({ ...TOO_MANY, field: 'redirect_uri' });
    return changeUris(content, client, violations, { post_login_uris: [...before, uri] });
  },

  removeEnvironmentRedirectUri: ({ request: { redirect_uri: uri }, content }) => {
    const client = ownClient(content);
    const before = client.post_login_uris;
    found(
      before.find((entry) => entry === uri),
      'redirect URI',
    );
    const isLast = {
      field: 'redirect_uri',
      description: 'the last redirect URI stays',
      constraint: 'redirect_uri.last',
    };
    const violations = before.length === 1 ? [isLast] : [];
    return changeUris(content, client, violations, { post_login_uris: before.filter((entry) => entry !== uri) });
  },

  setEnvironmentInitiateLoginUri: ({ request: { initiate_login_uri: uri }, environment, content }) => {
    refuseScheme('initiate_login_uri', uri);
    const violations = checkRedirectUri('initiate_login_uri', uri, environment.type);
    return changeUris(content, ownClient(content), violations, { initiate_login_uri: uri });
  },
});

function ownClient({ clients }: EnvironmentContent): Client {
  return findIn(clients, ({ client_type }) => client_type === 'ENV', 'client');
}

/** Apps' own schemes are for the client's list as a whole. */
function refuseScheme(field: string, uri: string): void {
  if (/^https?:\/\//i.test(uri) || uri.includes('{{')) return;
  throw invalid({ field, description: 'must use http or https, or be a template', constraint: 'redirect_uri.scheme' });
}

function changeUris({ clients }: EnvironmentContent, client: Client, violations: Violation[], change: Partial<Client>) {
  if (violations.length > 0) throw invalid(...violations);
  const after = replace(clients, client, { ...client, ...change, update_time: now() });
  const { id: client_id, post_login_uris: redirect_uris, post_logout_redirect_uris, initiate_login_uri } = after;
  return { client_id, redirect_uris, post_logout_redirect_uris, initiate_login_uri };
}

type Uris = Partial<Pick<Client, 'post_login_uris' | 'post_logout_redirect_uris' | 'initiate_login_uri'>>;

function checkUris(
  client: { readonly [Name in keyof Uris]?: Uris[Name] | undefined },
  { type }: Environment,
): Violation[] {
  const { post_login_uris: logins = [], post_logout_redirect_uris: logouts = [], initiate_login_uri } = client;
  const each = (field: string, uris: readonly string[]) =>
    uris.flatMap((uri, i) => checkRedirectUri(`client.${field}[${i}]`, uri, type));
  const violations = [...each('post_login_uris', logins), ...each('post_logout_redirect_uris', logouts)];
  if (initiate_login_uri) violations.push(...checkRedirectUri('client.initiate_login_uri', initiate_login_uri, type));
  if (logins.length > MAX_POST_LOGIN_URIS) {
    violations.unshift({ ...TOO_MANY, field: 'client.post_login_uris' });
  }
  return violations;
}

interface Allowlisted {
  readonly ip_allowlist?: IpAllowlist | undefined;
}

/** Documented: ranges of all addresses are refused, and so is a list that lets nobody in. */
function checkAllowlist({ opted_in, cidrs }: IpAllowlist = { opted_in: false, cidrs: [] }): Violation[] {
  const everybody = cidrs.filter((entry) => /^(0\.0\.0\.0|::)\/0$/.test(entry?.value ?? ''));
  const refused = everybody.map((entry) => ({
    field: 'client.ip_allowlist.cidrs',
    description: `${entry?.value} is not allowed`,
    constraint: 'ip_allowlist.all',
  }));
  if (!opted_in || cidrs.length > 0) return refused;
  const description = 'opted_in needs at least one range';
  return [{ field: 'client.ip_allowlist.opted_in', description, constraint: 'ip_allowlist.empty' }];
}

/** The family of each range follows from it. */
function withTypes({ opted_in, cidrs }: IpAllowlist): IpAllowlist {
  const typed = cidrs.map((entry) => {
    const value = entry?.value ?? '';
    return { value, type: value.includes(':') ? 'IPV6' : 'IPV4' };
  });
  return { opted_in, cidrs: typed };
}
