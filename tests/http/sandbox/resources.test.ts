import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { rpc } from '../../fixtures/rpc.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { verifies } from '../../verifies.ts';
import { Client } from './browser.ts';

let server: TestServer;
let port: string;
let client: Client;

beforeAll(async () => {
  server = await running();
  port = new URL(server.localUrl).port;
  client = await Client.register(server.sandbox());
});
afterAll(() => server.stop());

/** The status of a call with that token. */
async function statusWith(token: string): Promise<number> {
  return (await rpc(server.localUrl, 'legacy', 'tools/list', {}, { token })).status;
}

/** What the server publishes as its name to whoever comes to it by `localhost`, as the README says. */
async function publishedName(): Promise<string> {
  const response = await fetch(`http://localhost:${port}/.well-known/oauth-protected-resource/mcp`);
  return ((await response.json()) as { resource: string }).resource;
}

const url = (name: string) => name.replace('PORT', port);
const named = (name: string | undefined, word = 'resource') => (name === undefined ? {} : { [word]: url(name) });
const audienceOf = (token: string) => (decodeJwt(token).aud as string[])[0];

async function machine(form: Record<string, string>, at = server.sandbox().url) {
  const response = await fetch(`${at}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('sandbox-machine:sandbox-secret')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...form }),
  });
  return { status: response.status, ...((await response.json()) as { access_token: string; error?: string }) };
}

const LOCALHOST = 'http://localhost:PORT/mcp';
const OWN_NAMES = [
  LOCALHOST,
  'http://127.0.0.1:PORT/mcp',
  'http://[::1]:PORT/mcp',
  'http://localhost:PORT',
  'http://localhost:PORT/',
];

describe('a code', () => {
  const rows: [atAuthorize: string | undefined, atToken: string | undefined, atRefresh: string | undefined][] = [
    [undefined, undefined, undefined],
    [undefined, LOCALHOST, undefined],
    [undefined, undefined, LOCALHOST],
    [LOCALHOST, undefined, undefined],
    [LOCALHOST, LOCALHOST, LOCALHOST],
    ...OWN_NAMES.map((name): [string, string, string] => [name, LOCALHOST, name]),
    ...OWN_NAMES.map((name): [undefined, string, undefined] => [undefined, name, undefined]),
  ];
  verifies.each('sandbox.resources', rows)(
    'asked for with %s, exchanged with %s, refreshed with %s, is good for this server',
    async (atAuthorize, atToken, atRefresh) => {
      const scope = 'environment:read offline_access';
      const first = await client.begin({ scope, ...named(atAuthorize) });
      const consent = first.text.includes('name="account"') ? await client.signIn(first) : first;
      const tokens = await client.exchange(await client.allow(consent), named(atToken));
      expect(tokens).toMatchObject({ status: 200 });
      expect(audienceOf(tokens.access_token)).toBe(url(atToken ?? atAuthorize ?? (await publishedName())));
      expect(await statusWith(tokens.access_token)).toBe(200);
      const next = await client.refresh(tokens.refresh_token, named(atRefresh));
      expect(next).toMatchObject({ status: 200 });
      expect(audienceOf(next.access_token)).toBe(url(atRefresh ?? atAuthorize ?? (await publishedName())));
      expect(await statusWith(next.access_token)).toBe(200);
    },
  );

  verifies.each('sandbox.foreign-resources', [
    ['resource', 'https://evil.example/'],
    ['audience', 'https://evil.example/'],
    ['resource', 'http://localhost:PORT/mcp?x=1'],
    ['resource', 'http://localhost:PORT/other'],
    ['resource', 'http://localhost:1/mcp'],
    ['resource', 'https://localhost:PORT/mcp'],
    ['resource', 'http://localhost:PORT@evil.example/mcp'],
    ['resource', 'http://localhost:PORT/mcp#fragment'],
    ['resource', 'relative'],
  ])('for %s=%s is refused before anybody is asked', async (word, name) => {
    const stranger = await Client.register(server.sandbox());
    const landed = await stranger.begin(named(name, word));
    expect(landed.url.origin).toBe('http://127.0.0.1:51234');
    expect(landed.url.searchParams.get('error')).toBe('invalid_target');
    const both = await stranger.begin({ resource: url(LOCALHOST), ...named(name, 'audience') });
    expect(both.url.searchParams.get('error')).toBe('invalid_target');
  });

  verifies('sandbox.foreign-resources', 'is not exchanged or refreshed for anybody else', async () => {
    for (const word of ['resource', 'audience']) {
      const form = { [word]: 'https://evil.example/' };
      const scope = 'environment:read offline_access';
      expect(await client.exchange(await client.allow(await client.begin({ scope })), form)).toMatchObject({
        status: 400,
        error: 'invalid_target',
      });
      const { refresh_token } = await client.authorize({ scope });
      expect(await client.refresh(refresh_token, form)).toMatchObject({ status: 400, error: 'invalid_target' });
      expect(await client.refresh(refresh_token)).toMatchObject({ status: 200 });
    }
  });
});

describe.each([
  ['the environment', () => server.sandbox().url],
  ['the MCP server', () => `${server.sandbox().url}/resources/${server.sandbox().serverId}`],
])('the machine client at the token endpoint of %s', (_name, at) => {
  verifies('sandbox.resources', 'gets tokens for this server under each of its names', async () => {
    for (const name of [undefined, ...OWN_NAMES]) {
      for (const word of ['resource', 'audience']) {
        const { status, access_token } = await machine(named(name, word), at());
        expect([name, status]).toEqual([name, 200]);
        expect(audienceOf(access_token)).toBe(name === undefined ? await publishedName() : url(name));
        expect(await statusWith(access_token)).toBe(200);
      }
    }
  });

  verifies('sandbox.foreign-resources', 'gets none for anybody else', async () => {
    for (const word of ['resource', 'audience']) {
      for (const name of ['https://evil.example/', 'http://localhost:PORT/mcp?x=1', 'http://localhost:1/mcp']) {
        expect(await machine(named(name, word), at())).toMatchObject({ status: 400, error: 'invalid_target' });
      }
    }
  });
});
