import type { AgentTool, OfferedTool } from './types.ts';

function tool(
  id: string,
  provider: string,
  definition: {
    readonly name: string;
    readonly description: string;
    readonly properties: Readonly<Record<string, unknown>>;
    readonly required?: readonly string[];
  },
): AgentTool {
  const { name, description, properties, required = [] } = definition;
  return {
    id,
    provider,
    definition: { name, description, input_schema: { type: 'object', properties, required } },
    metadata: {},
    tags: [],
    is_default: true,
    updated_at: '2025-11-03T00:00:00Z',
  };
}

export const AGENT_TOOLS: readonly OfferedTool[] = [
  {
    tool: tool('tol_71204418093065201', 'GMAIL', {
      name: 'gmail_fetch_mails',
      description: 'Fetch mails from a Gmail mailbox, newest first.',
      properties: {
        query: { type: 'string', description: 'Gmail search, such as is:unread' },
        max_results: { type: 'integer' },
      },
    }),
  },
  {
    tool: tool('tol_71204418093065202', 'GMAIL', {
      name: 'gmail_get_message_by_id',
      description: 'Read one mail with its body.',
      properties: { message_id: { type: 'string' } },
      required: ['message_id'],
    }),
  },
  {
    tool: tool('tol_71204418093065203', 'SLACK', {
      name: 'slack_send_message',
      description: 'Post a message to a channel.',
      properties: { channel: { type: 'string' }, text: { type: 'string' } },
      required: ['channel', 'text'],
    }),
  },
  {
    tool: tool('tol_71204418093065204', 'SLACK', {
      name: 'slack_list_channels',
      description: 'List the channels that the user can see.',
      properties: { limit: { type: 'integer' } },
    }),
  },
  {
    tool: tool('tol_71204418093065205', 'NOTION', {
      name: 'notion_page_search',
      description: 'Find pages by their titles.',
      properties: { query: { type: 'string' } },
      required: ['query'],
    }),
  },
  {
    tool: tool('tol_71204418093065206', 'NOTION', {
      name: 'notion_page_content_get',
      description: 'Read the blocks of a page.',
      properties: { page_id: { type: 'string' } },
      required: ['page_id'],
    }),
  },
  {
    accountId: 'ca_71204418093065109',
    tool: tool('tol_71204418093065207', 'CUSTOM_TIDES', {
      name: 'tides_next_high_water',
      description: 'When the tide is high next at a quay.',
      properties: { quay: { type: 'string' } },
      required: ['quay'],
    }),
  },
];
