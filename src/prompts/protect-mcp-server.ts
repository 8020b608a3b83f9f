import { environmentId, mcpServerId, text } from './arguments.ts';
import type { Job } from './job.ts';

export const protectMcpServer: Job = {
  name: 'protect_mcp_server',
  title: 'Protect my MCP server',
  description:
    'Secure an MCP server: add OAuth 2.1 authentication and authorization, register it, publish its metadata, check its tokens.',
  arguments: [
    environmentId,
    mcpServerId,
    text('url', 'URL at which clients reach the MCP server, to the letter'),
    text('framework', 'What it is written with, such as Express or FastMCP'),
  ],
  goal: (value) =>
    `Protect an MCP server with OAuth tokens of Scalekit: URL ${value('url', 'to be asked for')}, id ${value('id', 'none yet')}, written with ${value('framework', 'something that is to be found out')}.`,
  steps: [
    'Look with `list_mcp_servers` whether it is registered. If not, register it with `register_mcp_server`: name, and the URL exactly as clients type it, with its path and without a slash at the end.',
    'Find out which scopes its tools need. Make those that are missing with `create_environment_scope`, and enable them on the server with `update_mcp_server`.',
    'Read `get_mcp_server`. Publish its protected_metadata unchanged at its protected_metadata_uri, to everybody, with CORS for any origin.',
    'In the server’s code: answer a request without a valid token with 401 and `WWW-Authenticate: Bearer resource_metadata="…"` that names that URL; check signature, issuer, expiry and audience of each token (the Scalekit SDK: `validateToken` with the audience of the registration); check the scope before a tool runs, and answer a missing one with 403. `search_docs` finds the example for the framework.',
    'Check what clients meet, from the challenge to the metadata, with `diagnose_mcp_server`, and mend what it names; `check_mcp_server_discovery` looks at Scalekit’s side alone.',
    'Let the person connect with their client. `list_auth_logs` (mcpServerId) shows each attempt, and `list_mcp_server_clients` which clients have registered.',
  ],
  care: [
    'The audience of a token is the registered URL to the byte. Another spelling of it is another server for clients.',
    'Take tokens from the Authorization header alone, never from the URL. Pass none on to other services.',
    'Clients keep what they once found. After a change, remove the server in the client and add it again before you look further.',
  ],
  done: 'diagnose_mcp_server finds no problem, a request without a token gets 401 with the URL of the metadata, and a client has signed in and called a tool.',
};
