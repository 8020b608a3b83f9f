import { complete } from '../../contract/complete.ts';
import { McpConfigSchema } from '../../contract/published/mcp.ts';
import type { McpConfig, McpInstance } from '../types.ts';

const GMAIL = { connection_id: 'conn_71204418093065001', connection_name: 'gmail', provider: 'GMAIL' } as const;
const SLACK = { connection_id: 'conn_71204418093065002', connection_name: 'slack-ops', provider: 'SLACK' } as const;
const NOTION = { connection_id: 'conn_71204418093065003', connection_name: 'notion', provider: 'NOTION' } as const;

/** The MCP servers that Harborlight has put together, oldest first. */
export function mcpConfigs(domain: string): McpConfig[] {
  const servers = `https://${domain}/mcp/v3/servers`;
  return [
    {
      id: 'cfg_71204418093065301',
      name: 'shipment-triage',
      description: 'Reads delay notices and tells the yard.',
      connection_tool_mappings: [
        { ...GMAIL, tools: ['gmail_fetch_mails', 'gmail_get_message_by_id'] },
        { ...SLACK, tools: [] },
      ],
      mcp_server_url: `${servers}/0b3f2a6e-6f0c-4b0e-9a53-5d1c9f7e2a01`,
    },
    {
      id: 'cfg_71204418093065302',
      name: 'handbook_search',
      description: 'Looks things up in the support handbook.',
      connection_tool_mappings: [{ ...NOTION, tools: ['notion_page_search'] }],
      mcp_server_url: `${servers}/7c9d14b2-2e57-4f83-8c66-e0a4b9d3f502`,
    },
    {
      id: 'cfg_71204418093065303',
      name: 'spring-pilot',
      connection_tool_mappings: [{ ...SLACK, tools: ['slack_send_message'] }],
      mcp_server_url: `${servers}/f1e8a0c4-93d7-4d2b-b7f5-3c6a2e9b0d03`,
    },
    {
      id: 'cfg_71204418093065304',
      name: 'weekly-digest',
      description: 'Summarizes a week of mail.',
      connection_tool_mappings: [GMAIL],
      mcp_server_url: `${servers}/5a7b6c8d-1f20-4a31-9b42-8c53d64e7f04`,
    },
  ].map((config) => complete(McpConfigSchema, config));
}

/** Servers for single users, made before there were session tokens. */
export function mcpInstances(domain: string): McpInstance[] {
  const servers = `https://${domain}/mcp/v1/s`;
  return [
    {
      id: 'inst_71204418093065401',
      name: 'shipment-triage for Mira',
      user_identifier: 'mira@harborlight.example',
      config_id: 'cfg_71204418093065301',
      last_used_at: '2025-12-02T15:31:00Z',
      updated_at: '2025-10-01T09:00:00Z',
      url: `${servers}/k2Vt9QmXw4sLr8Zp`,
    },
    {
      id: 'inst_71204418093065402',
      name: 'shipment-triage for Jonas',
      user_identifier: 'jonas@harborlight.example',
      config_id: 'cfg_71204418093065301',
      updated_at: '2025-10-01T09:04:17Z',
      url: `${servers}/b7Nc3HyEu1dKa5Tf`,
    },
    {
      id: 'inst_71204418093065403',
      name: 'handbook for the night shift',
      user_identifier: 'night-shift',
      config_id: 'cfg_71204418093065302',
      last_used_at: '2025-11-11T23:12:48Z',
      updated_at: '2025-11-10T18:00:00Z',
      url: `${servers}/x9Pj6RgWo2vMi0Qs`,
    },
  ];
}
