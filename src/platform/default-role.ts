import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { type ErrorCode, ToolError, type UpstreamDetail } from '../core/errors.ts';
import { Role } from './entities/role.ts';
import { path } from './path.ts';

const Defaults = z.object({ default_member: Role });

/**
 * Makes a role that has just been created what new organization members get: the create operation cannot set defaults.
 * @returns the role as it is after that
 * @throws ToolError that says that the role exists, and must not be created again
 */
export async function makeDefaultRole(api: Api, name: string): Promise<z.output<typeof Role>> {
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
