import { describe, expect, it } from 'vitest';
import type { Api } from '../../../src/core/api.ts';
import { domainPages, listDomains, showDomain } from '../../../src/platform/organization-domain.ts';

/** An API that answers with what a path has. */
const apiOf = (answers: (path: string, query: Readonly<Record<string, unknown>>) => unknown) =>
  ({ get: async (path: { text: string }, query = {}) => answers(path.text, query) }) as unknown as Api;

describe('the domains of an organization', () => {
  const all = Array.from({ length: 60 }, (_, i) => ({ id: `dom_${i}`, domain: `${i}.acme.example` }));
  /** Its pages have 25 entries at most, as it says. */
  const small = apiOf((_, { page_size: size = 25, page_number: number = 0 }) => {
    const page_size = Math.min(Number(size), 25);
    return { page_size, domains: all.slice(Number(number) * page_size, (Number(number) + 1) * page_size) };
  });

  it('go on where the API makes its pages smaller than they were asked for', async () => {
    expect(await listDomains(small, 'org_1', {}, { page_size: 100, page_token: undefined })).toMatchObject({
      next_page_token: 'page-1',
    });
    let count = 0;
    for await (const { entries } of domainPages(small, 'org_1')) count += entries.length;
    expect(count).toBe(60);
  });

  it('lead to connections in whichever case they are written', async () => {
    const api = apiOf((path) =>
      path.startsWith('/connections')
        ? { connections: [{ id: 'conn_1', domains: ['acme.com'] }] }
        : { domain: { id: 'dom_1', domain: 'Acme.COM' } },
    );
    expect(await showDomain(api, 'org_1', 'dom_1')).toMatchObject({ connections: { count: 1 } });
  });
});
