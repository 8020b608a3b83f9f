import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { type ErrorCode, ToolError, type UpstreamDetail } from '../core/errors.ts';
import { Role } from './entities/role.ts';
import { path } from './path.ts';

const Defaults = z.object({ default_member: Role });

/**
 * Makes a new role the default for new organization members (`PATCH /roles:set_defaults`), because the operation that
 * creates roles cannot set defaults.
 * @returns the role as it is afterwards
 * @throws ToolError whose message says that the role exists and must not be created again
 */
export async function makeDefaultRole(api: Api, name: string): Promise<z.output<typeof Role>> {
  const answer = await api.patch(path`/roles:set_defaults`, { default_member_role: name }).catch((error: unknown) => {
    throw error instanceof ToolError ? notDefault(error.code, error.recovery.upstream, error.cause) : error;
  });
  const { data } = Defaults.safeParse(answer);
  if (data?.default_member.name !== name) throw notDefault('unexpected_response');
  return data.default_member;
}

/**
 * The role exists, even if setting the default failed. Repeating the whole call would fail, so the error forbids it.
 */
function notDefault(code: ErrorCode, upstream?: UpstreamDetail, cause?: unknown): ToolError {
  const message =
    'The role has been created and exists, but Scalekit did not confirm it as the default. Do not create it again: list_environment_roles tells which role is the default, and the Scalekit dashboard can change that.';
  const recovery = { retryable: false, nextTool: 'list_environment_roles', ...(upstream && { upstream }) };
  return new ToolError(code, message, recovery, cause);
}
