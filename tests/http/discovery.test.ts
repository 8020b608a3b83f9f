import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

const PUBLIC = 'http://localhost:4321';
const TOKEN = 'openai-Challenge_1.2~3';
let server: TestServer;
let published: TestServer;
beforeAll(async () => {
  [server, published] = await Promise.all([
    running(),
    running({ ALLOWED_HOSTS: 'localhost,127.0.0.1', OPENAI_APPS_CHALLENGE: TOKEN }),
  ]);
});
afterAll(() => Promise.all([server.stop(), published.stop()]));

const get = (path: string, headers: Readonly<Record<string, string>> = {}, at = server) =>
  fetch(at.localUrl + path, { headers });
const json = async (path: string) => (await get(path)).json() as Promise<Record<string, unknown>>;

describe('the server card', () => {
  verifies('discovery.card', 'has the form that the extension asks for, and can be read by pages', async () => {
    for (const path of ['/mcp/server-card', '/server-card']) {
      const response = await get(path, {
        origin: 'https://app.example.com',
        accept: 'application/mcp-server-card+json',
      });
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'application/mcp-server-card+json',
        'cache-control': 'public, max-age=3600',
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'ETag',
        etag: expect.stringMatching(/^"[\da-f]{24}"$/),
      });
      const card = (await response.json()) as Record<string, unknown>;
      expect(Object.keys(card).sort()).toEqual(
        ['$schema', 'description', 'icons', 'name', 'remotes', 'title', 'version', 'websiteUrl'].sort(),
      );
      expect(card).toMatchObject({
        $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
        name: expect.stringMatching(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
        remotes: [
          { type: 'streamable-http', url: `${server.localUrl}/mcp` },
          { type: 'streamable-http', url: `${server.localUrl}/` },
        ],
      });
      expect(String(card['description']).length).toBeLessThanOrEqual(100);
    }
  });

  verifies('discovery.card', 'says what a client sees that has connected', async () => {
    const { title, version, websiteUrl, icons, remotes } = await json('/mcp/server-card');
    const token = await server.token();
    for (const { url, supportedProtocolVersions } of remotes as {
      url: string;
      supportedProtocolVersions: string[];
    }[]) {
      const { result } = (await rpc(url, 'modern', 'server/discover', {}, { token })).body;
      expect(result._meta['io.modelcontextprotocol/serverInfo']).toMatchObject({ title, version, websiteUrl, icons });
      expect(supportedProtocolVersions).toEqual([...result.supportedVersions, ...SUPPORTED_PROTOCOL_VERSIONS]);
    }
  });

  verifies('discovery.card', 'is not sent again to whoever has it', async () => {
    const first = await get('/mcp/server-card');
    const tag = String(first.headers.get('etag'));
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = await get('/mcp/server-card', { 'if-none-match': known });
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag]);
    }
    for (const unknown of ['"other"', tag.slice(1, -1), `${'"x", '.repeat(2000)}${tag}`]) {
      expect((await get('/mcp/server-card', { 'if-none-match': unknown })).status).toBe(200);
    }
    const preflight = await fetch(`${server.localUrl}/mcp/server-card`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example.com', 'access-control-request-method': 'GET' },
    });
    expect(preflight.headers.get('access-control-allow-headers')).toContain('If-None-Match');
  });
});

verifies('discovery.catalog', 'the catalog leads from a domain to the card', async () => {
  const response = await get('/.well-known/ai-catalog.json');
  expect(response.headers.get('content-type')).toBe('application/ai-catalog+json');
  const { specVersion, entries } = (await response.json()) as { specVersion: string; entries: { url: string }[] };
  expect(specVersion).toBe('1.0');
  expect(entries).toEqual([
    {
      identifier: expect.stringMatching(/^urn:air:[\w.-]+:mcp:scalekit$/),
      type: 'application/mcp-server-card+json',
      url: `${server.localUrl}/mcp/server-card`,
    },
  ]);
  expect((await fetch(String(entries[0]?.url))).headers.get('content-type')).toBe('application/mcp-server-card+json');
});

verifies(['discovery.card', 'discovery.catalog'], 'both name the public address where there is one', async () => {
  const own = await running({ PUBLIC_URL: PUBLIC });
  const [card, catalog] = await Promise.all(
    ['/mcp/server-card', '/.well-known/ai-catalog.json'].map(async (path) => (await get(path, {}, own)).text()),
  );
  expect(card).toContain(`"${PUBLIC}/mcp"`);
  expect(catalog).toContain(`"${PUBLIC}/mcp/server-card"`);
  expect(catalog).toContain('urn:air:localhost:mcp:scalekit');
  await own.stop();
});

verifies('discovery.challenge', 'the challenge of OpenAI is served to the byte, and 404 without one', async () => {
  const path = '/.well-known/openai-apps-challenge';
  const response = await get(path, {}, published);
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    200,
    'text/plain; charset=utf-8',
    TOKEN,
  ]);
  expect((await get(path)).status).toBe(404);
});

verifies('discovery.llms', '/llms.txt has the form that models look for, and each of its links is there', async () => {
  const response = await get('/llms.txt');
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('public, max-age=300');
  const known = await get('/llms.txt', { 'if-none-match': String(response.headers.get('etag')) });
  expect([known.status, known.headers.get('content-type')]).toEqual([304, null]);
  const text = await response.text();
  for (const path of ['/index.md', '/docs/tools.md', '/docs/errors.md'])
    expect(text).toContain(`](${server.localUrl}${path})`);
  expect(text).toMatch(/^# Scalekit MCP server\n\n> [^\n]+sandbox[^\n]+\n\n/);
  const links = [...text.matchAll(/\]\((\S+?)\)/g)].map(([, link = '']) => link);
  const own = links.filter((link) => link.startsWith(server.localUrl));
  expect(own.length).toBeGreaterThan(5);
  for (const link of own) expect([link, (await fetch(link)).status]).toEqual([link, 200]);
});

verifies(
  ['discovery.card', 'discovery.catalog', 'discovery.challenge', 'discovery.llms'],
  'what is public answers no other host, and no other method',
  async () => {
    const paths = ['/mcp/server-card', '/server-card', '/.well-known/ai-catalog.json', '/llms.txt'];
    for (const path of [...paths, '/.well-known/openai-apps-challenge']) {
      const foreign = await supertest(published.localUrl).get(path).set('Host', 'evil.example.com');
      expect([path, foreign.status]).toEqual([path, 403]);
      const posted = await fetch(published.localUrl + path, { method: 'POST', body: '{}' });
      expect([path, posted.status, posted.headers.get('allow')]).toEqual([path, 405, 'GET, HEAD, OPTIONS']);
      const head = await fetch(published.localUrl + path, { method: 'HEAD' });
      expect([path, head.status, await head.text()]).toEqual([path, 200, '']);
    }
  },
);
