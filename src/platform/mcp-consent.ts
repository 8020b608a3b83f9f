import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { McpConsent } from './entities/mcp-client.ts';
import { McpServer } from './entities/mcp-server.ts';
import { pagesOf } from './pages.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';

const LIST = 'list_mcp_user_consents';
const PAGE_SIZE = 30;

const Server = z.object({ resource: McpServer.pick({ id: true, name: true, access_token_expiry: true }) });

/** The pages of what people allowed at an MCP server (`GET /user_consents`). */
export function consentPages(api: Api, serverId: string, search?: string) {
  const query = { resource_id: serverId, search, page_size: PAGE_SIZE };
  return pagesOf(api, path`/user_consents`, query, 'consents', McpConsent);
}

/** A consent that a call names. */
interface ConsentTarget {
  readonly serverId: string;
  readonly clientId: string;
  readonly consentId: string;
  /** Narrows the look-up. */
  readonly search?: string | undefined;
}

/**
 * Reads a consent with the server where it was given, which says how long tokens live on without it.
 * @throws ToolError `not_found`
 */
export async function showConsent(api: Api, target: ConsentTarget) {
  const { resource } = checkAnswer(Server, await api.get(path`/resources/${target.serverId}`));
  const consent = await findConsent(api, target);
  if (consent !== undefined) return { consent, resource };
  const message = 'This client has no such consent at this MCP server.';
  throw new ToolError('not_found', message, { field: 'consentId', nextTool: LIST });
}

/** The API shows no consent by itself. */
async function findConsent(api: Api, { serverId, clientId, consentId, search }: ConsentTarget) {
  for await (const { entries } of consentPages(api, serverId, search)) {
    const found = entries.find(({ id, client_id }) => id === consentId && client_id === clientId);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Revokes a consent (`DELETE /clients/{id}/consents/{id}`), and looks whether it is gone. Refresh tokens end with it,
 * while access tokens live on.
 * @returns the id, and how many seconds the client may have access for
 * @throws ToolError `not_applied` when it is still there
 */
export async function revokeConsent(api: Api, target: ConsentTarget) {
  const { resource } = await showConsent(api, target);
  await api.delete(path`/clients/${target.clientId}/consents/${target.consentId}`);
  const after = await readBack(findConsent(api, target), LIST);
  if (after === undefined) {
    return { revoked_id: target.consentId, access_ends_within_seconds: resource.access_token_expiry };
  }
  const message = 'Scalekit accepted the revocation, but the consent is still there. Do not repeat the call.';
  throw new ToolError('not_applied', message, { field: 'consentId', nextTool: LIST });
}
