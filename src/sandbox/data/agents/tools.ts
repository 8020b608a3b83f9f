import { ToolSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js';
import { complete } from '../../contract/complete.ts';
import type { OfferedTool } from '../types.ts';

const TEXT = { type: 'string' } as const;
const INTEGER = { type: 'integer' } as const;
const SEARCH = { type: 'string', description: 'Gmail search, such as is:unread' } as const;

type Properties = Readonly<Record<string, Readonly<Record<string, string>>>>;
type Row = readonly [provider: string, name: string, description: string, properties: Properties, required?: string[]];

const ROWS: readonly Row[] = [
  [
    'GMAIL',
    'gmail_fetch_mails',
    'Fetch mails from a Gmail mailbox, newest first.',
    { query: SEARCH, max_results: INTEGER },
  ],
  ['GMAIL', 'gmail_get_message_by_id', 'Read one mail with its body.', { message_id: TEXT }, ['message_id']],
  ['SLACK', 'slack_send_message', 'Post a message to a channel.', { channel: TEXT, text: TEXT }, ['channel', 'text']],
  ['SLACK', 'slack_list_channels', 'List the channels that the user can see.', { limit: INTEGER }],
  ['NOTION', 'notion_page_search', 'Find pages by their titles.', { query: TEXT }, ['query']],
  ['NOTION', 'notion_page_content_get', 'Read the blocks of a page.', { page_id: TEXT }, ['page_id']],
  ['CUSTOM_TIDES', 'c-tide-tables_next-high-water', 'When the tide is high next at a quay.', { quay: TEXT }, ['quay']],
];

/** Tools of one account alone, by name. */
const OWN: Readonly<Record<string, string>> = { 'c-tide-tables_next-high-water': 'ca_71204418093065109' };

/** The tools that both environments offer. */
export const AGENT_TOOLS: readonly OfferedTool[] = ROWS.map(([provider, name, description, properties, needed], i) => {
  const required = needed ?? [];
  const tool = complete(ToolSchema, {
    id: `tol_71204418093065${201 + i}`,
    provider,
    definition: { name, description, input_schema: { type: 'object', properties, required } },
    metadata: {},
    is_default: true,
    updated_at: '2025-11-03T00:00:00Z',
  });
  return { tool, name, description, required, accountId: OWN[name] };
});
