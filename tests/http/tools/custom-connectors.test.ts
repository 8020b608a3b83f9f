import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { confirmingCaller, type toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { server, token, call, asked } = sharedServer();

const written = () => asked().filter(({ method }) => method !== 'GET');
const confirmed = (name: string, args: Record<string, unknown>) =>
  confirmingCaller(server().url, token())(name, { environmentId: ENVIRONMENT_IDS.development, ...args });
const named = async (query: string) => (await call('search_connectors', { query })).data.providers;

const KEY = {
  type: 'API_KEY',
  fields: [{ field_name: 'api_key', label: 'Key', input_type: 'password', required: true }],
};
const wanted = (more: object = {}) => ({
  displayName: 'Berth planner',
  proxyUrl: 'https://{{domain}}/api',
  authPatternJson: JSON.stringify(KEY),
  ...more,
});

describe('a connector of one’s own', () => {
  verifies('tools.custom-connectors', 'is made and found, once for each name', async () => {
    const { data } = await call('create_custom_connector', wanted());
    expect(written()).toMatchObject([
      {
        url: '/api/v1/custom-providers',
        body: { display_name: 'Berth planner', auth_patterns: [KEY], proxy_enabled: true },
      },
    ]);
    expect(data.provider).toMatchObject({ is_custom: true, auth_patterns: [KEY] });
    expect(data.provider.is_custom_mcp).toBe(false);
    expect(await named('berth planner')).toMatchObject([
      { identifier: data.provider.identifier, auth_types: ['API_KEY'] },
    ]);
    expect((await call('create_custom_connector', wanted())).error).toMatchObject({ code: 'conflict' });
    const elsewhere = await call('search_connectors', { query: 'berth planner' }, 'production');
    expect(elsewhere.data.providers).toEqual([]);
  });

  verifies('tools.custom-connectors', 'is written whole when a part of it is changed', async () => {
    await call('update_custom_connector', { identifier: 'CUSTOM_BERTHS', metadata: { owner: 'harbour', tier: 'one' } });
    const { data } = await call('update_custom_connector', {
      identifier: 'custom_berths',
      proxyUrl: 'https://berths.example/v2',
      metadata: { tier: '' },
    });
    expect(data.provider).toMatchObject({
      ...{ identifier: 'CUSTOM_BERTHS', display_name: 'Berths', proxy_url: 'https://berths.example/v2' },
      ...{ proxy_enabled: true, auth_patterns: [{ type: 'NO_AUTH' }], metadata: { owner: 'harbour' } },
    });
    expect(written().at(-1)).toMatchObject({
      method: 'PUT',
      url: '/api/v1/custom-providers/CUSTOM_BERTHS',
      body: { auth_patterns: [{ type: 'NO_AUTH', fields: [] }], metadata: { owner: 'harbour' } },
    });
    const mcp = await call('update_custom_connector', {
      identifier: 'CUSTOM_BERTHS',
      authPatternJson: '{"type":"NO_AUTH","is_mcp":true,"fields":[]}',
    });
    expect(mcp.data.provider).toMatchObject({ is_custom_mcp: true, metadata: { owner: 'harbour' } });
    const nothing = await call('update_custom_connector', { identifier: 'CUSTOM_BERTHS' });
    expect(nothing.error).toMatchObject({ code: 'invalid_arguments', field: 'displayName' });
  });

  verifies('tools.custom-connectors', 'is deleted after a look at what is left behind', async () => {
    const preview = await call('delete_custom_connector', { identifier: 'CUSTOM_TIDES' });
    expect(preview.error.preview).toMatchObject({
      provider: { display_name: 'Tide tables' },
      connections: { count: 1, entries: [{ key_id: 'tide-tables', enabled: true }] },
      connected_accounts: { count: 1, entries: [{ identifier: 'yard-planner' }] },
    });
    const { data } = await confirmed('delete_custom_connector', { identifier: 'CUSTOM_TIDES' });
    expect(data).toEqual({ deleted_id: 'CUSTOM_TIDES' });
    expect(await named('tide')).toEqual([]);
    const again = await call('delete_custom_connector', { identifier: 'CUSTOM_TIDES' });
    expect(again.error).toMatchObject({ code: 'not_found', nextTool: 'search_connectors' });
  });

  verifies('tools.custom-connectors', 'is none that Scalekit offers', async () => {
    for (const tool of ['update_custom_connector', 'delete_custom_connector']) {
      const args = { identifier: 'GMAIL', ...(tool.startsWith('update') && { description: 'Mine now' }) };
      expect((await call(tool, args)).error).toMatchObject({ code: 'not_found', field: 'identifier' });
    }
    expect(written()).toEqual([]);
  });

  verifies.each<[string, object, string]>('tools.custom-connectors', [
    ['a name with other characters', { displayName: 'Berths & quays' }, 'displayName'],
    ['an address without https', { proxyUrl: 'http://a.example' }, 'proxyUrl'],
    ...[
      'api_key=aaaaaaaaaaaaaaaaaaaaaaaa@a.example/mcp',
      'secret=aaaaaaaaaaaaaaaaaaaaaaaa.a.example/mcp',
      'mira:hunter2@a.example/mcp',
      'api.good.example。a.example/mcp',
      'api.good.example／@a.example/mcp',
      'a.example/secret=aaaaaaaaaaaaaaaaaaaaaaaa',
      'a.example/"',
    ].map((address): [string, object, string] => ['an address', { proxyUrl: `https://${address}` }, 'proxyUrl']),
    ...['token_uri', 'authorize_uri'].map((name): [string, object, string] => [
      `a ${name} that would be hidden`,
      {
        authPatternJson: JSON.stringify({
          type: 'OAUTH',
          oauth_config: { [name]: 'https://api_key=aaaaaaaaaaaaaaaaaaaaaaaa@a.example/t' },
        }),
      },
      'authPatternJson',
    ]),
    ['no JSON', { authPatternJson: 'OAUTH' }, 'authPatternJson'],
    ['a pattern without type', { authPatternJson: '{}' }, 'authPatternJson'],
    [
      'a secret that is shown while it is typed',
      { authPatternJson: '{"type":"BEARER","fields":[{"field_name":"token","input_type":"text"}]}' },
      'authPatternJson',
    ],
    [
      'a secret',
      { authPatternJson: '{"type":"OAUTH","oauth_config":{"client_secret":"s3cr3t-0f-somebody-1"}}' },
      'authPatternJson',
    ],
    ['an icon without https', { iconUrl: 'http://a.example/a.svg' }, 'iconUrl'],
    ['short keys', { metadata: { a: 'b' } }, 'metadata'],
  ])('is refused with %s, and nothing is asked', async (_, args, field) => {
    const { error } = await call('create_custom_connector', wanted(args));
    expect(error).toMatchObject({ code: 'invalid_arguments' });
    expect(error.field).toContain(field);
    expect(asked()).toEqual([]);
  });
});

describe('an API that does not do what it says', () => {
  let scalekit: FakeScalekit;
  let own: TestServer;
  let callOwn: ReturnType<typeof toolCaller>;
  beforeAll(async () => {
    scalekit = await FakeScalekit.start();
    own = await running(scalekit.env);
    const scope = 'environment:read environment:write';
    callOwn = confirmingCaller(own.localUrl, await scalekit.mint({ claims: { scope } }));
  });
  afterAll(async () => {
    await own.stop();
    await scalekit.close();
  });
  const provider = {
    ...{
      identifier: 'CUSTOM_A',
      display_name: 'A',
      proxy_url: 'https://a.example',
      proxy_enabled: true,
      is_custom: true,
    },
    ...{
      auth_patterns: [{ type: 'OAUTH', oauth_config: { token_uri: 'https://a.example/token' } }],
      metadata: { own: 'x' },
    },
  };
  const change = { environmentId: 'env_1', identifier: 'CUSTOM_A', description: 'New' };

  verifies.each<[string, object]>('tools.custom-connectors', [
    ['description', {}],
    ['proxyEnabled', { description: 'New', proxy_enabled: false }],
    ['metadata', { description: 'New', metadata: {} }],
    ['authPatternJson', { description: 'New', auth_patterns: [{ type: 'OAUTH' }] }],
  ])('is told of by %s', async (field, after) => {
    let isWritten = false;
    scalekit.serveApi(({ method }, response) => {
      if (method === 'PUT') isWritten = true;
      const shown = isWritten ? { ...provider, ...after } : provider;
      json(response, 200, { provider: shown, providers: [shown] });
    });
    const { error } = await callOwn('update_custom_connector', change);
    expect(error).toMatchObject({ code: 'not_applied', field, nextTool: 'search_connectors' });
  });

  verifies(
    'tools.custom-connectors',
    'is not believed that a connector is gone, and may hide what depends on it',
    async () => {
      scalekit.serveApi(({ url }, response) =>
        url.includes('connect') && !url.includes('providers')
          ? json(response, 403, { code: 7, message: 'no' })
          : json(response, 200, { providers: [provider] }),
      );
      const args = { environmentId: 'env_1', identifier: 'CUSTOM_A' };
      expect((await callOwn('delete_custom_connector', args)).error).toMatchObject({ code: 'not_applied' });
    },
  );
});
