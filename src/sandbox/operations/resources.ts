import type { Draft } from '../contract/json.ts';
import { ClientService, type NewerResource } from '../contract/published/clients.ts';
import { newResource, resourceAnswer } from '../data/servers.ts';
import type { Resource, ResourceAnswer } from '../data/types.ts';
import { byId, invalid, refuseTaken } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import { problemOf } from '../oauth/client-allowlist.ts';
import type { EnvironmentContent } from '../store.ts';
import { page } from './paging.ts';
import { given, masked, now, remove, replace } from './parts.ts';
import { forgetClients } from './server-clients.ts';

/** Scopes are named in requests and described in answers. Settings of one's own sign-in are not kept here. */
export const resourcesOperations = operations(ClientService, {
  listResources: ({ request, environment, content, store }) => {
    const { resource_type: wanted } = request;
    const matching = content.resources.filter(({ resource_type }) => resource_type === wanted);
    const answers = matching.map((resource) => shown(resource, content, store.urlOf(environment)).resource);
    return page('resources', answers, request, ['resources', environment.id, wanted]);
  },

  getResource: ({ request, environment, content, store }) =>
    shown(byId(content.resources, request.resource_id, 'resource'), content, store.urlOf(environment)),

  createResource: ({ request, environment, content, store }) => {
    const { scopes, access_token_expiry, refresh_token_expiry, ...wanted } = given(request.resource);
    refuseTakenUrl(content, wanted.resource_id);
    refuseUnknownScopes(content, scopes);
    refuseUnusable(wanted);
    const id = store.newId('res');
    const facts = {
      ...wanted,
      id,
      // Documented: without a URL, the generated id is the audience.
      resource_id: wanted.resource_id || id,
      create_time: now(),
      ...(access_token_expiry !== '0' && { access_token_expiry }),
      ...(refresh_token_expiry !== '0' && { refresh_token_expiry }),
    };
    const resource = newResource(facts, scopes);
    content.resources.push(resource);
    return shown(resource, content, store.urlOf(environment));
  },

  updateResource: ({ request, environment, content, store }) => {
    const before = byId(content.resources, request.resource_id, 'resource');
    const wanted = masked(given(request.resource), request.update_mask);
    const { scopes, custom_connection_settings: _, ...changes } = wanted;
    refuseTakenUrl(content, changes.resource_id, before.id);
    refuseUnknownScopes(content, scopes ?? []);
    refuseUnusable(changes);
    const after = change(content, before, { ...changes, ...(scopes && { enabledScopes: scopes }) });
    return shown(after, content, store.urlOf(environment));
  },

  // Documented: with all of its clients.
  deleteResource: ({ request, content }) => {
    const resource = byId(content.resources, request.resource_id, 'resource');
    const own = content.serverClients.filter(({ resource_id }) => resource_id === resource.id);
    forgetClients(content, own);
    return remove(content.resources, resource);
  },

  deleteResourceProvider: ({ request, environment, content, store }) => {
    const before = byId(content.resources, request.resource_id, 'resource');
    return shown(change(content, before, { provider: '' }), content, store.urlOf(environment));
  },
});

function shown(
  resource: Resource,
  { scopes }: EnvironmentContent,
  environmentUrl: string,
): { resource: Draft<ResourceAnswer> } {
  return { resource: resourceAnswer(resource, environmentUrl, scopes) };
}

/** Tokens name their audience by URL, so that no two resources of an environment can have the same. */
function refuseTakenUrl({ resources }: EnvironmentContent, url: string | undefined, ownId?: string): void {
  const isSame = ({ id, resource_id }: Resource) => Boolean(url) && id !== ownId && resource_id === url;
  refuseTaken(resources, isSame, 'a resource with this resource_id');
}

/** Inferred: only scopes of the environment can be enabled. */
function refuseUnknownScopes({ scopes }: EnvironmentContent, wanted: readonly string[]): void {
  const unknown = wanted.flatMap((name, i) => (scopes.some((scope) => scope.name === name) ? [] : [i]));
  const rule = { description: 'value is not a scope of the environment', constraint: 'scopes.known' };
  if (unknown.length > 0) throw invalid(...unknown.map((i) => ({ field: `resource.scopes[${i}]`, ...rule })));
}

/** Refuses entries of the list of clients that no client could match. The SDK's types do not have the list. */
function refuseUnusable(resource: object): void {
  const { cimd_client_allowlist: entries = [] } = resource as Partial<NewerResource>;
  const violations = entries.flatMap((entry, i) => {
    const description = problemOf(entry);
    const field = `resource.cimd_client_allowlist[${i}].value`;
    return description === undefined ? [] : [{ field, description, constraint: 'cimd_client_allowlist.value' }];
  });
  if (violations.length > 0) throw invalid(...violations);
}

/** Takes over what is set. A provider that goes takes its connection with it. */
function change({ resources }: EnvironmentContent, before: Resource, changes: Draft<Resource>): Resource {
  const after = { ...before, ...changes, update_time: now() } as Resource;
  const connection_details = after.provider === '' ? undefined : after.connection_details;
  return replace(resources, before, { ...after, connection_details } as Resource);
}
