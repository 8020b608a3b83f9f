import type { Tool } from '../core/tool.ts';

/** What people can say to an assistant, with the tool without which it could not be done. */
const SENTENCES: readonly (readonly [tool: string, sentence: string])[] = [
  ['get_status', 'Give me an overview of my Scalekit environments: what is in them, and what looks unfinished?'],
  ['check_production_readiness', 'Is production ready to go live? Check it, and tell me what to do first.'],
  [
    'create_organization',
    'Set up a new customer, Northwind: create the organization, invite ada@northwind.example, and give me a link with which they set up SSO themselves.',
  ],
  ['list_organization_connections', 'Which of our customers have SSO, and whose connection does not work yet?'],
  [
    'register_mcp_server',
    'Register my MCP server at https://mcp.example.com with Scalekit, and check whether clients can discover it.',
  ],
  ['delete_organization', 'Delete the organization Samphire Foods from development. Show me first what would be lost.'],
  ['list_organization_users', 'Who can sign in at Tidewater Logistics, and with which roles?'],
  ['list_organizations', 'Which customers do we have, and who came last?'],
  ['list_environment_roles', 'Which roles are there, and what may each of them do?'],
];

/** So many are shown. */
const SHOWN = 6;

/** Sentences that an assistant with these tools can act on. */
export function sentencesFor(tools: readonly Pick<Tool, 'name'>[]): readonly string[] {
  const names = new Set(tools.map(({ name }) => name));
  return SENTENCES.filter(([tool]) => names.has(tool))
    .slice(0, SHOWN)
    .map(([, sentence]) => sentence);
}
