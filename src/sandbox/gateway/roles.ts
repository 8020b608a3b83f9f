import type { Message } from '@bufbuild/protobuf';
import { DASHBOARD_PERMISSIONS } from '../data/dashboard-roles.ts';
import type { Member } from '../data/types.ts';
import type { Store } from '../store.ts';
import type { Operation } from './operation.ts';
import type { Principal } from './principal.ts';

/** The member of the workspace who calls. Clients are none: they may do what their kind may. */
function memberOf({ subject }: Principal, { members }: Store): Member | undefined {
  return members.find(({ id }) => id === subject);
}

/** The role that a member has in an environment: one of its own there, or the one that they have in the workspace. */
export function roleIn(environmentId: string, { id, dashboard_role }: Member, { environmentRoles }: Store) {
  const own = environmentRoles.find((one) => one.member_id === id && one.environment_id === environmentId);
  return { role: own?.role ?? dashboard_role, isOwn: own !== undefined };
}

const OF_WORKSPACE: ReadonlySet<string> = new Set(
  DASHBOARD_PERMISSIONS.filter(({ tier }) => tier === 'workspace').map(({ key }) => key),
);

/**
 * The permissions that a caller holds in an environment, or in the workspace where none is named; `undefined` for a
 * caller who needs none. Documented: those of the tier `workspace` never follow from the role in an environment.
 */
export function permissionsOf(
  principal: Principal,
  store: Store,
  environmentId: string | undefined,
): ReadonlySet<string> | undefined {
  const member = memberOf(principal, store);
  if (member === undefined) return undefined;
  const usual = member.dashboard_role?.permissions ?? [];
  if (environmentId === undefined) return new Set(usual);
  const there = roleIn(environmentId, member, store).role?.permissions ?? [];
  return new Set([...usual.filter((key) => OF_WORKSPACE.has(key)), ...there.filter((key) => !OF_WORKSPACE.has(key))]);
}

/**
 * Whether somebody's role lets them do what a request asks for. Descriptors name permissions for some operations only:
 * of the others, those that look are everybody's, and the rest is for those who may change something at all.
 * @param environmentId where it is to be done; `undefined` for the workspace
 */
export function mayDo(
  { principal, store, environmentId }: { principal: Principal; store: Store; environmentId: string | undefined },
  operation: Operation,
  message: Message,
): boolean {
  const held = permissionsOf(principal, store, environmentId);
  if (held === undefined) return true;
  if (!operation.access.permissions.every((permission) => held.has(permission))) return false;
  return looksOnly(operation, message) || [...held].some((permission) => !/[:_]read$/.test(permission));
}

/**
 * Whether a request looks and changes nothing. Those that look are GET, or need nothing but permissions to read. Links for
 * accounts bring these into being.
 */
function looksOnly({ method, verb, access: { permissions } }: Operation, message: Message): boolean {
  // A list that is reached by POST, of which the descriptor names no permission.
  if (method.name === 'ListEvents') return true;
  // One operation that does something is reached by GET.
  if (verb === 'GET') return !permissions.some((permission) => /[:_]write$/.test(permission));
  const { includeAuthLink, includeAuthLinks } = message as { includeAuthLink?: unknown; includeAuthLinks?: unknown };
  const toRead = permissions.length > 0 && permissions.every((permission) => /[:_]read$/.test(permission));
  return toRead && includeAuthLink !== true && includeAuthLinks !== true;
}
