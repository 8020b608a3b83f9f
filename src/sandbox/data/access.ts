import type { EnvironmentName } from './ids.ts';

/** Roles, permissions and OAuth scopes of one environment. Lists are in the order of creation. */
export interface AccessContent {
  readonly roles: Role[];
  readonly permissions: readonly Permission[];
  /** Names of the roles that people get by themselves. */
  readonly defaultRoles: DefaultRoles;
  readonly scopes: Scope[];
}

/** A role as it is kept. What the API says of it beyond this follows from the other roles and the defaults. */
export interface Role {
  readonly id: string;
  readonly name: string;
  readonly display_name: string;
  readonly description: string;
  /** Name of the role whose permissions this one has too. */
  readonly extends?: string;
  /** Names of what it permits by itself. */
  readonly permissions: readonly string[];
}

interface Permission {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly create_time: string;
  readonly update_time: string;
}

interface DefaultRoles {
  /** Of whoever creates an organization. */
  creator: string;
  /** Of everybody who joins one. */
  member: string;
}

interface Scope {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
}

/** What each environment holds at start. */
export function seedAccess(environment: EnvironmentName): AccessContent {
  return {
    roles: ROLES[environment],
    permissions: PERMISSIONS[environment],
    defaultRoles: { creator: 'admin', member: 'member' },
    scopes: SCOPES[environment],
  };
}

const ADMIN = {
  name: 'admin',
  display_name: 'Admin',
  description: 'Manages the organization and its people',
  extends: 'dispatcher',
  permissions: ['people:manage', 'billing:manage'],
} as const;

const MEMBER = {
  name: 'member',
  display_name: 'Member',
  description: 'Follows shipments',
  permissions: ['shipments:read'],
} as const;

const DISPATCHER = {
  name: 'dispatcher',
  display_name: 'Dispatcher',
  description: 'Books and reroutes shipments',
  extends: 'member',
  permissions: ['shipments:write', 'carriers:assign'],
} as const;

const ROLES: Readonly<Record<EnvironmentName, Role[]>> = {
  development: [
    { id: 'role_71204418093061001', ...ADMIN },
    { id: 'role_71204418093061002', ...MEMBER },
    { id: 'role_71204418093061003', ...DISPATCHER },
    {
      id: 'role_71204418093061004',
      name: 'customs_broker',
      display_name: 'Customs broker',
      description: '',
      permissions: [],
    },
  ],
  production: [
    { id: 'role_71204418093061501', ...ADMIN },
    { id: 'role_71204418093061502', ...MEMBER },
    { id: 'role_71204418093061503', ...DISPATCHER },
  ],
};

const PERMISSION_DESCRIPTIONS = {
  'shipments:read': 'See shipments and where they are',
  'shipments:write': 'Book, reroute and cancel shipments',
  'carriers:assign': 'Choose the carrier of a shipment',
  'people:manage': 'Invite people and change their roles',
  'billing:manage': 'See and pay invoices',
} as const;

const PERMISSIONS: Readonly<Record<EnvironmentName, readonly Permission[]>> = {
  development: permissions(71204418093061101n, '2025-03-04T10:15:00Z'),
  production: permissions(71204418093061601n, '2025-04-28T12:02:40Z'),
};

function permissions(firstId: bigint, created: string): Permission[] {
  return Object.entries(PERMISSION_DESCRIPTIONS).map(([name, description], i) => ({
    id: `perm_${firstId + BigInt(i)}`,
    name,
    description,
    create_time: created,
    update_time: created,
  }));
}

const READ_SHIPMENTS = {
  name: 'shipments:read',
  description: 'Read the shipments of your organization',
  enabled: true,
};
const WRITE_SHIPMENTS = { name: 'shipments:write', description: 'Book and reroute shipments for you', enabled: true };

const SCOPES: Readonly<Record<EnvironmentName, Scope[]>> = {
  development: [
    { id: 'scp_71204418093061201', ...READ_SHIPMENTS },
    { id: 'scp_71204418093061202', ...WRITE_SHIPMENTS },
    { id: 'scp_71204418093061203', name: 'invoices:read', description: '', enabled: false },
  ],
  production: [
    { id: 'scp_71204418093061701', ...READ_SHIPMENTS },
    { id: 'scp_71204418093061702', ...WRITE_SHIPMENTS },
  ],
};
