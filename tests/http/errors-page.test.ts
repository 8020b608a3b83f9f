import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ERROR_CODES } from '../../src/core/errors.ts';
import { OAUTH_ERRORS } from '../../src/http/oauth-errors.ts';
import { SYMPTOMS, SYMPTOMS_OF, type Symptom } from '../../src/web/symptoms.ts';
import { refusalIn } from '../fixtures/refusal-in.ts';
import { callTool } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

let scalekit: FakeScalekit;
let server: TestServer;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  server = await running(scalekit.env);
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});

const page = async () => (await fetch(`${server.url}/docs/errors`)).text();

/** The text that a reader sees of an entry. */
function entryOf(html: string, code: string): string {
  const [, entry = ''] = new RegExp(`<section id="${code}">([\\s\\S]*?)</section>`).exec(html) ?? [];
  return entry
    .replace(/<[^>]+>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}

describe('/docs/errors', () => {
  verifies('docs.errors', 'has one entry for every code, with all that its table says', async () => {
    const html = await page();
    const codes = [...new Set([...Object.keys(OAUTH_ERRORS), ...Object.keys(ERROR_CODES)])];
    expect([...html.matchAll(/<section id="([^"]+)"/g)].map(([, id]) => id).sort()).toEqual(codes.sort());
    for (const [code, { meaning, client, person }] of [
      ...Object.entries(OAUTH_ERRORS),
      ...Object.entries(ERROR_CODES),
    ]) {
      for (const text of [meaning, client, person]) expect(entryOf(html, code)).toContain(text.replaceAll('`', ''));
    }
  });

  verifies('docs.errors', 'says the same in Markdown', async () => {
    const text = await (await fetch(`${server.url}/docs/errors.md`)).text();
    const codes = new Set([...Object.keys(OAUTH_ERRORS), ...Object.keys(ERROR_CODES)]);
    expect([...text.matchAll(/^### (.*)$/gm)].map(([, code]) => code).sort()).toEqual([...codes].sort());
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, sees]) => sees)).toEqual(Object.values(SYMPTOMS));
    for (const { meaning, client, person } of [...Object.values(OAUTH_ERRORS), ...Object.values(ERROR_CODES)]) {
      for (const said of [`- Meaning: ${meaning}`, `- Client: ${client}`, `- Person: ${person}`])
        expect(text).toContain(`${said}\n`);
    }
    for (const [, code] of text.matchAll(/\]\(#(\w+)\)/g)) expect(codes).toContain(code);
  });

  verifies('docs.errors', 'is ordered by what one sees, and leads from there to each code that it may be', async () => {
    const html = await page();
    const [, index = ''] = /<nav class="symptoms"[^>]*>([\s\S]*?)<\/nav>/.exec(html) ?? [];
    const groups = html.split('<h2 id="').slice(1);
    expect(Object.keys(SYMPTOMS)).toEqual(groups.map((group) => group.split('"')[0]));
    for (const group of groups) {
      const symptom = String(group.split('"')[0]) as Symptom;
      const codes = Object.entries(SYMPTOMS_OF).filter(([, symptoms]) => symptoms.includes(symptom));
      const entries = [...group.matchAll(/<section id="([^"]+)"/g)].map(([, id]) => id);
      expect(entries).toEqual(codes.filter(([, [first]]) => first === symptom).map(([code]) => code));
      expect(index).toContain(`<a href="#${symptom}">${SYMPTOMS[symptom]}</a>`);
      for (const [code] of codes) expect(group).toContain(`<a href="#${code}">`);
    }
    // Every link within the page has a target there.
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });

  verifies('docs.errors', 'says about every code more than its name', () => {
    for (const [code, { meaning, client, person }] of [
      ...Object.entries(OAUTH_ERRORS),
      ...Object.entries(ERROR_CODES),
    ]) {
      expect({ code, thin: [meaning, client, person].filter((text) => text.length < 40) }).toEqual({ code, thin: [] });
    }
  });

  verifies('docs.pages', 'has a way home and a way on, as every page has', async () => {
    for (const path of [
      '/docs/errors',
      '/docs/errors/',
      '/docs',
      '/docs/',
      '/info',
      '/docs/tools',
      '/docs/tools?q=user',
    ]) {
      const response = await fetch(server.url + path);
      const html = await response.text();
      expect(response.status).toBe(200);
      const links = [...html.matchAll(/href="([^#"][^"]*)"/g)].map(([, target]) => String(target));
      expect(html).toContain('<header><a class="brand" href="/docs">');
      expect(links).toEqual(expect.arrayContaining(['/docs', '/docs/errors', 'https://docs.scalekit.com']));
      for (const link of links.filter((target) => target.startsWith('/'))) {
        expect({ link, status: (await fetch(server.url + link)).status }).toEqual({ link, status: 200 });
      }
    }
  });

  verifies('docs.pages', 'lead home to how one connects, with the public URL where there is one', async () => {
    const home = await (await fetch(`${server.url}/docs`)).text();
    expect(home).toContain(`<code>${server.url}/mcp</code>`);
    expect(home.replace(/<[^>]*>/g, '')).toContain(`claude mcp add --transport http scalekit ${server.url}/mcp`);
    // At the width of a telephone, a line must not end in the middle of an option.
    expect(home).toContain('<span class="option">--transport</span>');
    const own = await running({ ...scalekit.env, PUBLIC_URL: 'https://mcp.example.com', ALLOWED_HOSTS: '127.0.0.1' });
    expect(await (await fetch(`${own.localUrl}/docs`)).text()).toContain('<code>https://mcp.example.com/mcp</code>');
    await own.stop();
  });

  const BROWSERS = [
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'text/html, */*;q=0.1',
    'application/xml;q=0.9, TEXT/HTML;q=0.8',
    'text/html;charset=utf-8',
  ];
  const CLIENTS = [
    undefined,
    '*/*',
    'text/*',
    'text/event-stream',
    'application/json, text/event-stream',
    'application/json',
    'text/html, text/event-stream',
    'text/html;q=0, */*',
    'text/html;q=0.00',
    'text/htmlx',
    'application/x; a="text/html"',
  ];

  verifies.each('docs.browser', ['/', '/mcp', '/mcp/'])(
    '%s shows browsers the address, and no redirect',
    async (path) => {
      for (const accept of BROWSERS) {
        const { status, text, headers } = await supertest(server.url).get(path).set('Accept', accept);
        expect({ accept, status, type: headers['content-type'] }).toEqual({
          accept,
          status: 200,
          type: 'text/html; charset=utf-8',
        });
        expect(text).toContain(`<code>${server.url}/mcp</code>`);
        // What a cache keeps of it could reach a client that has to see the challenge.
        expect(headers['cache-control']).toBe('no-store');
      }
    },
  );

  verifies.each('docs.browser', ['/', '/mcp', '/mcp/'])('%s challenges everything else', async (path) => {
    for (const accept of CLIENTS) {
      const asked = supertest(server.url).get(path);
      const { status, headers } = await (accept === undefined ? asked : asked.set('Accept', accept));
      expect({ accept, status, challenge: headers['www-authenticate'] }).toEqual({
        accept,
        status: 401,
        challenge: expect.stringContaining('resource_metadata='),
      });
    }
    const [browser = ''] = BROWSERS;
    const at = supertest(server.url);
    for (const answer of [
      await at.get(path).set('Accept', browser).set('Authorization', 'Bearer x.y.z'),
      await at.post(path).set('Accept', browser).send({}),
      await at.delete(path).set('Accept', browser),
    ]) {
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, expect.any(String)]);
    }
    expect((await at.head(path).set('Accept', browser)).status).toBe(405);
    expect((await at.get(path).set('Accept', browser).set('Origin', 'https://evil.example')).status).toBe(403);
  });

  verifies(
    'docs.errors',
    'is public, the same for everybody, and asks for nothing but its own style and icon',
    async () => {
      const response = await fetch(`${server.url}/docs/errors`);
      const html = await response.text();
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'public, max-age=300',
        'content-security-policy': [
          "default-src 'none'",
          "style-src 'self'",
          "img-src 'self'",
          "base-uri 'none'",
          "form-action 'none'",
          "frame-ancestors 'none'",
        ].join('; '),
        'x-content-type-options': 'nosniff',
        'content-length': String(Buffer.byteLength(html)),
      });
      expect(html).not.toMatch(/<script|<style|<iframe|style=|\son\w+=/);
      expect([...html.matchAll(/https?:[^"<]*/g)].map(([url]) => url)).toEqual(['https://docs.scalekit.com']);
      const agent = supertest(server.url);
      expect((await agent.head('/docs/errors')).status).toBe(200);
      expect((await agent.post('/docs/errors')).status).toBe(405);
      expect((await agent.get('/docs/errors/x')).status).toBe(404);
      expect((await agent.get('/docs/errors').set('Host', 'evil.example.com')).status).toBe(403);
    },
  );
});

describe('error_uri', () => {
  /** The bodies of errors at the doors, each provoked over HTTP. */
  async function provoke({ localUrl }: TestServer): Promise<Record<string, unknown>[]> {
    const agent = supertest(localUrl);
    const answers = [
      agent.get('/mcp'),
      agent.post('/mcp').set('Authorization', 'Bearer x.y.z').send({}),
      agent.put('/mcp'),
      agent.get('/nowhere'),
      agent.post('/mcp').set('Origin', 'https://evil.example.com').send({}),
    ];
    const bodies: Record<string, unknown>[] = [];
    for (const answer of answers) {
      const { body } = await answer;
      bodies.push(body.jsonrpc === undefined ? body : refusalIn(body));
    }
    const token = await scalekit.mint({ claims: { scope: 'openid' } });
    const denied = await callTool(`${localUrl}/mcp`, 'modern', 'list_environments', {}, { token });
    return [...bodies, refusalIn(denied.body)];
  }

  const CODES = [
    'invalid_token',
    'invalid_token',
    'method_not_allowed',
    'not_found',
    'access_denied',
    'insufficient_scope',
  ];

  verifies('docs.error-uri', 'leads from every error at the doors to its entry', async () => {
    const html = await page();
    const bodies = await provoke(server);
    expect(bodies.map(({ error }) => error)).toEqual(CODES);
    for (const { error, error_uri: uri } of bodies) {
      expect(uri).toBe(`${server.localUrl}/docs/errors#${error}`);
      expect(entryOf(html, String(error))).not.toBe('');
    }
  });

  verifies('docs.error-uri', 'has the public URL wherever one is configured', async () => {
    const env = { ...scalekit.env, PUBLIC_URL: 'https://mcp.example.com', ALLOWED_HOSTS: '127.0.0.1' };
    const own = await running(env);
    const uris = (await provoke(own)).map(({ error_uri: uri }) => uri);
    expect(uris).toEqual(CODES.map((code) => `https://mcp.example.com/docs/errors#${code}`));
    await own.stop();
  });

  verifies('docs.error-uri', 'has the allowed name that the client used, and never a foreign one', async () => {
    const uriFor = async (host: string) => (await supertest(server.url).get('/mcp').set('Host', host)).body.error_uri;
    expect(await uriFor('LOCALHOST:8080')).toBe('http://localhost:8080/docs/errors#invalid_token');
    expect(await uriFor('127.0.0.1:80')).toBe('http://127.0.0.1/docs/errors#invalid_token');
    for (const host of ['evil.example.com', 'localhost.evil.example.com', '']) {
      expect(await uriFor(host)).toBe(`http://localhost:${server.port}/docs/errors#access_denied`);
    }
  });

  verifies('docs.error-uri', 'is there where keys are away', async () => {
    const lost = await FakeScalekit.start();
    lost.keys = (_request, response) => json(response, 500, {});
    const own = await running(lost.env);
    const { status, body } = await callTool(`${own.url}/mcp`, 'modern', 'whoami', {}, { token: await lost.mint() });
    expect({ status, ...refusalIn(body) }).toMatchObject({
      status: 503,
      error: 'server_error',
      error_uri: `${own.url}/docs/errors#server_error`,
    });
    await own.stop();
    await lost.close();
  });
});
