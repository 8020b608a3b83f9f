import { metadataOf, RESOURCE_TYPES, type Resource } from '../data/servers.ts';
import type { EnvironmentContent } from '../store.ts';
import { ApiError } from './api-error.ts';
import { optionalFlag, optionalInteger } from './composite-fields.ts';
import { choice, optionalText, text } from './fields.ts';
import { type Decoded, type Field, message } from './message.ts';
import { environmentOperation } from './operation.ts';
import { pageFields, paginate } from './paging.ts';

const resourceType = required(choice(RESOURCE_TYPES), 'RESOURCE_TYPE_UNSPECIFIED');
const resourceId = text({ minLen: 1, maxLen: 32 });

/** What scalekit.v1.clients.CreateResource and UpdateResource have in common. Unset: as it is, or the default. */
const settings = {
  description: optionalText({ maxLen: 512 }),
  resource_uri: optionalText(),
  access_token_expiry: optionalInteger(),
  refresh_token_expiry: optionalInteger(),
  disable_dynamic_client_registration: optionalFlag(),
  logo_uri: optionalText({ maxLen: 512 }),
  provider: optionalText({ maxLen: 512 }),
  resource_id: optionalText(),
  intersect_scopes_user_permission: optionalFlag(),
  enable_cimd: optionalFlag(),
  xaa_enabled: optionalFlag(),
} as const;

const createResource = { resource_type: resourceType, name: required(text({ maxLen: 128 }), ''), ...settings } as const;
const updateResource = { name: optionalText({ maxLen: 128 }), ...settings } as const;

/** Resources of scalekit.v1.clients.ClientService */
export const resourcesOperations = [
  environmentOperation({
    verb: 'GET',
    path: '/resources',
    accepts: ['workspace', 'client'],
    permission: 'resources_read',
    request: { resource_type: resourceType, ...pageFields({ max: 30 }) },
    run({ request, environment, content }) {
      const { resource_type: wanted } = request;
      const matching = content.resources.filter(({ resource_type }) => resource_type === wanted);
      const { items, ...pages } = paginate(matching, request, ['resources', environment.id, wanted]);
      return { ...pages, resources: items };
    },
  }),

  environmentOperation({
    verb: 'POST',
    path: '/resources',
    accepts: ['workspace', 'client'],
    permission: 'resources_write',
    body: 'resource',
    request: { resource: message(createResource, { required: true }) },
    run({ request, environment, content, store }) {
      const now = new Date().toISOString();
      const { resource_type, name, ...wanted } = request.resource;
      refuseTakenUrl(content, wanted.resource_id, undefined);
      const blank = blankResource({ id: store.newId('res'), name, resource_type, create_time: now });
      const resource = merge(blank, wanted, environment.domain, now);
      content.resources.push(resource);
      return { resource };
    },
  }),

  environmentOperation({
    verb: 'PATCH',
    path: '/resources/{resource_id}',
    accepts: ['workspace', 'client'],
    permission: 'resources_write',
    body: 'resource',
    request: { resource_id: resourceId, resource: message(updateResource, { required: true }) },
    run({ request, environment, content }) {
      const { index, found } = find(content, request.resource_id);
      refuseTakenUrl(content, request.resource.resource_id, found.id);
      const resource = merge(found, request.resource, environment.domain, new Date().toISOString());
      content.resources[index] = resource;
      return { resource };
    },
  }),

  environmentOperation({
    verb: 'PUT',
    path: '/resources/{resource_id}/provider:delete',
    accepts: ['workspace', 'client'],
    permission: 'resources_write',
    request: { resource_id: resourceId },
    run({ request, environment, content }) {
      const { index, found } = find(content, request.resource_id);
      const resource = merge(found, { provider: '' }, environment.domain, new Date().toISOString());
      content.resources[index] = resource;
      return { resource };
    },
  }),
];

/** A field that must not have its unset value. */
function required<T>(field: Field<T>, unset: T): Field<T> {
  return {
    ...field,
    check(value, path) {
      if (value !== unset) return field.check(value, path);
      return [{ field: path, description: 'value is required', constraint: 'required' }];
    },
  };
}

function find({ resources }: EnvironmentContent, id: string) {
  const index = resources.findIndex((resource) => resource.id === id);
  const found = resources[index];
  if (found === undefined) throw new ApiError('NOT_FOUND', 'resource not found');
  return { index, found };
}

/** Tokens name their audience by URL, so that no two resources of an environment can have the same. */
function refuseTakenUrl({ resources }: EnvironmentContent, url: string | undefined, ownId: string | undefined): void {
  if (!url || !resources.some(({ id, resource_id }) => id !== ownId && resource_id === url)) return;
  throw new ApiError('ALREADY_EXISTS', 'a resource with this resource_id exists in the environment');
}

function blankResource(
  own: Pick<Resource, 'id' | 'name' | 'resource_type' | 'create_time'>,
): Omit<Resource, 'protected_metadata' | 'protected_metadata_uri'> {
  return {
    ...own,
    resource_uri: '',
    description: '',
    disable_dynamic_client_registration: false,
    logo_uri: '',
    access_token_expiry: '3600',
    refresh_token_expiry: '2592000',
    update_time: own.create_time,
    provider: '',
    resource_id: '',
    scopes: [],
    connection_details: null,
    disallow_connection_update: false,
    intersect_scopes_user_permission: false,
    enable_cimd: false,
    xaa_enabled: false,
  };
}

/** Takes over what is set. A provider that goes takes its connection with it. */
function merge(
  before: Omit<Resource, 'protected_metadata' | 'protected_metadata_uri'>,
  wanted: Partial<Decoded<typeof updateResource>>,
  domain: string,
  now: string,
): Resource {
  const set = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  const after = { ...before, ...set, update_time: now };
  const connection_details = after.provider === '' ? null : after.connection_details;
  return { ...after, connection_details, ...metadataOf(after, domain) };
}
