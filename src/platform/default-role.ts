import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { type ErrorCode, ToolError, type UpstreamDetail } from '../core/errors.ts';
import { Role } from './entities/role.ts';
import { path } from './path.ts';

type KnownRole = z.output<typeof Role>;

const Roles = z.object({ roles: z.array(z.unknown()) });
const CreatorRole = z.object({ name: z.string(), default_creator: z.literal(true) });
const Defaults = z.object({ default_creator: Role, default_member: Role });

const NEXT_TOOL = 'list_environment_roles';

/**
 * Creates a role and makes it the default for new organization members (`PATCH /roles:set_defaults`), because the
 * operation that creates roles cannot set defaults. The API sets both defaults at once, so the role of creators is read
 * first and written again: where it is not known, nothing is created.
 * @param create creates the role
 * @returns the role as it is afterwards
 * @throws ToolError whose message says that the role exists and must not be created again, once it does
 */
export function createDefaultRole(api: Api, name: string, create: () => Promise<KnownRole>): Promise<KnownRole> {
  return api.inTurn(path`/roles:set_defaults`, async () => {
    const creator = await creatorRole(api);
    const created = await create();
    // The answer may show no more of the role than which one it is.
    return { ...created, ...shownOf(await makeDefault(api, creator, name)), permissions: created.permissions };
  });
}

/** The members that an answer shows. */
function shownOf(role: KnownRole): Partial<KnownRole> {
  return Object.fromEntries(Object.entries(role).filter(([, value]) => value !== undefined && value !== null));
}

/** The name of the role that whoever creates an organization gets. */
async function creatorRole(api: Api): Promise<string> {
  const { roles } = checkAnswer(Roles, await api.get(path`/roles`));
  const [creator] = roles.flatMap((role) => CreatorRole.safeParse(role).data ?? []);
  if (creator !== undefined) return creator.name;
  const message =
    'Nothing was created. Scalekit sets the default roles of creators and members together, and this environment has no role for creators yet: choose one in the Scalekit dashboard, or leave isDefault out.';
  throw new ToolError('invalid_arguments', message, { field: 'isDefault', nextTool: NEXT_TOOL });
}

async function makeDefault(api: Api, creator: string, name: string): Promise<KnownRole> {
  const names = { default_creator_role: creator, default_member_role: name };
  const answer = await api.patch(path`/roles:set_defaults`, names).catch((error: unknown) => {
    throw error instanceof ToolError ? notDefault(error.code, error.recovery.upstream, error.cause) : error;
  });
  const { data } = Defaults.safeParse(answer);
  if (data === undefined) throw notDefault('unexpected_response');
  const { default_creator, default_member } = data;
  if (default_creator.name !== creator || default_member.name !== name) throw notDefault('not_applied');
  return default_member;
}

/**
 * The role exists, even if setting the default failed. Repeating the whole call would fail, so the error forbids it.
 */
function notDefault(code: ErrorCode, upstream?: UpstreamDetail, cause?: unknown): ToolError {
  const message =
    'The role has been created and exists, but Scalekit did not confirm it as the default. Do not create it again: list_environment_roles tells which role is the default, and the Scalekit dashboard can change that.';
  const recovery = { retryable: false, field: 'isDefault', nextTool: NEXT_TOOL, ...(upstream && { upstream }) };
  return new ToolError(code, message, recovery, cause);
}
