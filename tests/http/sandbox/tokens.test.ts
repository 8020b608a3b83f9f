import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxEvent } from '../../../src/sandbox/events.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { verifies } from '../../verifies.ts';
import { Client } from './browser.ts';

const RESOURCE = 'http://localhost:3002/mcp';
const MACHINE = { client_id: 'sandbox-machine', client_secret: 'sandbox-secret' };
const ENVIRONMENT_CLIENT = { id: 'skc_development', secret: 'an environment: its+secret' };

const events: SandboxEvent[] = [];
let sandbox: Sandbox;
let issuer: string;

beforeAll(async () => {
  sandbox = await startSandbox({
    port: 0,
    resource: RESOURCE,
    environmentClient: ENVIRONMENT_CLIENT,
    log: (event) => events.push(event),
  });
  issuer = `${sandbox.url}/resources/${sandbox.serverId}`;
});
afterAll(() => sandbox.close());

interface Answer {
  readonly status: number;
  readonly access_token: string;
  readonly scope?: string;
  readonly error?: string;
}

/** `at` is the issuer whose token endpoint is asked. */
async function ask(
  at: string,
  form: Readonly<Record<string, string>> | readonly [string, string][],
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const body = new URLSearchParams(Array.isArray(form) ? [...form] : { ...form });
  const response = await fetch(`${at}/oauth/token`, { method: 'POST', headers, body });
  return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
}

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
});
const grant = { grant_type: 'client_credentials' };

describe.each([
  ['the resource', () => issuer],
  ['the environment', () => sandbox.url],
])('the machine client at the token endpoint of %s', (_name, at) => {
  it('authenticates with either method and gets all six scopes when it asks for none', async () => {
    const byHeader = await ask(at(), grant, basic(MACHINE.client_id, MACHINE.client_secret));
    const byBody = await ask(at(), { ...grant, ...MACHINE });
    for (const answer of [byHeader, byBody]) {
      expect(answer).toMatchObject({ status: 200, token_type: 'Bearer', expires_in: 3600 });
      const claims = decodeJwt(answer.access_token);
      expect(claims).toMatchObject({
        iss: at(),
        aud: [RESOURCE, sandbox.serverId],
        sub: 'sandbox-machine',
        client_id: 'sandbox-machine',
        scope: 'environment:read environment:write organization:read organization:write workspace:read workspace:write',
      });
      expect(claims).not.toHaveProperty('oid');
      expect(claims).not.toHaveProperty('sid');
    }
  });

  it.each([
    'environment:read organization:write workspace:read',
    'env:read org:write wks:read env:write',
    'organization:* mcp:tools:list_environments mcp:resources:*',
  ])('gets the scopes it asks for: %s', async (scope) => {
    const answer = await ask(at(), { ...grant, ...MACHINE, scope });
    expect([answer.scope, decodeJwt(answer.access_token)['scopes']]).toEqual([scope, scope.split(' ')]);
  });

  it('is for one server', async () => {
    const form = { ...grant, ...MACHINE };
    for (const resource of ['relative', `${RESOURCE}#fragment`]) {
      expect(await ask(at(), { ...form, resource })).toMatchObject({ status: 400, error: 'invalid_target' });
    }
    const twice: [string, string][] = [
      ...Object.entries(form),
      ['resource', RESOURCE],
      ['resource', 'https://b.example'],
    ];
    expect(await ask(at(), twice)).toMatchObject({ status: 400, error: 'invalid_target' });
  });

  it.each([
    [{ ...grant, ...MACHINE, client_secret: 'wrong' }, 401, 'invalid_client'],
    [{ ...grant, ...MACHINE, client_id: 'unknown' }, 401, 'invalid_client'],
    [{ ...grant, ...MACHINE, scope: 'environment:read no:such' }, 400, 'invalid_scope'],
    [{ ...grant, ...MACHINE, scope: 'openid' }, 400, 'invalid_scope'],
    [{ ...MACHINE, grant_type: 'password' }, 400, 'unsupported_grant_type'],
    [{ ...MACHINE }, 400, 'invalid_request'],
  ])('refuses %j', async (form, status, error) => {
    events.length = 0;
    expect(await ask(at(), form as Record<string, string>)).toMatchObject({ status, error });
    expect(events).toEqual([expect.objectContaining({ event: 'oauth_token_request', success: false })]);
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  it('refuses two ways of authentication at once, and none', async () => {
    const both = await ask(at(), { ...grant, ...MACHINE }, basic(MACHINE.client_id, MACHINE.client_secret));
    expect(both).toMatchObject({ status: 400, error: 'invalid_request' });
    expect((await ask(at(), grant)).error).toMatch(/^invalid_(client|request)$/);
  });

  it('challenges a header that is wrong', async () => {
    const response = await fetch(`${at()}/oauth/token`, {
      method: 'POST',
      headers: basic('sandbox-machine', 'wrong'),
      body: new URLSearchParams(grant),
    });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Basic /),
    ]);
    expect(response.headers.get('cache-control')).toContain('no-store');
  });

  it('refuses a body that is no form', async () => {
    const response = await fetch(`${at()}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...grant, ...MACHINE }),
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(402);
    expect(((await response.json()) as Answer).error).toMatch(/^invalid_/);
  });
});

describe('the client of the development environment', () => {
  it('gets a token of the environment that no MCP server could take for its own', async () => {
    const { id, secret } = ENVIRONMENT_CLIENT;
    for (const answer of [
      await ask(sandbox.url, { ...grant, client_id: id, client_secret: secret }),
      await ask(sandbox.url, grant, basic(id, secret)),
    ]) {
      expect(answer.status).toBe(200);
      expect(decodeJwt(answer.access_token)).toMatchObject({ iss: sandbox.url, sub: id, client_id: id, aud: [id] });
    }
  });

  it('is unknown to the authorization server of the MCP server', async () => {
    const { id, secret } = ENVIRONMENT_CLIENT;
    const answer = await ask(issuer, { ...grant, client_id: id, client_secret: secret });
    expect(answer).toMatchObject({ status: 401, error: 'invalid_client' });
  });
});

describe('clients that nobody registered', () => {
  const { id, secret } = ENVIRONMENT_CLIENT;

  verifies.each('sandbox.refresh', [
    ['the machine client', () => issuer, MACHINE],
    ['the client of the environment', () => sandbox.url, { client_id: id, client_secret: secret }],
  ] as const)('%s gets no refresh token and no offline_access', async (_name, at, credentials) => {
    const tokens = await ask(at(), { ...grant, ...credentials });
    expect([tokens.status, Object.keys(tokens)]).toEqual([200, expect.not.arrayContaining(['refresh_token'])]);
    expect(JSON.stringify([tokens.scope, decodeJwt(tokens.access_token)])).not.toContain('offline_access');
  });
});

describe('the keys', () => {
  const downloadKeys = () => createRemoteJWKSet(new URL(`${sandbox.url}/keys`));
  const verify = (token: string, issuedBy: string) =>
    jwtVerify(token, downloadKeys(), { issuer: issuedBy, audience: sandbox.serverId, algorithms: ['RS256'] });

  it('are published for RS256 signatures, without their private half', async () => {
    const { keys } = (await (await fetch(`${sandbox.url}/keys`)).json()) as { keys: Record<string, string>[] };
    expect(keys).toEqual([
      {
        kty: 'RSA',
        use: 'sig',
        alg: 'RS256',
        e: 'AQAB',
        n: expect.any(String),
        kid: expect.stringMatching(/^snk_\d+$/),
      },
    ]);
  });

  it('follow a rotation at once at every endpoint; old tokens hold until the old key is withdrawn', async () => {
    const client = await Client.register(sandbox);
    const person = () => client.authorize({ scope: 'openid organization:read' });
    const before = [
      [(await person()).access_token, issuer],
      [(await ask(issuer, { ...grant, ...MACHINE })).access_token, issuer],
      [(await ask(sandbox.url, { ...grant, ...MACHINE })).access_token, sandbox.url],
    ] as const;
    const oldKid = decodeProtectedHeader(before[0][0]).kid;

    await sandbox.keys.rotate();
    const { access_token, id_token = '' } = await person();
    const after = [
      [access_token, issuer],
      [(await ask(issuer, { ...grant, ...MACHINE })).access_token, issuer],
      [(await ask(sandbox.url, { ...grant, ...MACHINE })).access_token, sandbox.url],
    ] as const;
    for (const [token] of after) expect(decodeProtectedHeader(token).kid).not.toBe(oldKid);
    for (const [token, issuedBy] of [...before, ...after]) await verify(token, issuedBy);
    await jwtVerify(id_token, downloadKeys(), { issuer, audience: client.id });

    sandbox.keys.withdrawOld();
    for (const [token, issuedBy] of after) await verify(token, issuedBy);
    for (const [token, issuedBy] of before) {
      await expect(verify(token, issuedBy)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    }
  });

  it('sign well while they rotate', async () => {
    const client = await Client.register(sandbox);
    const rotating = (async () => {
      for (let i = 0; i < 3; i += 1) await sandbox.keys.rotate();
    })();
    const tokens: string[] = [];
    for (let i = 0; i < 10; i += 1) tokens.push((await client.authorize({ scope: 'organization:read' })).access_token);
    await rotating;
    for (const token of tokens) await verify(token, issuer);
  });
});
