import { randomBytes } from 'node:crypto';
import {
  DirectorySchema,
  DirectoryService,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb.js';
import { complete } from '../contract/complete.ts';
import { rolesIn } from '../data/access.ts';
import { newDirectory } from '../data/directories.ts';
import type { Directory, DirectoryGroup, DirectoryUser } from '../data/types.ts';
import { ApiError, byId, findIn } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent, Store } from '../store.ts';
import { page } from './paging.ts';
import { given, now, remove, replace } from './parts.ts';

export const directoriesOperations = operations(DirectoryService, {
  listDirectories: ({ request, content }) => {
    const { id } = byId(content.organizations, request.organization_id, 'organization');
    const own = content.directories.filter(({ organization_id }) => organization_id === id);
    return { directories: own.map((directory) => shown(content, directory)) };
  },

  getDirectory: ({ request, content }) => ({ directory: shown(content, find(content, request, request.id)) }),

  createDirectory: ({ request, environment, content, store }) => {
    const { id: organization_id } = byId(content.organizations, request.organization_id, 'organization');
    const { directory_type, directory_provider } = given(request.directory);
    const name = `${directory_provider.toLowerCase()} directory`;
    const facts = { organization_id, directory_type, directory_provider, name };
    const directory = newDirectory(store.newId('dir'), environment.domain, facts);
    content.directories.push(directory);
    return { directory: shown(content, directory) };
  },

  // A PATCH without field mask, of a message whose fields have no presence: what is left out is cleared.
  updateDirectory: ({ request, content }) => {
    const before = find(content, request, request.id);
    const { name, directory_type, directory_provider, enabled, status, mappings } = given(request.directory);
    const after = {
      ...before,
      ...(name !== '' && { name }),
      ...(directory_type !== 'DIRECTORY_TYPE_UNSPECIFIED' && { directory_type }),
      ...(directory_provider !== 'DIRECTORY_PROVIDER_UNSPECIFIED' && { directory_provider }),
      ...(status !== 'DIRECTORY_STATUS_UNSPECIFIED' && { status }),
      enabled,
      attribute_mappings: { attributes: mappings.map(({ key, map_to }) => ({ key, map_to })) },
    };
    const directory = complete(DirectorySchema, after);
    return { directory: shown(content, replace(content.directories, before, directory)) };
  },

  // Inferred from the live tests of Scalekit's SDK, which switch every directory off before they delete it.
  deleteDirectory: ({ request, content }) => {
    const directory = find(content, request, request.id);
    if (directory.enabled) throw new ApiError('INVALID_ARGUMENT', 'an enabled directory cannot be deleted');
    return remove(content.directories, directory);
  },

  enableDirectory: ({ request, content }) => toggle(content, find(content, request, request.id), true),

  disableDirectory: ({ request, content }) => toggle(content, find(content, request, request.id), false),

  listDirectoryUsers: ({ request, environment, content }) => {
    const { directory_id, directory_group_id: group, updated_after: after, include_detail: isWhole = false } = request;
    const { id } = find(content, request, directory_id);
    const matching = content.directoryUsers.filter(
      (user) =>
        user.directory_id === id &&
        (group === undefined || user.group_ids.includes(group)) &&
        isLater(user.updated_at, after),
    );
    const users = matching.map((user) => shownUser(content, user, isWhole));
    return page('users', users, request, ['directory users', environment.id, id, group, after, String(isWhole)]);
  },

  listDirectoryGroups: ({ request, environment, content }) => {
    const { directory_id, updated_after: after, include_detail: isWhole = false } = request;
    const { include_external_groups: external = false } = request;
    const { id } = find(content, request, directory_id);
    const matching = content.directoryGroups.filter(
      (group) => group.directory_id === id && isLater(group.updated_at, after),
    );
    // Those of the provider are the same here.
    const groups = matching.map((group) => shownGroup(content, group, isWhole || external));
    return page('groups', groups, request, ['directory groups', environment.id, id, after, String(isWhole)]);
  },

  createDirectorySecret: ({ request, content, store }) =>
    addSecret(content, store, find(content, request, request.directory_id)),

  // Inferred from the name: the secrets before are good no longer.
  regenerateDirectorySecret: ({ request, content, store }) => {
    const before = find(content, request, request.directory_id);
    const secrets = before.secrets.map((secret) => ({ ...secret, status: 'INACTIVE' as const }));
    return addSecret(content, store, replace(content.directories, before, { ...before, secrets }));
  },

  triggerDirectorySync: ({ request, content }) => {
    const directory = find(content, request, request.directory_id);
    if (!directory.enabled) throw new ApiError('INVALID_ARGUMENT', 'a directory that is not enabled cannot be synced');
    replace(content.directories, directory, { ...directory, last_synced_at: now() });
    return {};
  },

  // Inferred from the verb: the assignments are these from then on.
  assignRoles: ({ request, content }) => {
    const before = find(content, request, request.id);
    const own = content.directoryGroups.filter(({ directory_id }) => directory_id === before.id);
    const known = rolesIn(content.roles, before.organization_id);
    const assignments = (request.role_assignments?.assignments ?? []).map(({ group_id, role_name, role_id }) => {
      byId(own, group_id, 'group');
      const role = findIn(known, ({ id, name }) => name === role_name || id === role_id, 'role');
      return { group_id, role_name: role.name, role_id: role.id };
    });
    const after = { ...before, role_assignments: { assignments } };
    return { role_assignments: replace(content.directories, before, after).role_assignments };
  },
});

function find(
  { directories }: EnvironmentContent,
  { organization_id }: { readonly organization_id: string },
  id: string,
): Directory {
  const isSought = (directory: Directory) => directory.id === id && directory.organization_id === organization_id;
  return findIn(directories, isSought, 'directory');
}

/** A directory with what follows from its users and groups. */
function shown({ directoryUsers, directoryGroups }: EnvironmentContent, directory: Directory): Directory {
  const users = directoryUsers.filter(({ directory_id }) => directory_id === directory.id);
  const groups = directoryGroups.filter(({ directory_id }) => directory_id === directory.id);
  const counts = { total_users: users.length, total_groups: groups.length };
  const latest = (entries: readonly { readonly updated_at?: string | undefined }[]) =>
    entries
      .map(({ updated_at }) => updated_at ?? '')
      .sort()
      .at(-1);
  const stats = { ...counts, user_updated_at: latest(users), group_updated_at: latest(groups) };
  return complete(DirectorySchema, { ...directory, ...counts, stats });
}

function shownUser(
  content: EnvironmentContent,
  { directory_id: _, group_ids, ...user }: DirectoryUser,
  isWhole: boolean,
) {
  const groups = content.directoryGroups.filter(({ id }) => group_ids.includes(id));
  return {
    ...user,
    user_detail: isWhole ? user.user_detail : undefined,
    groups: groups.map((group) => shownGroup(content, group, false)),
  };
}

function shownGroup(
  { directoryUsers }: EnvironmentContent,
  { directory_id: _, ...group }: DirectoryGroup,
  isWhole: boolean,
) {
  const total_users = directoryUsers.filter(({ group_ids }) => group_ids.includes(group.id)).length;
  return { ...group, total_users, group_detail: isWhole ? group.group_detail : undefined };
}

function isLater(updated: string | undefined, after: string | undefined): boolean {
  return after === undefined || Date.parse(updated ?? '') > Date.parse(after);
}

function toggle({ directories }: EnvironmentContent, before: Directory, enabled: boolean) {
  replace(directories, before, { ...before, enabled });
  return { enabled };
}

function addSecret({ directories }: EnvironmentContent, store: Store, before: Directory) {
  const plain_secret = `scim_${randomBytes(24).toString('base64url')}`;
  const secret = {
    id: store.newId('sec'),
    create_time: now(),
    secret_suffix: plain_secret.slice(-4),
    status: 'ACTIVE' as const,
    directory_id: before.id,
  };
  const after = complete(DirectorySchema, { ...before, secrets: [...before.secrets, secret] });
  replace(directories, before, after);
  return { plain_secret, secret };
}
