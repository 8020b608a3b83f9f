import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { requireTold } from './came-true.ts';
import { collectDependents } from './dependents.ts';
import { McpServer } from './entities/mcp-server.ts';
import { OAuthScope } from './entities/oauth-scope.ts';
import { pagesOf } from './pages.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';
import { requireChange } from './refusal.ts';

const LIST = 'list_environment_scopes';

const One = z.object({ scope: OAuthScope });
type One = z.output<typeof One>;
const All = z.object({ scopes: z.array(OAuthScope) });
/** As far as a preview shows them, so that one that is odd in something else counts as well. */
const Server = McpServer.pick({ id: true, name: true, scopes: true });

/** Nothing reads a single scope. */
async function readScopes(api: Api) {
  return checkAnswer(All, await api.get(path`/scopes`)).scopes;
}

/** @throws ToolError `not_found` */
async function readScope(api: Api, id: string): Promise<One> {
  const scope = (await readScopes(api)).find((one) => one.id === id);
  if (scope !== undefined) return { scope };
  const message = 'There is no OAuth scope of this id in this environment.';
  throw new ToolError('not_found', message, { field: 'scopeId', nextTool: LIST });
}

interface ScopeChanges {
  readonly description?: string | undefined;
  readonly enabled?: boolean | undefined;
}

/**
 * Changes an OAuth scope (`PATCH /scopes/{id}`). The API cannot tell a description that is left out from an empty one, so
 * that it is read first, and written again.
 * @throws ToolError `invalid_arguments` when nothing is to change; `not_applied`
 */
export function updateScope(api: Api, id: string, changes: ScopeChanges): Promise<One> {
  requireChange({ ...changes }, 'description');
  return api.inTurn(path`/scopes/${id}`, async () => {
    const { scope: before } = await readScope(api, id);
    const { description = before.description || undefined, enabled } = changes;
    const answer = await api.patch(path`/scopes/${id}`, { description, enabled });
    const asked = ({ scope }: One) => ({
      description: { asked: description, shown: scope.description },
      enabled: { asked: enabled, shown: scope.enabled },
    });
    return requireTold(asked, checkAnswer(One, answer, 'write'), () => readScope(api, id), LIST);
  });
}

/** Reads an OAuth scope with the MCP servers on which it is enabled (`GET /scopes`, `GET /resources`). */
export async function showScope(api: Api, id: string) {
  const { scope } = await readScope(api, id);
  const servers = pagesOf(api, path`/resources`, { resource_type: 'MCP_SERVER', page_size: 30 }, 'resources', Server);
  const mcp_servers = await collectDependents(servers, (listed) =>
    listed.flatMap(({ scopes, ...server }) =>
      scopes?.some(({ name, enabled }) => name === scope.name && enabled === true) ? [server] : [],
    ),
  );
  return { scope, mcp_servers };
}

/**
 * Deletes an OAuth scope (`DELETE /scopes/{id}`), and looks whether it is gone.
 * @throws ToolError `not_applied`
 */
export async function deleteScope(api: Api, id: string) {
  await api.delete(path`/scopes/${id}`);
  const left = await readBack(readScopes(api), LIST);
  if (!left.some((scope) => scope.id === id)) return { deleted_id: id };
  const message =
    'Scalekit accepted the deletion, but the scope is still there. Do not repeat the call: delete it in the Scalekit dashboard.';
  throw new ToolError('not_applied', message, { field: 'scopeId', nextTool: LIST });
}
