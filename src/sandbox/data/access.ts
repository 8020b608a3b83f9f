import { PermissionSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb.js';
import { complete } from '../contract/complete.ts';
import { type EnvironmentName, ORGANIZATION_IDS, type OrganizationName } from './ids.ts';
import type { DefaultRoles, OrganizationDefault, Permission, Role, Scope } from './types.ts';

/** Roles, permissions and OAuth scopes of one environment. Lists are in the order of creation. */
export interface AccessContent {
  /** Those of the environment, and those of single organizations. */
  readonly roles: Role[];
  readonly permissions: Permission[];
  readonly defaultRoles: DefaultRoles;
  /** What organizations have chosen instead, for whoever joins them. */
  readonly organizationDefaults: OrganizationDefault[];
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

/** What development has beside these: a role that is new, one in use, one that was given up. */
const MORE_ROLES: readonly RoleRow[] = [
  ['customs_broker', 'Customs broker', '', undefined, []],
  ['yard_planner', 'Yard planner', 'Decides which container stands where', 'member', ['berths:plan', 'gates:open']],
  ['trainee', 'Trainee', 'Given up: people start as members', undefined, []],
];

/** Roles of single customers in development, by which they divide their own work. */
const OF_ORGANIZATIONS: readonly (readonly [OrganizationName, RoleRow])[] = [
  ['lagerhaus', ['bonded_clerk', 'Bonded warehouse clerk', 'Keeps the bonded stock', 'member', ['pallets:count']]],
  ['tidewater', ['night_dispatcher', 'Night dispatcher', 'Dispatches after hours', 'dispatcher', ['gates:open']]],
  ['tidewater', ['summer_help', 'Summer help', 'Last summer', undefined, ['shipments:read']]],
];

/** What no server uses yet, and what was given up. */
const MORE_SCOPES: readonly Omit<Scope, 'id'>[] = [
  { name: 'invoices:read', description: '', enabled: false },
  { name: 'manifests:read', description: 'Read cargo manifests', enabled: true },
];

const PERMISSIONS = {
  'shipments:read': 'See shipments and where they are',
  'shipments:write': 'Book, reroute and cancel shipments',
  'carriers:assign': 'Choose the carrier of a shipment',
  'people:manage': 'Invite people and change their roles',
  'billing:manage': 'See and pay invoices',
} as const;

/** What development has beside these. */
const MORE_PERMISSIONS = {
  'berths:plan': 'Decide which ship lies where',
  'gates:open': 'Open the gates of the yard',
  'pallets:count': 'Count pallets; done by scanners now',
} as const;

/** What Scalekit brings itself, for people who administer their own organization. */
const PREDEFINED = { organizations_users_invite: 'Invite users to the organization' } as const;

const SCOPES: readonly Omit<Scope, 'id'>[] = [
  { name: 'shipments:read', description: 'Read the shipments of your organization', enabled: true },
  { name: 'shipments:write', description: 'Book and reroute shipments for you', enabled: true },
];

/** What each environment holds at start. */
export function seedAccess(environment: EnvironmentName): AccessContent {
  const { role, permission, scope, created } = FIRST[environment];
  const inDevelopment = environment === 'development';
  const rowsOf = (texts: Readonly<Record<string, string>>, is_scalekit_permission: boolean) =>
    Object.entries(texts).map(([name, description]) =>
      complete(PermissionSchema, {
        name,
        description,
        create_time: created,
        update_time: created,
        is_scalekit_permission,
      }),
    );
  const permissions = [
    ...rowsOf(PERMISSIONS, false),
    ...rowsOf(PREDEFINED, true),
    ...(inDevelopment ? rowsOf(MORE_PERMISSIONS, false) : []),
  ];
  const ownRoles = OF_ORGANIZATIONS.map(([customer, row]) => ({
    ...toRole(row),
    organization_id: ORGANIZATION_IDS.development[customer],
  }));
  const roles = inDevelopment ? [...[...ROLES, ...MORE_ROLES].map(toRole), ...ownRoles] : ROLES.map(toRole);
  return {
    roles: numbered('role', role, roles),
    permissions: numbered('perm', permission, permissions),
    defaultRoles: { creator: 'admin', member: 'member' },
    organizationDefaults: [],
    scopes: numbered('scp', scope, inDevelopment ? [...SCOPES, ...MORE_SCOPES] : SCOPES),
  };
}

/** The roles that people in an organization can have: those of the environment, and its own. */
export function rolesIn(roles: readonly Role[], organizationId: string | undefined): Role[] {
  return roles.filter(({ organization_id: owner }) => owner === undefined || owner === organizationId);
}

/** A role and the roles that it extends, itself first. No circles: what a role extends is there before the role is. */
export function lineage(role: Role, roles: readonly Role[]): Role[] {
  const base = rolesIn(roles, role.organization_id).find(({ name }) => name === role.extends);
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
