import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json, nothingThere, SERVER_ID, type Seen } from '../../fixtures/scalekit.ts';
import { toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

let scalekit: FakeScalekit;
let server: TestServer;
let call: ReturnType<typeof toolCaller>;
let resource: Record<string, unknown>;

const metadata = (more: object = {}) => ({
  issuer: scalekit.issuer,
  authorization_endpoint: `${scalekit.issuer}/oauth/authorize`,
  token_endpoint: `${scalekit.issuer}/oauth/token`,
  jwks_uri: `${scalekit.url}/keys`,
  registration_endpoint: `${scalekit.url}/register`,
  code_challenge_methods_supported: ['S256'],
  ...more,
});
const publish = (document: unknown, status = 200) => {
  scalekit.metadata = (request, response: ServerResponse) => {
    asked.push(request);
    json(response, status, document);
  };
};
const check = async () => (await call('check_mcp_server_discovery', { id: SERVER_ID })).data;
const problemsOf = ({ problems }: { problems: { problem: string }[] }) => problems.map(({ problem }) => problem);
const asked: Seen[] = [];

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  server = await running(scalekit.environmentEnv);
  call = toolCaller(server.localUrl, await scalekit.mint());
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});
beforeEach(() => {
  resource = {
    id: SERVER_ID,
    name: 'Server',
    resource_id: 'https://mcp.example/mcp',
    protected_metadata: { authorization_servers: [scalekit.issuer] },
    protected_metadata_uri: 'https://mcp.example/.well-known/oauth-protected-resource/mcp',
  };
  scalekit.api = (_request, response) => json(response, 200, { resource });
  publish(metadata());
  scalekit.requests.length = 0;
  asked.length = 0;
});

describe('check_mcp_server_discovery', () => {
  verifies(
    'tools.mcp-discovery',
    'finds nothing wrong where nothing is, and asks both places without a token',
    async () => {
      const data = await check();
      expect(data).toMatchObject({
        ...{ ok: true, problems: [], authorization_server: scalekit.issuer },
        documents: [{ status: 200 }, { status: 200 }],
        check_yourself: 'https://mcp.example/.well-known/oauth-protected-resource/mcp',
      });
      const urls = new Set(asked.map(({ method, url }) => `${method} ${url}`));
      // The server itself looks for its own as well.
      expect([...urls].sort()).toEqual([
        `GET /.well-known/oauth-authorization-server/resources/${SERVER_ID}`,
        `GET /resources/${SERVER_ID}/.well-known/oauth-authorization-server`,
      ]);
      for (const { headers } of asked) expect(headers.authorization).toBeUndefined();
    },
  );

  verifies('tools.mcp-discovery', 'is content with one place', async () => {
    scalekit.metadata = ({ url }, response) =>
      url.startsWith('/.well-known') ? json(response, 404, {}) : json(response, 200, metadata());
    expect(await check()).toMatchObject({ ok: true, documents: [{ status: 200 }, { status: 404 }] });
  });

  verifies.each<[string, object, object]>('tools.mcp-discovery', [
    ['other_issuer', { issuer: 'https://other.example' }, {}],
    ['no_endpoint', { token_endpoint: undefined }, {}],
    ['no_endpoint', { jwks_uri: 'javascript:alert(1)' }, {}],
    ['no_pkce', { code_challenge_methods_supported: ['plain'] }, {}],
    ['no_registration', { registration_endpoint: undefined }, {}],
    ['registration_off', {}, { disable_dynamic_client_registration: true }],
    ['no_cimd', {}, { enable_cimd: true }],
    ['no_url', {}, { resource_id: SERVER_ID }],
    ['authorization_server_not_named', {}, { protected_metadata: { authorization_servers: ['https://a.example'] } }],
    ['connection_off', {}, { connection_details: { id: 'conn_1', enabled: false } }],
  ])('tells of %s (%j, %j)', async (problem, published, settings) => {
    publish(metadata(published));
    resource = { ...resource, ...settings };
    const data = await check();
    expect([data.ok, problemsOf(data)]).toEqual([false, [problem]]);
    expect(data.problems[0].means).toMatch(/\.$|: .*/);
  });

  verifies('tools.mcp-discovery', 'tells of metadata that are not there, no JSON, too long, or lead away', async () => {
    const answers: [string, (response: ServerResponse) => void][] = [
      ['no_metadata', (response) => json(response, 404, { code: 5 })],
      ['no_metadata', (response) => response.writeHead(200).end('<html>')],
      ['not_read', (response) => response.writeHead(200).end(JSON.stringify(metadata({ more: 'x'.repeat(300_000) })))],
      ['no_metadata', (response) => response.writeHead(302, { location: `${scalekit.url}/elsewhere` }).end()],
      ['not_read', (response) => response.destroy()],
    ];
    for (const [problem, answer] of answers) {
      scalekit.metadata = (_request, response) => answer(response);
      const data = await check();
      expect([data.ok, problemsOf(data)]).toEqual([false, [problem]]);
    }
    expect(scalekit.requests.map(({ url }) => url)).not.toContain('/elsewhere');
  });

  verifies('tools.mcp-discovery', 'asks nothing for a server that is not there', async () => {
    scalekit.api = (_request, response) => nothingThere(response);
    const { error } = await call('check_mcp_server_discovery', { id: 'res_2' });
    expect(error).toMatchObject({ code: 'not_found' });
    expect(asked).toEqual([]);
  });
});
