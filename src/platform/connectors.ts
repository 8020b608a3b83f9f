import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { pagesOf } from './pages.ts';
import { path } from './path.ts';

type Members = Readonly<Record<string, unknown>>;

/** What a page of connectors is asked for. The API names no limit. */
const PAGE = 100;
/** Without it the API lists the built-in ones alone. */
const ALL = { 'filter.provider_type': 'ALL', page_size: PAGE } as const;

/** So many words are looked for, and so much of what is said of a connector is searched, in characters. */
const MAX_WORDS = 8;
const MAX_SEARCHED = 1_000;

/**
 * The connectors that hold every word of a text in their names, descriptions or categories (`GET /providers`): the API
 * itself finds whole identifiers alone.
 * @param query left out: all
 * @returns entries as the API sends them, each with the types of its authorization, and those that cannot be read
 * @throws ToolError `invalid_arguments` for too many words
 */
export async function findConnectors(api: Api, query: string | undefined): Promise<unknown[]> {
  const words = wordsOf(query);
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

/** The words of a query, without those that are a part of another. */
function wordsOf(query: string | undefined): readonly string[] {
  const all = [...new Set(query?.toLowerCase().split(/\s+/).filter(Boolean))];
  const words = all.filter((word) => !all.some((other) => other !== word && other.includes(word)));
  if (words.length <= MAX_WORDS) return words;
  throw new ToolError('invalid_arguments', `Look for ${MAX_WORDS} words at most.`, { field: 'query' });
}

function searched({ identifier, display_name, description, categories }: Members): string {
  const names = Array.isArray(categories) ? categories.slice(0, MAX_SEARCHED) : [categories];
  return [identifier, display_name, description, ...names]
    .map((text) => (typeof text === 'string' ? text.slice(0, MAX_SEARCHED) : ''))
    .join(' ')
    .slice(0, 3 * MAX_SEARCHED)
    .toLowerCase();
}

function authTypes({ auth_patterns: patterns }: Members): string[] {
  const types = [patterns].flat().map((pattern) => (isObject(pattern) ? pattern['type'] : undefined));
  return [...new Set(types.filter((type) => typeof type === 'string'))];
}
