import {
  DirectoryGroupSchema,
  DirectorySchema,
  DirectoryUserSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb.js';
import { complete } from '../contract/complete.ts';
import type { Draft } from '../contract/json.ts';
import {
  DEVELOPMENT_DIRECTORY_IDS,
  DEVELOPMENT_GROUP_IDS,
  DEVELOPMENT_ORGANIZATION_IDS,
  ENVIRONMENT_DOMAINS,
  type EnvironmentName,
} from './ids.ts';
import type { Directory, DirectoryGroup, DirectoryUser } from './types.ts';

/** Directories of the organizations of one environment, in the order of creation, with what they have brought. */
export interface DirectoriesContent {
  readonly directories: Directory[];
  readonly directoryGroups: DirectoryGroup[];
  readonly directoryUsers: DirectoryUser[];
}

/** A new directory: where the identity provider is to send its people, and nothing of what it sends. */
export function newDirectory(id: string, domain: string, facts: Draft<Directory>): Directory {
  return complete(DirectorySchema, {
    // Seen in the live tests of Scalekit's SDK: a new one is enabled.
    enabled: true,
    status: 'DRAFT',
    groups_tracked: 'ALL',
    ...facts,
    id,
    directory_endpoint: `https://${domain}/api/v1/directories/${id}/scim/v2`,
  });
}

const IDS = DEVELOPMENT_DIRECTORY_IDS;
const GROUPS = DEVELOPMENT_GROUP_IDS;

type Row = readonly [organization: keyof typeof IDS, provider: string, enabled: boolean, type: string];

const ROWS: readonly Row[] = [
  ['tidewater', 'OKTA', true, 'SCIM'],
  ['lagerhaus', 'MICROSOFT_AD', true, 'SCIM'],
  ['consortium', 'ONELOGIN', false, 'SCIM'],
  ['anchorage', 'GOOGLE', true, 'POLL'],
  ['polder', 'JUMPCLOUD', false, 'SCIM'],
];

function seeded([organization, directory_provider, enabled, directory_type]: Row): Directory {
  const id = IDS[organization];
  const secret = {
    id: id.replace('dir_', 'sec_'),
    create_time: '2025-09-02T09:00:00Z',
    secret_suffix: 'p4Qz',
    status: 'ACTIVE',
    directory_id: id,
  };
  return newDirectory(id, ENVIRONMENT_DOMAINS.development, {
    name: `${directory_provider.toLowerCase()} directory`,
    organization_id: DEVELOPMENT_ORGANIZATION_IDS[organization],
    directory_provider,
    directory_type,
    enabled,
    status: 'COMPLETED',
    last_synced_at: '2026-01-20T05:00:00Z',
    secrets: directory_type === 'SCIM' ? [secret] : [],
    attribute_mappings: { attributes: [{ key: 'department', map_to: 'department' }] },
    role_assignments: { assignments: [] },
  });
}

function group(id: string, display_name: string, directory_id: string): DirectoryGroup {
  const facts = { id, display_name, updated_at: '2026-01-19T05:00:00Z', group_detail: { displayName: display_name } };
  return { ...complete(DirectoryGroupSchema, facts), directory_id };
}

type Person = readonly [
  number: number,
  given: string,
  family: string,
  host: string,
  directory: string,
  groups: string[],
];

function person([number, given_name, family_name, host, directory_id, group_ids]: Person): DirectoryUser {
  const email = `${given_name}.${family_name}@${host}`.toLowerCase();
  const { groups: _, ...user } = complete(DirectoryUserSchema, {
    id: `diruser_7120441809306360${number}`,
    email,
    preferred_username: email,
    given_name,
    family_name,
    updated_at: `2026-01-1${number}T05:00:00Z`,
    emails: [email],
    user_detail: { userName: email, active: true, department: 'Logistics' },
  });
  return { ...user, directory_id, group_ids };
}

const PEOPLE: readonly Person[] = [
  [1, 'Greta', 'Lindqvist', 'lagerhaus.example', IDS.lagerhaus, [GROUPS.dispatch, GROUPS.office]],
  [2, 'Tomasz', 'Wrona', 'lagerhaus.example', IDS.lagerhaus, [GROUPS.dispatch]],
  [3, 'Ines', 'Brandt', 'lagerhaus.example', IDS.lagerhaus, [GROUPS.office]],
  [4, 'Rosa', 'Delgado', 'tidewater.example', IDS.tidewater, [GROUPS.warehouse]],
];

/** What each environment holds at start. */
export function seedDirectories(environment: EnvironmentName): DirectoriesContent {
  if (environment === 'production') return { directories: [], directoryGroups: [], directoryUsers: [] };
  return {
    directories: ROWS.map(seeded),
    directoryGroups: [
      group(GROUPS.warehouse, 'Warehouse', IDS.tidewater),
      group(GROUPS.dispatch, 'Dispatch', IDS.lagerhaus),
      group(GROUPS.office, 'Office', IDS.lagerhaus),
    ],
    directoryUsers: PEOPLE.map(person),
  };
}
