import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Api, Path, Query } from '../../../src/core/api.ts';
import { pagesOf } from '../../../src/platform/pages.ts';
import { path } from '../../../src/platform/path.ts';

const Page = z.object({ names: z.array(z.string()), next_page_token: z.string().nullish() });

/** A list of so many pages, and the tokens that it was asked for. */
function listOf(count: number) {
  const tokens: unknown[] = [];
  const get = async (target: Path, query: Query = {}) => {
    expect(target.text).toBe('/things');
    expect(query).toMatchObject({ kind: 'x', page_size: 30 });
    tokens.push(query['page_token']);
    const next = tokens.length < count ? `page-${tokens.length + 1}` : '';
    return { names: [`name-${tokens.length}`], next_page_token: next };
  };
  const pages = () => pagesOf({ get } as unknown as Api, path`/things`, { kind: 'x', page_size: 30 }, Page);
  return { tokens, pages };
}

describe('the pages of a list', () => {
  it('come one after the other, until the last one', async () => {
    const { tokens, pages } = listOf(3);
    const names: string[] = [];
    for await (const page of pages()) names.push(...page.names);
    expect(names).toEqual(['name-1', 'name-2', 'name-3']);
    expect(tokens).toEqual([undefined, 'page-2', 'page-3']);
  });

  it('are not asked for once the reader has found what it looks for', async () => {
    const { tokens, pages } = listOf(10);
    for await (const page of pages()) if (page.names.includes('name-2')) break;
    expect(tokens).toHaveLength(2);
  });

  it('are 50 at most', async () => {
    const { tokens, pages } = listOf(1_000);
    for await (const page of pages()) expect(page.next_page_token).not.toBe('');
    expect(tokens).toHaveLength(50);
  });

  it('have the form that is expected of them', async () => {
    const api = { get: async () => ({ names: 'none' }) } as unknown as Api;
    await expect(pagesOf(api, path`/things`, {}, Page).next()).rejects.toMatchObject({ code: 'unexpected_response' });
  });
});
