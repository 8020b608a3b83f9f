import { afterAll, beforeAll, describe, expect } from 'vitest';
import { CLIENTS, type ContentClient, connected } from '../fixtures/content-clients.ts';
import { PAGES } from '../fixtures/docs-site/pages.ts';
import { type DocsSite, startDocsSite } from '../fixtures/docs-site/site.ts';
import { rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

const LISTS = [
  'docs://index',
  'docs://full-stack-auth',
  'docs://agent-auth',
  'docs://mcp-auth',
  'docs://sso-scim',
  'docs://quickstart',
  'docs://api-sdk',
  'docs://integrations',
  'docs://m2m-auth',
];
const ENCLOSED = /^[^\n]+\n\n<(docs-[0-9a-f]{12})>\n([\s\S]+)\n<\/\1>$/;

let site: DocsSite;
let server: TestServer;
let url: string;

beforeAll(async () => {
  site = await startDocsSite();
  server = await running({ DOCS_URL: site.origin });
  url = `${server.localUrl}/mcp`;
});
afterAll(async () => {
  await server.stop();
  await site.stop();
});

/** The site's text of what a client reads, and the mark around it. */
async function read(client: ContentClient, uri: string) {
  const { contents } = await client.readResource({ uri });
  const [content] = contents as { uri: string; mimeType?: string; text: string }[];
  expect([contents.length, content?.uri, content?.mimeType]).toEqual([1, uri, 'text/markdown']);
  const [, mark, text = ''] = ENCLOSED.exec(content?.text ?? '') ?? [];
  expect(mark, content?.text).toBeDefined();
  return { mark, text };
}

describe.each(CLIENTS)('a client of %s, without any scope', (name) => {
  const connect = async (query = '') => connected(name, url + query, await server.token(''));

  verifies(
    'docs.resources',
    'is told of the parts of the documentation, and of the template of its pages',
    async () => {
      const client = await connect();
      const { resources } = await client.listResources();
      expect(resources.map(({ uri }) => uri).filter((uri) => uri.startsWith('docs://'))).toEqual(LISTS);
      const { resourceTemplates } = await client.listResourceTemplates();
      expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain('docs://page/{+path}');
      await client.close();
    },
  );

  verifies(['docs.resources', 'docs.boundary'], 'reads each list, and each page that one names', async () => {
    const client = await connect();
    const pages = new Set<string>();
    for (const uri of LISTS) {
      const { text } = await read(client, uri);
      for (const page of text.match(/docs:\/\/page\/[^)\s]+/g) ?? []) pages.add(page);
    }
    expect([...pages].sort()).toEqual(
      PAGES.filter((page) => page.in.length > 0)
        .map(({ path }) => `docs://page/${path}`)
        .sort(),
    );
    const marks = new Set<string | undefined>();
    for (const uri of pages) {
      const { text, mark } = await read(client, uri);
      marks.add(mark);
      const page = PAGES.find(({ path }) => uri.endsWith(`/${path}`));
      expect(text).toBe(`# ${page?.title}\n\n${page?.description}\n\n${page?.text}`);
    }
    expect(marks.size).toBe(pages.size);
    await client.close();
  });

  verifies(
    'docs.resources',
    'is told that a page is not there, and completes the paths of those that are',
    async () => {
      const client = await connect();
      for (const path of ['nothing', '__proto__', 'mcp/quickstart/..', '%00']) {
        await expect(client.readResource({ uri: `docs://page/${path}` })).rejects.toMatchObject({ code: -32602 });
      }
      const { completion } = await client.complete({
        ref: { type: 'ref/resource', uri: 'docs://page/{+path}' },
        argument: { name: 'path', value: 'okta' },
      });
      expect(completion).toMatchObject({ values: ['sso/okta-saml'], hasMore: false });
      await client.close();
    },
  );

  verifies(
    'docs.resources',
    'is offered them where it selects the toolset, and not where it selects others',
    async () => {
      const offered = async (query: string) => {
        const client = await connect(query);
        const { resources } = await client.listResources();
        await client.close();
        return resources.filter(({ uri }) => uri.startsWith('docs://')).length;
      };
      expect(await offered('?toolsets=docs')).toBe(LISTS.length);
      expect(await offered('?toolsets=users')).toBe(0);
      expect(await offered('?read_only=true')).toBe(LISTS.length);
      expect(await offered('?environment=env_71204418093056001')).toBe(LISTS.length);
    },
  );
});

verifies('docs.resources', 'may be kept for a while, by shared caches as well', async () => {
  const { body } = await rpc(
    url,
    'modern',
    'resources/read',
    { uri: 'docs://index' },
    { token: await server.token(''), headers: { 'mcp-name': 'docs://index' } },
  );
  expect(body.result).toMatchObject({ ttlMs: 600_000, cacheScope: 'public' });
});

verifies('docs.off', 'are not there where the documentation is switched off', async () => {
  const off = await running({ DOCS_URL: 'off' });
  try {
    const client = await connected('SDK 1.x', `${off.localUrl}/mcp`, await off.token(''));
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri).filter((uri) => uri.startsWith('docs://'))).toEqual([]);
    await expect(client.readResource({ uri: 'docs://index' })).rejects.toMatchObject({ code: -32602 });
    await client.close();
  } finally {
    await off.stop();
  }
});
