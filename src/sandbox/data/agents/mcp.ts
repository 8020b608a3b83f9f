import { complete } from '../../contract/complete.ts';
import { McpConfigSchema } from '../../contract/published/mcp.ts';
import type { McpConfig, McpInstance } from '../types.ts';

const GMAIL = { connection_id: 'conn_71204418093065001', connection_name: 'gmail', provider: 'GMAIL' } as const;
const SLACK = { connection_id: 'conn_71204418093065002', connection_name: 'slack-ops', provider: 'SLACK' } as const;
const NOTION = { connection_id: 'conn_71204418093065003', connection_name: 'notion', provider: 'NOTION' } as const;

const MAPPINGS = {
  triage: [
    { ...GMAIL, tools: ['gmail_fetch_mails', 'gmail_get_message_by_id'] },
    { ...SLACK, tools: [] },
  ],
  handbook: [{ ...NOTION, tools: ['notion_page_search'] }],
  pilot: [{ ...SLACK, tools: ['slack_send_message'] }],
  digest: [GMAIL],
};

type ConfigRow = readonly [name: string, keyof typeof MAPPINGS, path: string, description?: string];

const CONFIGS: readonly ConfigRow[] = [
  ['shipment-triage', 'triage', '0b3f2a6e-6f0c-4b0e-9a53-5d1c9f7e2a01', 'Reads delay notices and tells the yard.'],
  ['handbook_search', 'handbook', '7c9d14b2-2e57-4f83-8c66-e0a4b9d3f502', 'Looks things up in the support handbook.'],
  ['spring-pilot', 'pilot', 'f1e8a0c4-93d7-4d2b-b7f5-3c6a2e9b0d03'],
  ['weekly-digest', 'digest', '5a7b6c8d-1f20-4a31-9b42-8c53d64e7f04', 'Summarizes a week of mail.'],
];

/** The MCP servers that Harborlight has put together, oldest first. */
export function mcpConfigs(domain: string): McpConfig[] {
  return CONFIGS.map(([name, mappings, path, description], i) =>
    complete(McpConfigSchema, {
      id: `cfg_71204418093065${301 + i}`,
      name,
      description,
      connection_tool_mappings: MAPPINGS[mappings],
      mcp_server_url: `https://${domain}/mcp/v3/servers/${path}`,
    }),
  );
}

type InstanceRow = readonly [name: string, user: string, config: number, path: string, updated: string, used?: string];

const MIRA = 'mira@harborlight.example';
const JONAS = 'jonas@harborlight.example';

const INSTANCES: readonly InstanceRow[] = [
  ['shipment-triage for Mira', MIRA, 301, 'k2Vt9QmXw4sLr8Zp', '2025-10-01T09:00:00Z', '2025-12-02T15:31:00Z'],
  ['shipment-triage for Jonas', JONAS, 301, 'b7Nc3HyEu1dKa5Tf', '2025-10-01T09:04:17Z'],
  [
    'handbook for the night shift',
    'night-shift',
    302,
    'x9Pj6RgWo2vMi0Qs',
    '2025-11-10T18:00:00Z',
    '2025-11-11T23:12:48Z',
  ],
];

/** Servers for single users, made before there were session tokens. */
export function mcpInstances(domain: string): McpInstance[] {
  return INSTANCES.map(([name, user_identifier, config, path, updated_at, last_used_at], i) => ({
    id: `inst_71204418093065${401 + i}`,
    name,
    user_identifier,
    config_id: `cfg_71204418093065${config}`,
    updated_at,
    ...(last_used_at && { last_used_at }),
    url: `https://${domain}/mcp/v1/s/${path}`,
  }));
}
