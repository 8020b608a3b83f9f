import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Api, Path, Query } from '../../../src/core/api.ts';
import { pagesOf } from '../../../src/platform/pages.ts';
import { path } from '../../../src/platform/path.ts';
import { verifies } from '../../verifies.ts';

const Thing = z.object({ name: z.string() });

/** A list of so many pages, and the tokens that it was asked for. */
function listOf(count: number) {
  const tokens: unknown[] = [];
  const get = async (target: Path, query: Query = {}) => {
    expect(target.text).toBe('/things');
    expect(query).toMatchObject({ kind: 'x', page_size: 30 });
    tokens.push(query['page_token']);
    const next = tokens.length < count ? `page-${tokens.length + 1}` : '';
    return { things: [{ name: `name-${tokens.length}` }], next_page_token: next };
  };
  const pages = () => pagesOf({ get } as unknown as Api, path`/things`, { kind: 'x', page_size: 30 }, 'things', Thing);
  return { tokens, pages };
}

function firstPage(answer: unknown) {
  const api = { get: async () => answer } as unknown as Api;
  return { next: pagesOf(api, path`/things`, {}, 'things', Thing).next() };
}

describe('the pages of a list', () => {
  it('come one after the other, until the last one', async () => {
    const { tokens, pages } = listOf(3);
    const names: string[] = [];
    for await (const page of pages()) names.push(...page.entries.map(({ name }) => name));
    expect(names).toEqual(['name-1', 'name-2', 'name-3']);
    expect(tokens).toEqual([undefined, 'page-2', 'page-3']);
  });

  it('are not asked for once the reader has found what it looks for', async () => {
    const { tokens, pages } = listOf(10);
    for await (const page of pages()) if (page.entries[0]?.name === 'name-2') break;
    expect(tokens).toHaveLength(2);
  });

  it('are 50 at most', async () => {
    const { tokens, pages } = listOf(1_000);
    for await (const page of pages()) expect(page.isLast).toBe(false);
    expect(tokens).toHaveLength(50);
  });

  it('have the form that is expected of them', async () => {
    for (const answer of [{ things: 'none' }, {}, { total_size: 3 }, { things: [], next_page_token: 7 }]) {
      const { next } = firstPage(answer);
      await expect(next).rejects.toMatchObject({ code: 'unexpected_response' });
    }
  });

  verifies('list.left-out', 'are empty where they are left out and the answer says so', async () => {
    for (const answer of [{ total_size: 0 }, { next_page_token: '' }, { things: null, total_size: '0' }]) {
      expect((await firstPage(answer).next).value).toEqual({ entries: [], isWhole: true, isLast: true });
    }
  });

  verifies('list.odd-entry', 'pass over entries that lack what is looked for, and say so', async () => {
    const things = [{ name: 'a', other: 7 }, { name: 7 }, null, { name: 'b' }];
    const { value } = await firstPage({ things }).next;
    expect(value).toEqual({ entries: [{ name: 'a' }, { name: 'b' }], isWhole: false, isLast: true });
  });
});
