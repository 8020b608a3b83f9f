import { z } from 'zod';
import { also, given, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import {
  assignGroupRoles,
  changeDirectory,
  createDirectory,
  createDirectorySecret,
  directoryPath,
  disableDirectory,
  enableDirectory,
} from '../platform/directory.ts';
import { Directory, DirectoryGroup, DirectoryUser, RoleAssignments } from '../platform/entities/directory.ts';
import { DIRECTORY_PROVIDERS, DIRECTORY_TYPES } from '../platform/enum-words.ts';
import { trimmed } from '../platform/exact.ts';
import { path } from '../platform/path.ts';
import { idFrom, organizationId } from './fields/ids.ts';
import { DIRECTORY_SECRET_NOTE } from './fields/notes.ts';
import { secretOutput } from './fields/secrets.ts';
import { moment, shownName } from './fields/texts.ts';

const directoryId = idFrom('dir', 'list_organization_directories');
const input = { organizationId, directoryId };
const output = { directory: Directory };
const directoryProvider = z.enum(DIRECTORY_PROVIDERS);

/** The API's ids of groups are longer than others. */
const groupId = trimmed(z.string())
  .refine((id) => /^dirgroup_\w{1,28}$/.test(id), 'must look like dirgroup_1234')
  .describe('From list_directory_groups');
const includeDetail = z.boolean().optional();
const roleName = trimmed(z.string()).refine((name) => /^[a-zA-Z0-9_]{1,64}$/.test(name), 'must be the name of a role');

/** The directories from which the people of organizations come, by SCIM or otherwise. */
export const directories = toolset('directories', { area: 'organization', rare: true }, (t) => [
  t.list('list_organization_directories', {
    title: 'List directories of an organization',
    foundBy: 'SCIM of a customer, is provisioning set up, when was the last sync',
    description:
      'List the SCIM directories (user provisioning) of one tenant: provider, endpoint, whether they are on, last sync.',
    of: { directories: Directory },
    input: { organizationId },
    run: ({ organizationId }, { api }) => api.get(path`/organizations/${organizationId}/directories`),
  }),

  t.read('get_organization_directory', {
    title: 'Get a directory of an organization',
    foundBy: 'state of provisioning, last sync of a directory, endpoint for SCIM',
    description:
      'Show one SCIM directory: endpoint, how its secrets end, numbers of users and groups, roles by group, last sync.',
    input,
    output,
    run: (args, { api }) => api.get(directoryPath(args)),
  }),

  t.add('create_organization_directory', {
    title: 'Create a directory for an organization',
    foundBy:
      'set up SCIM, user provisioning, employees of a customer come automatically, connect the HR or Entra directory',
    description:
      'Create a SCIM directory for a tenant, for provisioning of its users and groups. It is on at once, and needs a secret next.',
    input: {
      organizationId,
      directoryType: z.enum(DIRECTORY_TYPES),
      directoryProvider: directoryProvider.optional(),
    },
    does: ({ organizationId, directoryType, directoryProvider }) =>
      sentence`Create a directory of the type ${directoryType} for the organization ${organizationId}${also({ provider: directoryProvider })}.`,
    output,
    run: ({ organizationId, ...wanted }, { api }) => createDirectory(api, organizationId, wanted),
  }),

  t.overwrite('update_organization_directory', {
    title: 'Change a directory of an organization',
    foundBy: 'rename a directory, other provider of SCIM',
    description: 'Change the name or the provider of a SCIM directory. All else stays, whether it is on too.',
    input: { ...input, name: shownName(256).optional(), directoryProvider: directoryProvider.optional() },
    does: ({ organizationId, directoryId, name, directoryProvider }) =>
      sentence`Change the directory ${directoryId} of the organization ${organizationId}: ${given({ name, provider: directoryProvider })}.`,
    output,
    run: ({ organizationId, directoryId, ...changes }, { api }) =>
      changeDirectory(api, { organizationId, directoryId }, changes),
  }),

  t.add('enable_organization_directory', {
    title: 'Enable a directory of an organization',
    foundBy: 'turn provisioning on, resume SCIM',
    description: 'Enable (activate, switch on) a SCIM directory: its users and groups are provisioned from then on.',
    repeatable: true,
    input,
    does: ({ organizationId, directoryId }) =>
      sentence`Switch the directory ${directoryId} of the organization ${organizationId} on.`,
    output: { enabled: z.boolean() },
    run: (args, { api }) => enableDirectory(api, args),
  }),

  t.destroy('disable_organization_directory', {
    title: 'Disable a directory of an organization',
    foundBy: 'pause provisioning, stop SCIM, no automatic users any more',
    description:
      'Disable (stop, deactivate, switch off) SCIM provisioning from a directory: users and groups no longer change with it.',
    input,
    does: ({ organizationId, directoryId }) =>
      sentence`Switch the directory ${directoryId} of the organization ${organizationId} off.`,
    shows: output,
    stopsWorking:
      'Provisioning: users and groups that the identity provider adds, changes or removes stay as they are.',
    show: (args, { api }) => api.get(directoryPath(args)),
    output: { enabled: z.boolean() },
    run: (args, { api }) => disableDirectory(api, args),
  }),

  t.remove('delete_organization_directory', {
    title: 'Delete a directory of an organization',
    foundBy: 'remove SCIM of a customer for good',
    description: 'Delete a SCIM directory for good, with its secrets, users and groups. Disable it first.',
    input,
    does: ({ organizationId, directoryId }) =>
      sentence`Delete the directory ${directoryId} of the organization ${organizationId} for good.`,
    shows: output,
    stopsWorking: 'Provisioning from this directory: its endpoint, its secrets, and the roles that its groups give.',
    at: (args) => directoryPath(args),
    listedBy: 'list_organization_directories',
  }),

  t.list('list_directory_users', {
    foundBy:
      'provisioned users, users of the identity provider, who came through SCIM, is an employee in the directory',
    description:
      'List the users (people, members) that a directory sync (SCIM) has brought, with their groups; all, or those of one group.',
    of: { users: DirectoryUser },
    pages: 30,
    input: { ...input, groupId: groupId.optional(), updatedAfter: moment.optional(), includeDetail },
    run: ({ organizationId, directoryId, groupId, updatedAfter, includeDetail, page }, { api }) =>
      api.get(path`/organizations/${organizationId}/directories/${directoryId}/users`, {
        directory_group_id: groupId,
        updated_after: updatedAfter,
        include_detail: includeDetail,
        ...page,
      }),
  }),

  t.list('list_directory_groups', {
    foundBy: "groups of a customer's directory, which Okta or Entra groups arrived",
    description:
      'List the groups that a SCIM directory has brought from the identity provider, with how many users each has.',
    of: { groups: DirectoryGroup },
    pages: 30,
    input: {
      ...input,
      updatedAfter: moment.optional(),
      includeDetail,
      includeExternalGroups: z.boolean().optional().describe('Ask the identity provider for its groups as well'),
    },
    run: ({ organizationId, directoryId, updatedAfter, includeDetail, includeExternalGroups, page }, { api }) =>
      api.get(path`/organizations/${organizationId}/directories/${directoryId}/groups`, {
        updated_after: updatedAfter,
        include_detail: includeDetail,
        include_external_groups: includeExternalGroups,
        ...page,
      }),
  }),

  t.add('create_directory_secret', {
    foundBy: "SCIM token, token for Okta provisioning, bearer token for the customer's IT",
    description: 'Create a secret (bearer token) for SCIM, to be given to whoever runs the directory. Shown once.',
    discloses: ['plain_secret'],
    input,
    does: ({ organizationId, directoryId }) =>
      sentence`Create one more secret for the directory ${directoryId} of the organization ${organizationId}.`,
    output: secretOutput,
    run: async (args, { api }) => ({
      ...(await createDirectorySecret(api, args, 'add')),
      note: DIRECTORY_SECRET_NOTE,
    }),
  }),

  t.destroy('regenerate_directory_secret', {
    foundBy: 'rotate the SCIM token, leaked SCIM token, SCIM token expired, new token for provisioning',
    description:
      'Replace (rotate) the secret of a SCIM directory: the one before stops working at once. The new bearer token is shown once.',
    discloses: ['plain_secret'],
    repeatable: false,
    input,
    does: ({ organizationId, directoryId }) =>
      sentence`Replace the secret of the directory ${directoryId} of the organization ${organizationId}: the one before stops working.`,
    shows: output,
    stopsWorking: 'Provisioning with the secrets shown, until the identity provider has the new one.',
    show: (args, { api }) => api.get(directoryPath(args)),
    output: secretOutput,
    run: async (args, { api }) => ({
      ...(await createDirectorySecret(api, args, 'regenerate')),
      note: DIRECTORY_SECRET_NOTE,
    }),
  }),

  t.add('sync_organization_directory', {
    title: 'Sync a directory of an organization',
    foundBy:
      'trigger provisioning, refresh users from the identity provider, new employees are missing, pull users again',
    description:
      'Start a directory sync now: its users and groups are fetched again. last_synced_at tells when it is done.',
    openWorld: true, // asks the identity provider
    input,
    does: ({ organizationId, directoryId }) =>
      sentence`Start a sync of the directory ${directoryId} of the organization ${organizationId}.`,
    output: { started: z.boolean() },
    async run({ organizationId, directoryId }, { api }) {
      await api.get(path`/organizations/${organizationId}/directories/${directoryId}:sync`);
      return { started: true };
    },
  }),

  t.overwrite('assign_directory_group_roles', {
    title: 'Assign roles to groups of a directory',
    foundBy: 'map IdP groups to roles, group based roles, people in a group become admins or editors',
    description:
      'Set which roles people get by their groups in a SCIM directory. Replaces all: groups left out give none any more.',
    input: {
      ...input,
      assignments: z
        .array(z.strictObject({ groupId, roleName }))
        .max(100)
        .describe('{ groupId, roleName }: names from list_environment_roles; at most 100'),
    },
    does: ({ organizationId, directoryId, assignments }) =>
      sentence`Give exactly these roles by the groups of the directory ${directoryId} of the organization ${organizationId}: ${assignments.map(({ groupId, roleName }) => sentence`${roleName} by ${groupId}`)}.`,
    output: { role_assignments: RoleAssignments.nullish() },
    run: ({ assignments, ...target }, { api }) => assignGroupRoles(api, target, assignments),
  }),
]);
