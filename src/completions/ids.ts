import { z } from 'zod';
import type { Api, Path, Query } from '../core/api.ts';
import { pagesOf } from '../platform/pages.ts';
import { path } from '../platform/path.ts';
import { completer, type Found, fits, MOST_VALUES } from './completer.ts';

/** How many entries are looked at for one completion. People type on rather than wait. */
const MOST_LOOKED_AT = 500;
/** The shortest text that the API searches for, in characters. */
const SHORTEST_SEARCH = 3;

/** The ids of environments, by id, name or domain. */
export const environmentIds = completer({
  name: 'complete_environment_id',
  toolset: 'environments',
  area: 'environment',
  place: 'workspace',
  needsWorkspaceToken: true,
  find: ({ value }, { api, caller }) => {
    const { environment } = caller.sees;
    if (environment !== undefined) return { values: fits(value, [environment]) ? [environment] : [], hasMore: false };
    const texts = { id: z.string(), display_name: z.string().nullish(), domain: z.string().nullish() };
    return fitting(api, { value, list: path`/environments`, query: { page_size: 100 }, member: 'environments', texts });
  },
});

/** The ids of organizations of an environment, by id, external id or name. */
export const organizationIds = completer({
  name: 'complete_organization_id',
  toolset: 'organizations',
  area: 'organization',
  place: 'environment',
  find: ({ value }, { api }) => {
    const texts = { id: z.string(), display_name: z.string().nullish(), external_id: z.string().nullish() };
    const member = 'organizations';
    const query = value.trim();
    return query.length < SHORTEST_SEARCH
      ? fitting(api, { value, list: path`/organizations`, query: { page_size: 100 }, member, texts })
      : fitting(api, { value: '', list: path`/organizations:search`, query: { query, page_size: 30 }, member, texts });
  },
});

/** The ids of the MCP servers of an environment, by id, name or URL. */
export const mcpServerIds = completer({
  name: 'complete_mcp_server_id',
  toolset: 'mcp_servers',
  area: 'environment',
  place: 'environment',
  find: ({ value }, { api }) =>
    fitting(api, {
      value,
      list: path`/resources`,
      query: { resource_type: 'MCP_SERVER', page_size: 30 },
      member: 'resources',
      texts: { id: z.string(), name: z.string().nullish(), resource_id: z.string().nullish() },
    }),
});

interface Search {
  readonly value: string;
  readonly list: Path;
  readonly query: Query;
  readonly member: string;
  /** The members of an entry in which the value is looked for. */
  readonly texts: { readonly id: z.ZodString } & Readonly<Record<string, z.ZodType<string | null | undefined>>>;
}

/** The ids of the entries that fit a value. */
async function fitting(api: Api, { value, list, query, member, texts }: Search): Promise<Found> {
  const values: string[] = [];
  let seen = 0;
  let isLast = true;
  for await (const page of pagesOf(api, list, query, member, z.object(texts))) {
    for (const entry of page.entries) {
      if (fits(value, Object.values(entry) as (string | null | undefined)[])) values.push(String(entry['id']));
    }
    seen += page.entries.length;
    isLast = page.isLast;
    if (values.length > MOST_VALUES || seen >= MOST_LOOKED_AT) break;
  }
  return { values, hasMore: !isLast, total: isLast ? values.length : undefined };
}
