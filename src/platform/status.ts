import { z } from 'zod';
import type { Path, Query, Reader } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { withEmptyLists } from '../core/list-answer.ts';
import { WholeNumber } from '../core/whole-number.ts';
import { ListedConnection } from './entities/connection.ts';
import { type Page, pagesOf } from './pages.ts';
import { path } from './path.ts';
import { readUris } from './redirect-uris.ts';
import { isUnreadable } from './unreadable.ts';

const Total = z.object({ total_size: WholeNumber.nullish() });
const Connection = ListedConnection.pick({ id: true, status: true, enabled: true, organization_id: true });
const SERVERS = { resource_type: 'MCP_SERVER', page_size: 30 };
const ServersPage = z.object({ resources: z.array(z.unknown()), total_size: WholeNumber.nullish() });
const Server = z.object({ id: z.string(), scopes: z.array(z.object({ enabled: z.boolean().nullish() })).nullish() });

/** Something that looks unfinished, with what it is about and the tool that finishes it. */
export const Unfinished = z.object({
  what: z.string(),
  ids: z.array(z.string()).optional().describe('Of what it is about; the first ten'),
  next_tool: z.string(),
});
type Unfinished = z.output<typeof Unfinished>;

/** So many ids are named of what is unfinished in one way. */
const MAX_IDS = 10;

/** What an environment holds, in numbers. One that is left out could not be read, or is of something that is not there. */
export const Counts = z.object({
  organizations: z.int().optional(),
  users: z.int().optional(),
  mcp_servers: z.int().optional(),
  connections: z.int().optional(),
  connections_by_state: z
    .object({ enabled: z.int(), ready_but_off: z.int(), unfinished: z.int() })
    .optional()
    .describe('unfinished: a draft, or still to be configured'),
  callback_uris: z.int().optional(),
});

/**
 * One page about an environment: what it holds, and what looks unfinished (`GET /organizations`, `/users`, `/connections`,
 * `/resources`, `/clients`, side by side). What the caller may not read is named in `not_read`.
 * @throws ToolError when nothing can be read, or when a request fails for another reason
 */
export async function readStatus(api: Reader) {
  return statusIn(api, async () => {
    const entries = await serversOf(api);
    return { entries, number: entries.length };
  });
}

/** The same in five requests, however many MCP servers there are: no more than a page of them is looked at. */
export async function readStatusInShort(api: Reader) {
  return statusIn(api, async () => {
    const answer = withEmptyLists(await api.get(path`/resources`, SERVERS), ['resources']);
    const { resources, total_size } = checkAnswer(ServersPage, answer);
    const entries = resources.flatMap((one) => Server.safeParse(one).data ?? []);
    return { entries, number: Math.max(total_size ?? 0, resources.length) };
  });
}

interface Servers {
  readonly entries: readonly z.output<typeof Server>[];
  readonly number: number;
}

async function statusIn(api: Reader, readServers: () => Promise<Servers>) {
  const parts = {
    organizations: countOf(api, path`/organizations`, { page_size: 1 }),
    users: countOf(api, path`/users`, { page_size: 1 }),
    connections: connectionsOf(api),
    mcp_servers: readServers(),
    callback_uris: urisOf(api),
  };
  const read = await inPlaceOf(parts);
  const { connections, mcp_servers: servers, callback_uris: uris } = read.values;
  const on = connections?.filter(({ enabled }) => enabled);
  const ready = connections?.filter(({ enabled, status }) => !enabled && status === 'COMPLETED');
  const drafts = connections?.filter(({ enabled, status }) => !enabled && status !== 'COMPLETED');
  const open = servers?.entries.filter(({ scopes }) => !(scopes ?? []).some(({ enabled }) => enabled));
  const unfinished: Unfinished[] = [
    ...about(
      drafts?.filter(isOfEnvironment),
      `${OF_ENVIRONMENT} that are not configured yet`,
      'get_environment_connection',
    ),
    ...about(drafts?.filter(isOfCustomer), `${OF_CUSTOMERS} that are not configured yet`, SEARCH),
    ...about(ready?.filter(isOfEnvironment), `${OF_ENVIRONMENT} ${SWITCHED_OFF}`, 'enable_environment_connection'),
    ...about(ready?.filter(isOfCustomer), `${OF_CUSTOMERS} ${SWITCHED_OFF}`, SEARCH),
    ...about(open, 'MCP servers for which no scope is enabled', 'update_mcp_server'),
    ...missing(uris?.post_login_uris, 'No callback URI is allowed, so that no login can return', 'add_redirect_uri'),
    ...(read.values.organizations === 0
      ? [{ what: 'There is no organization', next_tool: 'create_organization' }]
      : []),
  ];
  return {
    counts: {
      organizations: read.values.organizations,
      users: read.values.users,
      mcp_servers: servers?.number,
      connections: connections?.length,
      connections_by_state: connections && {
        enabled: on?.length,
        ready_but_off: ready?.length,
        unfinished: drafts?.length,
      },
      callback_uris: uris?.post_login_uris.length,
    },
    unfinished,
    not_read: read.missing,
  };
}

/** It takes the id of a connection, and tells the organization. */
const SEARCH = 'search_organization_connections';
const OF_ENVIRONMENT = 'Connections of the environment';
const OF_CUSTOMERS = 'Connections of organizations';
const SWITCHED_OFF = 'that are configured and switched off';

function isOfCustomer({ organization_id: organization }: z.output<typeof Connection>): boolean {
  return Boolean(organization);
}

function isOfEnvironment(connection: z.output<typeof Connection>): boolean {
  return !isOfCustomer(connection);
}

function about(entries: readonly { readonly id: string }[] | undefined, what: string, next_tool: string): Unfinished[] {
  if (entries === undefined || entries.length === 0) return [];
  return [{ what: `${what}: ${entries.length}`, ids: entries.slice(0, MAX_IDS).map(({ id }) => id), next_tool }];
}

function missing(list: readonly string[] | undefined, what: string, next_tool: string): Unfinished[] {
  return list?.length === 0 ? [{ what, next_tool }] : [];
}

/** The values of parts that could be read, and the names of the others. */
export async function inPlaceOf<Parts extends Readonly<Record<string, Promise<unknown>>>>(parts: Parts) {
  const values: Partial<{ [Name in keyof Parts]: Awaited<Parts[Name]> }> = {};
  const failures: { readonly name: string; readonly error: unknown }[] = [];
  const settled = await Promise.allSettled(Object.values(parts));
  for (const [i, name] of Object.keys(parts).entries()) {
    const outcome = settled[i] as PromiseSettledResult<never>;
    if (outcome.status === 'fulfilled') values[name as keyof Parts] = outcome.value;
    else failures.push({ name, error: outcome.reason });
  }
  const fatal = failures.find(({ error }) => !isUnreadable(error));
  const cause = fatal ?? (failures.length === settled.length ? failures[0] : undefined);
  if (cause !== undefined) throw cause.error;
  return { values, missing: failures.map(({ name }) => name) };
}

async function countOf(api: Reader, list: Path, query: Query): Promise<number> {
  // JSON of protocol buffers may leave a zero out.
  return checkAnswer(Total, await api.get(list, query)).total_size ?? 0;
}

/** Undefined where the environment has no client of its own. */
export function urisOf(api: Reader): Promise<Awaited<ReturnType<typeof readUris>> | undefined> {
  return readUris(api).catch((error: unknown) => {
    const isNone = error instanceof ToolError && error.code === 'not_found' && error.recovery.upstream === undefined;
    if (!isNone) throw error;
    return undefined;
  });
}

export function connectionsOf(api: Reader) {
  return allOf(pagesOf(api, path`/connections`, { include: 'all' }, 'connections', Connection));
}

export function serversOf(api: Reader) {
  return allOf(pagesOf(api, path`/resources`, SERVERS, 'resources', Server));
}

export async function allOf<Entry>(pages: AsyncIterable<Page<Entry>>): Promise<readonly Entry[]> {
  const all: Entry[] = [];
  for await (const { entries } of pages) for (const entry of entries) all.push(entry);
  return all;
}
