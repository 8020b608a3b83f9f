import { environmentId, text } from './arguments.ts';
import type { Job } from './job.ts';

export const giveAgentAccess: Job = {
  name: 'give_agent_access',
  title: 'Give an agent access to a user’s tools',
  description:
    'Connect an AI agent or assistant to a user’s apps (Gmail, Slack, calendar …), with that user’s consent, through AgentKit.',
  arguments: [
    environmentId,
    text('apps', 'Apps that the agent is to use, such as Gmail and Slack', true),
    text('userIdentifier', 'Your own id of the user on whose behalf it acts'),
    text('purpose', 'What the agent is to do there'),
  ],
  goal: (value) =>
    `Give an agent access to ${value('apps', '(apps)')} of the user ${value('userIdentifier', '(your id of the user)')}, for: ${value('purpose', 'a purpose that is to be asked for')}. Give it no more tools than that needs.`,
  steps: [
    'See with `list_app_connections` which apps are connected in this environment. For one that is missing, `search_connectors` tells how it is called; the connection itself is made in the Scalekit dashboard.',
    'Find the few tools that the purpose needs with `search_tools` (connector and query), reading ones first.',
    'Look with `list_mcp_configs` for a config with exactly these. Otherwise make one with `create_mcp_config`: each connection with its list of tools. Without the list, all tools of a connection are exposed.',
    'Make the user’s own instance with `ensure_mcp_instance` (config_name, user_identifier), and read `get_mcp_instance_auth_state`: it says which accounts are not authorized yet.',
    'Give the person the links with which the user authorizes what is missing: `create_connected_account_magic_link` for each account. They expire; make them when the user is there.',
    'When all accounts are active, hand over the URL of the instance, or make a short token for one session with `create_mcp_session_token`.',
    'Later, `list_tool_call_logs` shows what the agent has done for that user.',
  ],
  care: [
    'The user consents in their own browser. Never authorize for them, and never put their tokens into the conversation.',
    'Tools that send or delete act at once in the user’s accounts. Leave them out unless the purpose needs them.',
  ],
  done: 'the config exposes only the tools that were agreed on, every account of the user is active, and the agent has its URL or token.',
};
