import { z } from 'zod';
import { also, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { createDefaultRole } from '../platform/default-role.ts';
import { Role } from '../platform/entities/role.ts';
import { createRole, requireRole } from '../platform/new-role.ts';
import { path } from '../platform/path.ts';
import { shownName } from './fields/texts.ts';

const NAME = /^\w{1,64}$/;
const WRONG_NAME = 'must be 1 to 64 letters, digits and underscores';
const permission = z
  .string()
  .trim()
  .refine((name) => /^[\w:]{1,64}$/.test(name), 'must be 1 to 64 letters, digits, underscores and colons');

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
    description: 'Create a role for users, such as editor, with its permissions. Its name is final.',
    input: {
      roleName: z.string().trim().regex(NAME, WRONG_NAME).describe('1 to 64 letters, digits and _'),
      displayName: shownName(100),
      description: z.string().max(2000).optional(),
      isDefault: z.boolean().optional().describe('Make it what new organization members get'),
      extends: z
        .string()
        .trim()
        .refine((name) => NAME.test(name), WRONG_NAME)
        .optional()
        .describe('Name from list_environment_roles; it has its permissions too'),
      permissions: z.array(permission).max(100).optional().describe('Names, as list_environment_roles shows them'),
    },
    does: ({ roleName, displayName, description, isDefault, extends: base, permissions }) =>
      sentence`Create the role ${roleName}${also({ 'display name': displayName, description, permissions, 'all of the role': base, default: isDefault })}.`,
    output: { role: Role },
    async run({ isDefault, ...wanted }, { api }) {
      const create = () => createRole(api, wanted);
      const created = await (isDefault ? createDefaultRole(api, wanted.roleName, create) : create());
      return { role: await requireRole(api, created, wanted) };
    },
  }),
]);
