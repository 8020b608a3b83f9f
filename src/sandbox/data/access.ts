import { PermissionSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb.js';
import { complete } from '../contract/complete.ts';
import type { EnvironmentName } from './ids.ts';
import type { DefaultRoles, Permission, Role, Scope } from './types.ts';

/** Roles, permissions and OAuth scopes of one environment. Lists are in the order of creation. */
export interface AccessContent {
  readonly roles: Role[];
  readonly permissions: readonly Permission[];
  readonly defaultRoles: DefaultRoles;
  readonly scopes: Scope[];
}

/** Where the ids of each kind begin, and when permissions were created. */
const FIRST = {
  development: { role: 1001, permission: 1101, scope: 1201, created: '2025-03-04T10:15:00Z' },
  production: { role: 1501, permission: 1601, scope: 1701, created: '2025-04-28T12:02:40Z' },
} as const;

type RoleRow = readonly [name: string, title: string, description: string, extending: string | undefined, string[]];

/** Name, displayed name, description, the role that it extends, and what it permits by itself. */
const ROLES: readonly RoleRow[] = [
  ['admin', 'Admin', 'Manages the organization and its people', 'dispatcher', ['people:manage', 'billing:manage']],
  ['member', 'Member', 'Follows shipments', undefined, ['shipments:read']],
  ['dispatcher', 'Dispatcher', 'Books and reroutes shipments', 'member', ['shipments:write', 'carriers:assign']],
];

/** A role and a scope that nobody uses yet: development has them too. */
const NEW_ROLE: RoleRow = ['customs_broker', 'Customs broker', '', undefined, []];
const NEW_SCOPE = { name: 'invoices:read', description: '', enabled: false };

const PERMISSIONS = {
  'shipments:read': 'See shipments and where they are',
  'shipments:write': 'Book, reroute and cancel shipments',
  'carriers:assign': 'Choose the carrier of a shipment',
  'people:manage': 'Invite people and change their roles',
  'billing:manage': 'See and pay invoices',
} as const;

const SCOPES: readonly Omit<Scope, 'id'>[] = [
  { name: 'shipments:read', description: 'Read the shipments of your organization', enabled: true },
  { name: 'shipments:write', description: 'Book and reroute shipments for you', enabled: true },
];

/** What each environment holds at start. */
export function seedAccess(environment: EnvironmentName): AccessContent {
  const { role, permission, scope, created } = FIRST[environment];
  const inDevelopment = environment === 'development';
  const permissions = Object.entries(PERMISSIONS).map(([name, description]) =>
    complete(PermissionSchema, { name, description, create_time: created, update_time: created }),
  );
  return {
    roles: numbered('role', role, (inDevelopment ? [...ROLES, NEW_ROLE] : ROLES).map(toRole)),
    permissions: numbered('perm', permission, permissions),
    defaultRoles: { creator: 'admin', member: 'member' },
    scopes: numbered('scp', scope, inDevelopment ? [...SCOPES, NEW_SCOPE] : SCOPES),
  };
}

/** A role and the roles that it extends, itself first. No circles: what a role extends is there before the role is. */
export function lineage(role: Role, roles: readonly Role[]): Role[] {
  const base = roles.find(({ name }) => name === role.extends);
  return base === undefined ? [role] : [role, ...lineage(base, roles)];
}

/** Names of all that some roles permit, inherited ones included. */
export function permittedTo(held: readonly Role[], roles: readonly Role[]): string[] {
  return [...new Set(held.flatMap((role) => lineage(role, roles)).flatMap(({ permissions }) => permissions))];
}

function toRole([name, display_name, description, base, permissions]: RoleRow): Omit<Role, 'id'> {
  return { name, display_name, description, ...(base && { extends: base }), permissions };
}

function numbered<T extends object>(prefix: string, first: number, entries: readonly T[]) {
  return entries.map((entry, i) => ({ ...entry, id: `${prefix}_7120441809306${first + i}` }));
}
