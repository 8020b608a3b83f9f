import { z } from 'zod';
import type { Api } from '../../core/api.ts';
import { checkAnswer } from '../../core/check-answer.ts';
import { parseUrl } from '../../core/parse-url.ts';
import { McpServer } from '../../platform/entities/mcp-server.ts';
import { pagesOf } from '../../platform/pages.ts';
import { path } from '../../platform/path.ts';
import { isUnreadable } from '../../platform/unreadable.ts';
import { failed, type Outcome, passed } from '../finding.ts';
import { CLIENTS } from './clients.ts';

const One = z.object({ resource: McpServer });

/** Reads a registered MCP server (`GET /resources/{id}`). */
export async function readRegistered(api: Api, id: string): Promise<McpServer> {
  return checkAnswer(One, await api.get(path`/resources/${id}`)).resource;
}

/**
 * Finds the MCP server that is registered with a URL (`GET /resources`).
 * @returns undefined where there is none; `unreadable` where the caller may not see any
 */
export async function findRegistered(api: Api, url: string): Promise<McpServer | 'unreadable' | undefined> {
  const query = { resource_type: 'MCP_SERVER', page_size: 30 };
  try {
    for await (const { entries } of pagesOf(api, path`/resources`, query, 'resources', McpServer)) {
      const found = entries.find(({ resource_id }) => resource_id && nameOf(resource_id) === nameOf(url));
      if (found !== undefined) return found;
    }
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return 'unreadable';
  }
  return undefined;
}

/** A URL in one spelling, whether it ends with a slash or not. */
function nameOf(url: string): string {
  return (parseUrl(url)?.href ?? url).replace(/\/$/, '');
}

/** Checks what the settings of a registered MCP server alone tell. */
export function checkSettings(server: McpServer | undefined): Outcome[] {
  const { connection_details: connection } = server ?? {};
  if (!connection) return [];
  if (connection.enabled !== false) return [passed('login')];
  const seen = 'The connection that signs its users in is not enabled.';
  const to_do = 'Enable it, or let Scalekit sign users in (switch_mcp_auth_to_scalekit).';
  const breaks = [CLIENTS.people];
  const next_tool = 'enable_environment_connection';
  return [failed('login', { seen, found: connection.id, breaks, to_do, next_tool })];
}
