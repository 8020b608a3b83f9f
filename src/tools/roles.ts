import { z } from 'zod';
import { toolset } from '../core/toolset.ts';
import { makeDefaultRole } from '../platform/default-role.ts';
import { Role } from '../platform/entities/role.ts';
import { path } from '../platform/path.ts';
import { shownName } from './fields/texts.ts';

/** The roles that members of organizations can have. */
export const roles = toolset('roles', { area: 'environment' }, (t) => [
  t.list('list_environment_roles', {
    title: 'List roles',
    description:
      'List the roles of users with the permissions of each, inherited ones included, and which ones creators and new members get by default.',
    of: { roles: Role },
    run: (_args, { api }) => api.get(path`/roles`, { include: 'permissions:all' }),
  }),

  t.add('create_environment_role', {
    title: 'Create a role',
    description: 'Create a role for users, such as editor, without permissions. Its name is final.',
    input: {
      roleName: z
        .string()
        .regex(/^\w{1,64}$/, 'must be 1 to 64 letters, digits and underscores')
        .describe('1 to 64 letters, digits and _'),
      displayName: shownName(100),
      description: z.string().max(2000).optional(),
      isDefault: z.boolean().optional().describe('Make it what new organization members get'),
    },
    output: { role: Role },
    async run({ roleName: name, displayName: display_name, description, isDefault }, { api }) {
      const created = await api.post(path`/roles`, { name, display_name, description });
      return isDefault ? { role: await makeDefaultRole(api, name) } : created;
    },
  }),
]);
