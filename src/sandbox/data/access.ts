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

const ROLES: readonly Omit<Role, 'id'>[] = [
  {
    name: 'admin',
    display_name: 'Admin',
    description: 'Manages the organization and its people',
    extends: 'dispatcher',
    permissions: ['people:manage', 'billing:manage'],
  },
  { name: 'member', display_name: 'Member', description: 'Follows shipments', permissions: ['shipments:read'] },
  {
    name: 'dispatcher',
    display_name: 'Dispatcher',
    description: 'Books and reroutes shipments',
    extends: 'member',
    permissions: ['shipments:write', 'carriers:assign'],
  },
];

const CUSTOMS_BROKER = { name: 'customs_broker', display_name: 'Customs broker', description: '', permissions: [] };

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

const NEW_SCOPE = { name: 'invoices:read', description: '', enabled: false };

/** What each environment holds at start. Development has a role and a scope that nobody uses yet. */
export function seedAccess(environment: EnvironmentName): AccessContent {
  const { role, permission, scope, created } = FIRST[environment];
  const inDevelopment = environment === 'development';
  return {
    roles: numbered('role', role, inDevelopment ? [...ROLES, CUSTOMS_BROKER] : ROLES),
    permissions: numbered(
      'perm',
      permission,
      Object.entries(PERMISSIONS).map(([name, description]) =>
        complete(PermissionSchema, { name, description, create_time: created, update_time: created }),
      ),
    ),
    defaultRoles: { creator: 'admin', member: 'member' },
    scopes: numbered('scp', scope, inDevelopment ? [...SCOPES, NEW_SCOPE] : SCOPES),
  };
}

function numbered<T extends object>(prefix: string, first: number, entries: readonly T[]) {
  return entries.map((entry, i) => ({ ...entry, id: `${prefix}_7120441809306${first + i}` }));
}
