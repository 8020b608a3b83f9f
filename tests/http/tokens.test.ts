import { createHmac } from 'node:crypto';
import { exportSPKI, importJWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { SCOPES } from '../../src/core/scope.ts';
import { refusalIn } from '../fixtures/refusal-in.ts';
import { callTool, type RpcOptions, rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json, SERVER_ID, signingKey } from '../fixtures/scalekit.ts';
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
beforeEach(() => {
  scalekit.requests.length = 0;
  scalekit.serveApi((_request, response) =>
    json(response, 200, { organizations: [], next_page_token: '', total_size: 0 }),
  );
});

const list = (options: RpcOptions, url = `${server.url}/mcp`) =>
  callTool(url, 'legacy', 'list_organizations', { environmentId: 'env_1' }, options);

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a request without a good token', () => {
  verifies('token.none', 'is told where to get one and what to ask for, without an error', async () => {
    const { status, headers, body } = await list({});
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe(
      `Bearer scope="${SCOPES.join(' ')}", resource_metadata="${server.url}/.well-known/oauth-protected-resource/mcp"`,
    );
    expect(refusalIn(body)).toEqual({
      error: 'invalid_token',
      error_description: expect.stringContaining('access token'),
      error_uri: `${server.url}/docs/errors#invalid_token`,
    });
    const root = await list({}, `${server.url}/`);
    expect(root.headers.get('www-authenticate')).toContain(
      `resource_metadata="${server.url}/.well-known/oauth-protected-resource"`,
    );
  });

  const bad: Record<string, () => Promise<RpcOptions>> = {
    'is no token': async () => ({ token: 'x' }),
    'is an ID token': async () => ({ token: await scalekit.mint({ claims: { nonce: 'n', at_hash: 'h' } }) }),
    'is a session token of an MCP config': async () => ({ token: await scalekit.mint({ claims: { mcp_cfg: 'c' } }) }),
    'is bound to a key': async () => ({ token: await scalekit.mint({ claims: { cnf: { jkt: 'x' } } }) }),
    'expires when no date can': async () => ({ token: await scalekit.mint({ claims: { exp: 8_640_000_000_001 } }) }),
    'is about no text': async () => ({ token: await scalekit.mint({ claims: { sub: 5 as unknown as string } }) }),
    'has expired': async () => ({ token: await scalekit.mint({ claims: { exp: Math.floor(Date.now() / 1000) - 1 } }) }),
    'is not valid yet': async () => ({
      token: await scalekit.mint({ claims: { nbf: Math.floor(Date.now() / 1000) + 60 } }),
    }),
    'is for another audience': async () => ({ token: await scalekit.mint({ claims: { aud: 'res_999' } }) }),
    'has no audience': async () => ({ token: await scalekit.mint({ without: ['aud'] }) }),
    'is of another issuer': async () => ({
      token: await scalekit.mint({ claims: { iss: 'https://evil.example.com' } }),
    }),
    'is of another resource’s issuer': async () => ({
      token: await scalekit.mint({ claims: { iss: `${scalekit.url}/resources/res_999` } }),
    }),
    'has no issuer': async () => ({ token: await scalekit.mint({ without: ['iss'] }) }),
    'never expires': async () => ({ token: await scalekit.mint({ without: ['exp'] }) }),
    'names nobody': async () => ({ token: await scalekit.mint({ without: ['sub', 'client_id'] }) }),
    'has alg none': async () => {
      const [, payload] = (await scalekit.mint()).split('.');
      return { token: `${base64url({ alg: 'none', kid: scalekit.key.kid })}.${payload}.` };
    },
    'is signed with the public key as a secret': async () => {
      const [, payload] = (await scalekit.mint()).split('.');
      const publicKey = await exportSPKI(
        (await importJWK(scalekit.key.jwk, 'RS256')) as Parameters<typeof exportSPKI>[0],
      );
      const signed = `${base64url({ alg: 'HS256', kid: scalekit.key.kid })}.${payload}`;
      return { token: `${signed}.${createHmac('sha256', publicKey).update(signed).digest('base64url')}` };
    },
    'names an unknown key': async () => ({ token: await scalekit.mint({ key: await signingKey() }) }),
    'names no key': async () => ({ token: await scalekit.mint({ header: { kid: undefined } }) }),
    'is signed by somebody else': async () => ({
      token: await scalekit.mint({ key: { ...(await signingKey()), kid: scalekit.key.kid } }),
    }),
    'has been changed': async () => {
      const [header, , signature] = (await scalekit.mint()).split('.');
      const claims = {
        iss: scalekit.issuer,
        aud: SERVER_ID,
        sub: 'usr_admin',
        exp: Math.floor(Date.now() / 1000) + 60,
      };
      return { token: `${header}.${base64url(claims)}.${signature}` };
    },
    'is oversized': async () => ({ token: await scalekit.mint({ claims: { padding: 'x'.repeat(20_000) } }) }),
  };

  verifies.each('token.bad', Object.keys(bad))(
    'whose token %s gets 401 invalid_token, and nothing goes out',
    async (name) => {
      const options = (await bad[name]?.()) ?? {};
      const { status, headers, body } = await list(options);
      expect({ status, error: refusalIn(body).error }).toEqual({ status: 401, error: 'invalid_token' });
      expect(headers.get('www-authenticate')).toMatch(
        /^Bearer error="invalid_token", error_description="[^"]+", scope="/,
      );
      expect(scalekit.requests).toEqual([]);
    },
  );

  verifies('token.bad', 'gets 401 when the good token is in the query or in the header twice', async () => {
    const token = await scalekit.mint();
    for (const query of [`?access_token=${token}`, `?token=${token}`, `?authorization=Bearer%20${token}`]) {
      expect((await list({}, `${server.url}/mcp${query}`)).status).toBe(401);
    }
    const { request } = await import('node:http');
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = [
        'Host',
        new URL(server.url).host,
        'Authorization',
        `Bearer ${token}`,
        'Authorization',
        `Bearer ${token}`,
      ];
      request(`${server.url}/mcp`, { method: 'GET', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(401);
  });

  verifies('token.before-body', 'has its body left unread', async () => {
    const { status } = await rpc(
      `${server.url}/mcp`,
      'legacy',
      'tools/call',
      { blob: 'x'.repeat(3_000_000) },
      { token: 'x' },
    );
    expect(status).toBe(401);
    const malformed = await fetch(`${server.url}/mcp`, {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'text/plain' },
    });
    expect(malformed.status).toBe(401);
  });

  verifies('log.no-secrets', 'puts no token into the log', async () => {
    const token = await scalekit.mint({ claims: { aud: 'other' } });
    await list({ token }, `${server.url}/mcp?access_token=${token}`);
    expect(server.logText()).not.toContain(token.split('.')[2]);
    expect(server.logText()).not.toContain('access_token=');
  });
});

describe('a good token', () => {
  verifies('token.issuers', 'comes from the environment or from its resource', async () => {
    for (const iss of [scalekit.url, scalekit.issuer]) {
      expect((await list({ token: await scalekit.mint({ claims: { iss } }) })).status).toBe(200);
    }
  });

  verifies('token.scopes', 'carries its scopes in either of two claims', async () => {
    for (const claims of [
      { scope: 'openid org:read' },
      { scopes: ['organization:read'] },
      { scopes: 'organization:read' },
      { scope: 'org:*' },
      { scope: 'openid', scopes: ['mcp:tools:list_organizations'] },
    ]) {
      const token = await scalekit.mint({ claims: { ...claims }, without: 'scope' in claims ? [] : ['scope'] });
      expect((await list({ token })).status).toBe(200);
    }
    expect((await list({ token: await scalekit.mint({ without: ['scope'] }) })).status).toBe(403);
  });

  verifies('token.claims', 'is granted nothing by a claim that a customer may have made', async () => {
    const token = await scalekit.mint({
      claims: { sub: 'usr_claims', scope: 'environment:read', scp: 'organization:read', azp: 'm2m_9' },
    });
    expect((await list({ token })).status).toBe(403);
    const bare = await scalekit.mint({ claims: { azp: 'm2m_9', org_id: 'org_9' }, without: ['client_id', 'oid'] });
    const { body } = await callTool(`${server.url}/mcp`, 'modern', 'whoami', {}, { token: bare });
    expect(body.result.structuredContent).not.toHaveProperty('client_id');
    expect(body.result.structuredContent).not.toHaveProperty('organization_id');
  });

  verifies('token.times', 'may last until the end of the year 9999, and whoami says so', async () => {
    const token = await scalekit.mint({ claims: { exp: 253_402_300_799 } });
    const { body } = await callTool(`${server.url}/mcp`, 'modern', 'whoami', {}, { token });
    expect(body.result.structuredContent.token_expires_at).toBe('9999-12-31T23:59:59.000Z');
  });

  verifies('token.lifetime', 'is refused when it was made for longer than MAX_TOKEN_LIFETIME_SECONDS', async () => {
    const own = await running({ ...scalekit.env, MAX_TOKEN_LIFETIME_SECONDS: '600' });
    const statusOf = async (seconds: number) => {
      const iat = Math.floor(Date.now() / 1000);
      const token = await scalekit.mint({ claims: { iat, exp: iat + seconds } });
      return (await list({ token }, `${own.url}/mcp`)).status;
    };
    expect([await statusOf(600), await statusOf(601)]).toEqual([200, 401]);
    await own.stop();
  });

  verifies('token.step-up', 'that lacks a scope gets a step-up challenge, and nothing goes out', async () => {
    for (const path of ['/', '/mcp']) {
      const token = await scalekit.mint({ claims: { sub: `usr_at_${path}`, scope: 'env:read openid' } });
      const metadata = `${server.url}/.well-known/oauth-protected-resource${path === '/' ? '' : path}`;
      const { status, headers, body } = await list({ token, id: 'call-7' }, server.url + path);
      expect(status).toBe(403);
      expect(headers.get('www-authenticate')).toMatch(
        /^Bearer error="insufficient_scope", error_description="[^"]+", scope="environment:read organization:read", resource_metadata="/,
      );
      expect(headers.get('www-authenticate')).toContain(`resource_metadata="${metadata}"`);
      expect(body).toMatchObject({
        jsonrpc: '2.0',
        id: 'call-7',
        error: {
          code: -32003,
          message: expect.stringContaining('organization:read'),
          data: {
            error: 'insufficient_scope',
            tool: 'list_organizations',
            required_scope: 'organization:read',
            scope: 'environment:read organization:read',
            resource_metadata: metadata,
          },
        },
      });
    }
    expect(scalekit.requests).toEqual([]);
  });

  verifies('token.scopes', 'needs no scope for anything but tools', async () => {
    const token = await scalekit.mint({ without: ['scope'] });
    expect((await rpc(`${server.url}/mcp`, 'legacy', 'tools/list', {}, { token })).status).toBe(200);
    expect((await rpc(`${server.url}/mcp`, 'modern', 'server/discover', {}, { token })).status).toBe(200);
  });

  verifies(
    'keys.outage',
    'cannot be told from a bad one while the keys are away: 503, and the client keeps it',
    async () => {
      const lost = await FakeScalekit.start();
      lost.keys = (_request, response) => json(response, 500, {});
      const own = await running(lost.env);
      const { status, headers, body } = await list({ token: await lost.mint() }, `${own.url}/mcp`);
      expect({ status, error: refusalIn(body).error }).toEqual({ status: 503, error: 'server_error' });
      expect(headers.get('retry-after')).toBe('5');
      expect(headers.get('www-authenticate')).toBeNull();
      const health = await fetch(`${own.url}/health`);
      expect([health.status, await health.json()]).toMatchObject([
        503,
        { status: 'degraded', services: { oauth_server: 'unhealthy' } },
      ]);
      await own.stop();
      await lost.close();
    },
  );
});

describe('what the first challenge asks for', () => {
  verifies('token.initial-scopes', 'follows INITIAL_SCOPES and SCOPE_SPELLING', async () => {
    const own = await running({ ...scalekit.env, INITIAL_SCOPES: 'read', SCOPE_SPELLING: 'short' });
    const { headers } = await list({}, `${own.url}/mcp`);
    expect(headers.get('www-authenticate')).toContain('scope="env:read org:read wks:read"');
    const document = await fetch(`${own.url}/.well-known/oauth-protected-resource`);
    expect(await document.json()).toMatchObject({
      scopes_supported: ['env:read', 'env:write', 'org:read', 'org:write', 'wks:read', 'wks:write'],
    });
    const denied = await callTool(
      `${own.url}/mcp`,
      'modern',
      'create_organization',
      {},
      { token: await scalekit.mint({ claims: { scope: 'organization:read' } }) },
    );
    expect(denied.headers.get('www-authenticate')).toContain('scope="org:read org:write"');
    await own.stop();
  });
});

describe('environment mode', () => {
  verifies('token.not-admitted', 'serves only whom it was told to serve', async () => {
    const own = await running({
      SCALEKIT_ENV_URL: scalekit.url,
      SCALEKIT_MCP_SERVER_ID: SERVER_ID,
      SCALEKIT_CLIENT_ID: 'skc_1',
      SCALEKIT_CLIENT_SECRET: 'secret',
      ALLOWED_SUBJECTS: 'usr_1,usr_2',
    });
    const call = (token: string, era: 'modern' | 'legacy') => rpc(`${own.url}/mcp`, era, 'tools/list', {}, { token });
    for (const era of ['modern', 'legacy'] as const) {
      expect((await call(await scalekit.mint(), era)).status).toBe(200);
      const { status, headers, body } = await call(await scalekit.mint({ claims: { sub: 'usr_3' } }), era);
      expect({ status, code: body.error.code, error: body.error.data.error }).toEqual({
        status: 403,
        code: era === 'modern' ? 403 : -32003,
        error: 'access_denied',
      });
      expect(headers.get('www-authenticate')).toBeNull();
    }
    await own.stop();
  });

  verifies(
    ['token.not-admitted', 'token.claims'],
    'admits nobody by a claim that a customer may have made',
    async () => {
      const env = {
        SCALEKIT_ENV_URL: scalekit.url,
        SCALEKIT_MCP_SERVER_ID: SERVER_ID,
        SCALEKIT_CLIENT_ID: 'skc_1',
        SCALEKIT_CLIENT_SECRET: 'secret',
      };
      for (const [allowed, claims, without] of [
        [{ ALLOWED_ORGANIZATIONS: 'org_1' }, { org_id: 'org_1' }, ['oid']],
        [{ ALLOWED_CLIENTS: 'm2m_1' }, { azp: 'm2m_1' }, ['client_id']],
      ] as const) {
        const own = await running({ ...env, ...allowed });
        const statusOf = async (options: Parameters<FakeScalekit['mint']>[0]) =>
          (await rpc(`${own.url}/mcp`, 'legacy', 'tools/list', {}, { token: await scalekit.mint(options) })).status;
        expect([await statusOf({}), await statusOf({ claims, without })]).toEqual([200, 403]);
        await own.stop();
      }
    },
  );
});
