import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import { pagesOf } from './pages.ts';
import { path } from './path.ts';

/** How many existing names an error lists, so that it stays short. */
const MAX_ALLOWED = 50;

/** An app connection, as far as it is looked for. */
const Named = z.object({ key_id: z.string(), mcp_server_url: z.string().nullish().catch(undefined) });

const namedConnections = (api: Api) => pagesOf(api, path`/connections/app`, { page_size: 30 }, 'connections', Named);

/**
 * Checks that every name is the `key_id` of an app connection (`GET /connections/app`). The API itself would only say
 * that something was not found. At most 50 pages are read; names beyond them, or beside an entry that cannot be read, are
 * left to the API.
 * @throws ToolError `invalid_arguments`, which names the unknown connections
 */
export async function requireConnections(api: Api, names: readonly string[]): Promise<void> {
  const known = new Set<string>();
  let isAllRead = true;
  for await (const { entries, isWhole, isLast } of namedConnections(api)) {
    for (const { key_id } of entries) known.add(key_id);
    isAllRead &&= isWhole;
    if (names.every((name) => known.has(name))) return;
    if (isLast && isAllRead) throw unknownConnections(names, known);
  }
}

/**
 * Finds an app connection by its name, which the API finds in any case (`GET /connections/app`). Where some of them cannot
 * be read, it is left to the API whether there is one of that name.
 * @throws ToolError `invalid_arguments` when there is none
 */
export async function requireConnection(api: Api, name: string): Promise<z.output<typeof Named>> {
  const known: string[] = [];
  let isAllRead = true;
  for await (const { entries, isWhole } of namedConnections(api)) {
    const found = entries.find(({ key_id }) => key_id.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
    known.push(...entries.map(({ key_id }) => key_id));
    isAllRead &&= isWhole;
  }
  if (!isAllRead) return { key_id: name };
  throw new ToolError('invalid_arguments', 'There is no such connection, and nothing was created.', {
    field: 'connector',
    allowed: known.slice(0, MAX_ALLOWED),
    nextTool: 'list_app_connections',
  });
}

function unknownConnections(names: readonly string[], known: ReadonlySet<string>): ToolError {
  const missing = names.filter((name) => !known.has(name));
  const message = `These connections do not exist, and nothing was changed: ${missing.join(', ')}`.slice(0, 1000);
  return new ToolError('invalid_arguments', message, {
    field: `connection_tool_mappings.${names.findIndex((name) => !known.has(name))}.connection_name`,
    allowed: [...known].slice(0, MAX_ALLOWED),
    nextTool: 'list_app_connections',
  });
}
