import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { requireTold } from './came-true.ts';
import { collectDependents } from './dependents.ts';
import { Permission } from './entities/permission.ts';
import { Role } from './entities/role.ts';
import { pagesOf } from './pages.ts';
import { path } from './path.ts';

const NEXT_TOOL = 'list_permissions';

const One = z.object({ permission: Permission });
type One = z.output<typeof One>;
/** As far as a preview shows them, so that one that is odd in something else counts as well. */
const Granting = Role.pick({ id: true, name: true, display_name: true, is_org_role: true, permissions: true });

interface WantedPermission {
  readonly permissionName: string;
  readonly description?: string | undefined;
}

/**
 * Creates a permission (`POST /permissions`).
 * @throws ToolError `conflict` for a name that is taken; `not_applied` for what is not as asked
 */
export async function createPermission(api: Api, wanted: WantedPermission): Promise<One> {
  const { permissionName: name, description } = wanted;
  return requireWanted(api, wanted, await api.post(path`/permissions`, { name, description }));
}

/**
 * Changes what is said of a permission (`PUT /permissions/{name}`). The request repeats its name, which is final.
 * @throws ToolError `not_applied`
 */
export async function updatePermission(api: Api, wanted: WantedPermission): Promise<One> {
  const { permissionName: name, description } = wanted;
  return requireWanted(api, wanted, await api.put(path`/permissions/${name}`, { name, description }));
}

async function requireWanted(api: Api, { permissionName, description }: WantedPermission, answer: unknown) {
  const asked = ({ permission }: One) => ({
    permissionName: { asked: permissionName, shown: permission.name },
    description: { asked: description, shown: permission.description },
  });
  return requireTold(asked, checkAnswer(One, answer, 'write'), () => readPermission(api, permissionName), NEXT_TOOL);
}

/** Reads a permission (`GET /permissions/{name}`). */
export async function readPermission(api: Api, name: string): Promise<One> {
  return checkAnswer(One, await api.get(path`/permissions/${name}`));
}

/** Reads a permission with the roles that have it, by themselves or through others (`GET /roles`). */
export async function showPermission(api: Api, name: string) {
  const { permission } = await readPermission(api, name);
  const roles = await collectDependents(
    pagesOf(api, path`/roles`, { include: 'permissions:all' }, 'roles', Granting),
    (listed) =>
      listed.flatMap(({ permissions, ...role }) => {
        const sources = (permissions ?? []).filter((one) => one.name === name);
        if (sources.length === 0) return [];
        const is_inherited = sources.every(({ role_name: source }) => Boolean(source) && source !== role.name);
        return [{ ...role, is_inherited }];
      }),
  );
  return { permission, roles };
}
