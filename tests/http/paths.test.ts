import { connect } from 'node:net';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import { rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

const ENDPOINTS = ['/', '/mcp', '/mcp/'];
const METADATA = '/.well-known/oauth-protected-resource';

let scalekit: FakeScalekit;
let server: TestServer;
let agent: ReturnType<typeof supertest>;
let token: string;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  server = await running(scalekit.env);
  agent = supertest(server.url);
  token = await scalekit.mint();
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});

describe('HEAD', () => {
  verifies.each('middleware.head', ENDPOINTS)('on %s is 405, whatever token it carries', async (path) => {
    const own = await running({
      ...scalekit.env,
      RATE_LIMIT: JSON.stringify({ failures: { points: 1, seconds: 900 } }),
    });
    const at = supertest(own.url);
    for (const authorization of ['', 'Bearer x.y.z', 'Basic eDp5', `Bearer ${token}`]) {
      for (let time = 0; time < 3; time++) {
        const { status, headers } = await at.head(path).set('Authorization', authorization);
        expect({ status, allow: headers['allow'] }).toEqual({ status: 405, allow: 'POST, OPTIONS' });
        expect(headers).not.toHaveProperty('www-authenticate');
      }
    }
    // A bad token is still told so: none of those before counted as a failure.
    await at.post(path).set('Authorization', 'Bearer x.y.z').send({}).expect(401);
    await own.stop();
  });

  verifies.each('middleware.head', ENDPOINTS)('is not GET: that is challenged on %s', async (path) => {
    const metadata = `${server.url}${METADATA}${path === '/' ? '' : '/mcp'}`;
    for (const version of [undefined, '2024-11-05', '2025-11-25', '2026-07-28', '1.0']) {
      const asked = agent.get(path).set('Accept', 'text/event-stream');
      if (version !== undefined) asked.set('MCP-Protocol-Version', version);
      const { status, headers } = await asked;
      expect({ version, status }).toEqual({ version, status: 401 });
      expect(headers['www-authenticate']).toContain(`resource_metadata="${metadata}"`);
    }
  });

  verifies('middleware.head', 'answers elsewhere as GET does', async () => {
    for (const path of ['/health/live', METADATA, `${METADATA}/mcp`, '/docs/errors'])
      await agent.head(path).expect(200);
  });
});

describe('/mcp/', () => {
  verifies('middleware.slash', 'challenges with the metadata of /mcp, and never redirects', async () => {
    for (const method of ['get', 'post', 'delete'] as const) {
      const { status, headers } = await agent[method]('/mcp/');
      expect({ method, status, location: headers['location'] }).toEqual({ method, status: 401, location: undefined });
      expect(headers['www-authenticate']).toContain(`resource_metadata="${server.url}${METADATA}/mcp"`);
    }
  });

  verifies('middleware.slash', 'serves both eras, and logs its path', async () => {
    for (const era of ['modern', 'legacy'] as const) {
      const { status, body } = await rpc(`${server.url}/mcp/`, era, 'tools/list', {}, { token });
      expect({ era, status }).toEqual({ era, status: 200 });
      expect(body.result.tools.length).toBeGreaterThan(10);
    }
    await expect.poll(() => server.lines).toContainEqual(expect.objectContaining({ path: '/mcp/', outcome: 'ok' }));
  });

  verifies(['middleware.slash', 'metadata.documents'], 'has the document of /mcp, byte for byte', async () => {
    const { text, headers } = await agent.get(`${METADATA}/mcp/`).expect(200);
    expect(text).toBe((await agent.get(`${METADATA}/mcp`)).text);
    expect(JSON.parse(text).resource).toBe(`${server.url}/mcp`);
    expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' });
    await agent.head(`${METADATA}/mcp/`).expect(200);
    await agent.post(`${METADATA}/mcp/`).expect(405);
  });

  verifies('middleware.slash', 'names in a 403 the metadata of /mcp as well', async () => {
    const weak = await scalekit.mint({ claims: { scope: 'openid' } });
    const call = { name: 'list_environments', arguments: {} };
    const { status, headers } = await rpc(`${server.url}/mcp/`, 'legacy', 'tools/call', call, { token: weak });
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toContain(`resource_metadata="${server.url}${METADATA}/mcp"`);
  });

  verifies(
    ['middleware.slash', 'sandbox.resources'],
    'is the sandbox’s resource with and without the slash',
    async () => {
      const own = await running();
      const { port } = new URL(own.url);
      for (const resource of ['/mcp/', '/mcp'].map((path) => `http://localhost:${port}${path}`)) {
        const response = await fetch(`${own.sandbox().url}/oauth/token`, {
          method: 'POST',
          headers: { authorization: `Basic ${btoa('sandbox-machine:sandbox-secret')}` },
          body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
        });
        const { access_token: granted } = (await response.json()) as { access_token: string };
        const { aud } = JSON.parse(Buffer.from(String(granted.split('.')[1]), 'base64url').toString());
        for (const path of ENDPOINTS) {
          const { status } = await rpc(own.url + path, 'legacy', 'ping', {}, { token: granted });
          expect({ aud, path, status }).toEqual({ aud, path, status: 200 });
        }
      }
      await own.stop();
    },
  );
});

describe('the default endpoints of the authorization server', () => {
  /** What a server answers there whose authorization server has these in its metadata. */
  async function answersWith(metadata: (issuer: string) => object) {
    const own = await FakeScalekit.start();
    own.metadata = (_request, response) => json(response, 200, metadata(own.issuer));
    const at = await running({ ...own.env });
    const ask = supertest(at.url);
    const answers = [
      await ask.get('/authorize?response_type=code&state=%2F%20&scope=a+b').redirects(0),
      await ask.post('/token').type('form').send({ grant_type: 'refresh_token', refresh_token: 'r' }).redirects(0),
    ].map(({ status, headers }) => ({ status, location: headers['location'] }));
    const logged = at.logText();
    await at.stop();
    await own.close();
    return { answers, logged, issuer: own.issuer };
  }
  const endpoints = (base: string) => ({
    authorization_endpoint: `${base}/oauth/authorize`,
    token_endpoint: `${base}/oauth/token`,
  });
  const NOTHING = { status: 404, location: undefined };

  verifies(
    'metadata.default-endpoints',
    'lead to those that its metadata names, and nothing of it is logged',
    async () => {
      const { answers, logged, issuer } = await answersWith((issuer) => ({ issuer, ...endpoints(issuer) }));
      expect(answers).toEqual([
        { status: 307, location: `${issuer}/oauth/authorize?response_type=code&state=%2F%20&scope=a+b` },
        { status: 307, location: `${issuer}/oauth/token` },
      ]);
      expect(logged).not.toContain('response_type');
    },
  );

  verifies.each<[string, (issuer: string) => object]>('metadata.default-endpoints', [
    ['names none', (issuer) => ({ issuer })],
    ['names them at another host', (issuer) => ({ issuer, ...endpoints('https://elsewhere.example') })],
    ['is that of another', (issuer) => ({ issuer: `${issuer}x`, ...endpoints(issuer) })],
  ])('are not there where the metadata %s', async (_, metadata) => {
    const { answers } = await answersWith(metadata);
    expect(answers).toEqual([NOTHING, NOTHING]);
  });

  verifies('metadata.default-endpoints', 'take the one method that each has', async () => {
    await agent.post('/authorize').expect(405);
    await agent.get('/token').expect(405);
  });
});

describe('the metadata of the authorization server', () => {
  const FORMS = ['', '/mcp', '/mcp/'].map((path) => `/.well-known/oauth-authorization-server${path}`);
  const real = () => `${scalekit.url}/.well-known/oauth-authorization-server/resources/res_1234567890`;

  verifies.each('metadata.legacy', FORMS)('is where %s leads clients that name a version', async (path) => {
    for (const version of ['2025-03-26', '2025-11-25', '2024-11-05', 'any']) {
      for (const method of ['get', 'head'] as const) {
        const { status, headers } = await agent[method](path).set('MCP-Protocol-Version', version).redirects(0);
        expect({ version, status, location: headers['location'] }).toEqual({ version, status: 307, location: real() });
        expect(headers['cache-control']).toBe('no-store');
      }
    }
  });

  verifies.each('metadata.legacy', FORMS)('is not at %s for others', async (path) => {
    for (const method of ['get', 'head'] as const) {
      for (const version of [undefined, '']) {
        const asked = agent[method](path).redirects(0);
        if (version !== undefined) asked.set('MCP-Protocol-Version', version);
        const { status, headers } = await asked;
        expect({ status, location: headers['location'] }).toEqual({ status: 404, location: undefined });
      }
    }
    expect((await agent.get(path)).body).toMatchObject({ error: 'not_found' });
    await agent.post(path).set('MCP-Protocol-Version', '2025-03-26').expect(404);
  });

  verifies('metadata.legacy', 'of OpenID Connect is nowhere here', async () => {
    for (const path of ['/.well-known/openid-configuration', '/mcp/.well-known/openid-configuration']) {
      for (const form of [path, `${path}/mcp`, `${path}/mcp/`]) {
        await agent.get(form).set('MCP-Protocol-Version', '2025-03-26').redirects(0).expect(404);
      }
    }
  });
});

describe('a preflight', () => {
  const ask = (at: ReturnType<typeof supertest>, path: string, origin: string) =>
    at
      .options(path)
      .set('Origin', origin)
      .set('Access-Control-Request-Method', 'POST')
      .set('Access-Control-Request-Headers', 'authorization,content-type');
  const post = (at: ReturnType<typeof supertest>, path: string, origin: string) =>
    at
      .post(path)
      .set('Origin', origin)
      .set('Authorization', `Bearer ${token}`)
      .send({ jsonrpc: '2.0', id: 1, method: 'ping' });

  const FOREIGN = ['https://claude.ai', 'null', 'vscode-webview://x', 'file://', 'https://localhost.evil.example', ''];

  verifies.each('middleware.preflight', ENDPOINTS)('for %s promises what the POST keeps', async (path) => {
    for (const origin of FOREIGN) {
      const { status, headers } = await ask(agent, path, origin);
      expect({ origin, status, vary: headers['vary'] }).toEqual({ origin, status: 204, vary: 'Origin' });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      const refused = await post(agent, path, origin);
      expect({ origin, status: refused.status }).toEqual({ origin, status: 403 });
      expect(refused.headers['access-control-allow-origin']).toBe('*');
    }
    for (const origin of ['http://localhost:6274', 'https://127.0.0.1', 'http://[::1]:3002']) {
      const { status, headers } = await ask(agent, path, origin);
      expect({ origin, status, vary: headers['vary'] }).toEqual({ origin, status: 204, vary: 'Origin' });
      expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'access-control-max-age': '86400' });
      expect((await post(agent, path, origin)).status).toBe(200);
    }
  });

  verifies('middleware.preflight', 'is kept for listed origins, and for any with *', async () => {
    const listing = await running({ ...scalekit.env, ALLOWED_ORIGINS: 'https://claude.ai' });
    const open = await running({ ...scalekit.env, ALLOWED_ORIGINS: '*' });
    for (const [own, origins] of [
      [listing, ['https://claude.ai', 'https://CLAUDE.ai:443']],
      [open, FOREIGN],
    ] as const) {
      const at = supertest(own.url);
      for (const origin of origins) {
        for (const path of ENDPOINTS) {
          expect((await ask(at, path, origin)).headers).toMatchObject({ 'access-control-allow-origin': '*' });
          expect({ origin, status: (await post(at, path, origin)).status }).toEqual({ origin, status: 200 });
        }
      }
    }
    const other = await ask(supertest(listing.url), '/mcp', 'https://claude.ai:8443');
    expect(other.headers).not.toHaveProperty('access-control-allow-origin');
    await Promise.all([listing.stop(), open.stop()]);
  });

  verifies(['middleware.preflight', 'metadata.open'], 'for anything else is open to every page', async () => {
    for (const path of ['/health', METADATA, `${METADATA}/mcp/`, '/.well-known/oauth-authorization-server', '/MCP']) {
      for (const origin of FOREIGN) {
        const { status, headers } = await ask(agent, path, origin);
        expect({ path, status }).toEqual({ path, status: 204 });
        expect(headers['access-control-allow-origin']).toBe('*');
      }
    }
    await agent.options('/mcp').expect(204).expect('Access-Control-Allow-Origin', '*');
  });

  verifies('middleware.preflight', 'of a foreign page is on record', async () => {
    await ask(agent, '/mcp', 'https://on-record.example').set('X-Request-Id', 'foreign-preflight');
    await expect
      .poll(() => server.lines.filter(({ clientRequestId }) => clientRequestId === 'foreign-preflight'))
      .toMatchObject([{ event: 'request', method: 'OPTIONS', outcome: 'foreign', status: 204 }]);
  });
});

verifies.each('log.foreign', [
  ['Host', 'evil.example', 'ALLOWED_HOSTS lists the accepted names. They are localhost, '],
  ['Origin', 'https://evil.example', 'ALLOWED_ORIGINS lists the accepted origins. They are localhost, '],
])('a foreign %s is told with those that are accepted, and is not repeated', async (header, value, words) => {
  const { status, body } = await agent.post('/mcp').set('X-Request-Id', `foreign-${header}`).set(header, value);
  const [line, ...others] = await vi.waitUntil(() => {
    const lines = server.lines.filter(({ clientRequestId }) => clientRequestId === `foreign-${header}`);
    return lines.length > 0 && lines;
  });
  expect(others).toEqual([]);
  expect([status, line]).toMatchObject([403, { outcome: 'foreign', reason: expect.stringContaining(words) }]);
  expect(JSON.stringify([line, body])).not.toContain('evil');
  expect(JSON.stringify(body)).not.toContain('They are');
});

describe('an address of the older transport', () => {
  verifies.each('middleware.older-transport', [
    ['GET', '/sse'],
    ['GET', '/sse/'],
    ['GET', '/SSE'],
    ['GET', '/mcp/sse'],
    ['POST', '/messages?sessionId=1'],
    ['POST', '/messages/'],
    ['POST', '/message'],
  ])('%s %s is a 404 that leads to the endpoint', async (method, path) => {
    for (const authorization of ['', `Bearer ${token}`]) {
      const response = await fetch(server.url + path, { method, headers: { authorization } });
      const { error, error_description: description } = (await response.json()) as Record<string, string>;
      expect({ status: response.status, error }).toEqual({ status: 404, error: 'not_found' });
      expect(description).toContain('Streamable HTTP');
      expect(description).toContain(`${server.url}/mcp `);
    }
  });

  verifies('middleware.older-transport', 'leads to the public URL where there is one', async () => {
    const own = await running({ ...scalekit.env, PUBLIC_URL: 'https://mcp.example.com', ALLOWED_HOSTS: '127.0.0.1' });
    const { body } = await supertest(own.localUrl).get('/sse').expect(404);
    expect(body.error_description).toContain('https://mcp.example.com/mcp ');
    await own.stop();
  });

  verifies('middleware.not-found', 'is no other address', async () => {
    for (const path of ['/ssex', '/xsse', '/mymessages', '/messages/x']) {
      expect((await agent.get(path).expect(404)).body.error_description).not.toContain('Streamable');
    }
  });

  verifies('middleware.older-transport', 'is told under the name that the client used', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      let answer = '';
      const socket = connect(server.port, '127.0.0.1', () => {
        socket.write('GET /sse HTTP/1.1\r\nHost: LOCALHOST:80\r\nConnection: close\r\n\r\n');
      });
      socket.on('data', (chunk) => (answer += chunk));
      socket.on('close', () => resolve(answer)).on('error', reject);
    });
    expect(text).toContain('Connect to http://localhost/mcp ');
  });
});
