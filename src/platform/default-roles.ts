import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { requireTold } from './came-true.ts';
import { Role } from './entities/role.ts';
import { path } from './path.ts';
import { requireChange } from './refusal.ts';
import { type KnownRole, listOf, readRoles } from './role.ts';

const Both = z.object({ default_creator: Role.nullish(), default_member: Role.nullish() });
const MemberOnly = z.object({ default_member: Role.nullish() });

interface WantedDefaults {
  readonly creatorRole?: string | undefined;
  readonly memberRole?: string | undefined;
}

/**
 * Sets which roles creators and members of organizations get by themselves (`PATCH /roles:set_defaults`). The API sets both
 * at once, so that one which the call does not name is read first, and written again.
 * @returns both roles, and which ones they were before
 * @throws ToolError `not_found` for a role that is not there; `invalid_arguments` when the other one is not known;
 *   `not_applied`
 */
export function setDefaultRoles(api: Api, wanted: WantedDefaults) {
  requireChange({ ...wanted }, 'memberRole');
  return api.inTurn(path`/roles:set_defaults`, async () => {
    const roles = await readRoles(api);
    for (const field of ['creatorRole', 'memberRole'] as const) requireRoleIn(roles, wanted[field], field);
    const before = defaultsIn(roles);
    const creator = wanted.creatorRole ?? known(before.default_creator, 'creatorRole');
    const member = wanted.memberRole ?? known(before.default_member, 'memberRole');
    const names = { default_creator_role: creator, default_member_role: member };
    const answer = checkAnswer(Both, await api.patch(path`/roles:set_defaults`, names), 'write');
    const asked = ({ default_creator, default_member }: z.output<typeof Both>) => ({
      creatorRole: { asked: creator, shown: default_creator?.name },
      memberRole: { asked: member, shown: default_member?.name },
    });
    const read = async () => {
      const now = await readRoles(api);
      return {
        default_creator: now.find((role) => role.default_creator === true),
        default_member: now.find((role) => role.default_member === true),
      };
    };
    return { ...(await requireTold(asked, answer, read, listOf(undefined))), before };
  });
}

/**
 * Sets which role whoever joins an organization gets there by themselves (`PATCH /organizations/{id}/roles:set_defaults`).
 * @returns the role, and which one it was before
 * @throws ToolError `not_found` for a role that is not there; `not_applied`
 */
export function setOrganizationDefault(api: Api, organizationId: string, memberRole: string) {
  const at = path`/organizations/${organizationId}/roles:set_defaults`;
  return api.inTurn(at, async () => {
    const roles = await readRoles(api, organizationId);
    requireRoleIn(roles, memberRole, 'memberRole', organizationId);
    const before = { default_member: defaultsIn(roles).default_member };
    const answer = checkAnswer(MemberOnly, await api.patch(at, { default_member_role: memberRole }), 'write');
    const asked = ({ default_member: shown }: z.output<typeof MemberOnly>) => ({
      memberRole: { asked: memberRole, shown: shown?.name },
    });
    const read = async () => {
      const flagged = (await readRoles(api, organizationId)).filter((role) => role.default_member === true);
      // That of the environment may be marked as well.
      return { default_member: flagged.find(({ name }) => name === memberRole) ?? flagged[0] };
    };
    return { ...(await requireTold(asked, answer, read, listOf(organizationId))), before };
  });
}

/** The names of the roles that are given by themselves; that of an organization goes before that of its environment. */
function defaultsIn(roles: readonly KnownRole[]) {
  const members = roles.filter((role) => role.default_member === true);
  const member = members.find((role) => role.is_org_role === true) ?? members[0];
  return { default_creator: roles.find((role) => role.default_creator === true)?.name, default_member: member?.name };
}

function requireRoleIn(
  roles: readonly KnownRole[],
  wanted: string | undefined,
  field: string,
  organizationId?: string,
): void {
  if (wanted === undefined || roles.some(({ name }) => name === wanted)) return;
  const nextTool = listOf(organizationId);
  throw new ToolError('not_found', 'Nothing was changed: there is no role of this name.', { field, nextTool });
}

function known(name: string | undefined, field: string): string {
  if (name !== undefined) return name;
  const message =
    'Nothing was changed: Scalekit sets both default roles at once, and there is no other one yet. Name both.';
  throw new ToolError('invalid_arguments', message, { field, nextTool: listOf(undefined) });
}
