import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { type ConnectionTarget, explained, isAppType, pathOf } from './connection-target.ts';
import { collectDependents } from './dependents.ts';
import { SsoConnection } from './entities/connection.ts';
import { CONNECTION_TYPES, wordOf } from './enum-words.ts';
import { pagesOf } from './pages.ts';
import { path } from './path.ts';

const One = z.object({ connection: SsoConnection });
const Server = z.object({ id: z.string(), name: z.string().nullish(), provider: z.string().nullish() });
const Config = z.object({
  id: z.string(),
  name: z.string().nullish(),
  connection_tool_mappings: z.array(z.object({ connection_name: z.string().nullish() })).nullish(),
});
const Account = z.object({ id: z.string(), identifier: z.string().nullish(), connector: z.string().nullish() });

/**
 * Reads a connection of an organization with the domains that lead to it
 * (`GET /organizations/{id}/connections/{id}`).
 */
export async function showOrganizationConnection(api: Api, target: ConnectionTarget) {
  return checkAnswer(One, await api.get(pathOf(target)));
}

/**
 * Reads a connection of the environment with what works through it (`GET /connections/{id}`): the MCP servers whose users
 * it signs in (`GET /resources`), and for an app connection the accounts of users and the MCP configs (`GET
 * /connected_accounts`, `GET /mcp/configs`).
 */
export async function showEnvironmentConnection(api: Api, target: ConnectionTarget) {
  const { connection } = checkAnswer(One, await explained(api, target, api.get(pathOf(target))));
  const { key_id: name } = connection;
  if (!name) return { connection };
  const isSame = (other: string | null | undefined) => other?.toLowerCase() === name.toLowerCase();
  if (!isAppType(wordOf(CONNECTION_TYPES, connection.type))) {
    const query = { resource_type: 'MCP_SERVER', page_size: 30 };
    const servers = pagesOf(api, path`/resources`, query, 'resources', Server);
    const mcp_servers = await collectDependents(servers, (listed) =>
      listed.filter(({ provider }) => isSame(provider)).map(({ id, name }) => ({ id, name })),
    );
    return { connection, mcp_servers };
  }
  const listed = pagesOf(
    api,
    path`/connected_accounts`,
    { connector: name, page_size: 99 },
    'connected_accounts',
    Account,
  );
  const [connected_accounts, configs] = await Promise.all([
    collectDependents(listed, (accounts) =>
      accounts.filter(({ connector }) => isSame(connector)).map(({ id, identifier }) => ({ id, identifier })),
    ),
    collectDependents(pagesOf(api, path`/mcp/configs`, { page_size: 30 }, 'configs', Config), (some) =>
      some
        .filter(({ connection_tool_mappings }) => connection_tool_mappings?.some((one) => isSame(one.connection_name)))
        .map(({ id, name }) => ({ id, name })),
    ),
  ]);
  return { connection, connected_accounts, configs };
}
