import { ClientService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js';
import type { Draft } from '../contract/json.ts';
import { metadataOf, newResource } from '../data/servers.ts';
import type { Environment, Resource } from '../data/types.ts';
import { byId, refuseTaken } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { page } from './paging.ts';
import { given, masked, now, replace } from './parts.ts';

/** Scopes are named in requests and described in answers; that, and settings of one's own sign-in, is not kept here. */
export const resourcesOperations = operations(ClientService, {
  listResources: ({ request, environment, content }) => {
    const { resource_type: wanted } = request;
    const matching = content.resources.filter(({ resource_type }) => resource_type === wanted);
    return page('resources', matching, request, ['resources', environment.id, wanted]);
  },

  getResource: ({ request, content }) => ({ resource: byId(content.resources, request.resource_id, 'resource') }),

  createResource: ({ request, environment, content, store }) => {
    const { scopes: _, access_token_expiry, refresh_token_expiry, ...wanted } = given(request.resource);
    refuseTakenUrl(content, wanted.resource_id);
    const resource = newResource(environment.domain, {
      ...wanted,
      id: store.newId('res'),
      create_time: now(),
      ...(access_token_expiry !== '0' && { access_token_expiry }),
      ...(refresh_token_expiry !== '0' && { refresh_token_expiry }),
    });
    content.resources.push(resource);
    return { resource };
  },

  updateResource: ({ request, environment, content }) => {
    const before = byId(content.resources, request.resource_id, 'resource');
    const {
      scopes: _,
      custom_connection_settings: __,
      ...changes
    } = masked(given(request.resource), request.update_mask);
    refuseTakenUrl(content, changes.resource_id, before.id);
    return { resource: change(content, before, changes, environment) };
  },

  deleteResourceProvider: ({ request, environment, content }) => ({
    resource: change(content, byId(content.resources, request.resource_id, 'resource'), { provider: '' }, environment),
  }),
});

/** Tokens name their audience by URL, so that no two resources of an environment can have the same. */
function refuseTakenUrl({ resources }: EnvironmentContent, url: string | undefined, ownId?: string): void {
  const isSame = ({ id, resource_id }: Resource) => Boolean(url) && id !== ownId && resource_id === url;
  refuseTaken(resources, isSame, 'a resource with this resource_id');
}

/** Takes over what is set. A provider that goes takes its connection with it. */
function change(
  { resources }: EnvironmentContent,
  before: Resource,
  changes: Draft<Omit<Resource, 'scopes'>>,
  { domain }: Environment,
): Resource {
  const after = { ...before, ...changes, update_time: now() } as Resource;
  const connection_details = after.provider === '' ? undefined : after.connection_details;
  return replace(resources, before, { ...after, ...metadataOf(after, domain), connection_details } as Resource);
}
