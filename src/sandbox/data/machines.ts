import { M2MClientSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js';
import { TokenSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tokens/tokens_pb.js';
import { complete } from '../contract/complete.ts';
import type { Draft } from '../contract/json.ts';
import {
  DEVELOPMENT_ORGANIZATION_CLIENT_IDS as CLIENTS,
  type DEVELOPMENT_API_TOKEN_IDS,
  DEVELOPMENT_ORGANIZATION_IDS,
  type EnvironmentName,
  PERSON_IDS,
  DEVELOPMENT_API_TOKEN_IDS as TOKENS,
} from './ids.ts';
import type { ApiToken, OrganizationClient } from './types.ts';

/** With what programs of customers call the application, oldest first. */
export interface MachinesContent {
  readonly organizationClients: OrganizationClient[];
  readonly apiTokens: ApiToken[];
}

const { tidewater, lagerhaus, meridian } = DEVELOPMENT_ORGANIZATION_IDS;
const AUDIENCE = ['https://api.dev.harborlight.example'];

/** A client of an organization, with what every new one has. */
export function newOrganizationClient(facts: Draft<OrganizationClient>): OrganizationClient {
  return complete(M2MClientSchema, { update_time: facts.create_time, ...facts });
}

function secret(number: number, secret_suffix: string, create_time: string, last_used_time?: string) {
  const made = { create_time, update_time: create_time, created_by: PERSON_IDS.admin };
  return { id: `sec_7120441809306380${number}`, secret_suffix, status: 'ACTIVE', last_used_time, ...made };
}

const CLIENT_ROWS: readonly Draft<OrganizationClient>[] = [
  {
    client_id: CLIENTS.tidewaterOrders,
    organization_id: tidewater,
    name: 'Order import',
    description: 'Carries orders over from Tidewater’s warehouse system every night',
    create_time: '2025-04-02T10:00:00Z',
    scopes: ['shipments:read', 'shipments:write'],
    audience: AUDIENCE,
    custom_claims: [{ key: 'site', value: 'oslo' }],
    expiry: '3600',
    // On its way from the first to the second.
    secrets: [
      secret(1, 'a9Lm', '2025-04-02T10:00:00Z', '2026-01-12T02:00:11Z'),
      secret(2, 'Zt3e', '2026-01-12T09:31:40Z', '2026-01-20T02:00:09Z'),
    ],
  },
  {
    client_id: CLIENTS.tidewaterOld,
    organization_id: tidewater,
    name: 'Old fax gateway',
    create_time: '2025-03-20T08:15:00Z',
    scopes: ['shipments:read'],
    audience: AUDIENCE,
    expiry: '900',
    secrets: [secret(3, 'q0Wd', '2025-03-20T08:15:00Z', '2025-05-02T11:12:13Z')],
  },
  {
    client_id: CLIENTS.lagerhausScanner,
    organization_id: lagerhaus,
    name: 'Dock scanners',
    create_time: '2025-08-18T06:40:00Z',
    scopes: ['shipments:write'],
    audience: AUDIENCE,
    expiry: '3600',
    secrets: [
      secret(4, 'N7ua', '2025-08-18T06:40:00Z', '2026-01-20T06:58:02Z'),
      secret(5, 'bB2x', '2025-11-03T06:40:00Z'),
    ],
  },
  {
    client_id: CLIENTS.meridianReports,
    organization_id: meridian,
    name: 'Monthly reports',
    create_time: '2025-10-01T12:00:00Z',
    scopes: ['shipments:read'],
    audience: AUDIENCE,
    expiry: '3600',
    secrets: [secret(6, 'k5Rr', '2025-10-01T12:00:00Z', '2026-01-01T04:00:00Z')],
  },
];

type TokenRow = readonly [
  name: keyof typeof DEVELOPMENT_API_TOKEN_IDS,
  organization_id: string,
  token_suffix: string,
  created_at: string,
  facts: Draft<ApiToken>,
];

const TOKEN_ROWS: readonly TokenRow[] = [
  [
    'tidewaterExport',
    tidewater,
    'w8Kc',
    '2025-09-15T08:00:00Z',
    { description: 'Nightly export', custom_claims: { system: 'warehouse' } },
  ],
  ['tidewaterOld', tidewater, 'e1Qf', '2025-03-30T08:00:00Z', { description: 'Trial of the API' }],
  [
    'lagerhausJuergen',
    lagerhaus,
    'm4Hs',
    '2025-12-01T09:20:00Z',
    {
      description: 'Jürgen’s spreadsheet',
      user_id: 'usr_71204418093062006',
      email: 'jürgen.müller@lagerhaus.example',
      roles: ['member'],
      expiry: '2026-12-01T09:20:00Z',
    },
  ],
];

/** What each environment holds at start. */
export function seedMachines(environment: EnvironmentName): MachinesContent {
  if (environment === 'production') return { organizationClients: [], apiTokens: [] };
  return {
    organizationClients: CLIENT_ROWS.map(newOrganizationClient),
    apiTokens: TOKEN_ROWS.map(([name, organization_id, token_suffix, created_at, facts]) =>
      complete(TokenSchema, { token_id: TOKENS[name], organization_id, token_suffix, created_at, ...facts }),
    ),
  };
}
