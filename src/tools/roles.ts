import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { type ErrorCode, ToolError, type UpstreamDetail } from '../core/errors.ts';
import { defineTool } from '../core/tool.ts';
import { Role } from '../platform/entities/role.ts';
import { path } from '../platform/path.ts';
import { continuing, pageInfo } from './fields/fields.ts';

const listEnvironmentRoles = defineTool({
  name: 'list_environment_roles',
  title: 'List roles',
  description:
    'List the roles of an environment: what each permits, inherited permissions included, and which ones organization creators and new members get by default.',
  place: 'environment',
  scope: 'environment:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  items: 'roles',
  input: continuing,
  output: z.object({ roles: z.array(Role), ...pageInfo }),
  run: (_args, { api }) => api.get(path`/roles`, { include: 'permissions:all' }),
});

const createEnvironmentRole = defineTool({
  name: 'create_environment_role',
  title: 'Create a role',
  description: 'Create a role in an environment, without permissions. Its name is final.',
  place: 'environment',
  scope: 'environment:write',
  effect: 'add',
  idempotent: false,
  openWorld: false,
  input: {
    roleName: z.string().regex(/^\w{1,64}$/, 'must be 1 to 64 letters, digits and underscores'),
    displayName: z.string().trim().min(1).max(100),
    description: z.string().max(2000).optional(),
    isDefault: z.boolean().optional().describe('Make it what new organization members get'),
  },
  output: z.object({ role: Role }),
  async run({ roleName, displayName, description, isDefault }, { api }) {
    const created = await api.post(path`/roles`, {
      name: roleName,
      display_name: displayName,
      ...(description !== undefined && { description }),
    });
    return isDefault ? { role: await makeDefault(roleName, api) } : created;
  },
});

const Defaults = z.object({ default_member: Role });

/**
 * Creating a role takes no word about defaults: they are set by an operation of their own.
 * @returns the role as it is after that
 */
async function makeDefault(name: string, api: Api): Promise<z.output<typeof Role>> {
  const answer = await api.patch(path`/roles:set_defaults`, { default_member_role: name }).catch((error: unknown) => {
    throw error instanceof ToolError ? notDefault(error.code, error.recovery.upstream, error.cause) : error;
  });
  const { data } = Defaults.safeParse(answer);
  if (data?.default_member.name !== name) throw notDefault('unexpected_response');
  return data.default_member;
}

/** The first half is done, whatever has become of the second: repeating the call would only meet the new role. */
function notDefault(code: ErrorCode, upstream?: UpstreamDetail, cause?: unknown): ToolError {
  const message =
    'The role has been created and exists, but Scalekit did not confirm it as the default. Do not create it again: list_environment_roles tells which role is the default, and the Scalekit dashboard can change that.';
  const recovery = { retryable: false, nextTool: 'list_environment_roles', ...(upstream && { upstream }) };
  return new ToolError(code, message, recovery, cause);
}

export const rolesTools = [listEnvironmentRoles, createEnvironmentRole];
