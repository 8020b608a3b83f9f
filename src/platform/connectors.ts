import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { isObject } from '../core/json.ts';
import { pagesOf } from './pages.ts';
import { path } from './path.ts';

type Members = Readonly<Record<string, unknown>>;

/** What a page of connectors is asked for. The API names no limit. */
const PAGE = 100;
/** Without it the API lists the built-in ones alone. */
const ALL = { 'filter.provider_type': 'ALL', page_size: PAGE } as const;

/**
 * The connectors that hold every word of a text in their names, descriptions or categories (`GET /providers`): the API
 * itself finds whole identifiers alone.
 * @param query left out: all
 * @returns entries as the API sends them, each with the types of its authorization, and those that cannot be read
 */
export async function findConnectors(api: Api, query: string | undefined): Promise<unknown[]> {
  const words = query?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
  const found: unknown[] = [];
  for await (const { entries } of pagesOf(api, path`/providers`, ALL, 'providers', z.unknown())) {
    for (const entry of entries) {
      const text = isObject(entry) ? searched(entry) : undefined;
      // What cannot be read may be what is looked for.
      if (text !== undefined && !words.every((word) => text.includes(word))) continue;
      found.push(isObject(entry) ? { ...entry, auth_types: authTypes(entry) } : entry);
    }
  }
  return found;
}

function searched({ identifier, display_name, description, categories }: Members): string {
  return [identifier, display_name, description, categories]
    .flat()
    .filter((text) => typeof text === 'string')
    .join(' ')
    .toLowerCase();
}

function authTypes({ auth_patterns: patterns }: Members): string[] {
  const types = [patterns].flat().map((pattern) => (isObject(pattern) ? pattern['type'] : undefined));
  return [...new Set(types.filter((type) => typeof type === 'string'))];
}
