import { type IncomingHttpHeaders, request } from 'node:http';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import { SCOPES } from '../../src/core/scope.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

let scalekit: FakeScalekit;
let server: TestServer;
let agent: ReturnType<typeof supertest>;
let token: string;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  server = await running(scalekit.env);
  agent = supertest(server.url);
  token = await scalekit.mint();
  // /health waits for the first keys only so long as a quiet machine takes to get them.
  await vi.waitFor(() => agent.get('/health/ready').expect(200), { timeout: 10_000 });
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});

/** Status and body of a request whose target and method no client library would send. */
function raw(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  setHost = true,
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, method, path, headers, setHost }, (response) => {
      let text = '';
      response
        .on('data', (chunk) => (text += chunk))
        .on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    })
      .on('error', reject)
      .end();
  });
}

describe('the doors', () => {
  verifies('middleware.order', 'let nobody but health, discovery and preflights through without a token', async () => {
    const open = ['/health', '/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp'];
    for (const path of open) await agent.get(path).expect(200);
    for (const path of ['/', '/mcp']) {
      await agent.get(path).expect(401);
      await agent.post(path).send({}).expect(401);
      await agent.delete(path).expect(401);
    }
  });

  verifies('middleware.order', 'give every answer an id and headers that keep it private', async () => {
    for (const path of ['/health', '/mcp', '/nowhere', '/.well-known/oauth-protected-resource']) {
      const { headers } = await agent.get(path);
      expect(headers['x-request-id']).toMatch(/^[\w-]{36}$/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      });
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('etag');
    }
    expect((await agent.get('/mcp')).headers['cache-control']).toBe('no-store');
  });

  verifies('middleware.order', 'keep a harmless request id and replace any other', async () => {
    expect((await agent.get('/health').set('X-Request-Id', 'trace-12345')).headers['x-request-id']).toBe('trace-12345');
    for (const id of ['x', 'a"b"c"d"e"f', 'x'.repeat(65)]) {
      expect((await agent.get('/health').set('X-Request-Id', id)).headers['x-request-id']).not.toBe(id);
    }
  });

  verifies('middleware.host', 'refuse a foreign Host everywhere but at health', async () => {
    for (const host of ['evil.example.com', 'localhost.evil.example.com', '127.0.0.1.nip.io:80', '']) {
      for (const path of ['/mcp', '/', '/.well-known/oauth-protected-resource', '/nowhere']) {
        const { status, headers, body } = await agent
          .get(path)
          .set('Host', host)
          .set('Authorization', `Bearer ${token}`);
        expect({ host, path, status, error: body.error }).toEqual({ host, path, status: 403, error: 'access_denied' });
        expect(headers['access-control-allow-origin']).toBe('*');
      }
      await agent.get('/health').set('Host', host).expect(200);
    }
    for (const host of ['localhost', 'LOCALHOST:3002', '127.0.0.1:1', '[::1]:3002']) {
      await agent.get('/mcp').set('Host', host).expect(401);
    }
    await agent.get('/healthy').set('Host', 'evil.example.com').expect(403);
  });

  verifies(['middleware.host', 'middleware.errors'], 'refuse a request without a Host, at health too', async () => {
    for (const path of ['/mcp', '/health']) {
      const { status, text } = await raw('GET', path, { authorization: `Bearer ${token}` }, false);
      expect({ status, error: JSON.parse(text).error }).toEqual({ status: 400, error: 'invalid_request' });
    }
  });

  verifies('middleware.origin', 'refuse a foreign Origin at the endpoint alone', async () => {
    for (const origin of ['https://evil.example.com', 'null', 'http://localhost.evil.example.com', 'file://']) {
      const { status, headers } = await agent
        .post('/mcp')
        .set('Origin', origin)
        .set('Authorization', `Bearer ${token}`)
        .send({});
      expect({ origin, status }).toEqual({ origin, status: 403 });
      expect(headers['access-control-allow-origin']).toBe('*');
      await agent.get('/.well-known/oauth-protected-resource/mcp').set('Origin', origin).expect(200);
    }
    for (const origin of ['http://localhost:6274', 'http://127.0.0.1', 'https://localhost']) {
      await agent.get('/mcp').set('Origin', origin).expect(401);
    }
  });

  verifies(
    ['middleware.cors', 'middleware.preflight'],
    'answer preflights themselves, for any origin, without credentials',
    async () => {
      const listed = ['/', '/mcp', '/mcp/'].map((path) => [path, 'http://localhost:6274'] as const);
      const open = ['/.well-known/oauth-protected-resource', '/health', '/nowhere'].map(
        (path) => [path, 'https://app.example.com'] as const,
      );
      for (const [path, origin] of [...listed, ...open]) {
        const { status, headers } = await agent
          .options(path)
          .set('Origin', origin)
          .set('Access-Control-Request-Method', 'POST')
          .set('Access-Control-Request-Headers', 'authorization,mcp-protocol-version');
        expect({ path, status }).toEqual({ path, status: 204 });
        expect(headers).toMatchObject({
          'access-control-allow-origin': '*',
          'access-control-allow-methods': 'GET,POST,DELETE,OPTIONS',
          'access-control-max-age': '86400',
        });
        expect(headers).not.toHaveProperty('access-control-allow-credentials');
        expect(String(headers['access-control-allow-headers']).split(',')).toEqual([
          'Authorization',
          'Content-Type',
          'MCP-Protocol-Version',
          'Mcp-Method',
          'Mcp-Name',
          'Mcp-Session-Id',
          'WWW-Authenticate',
          'Retry-After',
          'RateLimit',
          'RateLimit-Policy',
          'Last-Event-ID',
          'Mcp-Param-Environment',
          'X-MCP-Toolsets',
          'X-MCP-Tools',
          'X-MCP-Readonly',
          'X-Scalekit-Environment',
          'If-None-Match',
        ]);
      }
      const challenged = await agent.get('/mcp').set('Origin', 'http://localhost:6274');
      expect(challenged.headers['access-control-expose-headers']).toContain('WWW-Authenticate');
    },
  );

  verifies('middleware.methods', 'answer GET and DELETE with 405 once the token is good', async () => {
    for (const path of ['/', '/mcp']) {
      for (const method of ['get', 'delete'] as const) {
        const { status, headers } = await agent[method](path)
          .set('Authorization', `Bearer ${token}`)
          .set('Accept', 'text/event-stream');
        expect({ status, allow: headers['allow'] }).toEqual({ status: 405, allow: 'POST, OPTIONS' });
      }
    }
  });

  verifies.each('middleware.methods', ['TRACE', 'PUT', 'PATCH', 'PROPFIND'])('answer %s with 405', async (method) => {
    for (const authorization of ['', `Bearer ${token}`]) {
      const { status, headers, text } = await raw(method, '/mcp', { authorization });
      expect({ status, allow: headers.allow, body: JSON.parse(text) }).toEqual({
        status: 405,
        allow: 'POST, OPTIONS',
        body: {
          error: 'method_not_allowed',
          error_description: 'Use one of: POST, OPTIONS.',
          error_uri: `${server.url}/docs/errors#method_not_allowed`,
        },
      });
    }
    const metadata = await raw(method, '/.well-known/oauth-protected-resource');
    expect([metadata.status, metadata.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  verifies.each(
    ['middleware.not-found', 'middleware.errors'],
    [
      '/MCP',
      '/MCP/',
      '/mcp//',
      '//mcp/',
      '//',
      '//mcp',
      '/nowhere',
      '/mcp/x',
      '/%2e%2e/mcp',
      '/%',
      '/.well-known/oauth-protected-resource/',
    ],
  )('answer %s with a JSON 404 that names the endpoint', async (path) => {
    const { status, text } = await raw('POST', path, { authorization: `Bearer ${token}` });
    expect({ path, status, body: JSON.parse(text) }).toEqual({
      path,
      status: 404,
      body: {
        error: 'not_found',
        error_description: expect.stringContaining('/mcp'),
        error_uri: `${server.url}/docs/errors#not_found`,
      },
    });
  });

  verifies.each(['middleware.errors', 'middleware.order'], ['http://[', 'http://%@x/mcp', 'x://y', '*'])(
    'answer the target %s, which is no path, in JSON and on record',
    async (target) => {
      const id = `unreadable-${Buffer.from(target).toString('hex')}`;
      const { status, headers, text } = await raw('GET', target, { 'x-request-id': id, origin: 'https://a.example' });
      expect({ status, error: JSON.parse(text).error }).toEqual({ status: 400, error: 'invalid_request' });
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'x-request-id': id,
        'x-content-type-options': 'nosniff',
        'access-control-allow-origin': '*',
      });
      await expect
        .poll(() => server.lines.filter(({ clientRequestId, level }) => clientRequestId === id && level !== 'debug'))
        .toMatchObject([{ event: 'request', method: 'GET', path: '*', outcome: 'bad_request', status: 400 }]);
    },
  );

  verifies('middleware.order', 'take a whole URL as target for the path in it', async () => {
    expect((await raw('GET', `${server.url}/health`)).status).toBe(200);
    expect((await raw('POST', `${server.url}/mcp`)).status).toBe(401);
    expect((await raw('POST', `${server.url}/MCP`)).status).toBe(404);
  });

  verifies('middleware.health', 'report health in the documented form', async () => {
    const { body } = await agent.get('/health').expect(200);
    expect(body).toEqual({
      status: 'healthy',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      services: {
        mcp_server: 'healthy',
        oauth_server: expect.stringMatching(/^(healthy|unknown)$/),
        management_api: expect.stringMatching(/^(healthy|unknown)$/),
      },
    });
  });
});

describe('the metadata documents', () => {
  verifies('metadata.documents', 'name the very URL that the client connected to', async () => {
    const { port } = new URL(server.url);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
      for (const [path, suffix] of [
        ['/', ''],
        ['/mcp', '/mcp'],
      ]) {
        const { body } = await agent.get(`/.well-known/oauth-protected-resource${suffix}`).set('Host', host);
        expect(body).toEqual({
          resource: `http://${host}${path}`,
          authorization_servers: [scalekit.issuer],
          scopes_supported: SCOPES,
          bearer_methods_supported: ['header'],
          resource_name: 'Scalekit MCP server',
        });
        const challenge = await agent.get(String(path)).set('Host', host);
        expect(challenge.headers['www-authenticate']).toContain(
          `http://${host}/.well-known/oauth-protected-resource${suffix}"`,
        );
      }
    }
  });

  verifies('metadata.documents', 'name the public URL where there is one, whatever Host is used', async () => {
    const own = await running({ ...scalekit.env, PUBLIC_URL: 'https://mcp.example.com', ALLOWED_HOSTS: '127.0.0.1' });
    const at = supertest(own.localUrl);
    const { body, headers } = await at.get('/.well-known/oauth-protected-resource/mcp').set('Host', 'mcp.example.com');
    expect(body.resource).toBe('https://mcp.example.com/mcp');
    expect(headers['strict-transport-security']).toBeDefined();
    expect((await at.get('/.well-known/oauth-protected-resource')).body.resource).toBe('https://mcp.example.com/');
    await at.get('/.well-known/oauth-protected-resource').set('Host', 'localhost').expect(403);
    // Whatever the proxy says, nothing is http.
    for (const forwarded of ['https', 'http']) {
      const asked = at.post('/mcp').set('Host', 'mcp.example.com:443').set('X-Forwarded-Proto', forwarded);
      const { headers: challenge } = await asked.send({}).expect(401);
      expect(challenge['www-authenticate']).toContain('"https://mcp.example.com/.well-known/');
      expect(challenge['www-authenticate']).not.toContain('http:');
    }
    await own.stop();
  });

  verifies('metadata.open', 'are open to all and cacheable', async () => {
    const { headers } = await agent
      .get('/.well-known/oauth-protected-resource/mcp')
      .set('Origin', 'https://anywhere.example.com')
      .set('Authorization', 'Bearer nonsense')
      .expect(200);
    expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' });
  });

  verifies('metadata.overrides', 'take in what the operator adds, but no other resource', async () => {
    const additions = { resource_documentation: 'https://docs.example.com', resource: 'http://localhost:3002/mcp' };
    const own = await running({ ...scalekit.env, PROTECTED_RESOURCE_METADATA: JSON.stringify(additions) });
    const { body } = await supertest(own.url).get('/.well-known/oauth-protected-resource');
    expect(body).toMatchObject({ resource: `${own.url}/`, resource_documentation: 'https://docs.example.com' });
    await own.stop();
  });
});

describe('the log', () => {
  verifies('log.line', 'has one line for each request, of facts only', async () => {
    const id = 'request-for-the-log';
    await agent
      .post('/mcp?secret=hidden')
      .set('X-Request-Id', id)
      .set('Authorization', `Bearer ${token}`)
      .set('Accept', 'application/json, text/event-stream')
      .send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'whoami', arguments: {} } })
      .expect(200);
    await expect
      .poll(() => server.lines.filter(({ clientRequestId, level }) => clientRequestId === id && level !== 'debug'))
      .toEqual([
        {
          timestamp: expect.any(String),
          level: 'info',
          event: 'request',
          requestId: expect.stringMatching(/^[\w-]{36}$/),
          clientRequestId: id,
          caller: 'usr_1',
          client: 'm2m_1',
          method: 'POST',
          path: '/mcp',
          rpc: 'tools/call',
          tool: 'whoami',
          outcome: 'ok',
          status: 200,
          durationMs: expect.any(Number),
        },
      ]);
    expect(server.logText()).not.toContain('hidden');
  });
});
