import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { sharedDocsSite } from '../fixtures/docs-site/site.ts';
import { callTool } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json, SERVER_ID } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

let scalekit: FakeScalekit;
const started: TestServer[] = [];

beforeEach(async () => {
  scalekit = await FakeScalekit.start();
});
afterEach(async () => {
  vi.restoreAllMocks();
  aheadMs = 0;
  for (const server of started.splice(0)) await server.stop();
  await scalekit.close();
});

async function serve(env: Record<string, string> = scalekit.env, isReady = true): Promise<TestServer> {
  const server = await running(env);
  started.push(server);
  if (isReady) await server.ready;
  return server;
}

async function healthOf({ url }: TestServer) {
  const response = await fetch(`${url}/health`);
  const { services } = (await response.json()) as { services: Record<string, string> };
  return { status: response.status, ...services };
}

const linesOf = ({ lines }: TestServer, ...events: string[]) =>
  lines.filter(({ event }) => events.includes(String(event)));
const apiLines = (server: TestServer) => linesOf(server, 'management_api_failing', 'management_api_back');
const oauthLines = (server: TestServer) => linesOf(server, 'oauth_server_failing', 'oauth_server_back');

const genuineNow = Date.now;
let aheadMs = 0;

/** From now on the clock shows ten seconds more, so that a probe is due. */
function later(): void {
  aheadMs += 10_000;
  vi.restoreAllMocks();
  vi.spyOn(Date, 'now').mockImplementation(() => genuineNow() + aheadMs);
}

const call = async (server: TestServer, environment: object = { environmentId: 'env_1' }) =>
  callTool(`${server.url}/mcp`, 'modern', 'list_organizations', { ...environment }, { token: await scalekit.mint() });

const refused = (_request: unknown, response: ServerResponse) => json(response, 401, { error: 'invalid_client' });
const good = (_request: unknown, response: ServerResponse) =>
  json(response, 200, { access_token: 'good', expires_in: 3600 });

describe('a client that Scalekit refuses', () => {
  verifies('health.management-api', 'is one warning and 503; once it is good again, one line and 200', async () => {
    scalekit.token = refused;
    const server = await serve(scalekit.environmentEnv);
    expect(await healthOf(server)).toMatchObject({ status: 503, oauth_server: 'healthy', management_api: 'unhealthy' });
    for (let i = 0; i < 3; i++) {
      expect((await call(server, {})).body.result.isError).toBe(true);
      later();
      await healthOf(server);
    }
    expect(apiLines(server)).toEqual([
      expect.objectContaining({
        level: 'warn',
        event: 'management_api_failing',
        check: 'client',
        status: 401,
        notice: expect.stringMatching(/Check SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET, .*SCALEKIT_ENV_URL\.$/),
      }),
    ]);
    scalekit.token = good;
    later();
    expect(await healthOf(server)).toMatchObject({ status: 200, management_api: 'healthy' });
    expect(apiLines(server).slice(1)).toEqual([
      expect.objectContaining({ level: 'info', event: 'management_api_back', check: 'client' }),
    ]);
    expect(server.logText()).not.toMatch(/its-secret/);
  });

  verifies('health.management-api', 'is told with the file of its secret, where the secret is from one', async () => {
    scalekit.token = refused;
    // What reading the file leaves behind: the secret, and the name of the file.
    const server = await serve({ ...scalekit.environmentEnv, SCALEKIT_CLIENT_SECRET_FILE: '/run/secrets/client' });
    const { body } = await call(server, {});
    await healthOf(server);
    const notices = apiLines(server).map(({ notice }) => notice);
    expect(notices).toEqual([
      expect.stringMatching(/Check SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET_FILE, .*SCALEKIT_ENV_URL\.$/),
    ]);
    expect(JSON.stringify(body)).toContain('check SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET_FILE, ');
  });

  verifies('health.management-api', 'and is replaced by a restart leaves no line there, only 200', async () => {
    scalekit.token = refused;
    const before = await serve(scalekit.environmentEnv);
    expect(await healthOf(before)).toMatchObject({ status: 503 });
    scalekit.token = good;
    const after = await serve(scalekit.environmentEnv);
    expect(await healthOf(after)).toMatchObject({ status: 200, management_api: 'healthy' });
    expect(apiLines(after)).toEqual([]);
    expect(apiLines(before).map(({ event }) => event)).toEqual(['management_api_failing']);
  });

  verifies('health.management-api', 'after a good start is noticed by the call that needs a new token', async () => {
    scalekit.serveApi((_request, response) => json(response, 200, { organizations: [] }));
    scalekit.token = (_request, response) => json(response, 200, { access_token: 'short', expires_in: 0 });
    const server = await serve(scalekit.environmentEnv);
    expect(await healthOf(server)).toMatchObject({ status: 200 });
    scalekit.token = refused;
    await call(server, {});
    expect(await healthOf(server)).toMatchObject({ status: 503, management_api: 'unhealthy' });
    scalekit.token = good;
    await call(server, {});
    expect(await healthOf(server)).toMatchObject({ status: 200, management_api: 'healthy' });
    expect(apiLines(server).map(({ event }) => event)).toEqual(['management_api_failing', 'management_api_back']);
  });
});

describe('a management API', () => {
  const page = (status: number) => (_request: unknown, response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'text/html' }).end('<html></html>');

  verifies.each<[string, FakeScalekit['probe'], RegExp]>('health.management-api', [
    ['404 and a page', page(404), /There is no management API at SCALEKIT_API_URL/],
    ['a page', page(200), /There is no management API at SCALEKIT_API_URL/],
    ['{}', (_request, response) => json(response, 404, {}), /There is no management API at SCALEKIT_API_URL/],
    ['another 401', (_request, response) => json(response, 401, { error: 'x' }), /There is no management API/],
    [
      'the 404 of a gateway',
      (_request, response) => json(response, 404, { code: 5, message: 'Not Found', details: [] }),
      /There is no management API at SCALEKIT_API_URL/,
    ],
    ['a redirect', (_request, response) => void response.writeHead(302, { location: '/' }).end(), /no management API/],
    ['503', (_request, response) => json(response, 503, {}), /The management API at SCALEKIT_API_URL fails/],
    [
      'a reset',
      (_request, response) => void response.destroy(),
      /Correct SCALEKIT_API_URL, .*DNS, HTTPS_PROXY, .*firewall/,
    ],
  ])('that answers with %s is one warning and 503', async (_, probe, notice) => {
    scalekit.probe = probe;
    const server = await serve();
    expect(await healthOf(server)).toMatchObject({ status: 503, oauth_server: 'healthy', management_api: 'unhealthy' });
    later();
    await healthOf(server);
    expect(apiLines(server)).toEqual([
      expect.objectContaining({
        level: 'warn',
        event: 'management_api_failing',
        check: 'api',
        host: new URL(scalekit.url).host,
        notice: expect.stringMatching(notice),
      }),
    ]);
  });

  verifies('health.management-api', 'is named by its own variable in environment mode', async () => {
    scalekit.probe = page(404);
    const server = await serve(scalekit.environmentEnv);
    expect(await healthOf(server)).toMatchObject({ status: 503, management_api: 'unhealthy' });
    expect(apiLines(server)).toMatchObject([{ check: 'api', notice: expect.stringContaining('at SCALEKIT_ENV_URL') }]);
  });

  verifies('health.management-api', 'that says to wait is no news', async () => {
    scalekit.probe = (_request, response) => json(response, 429, {});
    const server = await serve();
    expect(await healthOf(server)).toMatchObject({ status: 200, management_api: 'unknown' });
    expect(apiLines(server)).toEqual([]);
  });

  verifies('health.management-api', 'that a call finds to be none is looked at at once', async () => {
    scalekit.serveApi((_request, response) => json(response, 200, { organizations: [] }));
    const server = await serve();
    expect(await healthOf(server)).toMatchObject({ status: 200, management_api: 'healthy' });
    scalekit.api = page(404);
    scalekit.probe = page(404);
    later();
    await call(server);
    await expect.poll(() => apiLines(server)).toMatchObject([{ event: 'management_api_failing' }]);
  });

  verifies(
    'health.management-api',
    'whose circuit is open is degraded, or unhealthy when it is open for all',
    async () => {
      scalekit.api = (_request, response) => void response.destroy();
      const server = await serve();
      expect(await healthOf(server)).toMatchObject({ status: 200, management_api: 'healthy' });
      const calls = async (sub: string) => {
        const token = await scalekit.mint({ claims: { sub } });
        for (let i = 0; i < 5; i++) await callTool(`${server.url}/mcp`, 'modern', 'list_environments', {}, { token });
      };
      await calls('usr_1');
      expect(linesOf(server, 'circuit_open')).toMatchObject([{ of: 'person', caller: 'usr_1' }]);
      expect(await healthOf(server)).toMatchObject({ status: 503, management_api: 'degraded' });
      await calls('usr_2');
      expect(linesOf(server, 'circuit_open')).toContainEqual(expect.objectContaining({ of: 'all' }));
      expect(await healthOf(server)).toMatchObject({ status: 503, management_api: 'unhealthy' });
    },
  );
});

describe('probes', () => {
  verifies('health.probes', 'go out once at start, whatever is asked after that, and wait for nobody', async () => {
    scalekit.serveApi((_request, response) => json(response, 200, { organizations: [] }));
    const server = await serve(scalekit.environmentEnv);
    for (let i = 0; i < 20; i++) {
      await Promise.all([healthOf(server), call(server, {}), fetch(`${server.url}/health/ready`)]);
    }
    expect({ probes: scalekit.probes, tokens: scalekit.tokenRequests }).toEqual({ probes: 1, tokens: 1 });
  });

  verifies('health.probes', 'that fail are not repeated by questions that come at the same time', async () => {
    scalekit.probe = (_request, response) => json(response, 503, {});
    const server = await serve();
    // However slow this machine is, the failure is not old yet.
    const now = genuineNow();
    vi.spyOn(Date, 'now').mockImplementation(() => now);
    await Promise.all(Array.from({ length: 50 }, () => healthOf(server)));
    await Promise.all(Array.from({ length: 50 }, () => call(server)));
    expect(scalekit.probes).toBe(1);
  });

  verifies('health.probes', 'that hang keep nobody from being served', async () => {
    scalekit.probe = () => undefined;
    scalekit.metadata = () => undefined;
    scalekit.serveApi((_request, response) => json(response, 200, { organizations: [] }));
    const server = await serve();
    expect((await call(server)).body.result.isError).toBeUndefined();
    expect(await healthOf(server)).toMatchObject({ status: 200, management_api: 'unknown' });
  });
});

describe('an authorization server', () => {
  verifies('health.oauth-metadata', 'that is not there is degraded, and one warning names its id', async () => {
    scalekit.metadata = (_request, response) => json(response, 404, {});
    const server = await serve();
    expect(await healthOf(server)).toMatchObject({ status: 503, oauth_server: 'degraded', management_api: 'healthy' });
    later();
    await healthOf(server);
    expect(oauthLines(server)).toEqual([
      expect.objectContaining({
        level: 'warn',
        event: 'oauth_server_failing',
        authorizationServer: scalekit.issuer,
        status: 404,
        notice: expect.stringMatching(new RegExp(`${SERVER_ID}.*SCALEKIT_MCP_SERVER_ID`)),
      }),
    ]);
    scalekit.metadata = (_request, response) => json(response, 200, { issuer: scalekit.issuer });
    later();
    expect(await healthOf(server)).toMatchObject({ status: 200, oauth_server: 'healthy' });
    expect(oauthLines(server).slice(1)).toMatchObject([{ level: 'info', event: 'oauth_server_back' }]);
  });

  verifies.each<[string, FakeScalekit['metadata']]>('health.oauth-metadata', [
    ['calls itself another', (_request, response) => json(response, 200, { issuer: scalekit.url })],
    ['does not say what it is called', (_request, response) => json(response, 200, {})],
    ['is a page', (_request, response) => void response.writeHead(200).end('<html></html>')],
    ['leads elsewhere', (_request, response) => void response.writeHead(302, { location: '/' }).end()],
  ])('that %s is degraded', async (_, metadata) => {
    scalekit.metadata = metadata;
    const server = await serve();
    expect(await healthOf(server)).toMatchObject({ status: 503, oauth_server: 'degraded' });
    expect(oauthLines(server)).toMatchObject([{ level: 'warn', authorizationServer: scalekit.issuer }]);
  });

  verifies('health.oauth-metadata', 'needs its metadata at one of the two places only', async () => {
    scalekit.metadata = ({ url }, response) =>
      url.startsWith('/.well-known') ? json(response, 404, {}) : json(response, 200, { issuer: scalekit.issuer });
    const server = await serve();
    expect(await healthOf(server)).toMatchObject({ status: 200, oauth_server: 'healthy' });
  });
});

describe('a server', () => {
  const events = (server: TestServer) =>
    server.lines.map(({ event }) => event).filter((event) => event === 'listening' || event === 'ready');

  verifies('start.ready', 'listens first, and is ready once, with the first keys', async () => {
    scalekit.keys = (_request, response) => json(response, 503, {});
    const server = await serve({ ...scalekit.env, SCALEKIT_API_URL: 'https://api.scalekit.invalid' }, false);
    expect(await (await fetch(`${server.url}/health/ready`)).json()).toEqual({ status: 'starting' });
    expect(events(server)).toEqual(['listening']);
    scalekit.keys = (_request, response) => json(response, 200, { keys: [scalekit.key.jwk] });
    // Nobody asks: the server tries again by itself.
    await expect.poll(() => events(server)).toEqual(['listening', 'ready']);
    expect(await (await fetch(`${server.url}/health/ready`)).json()).toEqual({ status: 'ready' });
    await call(server);
    expect(events(server)).toEqual(['listening', 'ready']);
    const documentation = new URL((await sharedDocsSite()).origin).host;
    const hosts = [new URL(scalekit.url).host, 'api.scalekit.invalid', documentation];
    for (const line of linesOf(server, 'listening', 'ready')) {
      expect(line).toMatchObject({ level: 'info', url: server.url, mode: 'workspace', hosts });
    }
    expect(linesOf(server, 'keys_unavailable').filter(({ level }) => level === 'warn')).toEqual([
      expect.objectContaining({
        url: `${scalekit.url}/keys`,
        error: expect.any(String),
        notice: expect.stringMatching(/Correct SCALEKIT_ENV_URL, .*DNS, HTTPS_PROXY, firewall/),
      }),
    ]);
  });

  verifies('start.ready', 'on the sandbox does the same', async () => {
    const server = await serve({});
    await server.ready;
    expect(events(server)).toEqual(['listening', 'ready']);
    const hosts = [server.sandbox().url, (await sharedDocsSite()).origin].map((url) => new URL(url).host);
    expect(linesOf(server, 'ready')).toMatchObject([{ mode: 'workspace', hosts }]);
    expect(await healthOf(server)).toMatchObject({ status: 200, oauth_server: 'healthy', management_api: 'healthy' });
  });
});
