import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { collectDependents } from './dependents.ts';
import { ConnectedAccount } from './entities/connected-account.ts';
import { ListedMcpClient } from './entities/mcp-client.ts';
import { McpConfig } from './entities/mcp-config.ts';
import { McpInstance } from './entities/mcp-instance.ts';
import { McpServer } from './entities/mcp-server.ts';
import { listMcpClients } from './mcp-client.ts';
import { consentPages } from './mcp-consent.ts';
import { type Page, pagesOf } from './pages.ts';
import { path } from './path.ts';

type Config = z.output<typeof McpConfig>;
type Instance = z.output<typeof McpInstance>;
type Account = z.output<typeof ConnectedAccount>;

const PAGE_SIZE = 30;
/** A config as it is, and what is looked up by. */
const OneConfig = z.object({ config: z.looseObject({ name: z.string().nullish() }) });
const OneServer = z.object({ resource: McpServer });
const Clients = z.object({ clients: z.array(z.unknown()) });
const OneClient = ListedMcpClient.pick({ client_id: true, name: true });
const OneAccount = z.object({ connected_account: ConnectedAccount });

/**
 * Reads an MCP config with the instances that were made from it, which stop working with it (`GET /mcp/configs/{id}`,
 * `GET /mcp/instances`).
 */
export async function showMcpConfig(api: Api, id: string) {
  const { config } = checkAnswer(OneConfig, await api.get(path`/mcp/configs/${id}`));
  const filter = { 'filter.config_name': config.name ?? undefined };
  const instances = await instancesWhere(api, filter, (instance) => (instance.config?.id ?? id) === id);
  return { config, instances };
}

/**
 * Reads a connected account with the MCP configs that need an account on its connection, and the instances of its user
 * that act through it (`GET /connected_accounts/details`, `GET /mcp/configs`, `GET /mcp/instances`). The operation
 * `details`, because `auth` returns the user's tokens.
 */
export async function showConnectedAccount(api: Api, id: string) {
  const answer = await api.get(path`/connected_accounts/details`, { id });
  const { connected_account: account } = checkAnswer(OneAccount, answer);
  const filter = { 'filter.user_identifier': account.identifier ?? undefined };
  const needsIt = needing(account);
  const [configs, instances] = await Promise.all([
    collectDependents(pagesOf(api, path`/mcp/configs`, { page_size: PAGE_SIZE }, 'configs', McpConfig), (configs) =>
      configs.filter(needsIt).map(({ id, name }) => ({ id, name })),
    ),
    instancesWhere(api, filter, (instance) => actsThrough(instance, account, needsIt)),
  ]);
  return { connected_account: account, configs, instances };
}

/**
 * Reads an MCP server with its clients and what people allowed them, which go with it (`GET /resources/{id}`,
 * `GET /resources/{id}/clients`, `GET /user_consents`).
 */
export async function showMcpServer(api: Api, id: string) {
  const { resource } = checkAnswer(OneServer, await api.get(path`/resources/${id}`));
  const [clients, consents] = await Promise.all([
    collectDependents(clientPage(api, id), (clients) =>
      clients.map(({ client_id, name }) => ({ id: client_id, name })),
    ),
    collectDependents(consentPages(api, id), (consents) =>
      consents.map(({ id, external_user_id, client_name }) => ({ id, external_user_id, client_name })),
    ),
  ]);
  return { resource, clients, consents };
}

/** The list of clients has no pages. */
async function* clientPage(api: Api, id: string): AsyncGenerator<Page<z.output<typeof OneClient>>> {
  const { clients } = checkAnswer(Clients, await listMcpClients(api, id));
  const entries = clients.flatMap((client) => {
    const { data } = OneClient.safeParse(client);
    return data === undefined ? [] : [data];
  });
  yield { entries, isWhole: entries.length === clients.length, isLast: true };
}

function instancesWhere(
  api: Api,
  filter: Readonly<Record<string, string | undefined>>,
  depends: (instance: Instance) => boolean,
) {
  const pages = pagesOf(api, path`/mcp/instances`, { ...filter, page_size: PAGE_SIZE }, 'instances', McpInstance);
  return collectDependents(pages, (instances) =>
    instances
      .filter(depends)
      .map(({ id, name, user_identifier, config }) => ({ id, name, user_identifier, config_name: config?.name })),
  );
}

/** Whether an instance belongs to the user of an account, and needs its connection as far as its config is known. */
function actsThrough({ user_identifier, config }: Instance, account: Account, needsIt: (config: Config) => boolean) {
  return (user_identifier ?? account.identifier) === account.identifier && (!config || needsIt(config));
}

/** Says of a config whether it needs the connection of an account. The API finds names without regard to case. */
function needing(account: Account): (config: Config) => boolean {
  const name = account.connector?.toLowerCase();
  return ({ connection_tool_mappings: mappings }) =>
    (mappings ?? []).some(({ connection_id, connection_name }) =>
      connection_id && account.connection_id
        ? connection_id === account.connection_id
        : name !== undefined && connection_name?.toLowerCase() === name,
    );
}
