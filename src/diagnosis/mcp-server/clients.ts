/** Who stumbles over what, as far as it was seen or their own specifications say so. */
export const CLIENTS = {
  all: 'every client',
  pages: 'MCP Inspector in the browser, and other clients that are web pages',
  byChallenge: 'clients that follow the challenge, as MCP 2025-06-18 has it',
  byPlace: 'some versions of Claude Code, and other clients that look at the well-known places alone',
  byGet: 'Codex and mcp-remote, which begin with GET',
  byHead: 'Qwen Code',
  newer: 'Claude Code and GitHub Copilot CLI, which begin with 2026-07-28',
  strict: 'rust-mcp-sdk and pmcp',
  refreshing: 'every client whose token has expired: it signs in again on 401 alone',
  registering: 'clients that register themselves, such as mcp-remote, Codex, Gemini CLI and the SDKs',
  icons: 'claude.ai (reported), and clients that check what they read',
  leftOut: 'clients that accept */* or JSON alone, such as opencode, and some proxies',
  hourly: 'all, in that people sign in again whenever a token expires',
} as const;

/**
 * What clients keep, and how they are made to forget it. A change of the URL, the scopes or the authorization server does
 * not reach them before.
 */
export const AFTER_A_CHANGE = [
  {
    client: 'mcp-remote',
    do: 'Delete its folder below ~/.mcp-auth, or where MCP_REMOTE_CONFIG_DIR says, then connect again.',
  },
  { client: 'VS Code', do: 'Run "Authentication: Remove Dynamic Authentication Provider", then connect again.' },
  {
    client: 'MCP Inspector',
    do: 'Allow its address, http://localhost:6274/, among the callback URIs (add_redirect_uri), then connect again.',
  },
  { client: 'GitHub Copilot CLI', do: 'Delete ~/.copilot/mcp-oauth-config, then connect again.' },
  { client: 'Claude Code, Codex', do: 'Run "mcp logout <name>" and "mcp login <name>" of the program.' },
] as const;
