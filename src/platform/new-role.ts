import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { type Asked, requireTold } from './came-true.ts';
import { Role } from './entities/role.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';
import { aboutArguments } from './refusal.ts';

const Answer = z.object({ role: Role });
type KnownRole = z.output<typeof Role>;

/** What a call asks for, under the names of its arguments. */
export interface WantedRole {
  readonly roleName: string;
  readonly displayName: string;
  readonly description?: string | undefined;
  readonly extends?: string | undefined;
  readonly permissions?: readonly string[] | undefined;
}

const NEXT_TOOL = 'list_environment_roles';

/** Creates a role (`POST /roles`). Whether it is what was asked for is asked afterwards, of `requireRole`. */
export async function createRole(api: Api, wanted: WantedRole): Promise<KnownRole> {
  const { roleName: name, displayName: display_name, description, extends: base, permissions } = wanted;
  const body = { name, display_name, description, extends: base, permissions };
  const answer = await api.post(path`/roles`, body).catch((refusal: unknown) => {
    throw aboutArguments(refusal, [
      { at: 'role.permissions', field: 'permissions', nextTool: NEXT_TOOL },
      { at: 'role.extends', field: 'extends', nextTool: NEXT_TOOL },
    ]);
  });
  return checkAnswer(Answer, answer, 'write').role;
}

/**
 * Compares a role with what was asked for. Where it does not say that, or what it permits, it is read.
 * @returns the role, with what it permits
 * @throws ToolError `not_applied`
 */
export async function requireRole(api: Api, created: KnownRole, wanted: WantedRole): Promise<KnownRole> {
  return requireTold(
    (role) => asked(wanted, role),
    created,
    () => read(api, created.name),
    NEXT_TOOL,
  );
}

function asked(wanted: WantedRole, role: KnownRole): Readonly<Record<string, Asked>> {
  const { permissions } = wanted;
  const granted = new Set(role.permissions?.map(({ name }) => name));
  return {
    displayName: { asked: wanted.displayName, shown: role.display_name },
    description: { asked: wanted.description, shown: role.description },
    extends: { asked: wanted.extends, shown: role.extends },
    // What it inherits may stand among them.
    permissions: {
      asked: permissions,
      shown: role.permissions?.length ? permissions?.filter((permission) => granted.has(permission)) : undefined,
    },
  };
}

async function read(api: Api, name: string): Promise<KnownRole> {
  const reading = api.get(path`/roles/${name}`, { include: 'permissions' });
  return checkAnswer(Answer, await readBack(reading, NEXT_TOOL)).role;
}
