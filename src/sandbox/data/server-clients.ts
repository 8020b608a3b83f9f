import {
  M2MClientSchema,
  ResourceUserConsentSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js';
import { complete } from '../contract/complete.ts';
import type { Draft } from '../contract/json.ts';
import { DEVELOPMENT_CONSENT_IDS, DEVELOPMENT_SERVER_CLIENT_IDS, type EnvironmentName, PERSON_IDS } from './ids.ts';
import type { Consent, ServerClient } from './types.ts';

/** The clients of the MCP servers of one environment, and what people allowed them. */
export interface ServerClientsContent {
  readonly serverClients: ServerClient[];
  readonly consents: Consent[];
}

const IDS = DEVELOPMENT_SERVER_CLIENT_IDS;
const TRACKING = 'res_71204418093064001';
const CUSTOMS = 'res_71204418093064002';
const TARIFFS = 'res_71204418093064005';

/** What every client has. How long its tokens live is told in seconds. */
export function newServerClient(facts: Draft<ServerClient>): ServerClient {
  return complete(M2MClientSchema, { expiry: '3600', update_time: facts.create_time, ...facts });
}

const secret = (id: string, secret_suffix: string, create_time: string, last_used_time?: string) => {
  const made = { create_time, update_time: create_time, created_by: PERSON_IDS.admin };
  return { id, secret_suffix, status: 'ACTIVE' as const, ...(last_used_time && { last_used_time }), ...made };
};

const CLIENTS: readonly Draft<ServerClient>[] = [
  {
    client_id: IDS.dispatcher,
    resource_id: TRACKING,
    name: 'Dispatch assistant',
    description: 'Rebooks shipments for the dispatchers',
    create_time: '2025-09-08T10:30:00Z',
    scopes: ['shipments:read', 'shipments:write'],
    audience: ['https://tracking.dev.harborlight.example/mcp'],
    custom_claims: [{ key: 'team', value: 'dispatch' }],
    secrets: [secret('sec_71204418093064411', 'Wq8c', '2025-09-08T10:30:00Z', '2026-01-20T06:11:40Z')],
  },
  {
    client_id: IDS.nightShift,
    resource_id: TRACKING,
    name: 'Night shift report',
    create_time: '2025-11-03T17:02:09Z',
    scopes: ['shipments:read'],
    audience: ['https://tracking.dev.harborlight.example/mcp'],
    secrets: [secret('sec_71204418093064412', 'e2Lh', '2025-11-03T17:02:09Z')],
  },
  {
    client_id: IDS.editor,
    resource_id: TRACKING,
    name: 'Code editor',
    create_time: '2025-12-11T08:55:31Z',
    scopes: ['shipments:read'],
    redirect_uris: ['http://127.0.0.1:33418/callback'],
    is_dcr: true,
  },
  {
    client_id: IDS.notebook,
    resource_id: TRACKING,
    name: 'Notebook',
    create_time: '2026-01-09T12:40:55Z',
    scopes: ['shipments:read'],
    redirect_uris: ['https://notebook.example/oauth/callback'],
    is_cimd: true,
    metadata_uri: 'https://notebook.example/.well-known/oauth-client',
  },
  {
    client_id: IDS.customs,
    resource_id: CUSTOMS,
    name: 'Declaration bot',
    create_time: '2025-10-13T08:00:00Z',
    secrets: [
      secret('sec_71204418093064415', 'T0mz', '2025-10-13T08:00:00Z', '2026-01-19T22:00:02Z'),
      secret('sec_71204418093064416', 'h5Xd', '2025-11-27T16:30:00Z'),
    ],
  },
  {
    client_id: IDS.tariffs,
    resource_id: TARIFFS,
    name: 'Spreadsheet',
    create_time: '2025-05-26T14:00:00Z',
    redirect_uris: ['http://localhost:8931/callback'],
    is_dcr: true,
  },
];

type ConsentRow = readonly [id: string, user: string, client: string, resource: string, granted: string];

const CONSENTS: readonly ConsentRow[] = [
  [DEVELOPMENT_CONSENT_IDS.miraEditor, 'hl-u-mira', IDS.editor, TRACKING, '2025-12-11T08:56:02Z'],
  [DEVELOPMENT_CONSENT_IDS.adaEditor, 'hl-u-ada', IDS.editor, TRACKING, '2025-12-15T15:20:47Z'],
  [DEVELOPMENT_CONSENT_IDS.adaNotebook, 'hl-u-ada', IDS.notebook, TRACKING, '2026-01-09T12:41:30Z'],
  [DEVELOPMENT_CONSENT_IDS.mateusTariffs, 'hl-u-mateus', IDS.tariffs, TARIFFS, '2025-05-26T14:01:11Z'],
];

function seededConsent([id, external_user_id, client_id, resource_id, granted_at]: ConsentRow): Consent {
  const { name: client_name, scopes } = CLIENTS.find((client) => client.client_id === client_id) ?? {};
  const facts = { id, external_user_id, client_id, client_name, scopes, granted_at };
  return { ...complete(ResourceUserConsentSchema, facts as Draft<Consent>), resource_id };
}

/** What each environment holds at start. Nobody has signed in to the server in production yet. */
export function seedServerClients(environment: EnvironmentName): ServerClientsContent {
  if (environment === 'production') return { serverClients: [], consents: [] };
  return { serverClients: CLIENTS.map(newServerClient), consents: CONSENTS.map(seededConsent) };
}
