import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { isObject } from '../../../src/core/json.ts';
import { ENVIRONMENT_DOMAINS, ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { type ChangedScalekit, changedScalekit } from '../../fixtures/changed-scalekit.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { confirmingCaller, toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { development, production } = ENVIRONMENT_IDS;
const PROVIDED = 'res_71204418093064002';

let server: TestServer;
let token: string;

const call = (name: string, args: Record<string, unknown> = {}, environmentId: string = development) =>
  confirmingCaller(server.localUrl, token)(name, { environmentId, ...args });

async function servers(environmentId: string = development) {
  return (await call('list_mcp_servers', {}, environmentId)).data.resources as Record<string, unknown>[];
}

const named = async (id: string) => (await servers()).find((resource) => resource['id'] === id);

/** The last write that reached the management API. */
const written = () => {
  const { request } = server.exchanges.findLast(({ request: { method } }) => method !== 'GET') ?? {};
  return { method: request?.method, url: request?.url, body: request?.body };
};

beforeAll(async () => {
  server = await running();
  token = await server.token();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.exchanges.length = 0;
});

describe('list_mcp_servers', () => {
  verifies('tools.mcp-servers', 'names the type that the API demands, and yields no other resources', async () => {
    const listed = await servers();
    expect(server.exchanges.at(-1)?.request.url).toBe('/api/v1/resources?resource_type=MCP_SERVER');
    expect(listed.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Shipment tracking', 'Customs desk', 'Rate calculator']),
    );
    expect(listed.map(({ name }) => name)).not.toContain('Partner API');
    expect((await servers(production)).map(({ id }) => id)).toEqual(['res_71204418093064201']);
  });

  verifies('tools.mcp-servers', 'returns the protected resource metadata as the API gave it', async () => {
    expect(await named('res_71204418093064001')).toMatchObject({
      protected_metadata: {
        resource: 'https://tracking.dev.harborlight.example/mcp',
        authorization_servers: [`${server.sandbox().url}/resources/res_71204418093064001`],
        bearer_methods_supported: ['header'],
        resource_documentation: 'https://tracking.dev.harborlight.example/docs',
        scopes_supported: ['shipments:read', 'shipments:write'],
      },
      protected_metadata_uri: 'https://tracking.dev.harborlight.example/.well-known/oauth-protected-resource/mcp',
      access_token_expiry: 3600,
    });
  });

  verifies('tools.mcp-servers', 'goes from page to page, with at most 30 entries on each', async () => {
    const first = await call('list_mcp_servers', { pageSize: 2 });
    const pageToken = first.data.next_page_token;
    const second = await call('list_mcp_servers', { pageSize: 2, pageToken });
    expect(first.data.resources).toHaveLength(2);
    expect(second.data.resources[0].id).toBe('app_71204418093064003');
    const { error } = await call('list_mcp_servers', { pageSize: 31 });
    expect(error).toMatchObject({ code: 'invalid_arguments', field: 'pageSize' });
  });
});

describe('scopes of a server', () => {
  const TRACKING = 'res_71204418093064001';
  type Scope = { name: string; enabled?: boolean };
  const names = (scopes: readonly Scope[]) => scopes.map(({ name }) => name);
  const api = (method: string, path: string) => {
    const headers = { authorization: `Bearer ${token}`, 'x-env-domain': ENVIRONMENT_DOMAINS.development };
    return fetch(`${server.sandbox().url}/api/v1${path}`, { method, headers });
  };
  const enabled = (scopes: readonly Scope[]) => names(scopes.filter((scope) => scope.enabled === true));

  verifies(
    ['tools.mcp-servers-scopes', 'sandbox.server-scopes'],
    'are those of the environment, also of a new one, and a deleted one is gone from all',
    async () => {
      const all = async () => (await call('list_environment_scopes')).data.scopes as (Scope & { id: string })[];
      const set = async (scopes: readonly string[]) =>
        (await call('update_mcp_server', { id: TRACKING, scopes })).data.resource;
      const before = await set(['shipments:read', 'shipments:write']);
      expect(names(before.scopes)).toEqual(names(await all()));
      const { scope } = (await call('create_environment_scope', { scopeName: 'x:read' })).data;
      expect((await named(TRACKING))?.['scopes']).toEqual(['shipments:read', 'shipments:write']);
      const after = await set(['shipments:read', 'x:read']);
      expect(names(after.scopes)).toEqual([...names(before.scopes), 'x:read']);
      expect(enabled(after.scopes)).toEqual(['shipments:read', 'x:read']);
      expect(after.protected_metadata.scopes_supported).toEqual(['shipments:read', 'x:read']);
      expect((await api('DELETE', `/scopes/${scope.id}`)).status).toBe(200);
      await call('create_environment_scope', { scopeName: 'x:read' });
      const again = await named(TRACKING);
      expect(again).toMatchObject({
        scopes: ['shipments:read'],
        protected_metadata: { scopes_supported: ['shipments:read'] },
      });
      await set(['shipments:read', 'shipments:write']);
      for (const { id, name } of await all()) if (name === 'x:read') await api('DELETE', `/scopes/${id}`);
    },
  );

  verifies('tools.mcp-servers-scopes', 'that the environment lacks are refused by name', async () => {
    const { error } = await call('update_mcp_server', { id: TRACKING, scopes: ['shipments:read', 'nobody:knows'] });
    expect(error).toMatchObject({
      code: 'invalid_request',
      upstream: { violations: [{ field: 'resource.scopes[1]' }] },
    });
  });

  verifies('tools.mcp-servers-scopes', 'do not fill a list: 30 servers and 60 scopes fit one result', async () => {
    const scalekit = await FakeScalekit.start();
    const other = await running(scalekit.env);
    const scopes = Array.from({ length: 60 }, (_, i) => ({
      id: `scp_${i}`,
      name: `area${i}:read`,
      description: 'Look at everything of this area that the organization has',
      enabled: i < 2,
    }));
    const resources = Array.from({ length: 30 }, (_, i) => ({ id: `res_${i}`, name: `Server ${i}`, scopes }));
    scalekit.serveApi((_request, response) => json(response, 200, { resources, total_size: 30 }));
    try {
      const { data } = await toolCaller(other.localUrl, await scalekit.mint())('list_mcp_servers', {
        environmentId: 'env_1',
      });
      expect(data.truncated).toBeUndefined();
      expect(data.resources).toHaveLength(30);
      expect(data.resources[29].scopes).toEqual(['area0:read', 'area1:read']);
    } finally {
      await other.stop();
      await scalekit.close();
    }
  });
});

describe('set_mcp_server_client_policy', () => {
  const TRACKING_ID = 'res_71204418093064001';
  const KEY = '0123456789abcdef'.repeat(2);
  const URL_ENTRY = { type: 'URL', value: 'https://notebook.example/oauth/client' };
  const set = (args: Record<string, unknown>) => call('set_mcp_server_client_policy', { id: TRACKING_ID, ...args });

  verifies('tools.mcp-server-policy', 'sends what is named alone, and leaves the rest as it was', async () => {
    const first = await set({ onlyAllowedClients: true, allowedClients: [URL_ENTRY] });
    expect(written().body).toEqual({ cimd_client_allowlist: [URL_ENTRY], cimd_client_allowlist_enabled: true });
    expect(first.data.resource).toMatchObject({ cimd_client_allowlist: [URL_ENTRY], name: 'Shipment tracking' });
    const scopes = first.data.resource.scopes;
    const { resource } = (await set({ peopleMayLeaveOutScopes: true })).data;
    expect(resource).toMatchObject({
      cimd_client_allowlist_enabled: true,
      cimd_client_allowlist: [URL_ENTRY],
      resource_scope_selection_allowed: true,
      scopes,
    });
    expect((await set({ onlyAllowedClients: false, allowedClients: [] })).data.resource).toMatchObject({
      cimd_client_allowlist: [],
      cimd_client_allowlist_enabled: false,
    });
  });

  verifies(
    'tools.mcp-server-policy',
    'refuses a list that keeps everybody out, and entries that match nobody',
    async () => {
      const refused = [
        [{ onlyAllowedClients: true }, 'invalid_arguments'],
        [{ onlyAllowedClients: true, allowedClients: [] }, 'invalid_arguments'],
        [{}, 'invalid_arguments'],
        [{ allowedClients: [{ type: 'URL', value: 'http://notebook.example/a' }] }, 'invalid_request'],
        [{ allowedClients: [{ type: 'URL', value: 'https://notebook.example/*/a' }] }, 'invalid_request'],
        [{ allowedClients: Array(21).fill(URL_ENTRY) }, 'invalid_arguments'],
        ...['secret=', 'api_key=a@', `claude.ai:${KEY}@`].map(
          (hidden) =>
            [
              { allowedClients: [{ type: 'URL', value: `https://${hidden}${KEY}.example/c` }] },
              'invalid_arguments',
            ] as const,
        ),
      ] as const;
      for (const [args, code] of refused) {
        const { error } = await set(args);
        expect(error, JSON.stringify(args)).toMatchObject({ code, field: expect.stringContaining('allowedClients') });
      }
    },
  );
});

describe('an API that does not heed everything', () => {
  let scalekit: ChangedScalekit;
  let other: TestServer;
  let asked: string[] = [];
  let changeAnswer = (body: Record<string, unknown>) => body;
  const update = (args: Record<string, unknown>) =>
    toolCaller(other.localUrl, scalekit.token)('update_mcp_server', {
      environmentId: development,
      id: PROVIDED,
      ...args,
    });

  beforeAll(async () => {
    scalekit = await changedScalekit(() => ({
      // It takes an empty text for one that is not there.
      body: (sent) => Object.fromEntries(Object.entries((sent ?? {}) as object).filter(([, value]) => value !== '')),
      answer: (body, url, status) => {
        asked.push(url);
        return { status, text: JSON.stringify(changeAnswer(body as Record<string, unknown>)) };
      },
    }));
    other = await running(scalekit.env);
  });
  afterAll(async () => {
    await other.stop();
    await scalekit.close();
  });
  beforeEach(() => {
    asked = [];
    changeAnswer = (body) => body;
  });

  verifies('tools.mcp-server-policy', 'lets the rest be set where a list keeps everybody out already', async () => {
    const closed = { cimd_client_allowlist_enabled: true, cimd_client_allowlist: [] };
    changeAnswer = ({ resource, ...rest }) => ({
      ...rest,
      ...(isObject(resource) && { resource: { ...resource, ...closed } }),
    });
    const set = toolCaller(other.localUrl, scalekit.token);
    const given = { environmentId: development, id: PROVIDED, peopleMayLeaveOutScopes: true };
    const { data } = await set('set_mcp_server_client_policy', given);
    expect(data.resource).toMatchObject({ ...closed, resource_scope_selection_allowed: true });
    const { error } = await set('set_mcp_server_client_policy', { ...given, allowedClients: [] });
    expect(error).toMatchObject({ code: 'invalid_arguments', field: 'allowedClients' });
  });

  verifies('tools.mcp-servers-applied', 'is told by the field that it kept', async () => {
    const { data, error } = await update({ name: 'Customs', description: '' });
    expect(data).toBeUndefined();
    expect(error).toMatchObject({ code: 'not_applied', field: 'description', nextTool: 'list_mcp_servers' });
    expect(error.message).toContain('description did not come true');
  });

  verifies('tools.mcp-servers-applied', 'hands sign-in to Scalekit all the same', async () => {
    const { data } = await update({ use_scalekit_authentication: true });
    expect(data.resource.provider).toBeUndefined();
    expect(asked.filter((url) => url.includes('/resources/'))).toEqual([
      `/api/v1/resources/${PROVIDED}/provider:delete`,
    ]);
  });

  const scopesOf = (body: Record<string, unknown>) =>
    (body['resource'] as { scopes: { name: string; enabled: boolean }[] } | undefined)?.scopes ?? [];

  verifies('tools.mcp-servers-applied', 'is told when other scopes are enabled than before', async () => {
    changeAnswer = (body) => {
      const isAfter = asked.filter((url) => url.includes('/resources/')).length > 1;
      for (const scope of scopesOf(body)) scope.enabled = isAfter && scope.name === 'shipments:write';
      return body;
    };
    const { error } = await update({ name: 'Customs' });
    expect(error).toMatchObject({ code: 'not_applied', field: 'scopes', nextTool: 'update_mcp_server' });
    // A name is text of the platform, and stands in no sentence of this server.
    expect(error.upstream).toMatchObject({ violations: [{ field: 'scopes', description: 'shipments:write' }] });
    expect(error.message).not.toContain('shipments:write');
  });

  verifies.each<[string, Record<string, unknown>, Record<string, unknown>]>('tools.mcp-servers-applied', [
    ['access_token_expiry', { access_token_expiry: 600 }, { access_token_expiry: '3600' }],
    ['refreshTokenExpiry', { refreshTokenExpiry: 600 }, { refresh_token_expiry: '3600' }],
    ['url', { url: 'https://z.example/mcp' }, { resource_id: 'https://y.example/mcp' }],
    ['logoUri', { logoUri: 'https://z.example/a.png' }, { logo_uri: '' }],
    ['scopes', { scopes: ['shipments:read'] }, { scopes: [] }],
    ['enableCimd', { enableCimd: false }, { enable_cimd: true }],
    ['provider', { provider: 'OKTA-1' }, { provider: 'CUSTOMS-PORTAL' }],
    ['disableDynamicClientRegistration', { disableDynamicClientRegistration: true }, {}],
    ['xaaEnabled', { xaaEnabled: true }, { xaa_enabled: false }],
    ['intersectScopesUserPermission', { intersectScopesUserPermission: true }, {}],
  ])('is told by %s', async (field, args, kept) => {
    changeAnswer = (body) => {
      const resource = body['resource'] as Record<string, unknown> | undefined;
      const { disable_dynamic_client_registration: _, intersect_scopes_user_permission: __, ...rest } = resource ?? {};
      return resource === undefined ? body : { resource: { ...rest, ...kept } };
    };
    expect((await update(args)).error).toMatchObject({ code: 'not_applied', field, retryable: false });
  });

  verifies('tools.mcp-servers-applied', 'is told when a provider outlives the switch', async () => {
    changeAnswer = (body) => {
      const resource = body['resource'] as Record<string, unknown> | undefined;
      return resource === undefined ? body : { resource: { ...resource, provider: 'OKTA-1' } };
    };
    const switched = await confirmingCaller(other.localUrl, scalekit.token)('switch_mcp_auth_to_scalekit', {
      environmentId: development,
      id: PROVIDED,
    });
    expect(switched.error).toMatchObject({ code: 'not_applied' });
    const updated = await update({ use_scalekit_authentication: true });
    expect(updated.error).toMatchObject({ code: 'not_applied', field: 'use_scalekit_authentication' });
    const registered = await toolCaller(other.localUrl, scalekit.token)('register_mcp_server', {
      environmentId: development,
      name: 'Never alone',
      use_scalekit_authentication: true,
    });
    expect(registered.error).toMatchObject({ code: 'not_applied', field: 'use_scalekit_authentication' });
  });
});

describe('register_mcp_server', () => {
  verifies('tools.mcp-servers', 'sends exactly the fields of the API, lifetimes as strings', async () => {
    const { data } = await call('register_mcp_server', {
      name: '  Gate cameras ',
      description: 'Plates and arrivals',
      url: 'https://gates.dev.harborlight.example/mcp',
      access_token_expiry: 300,
      use_scalekit_authentication: true,
    });
    expect(written()).toEqual({
      method: 'POST',
      url: '/api/v1/resources',
      body: {
        resource_type: 'MCP_SERVER',
        name: 'Gate cameras',
        description: 'Plates and arrivals',
        resource_id: 'https://gates.dev.harborlight.example/mcp',
        access_token_expiry: '300',
      },
    });
    expect(data.resource).toMatchObject({ id: expect.stringMatching(/^res_\d+$/), access_token_expiry: 300 });
    expect(data.resource.protected_metadata).toMatchObject({
      authorization_servers: [`${server.sandbox().url}/resources/${data.resource.id}`],
    });
    // What few servers have is not in the list.
    const { cimd_client_allowlist: _, cimd_client_allowlist_enabled: __, ...listed } = data.resource;
    const { resource_scope_selection_allowed: ___, ...common } = listed;
    expect(await named(data.resource.id)).toEqual({ ...common, scopes: [] });
  });

  verifies('tools.mcp-servers', 'takes every documented setting, under the API’s names', async () => {
    const { data, error } = await call('register_mcp_server', {
      name: 'Every setting',
      url: 'https://settings.dev.harborlight.example/mcp',
      refreshTokenExpiry: 86_400,
      logoUri: 'https://settings.dev.harborlight.example/logo.png',
      scopes: ['invoices:read', 'shipments:read'],
      enableCimd: true,
      disableDynamicClientRegistration: true,
      xaaEnabled: true,
      intersectScopesUserPermission: true,
    });
    expect(error).toBeUndefined();
    const settings = {
      enable_cimd: true,
      disable_dynamic_client_registration: true,
      xaa_enabled: true,
      intersect_scopes_user_permission: true,
      logo_uri: 'https://settings.dev.harborlight.example/logo.png',
    };
    expect(written().body).toEqual({
      resource_type: 'MCP_SERVER',
      name: 'Every setting',
      resource_id: 'https://settings.dev.harborlight.example/mcp',
      refresh_token_expiry: '86400',
      scopes: ['invoices:read', 'shipments:read'],
      ...settings,
    });
    expect(data.resource).toMatchObject({ ...settings, refresh_token_expiry: 86_400 });
    expect(data.resource.protected_metadata.scopes_supported).toEqual(['invoices:read', 'shipments:read']);
    const off = { enableCimd: false, disableDynamicClientRegistration: false, xaaEnabled: false };
    const { id } = data.resource;
    const changed = await call('update_mcp_server', { id, ...off, intersectScopesUserPermission: false, scopes: [] });
    expect(changed.data.resource).toMatchObject({ enable_cimd: false, intersect_scopes_user_permission: false });
    expect(changed.data.resource.protected_metadata.scopes_supported).toEqual([]);
  });

  verifies('tools.mcp-servers', 'has its id as the audience where it has no URL', async () => {
    const { data } = await call('register_mcp_server', { name: 'No URL yet' });
    expect(written().body).toEqual({ resource_type: 'MCP_SERVER', name: 'No URL yet' });
    expect(data.resource).toMatchObject({ id: data.resource.resource_id });
  });

  verifies('tools.mcp-servers', 'needs a name, and leaves the rest to the API', async () => {
    const { data } = await call('register_mcp_server', { name: 'Bare', url: 'http://localhost:8080/' });
    expect(written().body).toEqual({
      resource_type: 'MCP_SERVER',
      name: 'Bare',
      resource_id: 'http://localhost:8080/',
    });
    expect(data.resource.protected_metadata_uri).toBe('http://localhost:8080/.well-known/oauth-protected-resource');
  });

  verifies.each('tools.mcp-servers', [
    [{ provider: 'OKTA-1' }],
    [{ provider: 'OKTA-1', use_scalekit_authentication: false }],
  ])('derives the provider from %j', async (auth) => {
    const url = `https://own-${Object.keys(auth).length}.harborlight.example/mcp`;
    const { data } = await call('register_mcp_server', { name: 'Own login', url, ...auth });
    expect(data.resource.provider).toBe('OKTA-1');
    expect(written().body).toEqual({
      resource_type: 'MCP_SERVER',
      name: 'Own login',
      resource_id: url,
      provider: 'OKTA-1',
    });
  });

  verifies.each<[string, Record<string, unknown>, Record<string, unknown>]>('tools.mcp-servers', [
    [
      'Scalekit and a provider at once',
      { provider: 'OKTA-1', use_scalekit_authentication: true },
      { field: 'provider', message: expect.stringContaining('leave provider out') },
    ],
    [
      'neither Scalekit nor a provider',
      { use_scalekit_authentication: false },
      { field: 'provider', nextTool: 'list_environment_connections' },
    ],
    [
      'an empty provider in place of Scalekit',
      { provider: '', use_scalekit_authentication: false },
      { field: 'provider' },
    ],
    ['plain http', { url: 'http://mcp.harborlight.example/' }, { field: 'url' }],
    ['a fragment', { url: 'https://mcp.harborlight.example/#x' }, { field: 'url' }],
    ['credentials', { url: 'https://user:word@mcp.harborlight.example/' }, { field: 'url' }],
    ['a path only', { url: '/mcp' }, { field: 'url' }],
    ['an empty name', { name: ' ' }, { field: 'name' }],
    ['a lifetime of no seconds', { access_token_expiry: 0 }, { field: 'access_token_expiry' }],
    ['the API’s own name of a field', { resource_id: 'https://x.example' }, { field: 'resource_id' }],
  ])('refuses %s before anything is sent', async (_name, args, expected) => {
    const wanted = { name: 'Refused', url: 'https://refused.harborlight.example/mcp', ...args };
    const { error } = await call('register_mcp_server', wanted);
    expect(error).toMatchObject({ code: 'invalid_arguments', ...expected });
    expect(server.exchanges).toEqual([]);
  });

  verifies('tools.mcp-servers', 'reports a URL that another server has as a conflict', async () => {
    const wanted = { name: 'Twin', url: 'https://tracking.dev.harborlight.example/mcp' };
    expect((await call('register_mcp_server', wanted)).error).toMatchObject({
      code: 'conflict',
      retryable: false,
      upstream: { status: 409, error_code: 'ALREADY_EXISTS' },
    });
    expect((await call('register_mcp_server', wanted, production)).data.resource.name).toBe('Twin');
  });
});

describe('update_mcp_server', () => {
  verifies('tools.mcp-servers', 'leaves the provider and all else that is not named as they are', async () => {
    const before = (await call('get_mcp_server', { id: PROVIDED })).data.resource;
    const { data } = await call('update_mcp_server', { id: PROVIDED, name: 'Customs' });
    expect(written()).toEqual({
      method: 'PATCH',
      url: `/api/v1/resources/${PROVIDED}`,
      body: { name: 'Customs' },
    });
    const { update_time } = data.resource;
    expect(data.resource).toEqual({ ...before, name: 'Customs', update_time });
    expect(data.resource).toMatchObject({ provider: 'CUSTOMS-PORTAL', connection_details: { type: 'CUSTOM' } });
    // An empty provider is how some clients leave it out.
    await call('update_mcp_server', { id: PROVIDED, access_token_expiry: 1200, provider: '' });
    expect(written().body).toEqual({ access_token_expiry: '1200' });
  });

  verifies('tools.mcp-servers', 'takes ids of both kinds, and clears what is set to nothing', async () => {
    const id = 'app_71204418093064003';
    const url = 'https://rates.dev.harborlight.example/v2';
    await call('update_mcp_server', { id, url, description: 'Quotes' });
    expect(written().body).toEqual({ resource_id: url, description: 'Quotes' });
    const { data } = await call('update_mcp_server', { id, description: '' });
    expect(written().body).toEqual({ description: '' });
    expect(data.resource).toMatchObject({ id, resource_id: url });
    expect(data.resource).not.toHaveProperty('description');
  });

  verifies('tools.mcp-servers', 'changes who signs users in when asked to', async () => {
    const id = 'res_71204418093064001';
    const away = await call('update_mcp_server', { id, provider: 'OKTA-1', use_scalekit_authentication: false });
    expect([written().body, away.data.resource.provider]).toEqual([{ provider: 'OKTA-1' }, 'OKTA-1']);
    const back = await call('update_mcp_server', { id, use_scalekit_authentication: true });
    expect(back.data.resource.provider).toBeUndefined();
    expect(written()).toEqual({ method: 'PUT', url: `/api/v1/resources/${id}/provider:delete`, body: undefined });
    server.exchanges.length = 0;
    const args = { id, description: 'Own login', provider: 'OKTA-1' };
    expect((await call('update_mcp_server', args)).data.resource.provider).toBe('OKTA-1');
    server.exchanges.length = 0;
    const both = await call('update_mcp_server', { id, description: 'Shipments', use_scalekit_authentication: true });
    expect(both.data.resource).toMatchObject({ description: 'Shipments' });
    expect(both.data.resource.provider).toBeUndefined();
    expect(
      server.exchanges.filter(({ request }) => request.method !== 'GET').map(({ request }) => request.body),
    ).toEqual([{ description: 'Shipments' }, undefined]);
  });

  verifies('tools.mcp-servers-applied', 'tells what is changed when the switch to Scalekit fails', async () => {
    const path = `/api/v1/resources/${PROVIDED}/provider:delete`;
    server.sandbox().faults.add({ kind: 'status', status: 500, when: { method: 'PUT', path } });
    const { error } = await call('update_mcp_server', {
      id: PROVIDED,
      name: 'Customs',
      use_scalekit_authentication: true,
    });
    server.sandbox().faults.clear();
    expect(error).toMatchObject({ code: 'upstream_error' });
    expect(error.message).toContain('The other changes are made, but');
  });

  verifies('tools.mcp-servers', 'keeps what calls at the same time change', async () => {
    const id = 'app_71204418093064003';
    const changes = [
      { description: 'At once' },
      { access_token_expiry: 700 },
      { refreshTokenExpiry: 70_000 },
      { scopes: ['shipments:read'] },
      { xaaEnabled: true },
    ];
    const answers = await Promise.all(changes.map((change) => call('update_mcp_server', { id, ...change })));
    expect(answers.map(({ error }) => error)).toEqual(changes.map(() => undefined));
    expect(await named(id)).toMatchObject({
      description: 'At once',
      access_token_expiry: 700,
      refresh_token_expiry: 70_000,
      scopes: ['shipments:read'],
      xaa_enabled: true,
    });
    await call('update_mcp_server', { id, scopes: [] });
  });

  verifies.each<[string, Record<string, unknown>, Record<string, unknown>]>('tools.mcp-servers', [
    ['nothing to change', { id: PROVIDED }, { message: expect.stringContaining('Nothing to change') }],
    ['nothing but an empty provider', { id: PROVIDED, provider: '' }, {}],
    ['no provider', { id: PROVIDED, use_scalekit_authentication: false }, { field: 'provider' }],
    ['an id of another kind', { id: 'mcp_1', name: 'x' }, { field: 'id' }],
    ['no id', { name: 'x' }, { field: 'id' }],
  ])('refuses %s before anything is sent', async (_name, args, expected) => {
    expect((await call('update_mcp_server', args)).error).toMatchObject({ code: 'invalid_arguments', ...expected });
    expect(server.exchanges).toEqual([]);
  });

  verifies('tools.mcp-servers', 'says when there is no such server', async () => {
    const { error } = await call('update_mcp_server', { id: 'res_1', name: 'x' });
    expect(error).toMatchObject({ code: 'not_found', upstream: { status: 404 } });
    expect((await call('update_mcp_server', { id: PROVIDED, name: 'x' }, production)).error.code).toBe('not_found');
  });
});

describe('switch_mcp_auth_to_scalekit', () => {
  verifies('tools.mcp-servers', 'removes the provider through the operation made for it', async () => {
    const { data } = await call('register_mcp_server', {
      name: 'To be switched',
      url: 'https://switched.harborlight.example/mcp',
      provider: 'OKTA-1',
    });
    const { id } = data.resource;
    const switched = await call('switch_mcp_auth_to_scalekit', { id });
    expect(written()).toEqual({
      method: 'PUT',
      url: `/api/v1/resources/${id}/provider:delete`,
      body: undefined,
    });
    expect(switched.data.resource.id).toBe(id);
    const again = await call('switch_mcp_auth_to_scalekit', { id });
    for (const { resource } of [switched.data, again.data]) {
      expect(resource.provider).toBeUndefined();
      expect(resource.connection_details).toBeUndefined();
    }
  });

  verifies('tools.mcp-servers', 'says when there is no such server', async () => {
    expect((await call('switch_mcp_auth_to_scalekit', { id: 'app_1' })).error.code).toBe('not_found');
  });
});

verifies('tools.mcp-servers', 'passes on metadata of any form, and nothing that no schema names', async () => {
  const scalekit = await FakeScalekit.start();
  const other = await running(scalekit.env);
  try {
    const documents = [{ resource: 'x', nested: { list: [1, null] } }, '{"resource":"x"}', null, undefined];
    const resources = documents.map((protected_metadata, i) => ({
      id: `res_${i}`,
      protected_metadata,
      access_token_expiry: i === 0 ? 3600 : '3600',
      client_secret: 'hidden',
      connection_details: { id: 'conn_1', settings: { client_secret: 'hidden' } },
    }));
    scalekit.serveApi((_request, response) => json(response, 200, { resources, total_size: 4 }));
    const { data } = await toolCaller(other.localUrl, await scalekit.mint())('list_mcp_servers', {
      environmentId: 'env_1',
    });
    expect(data.resources.map((resource: Record<string, unknown>) => resource['protected_metadata'])).toEqual(
      documents,
    );
    expect(JSON.stringify(data)).not.toContain('hidden');
  } finally {
    await other.stop();
    await scalekit.close();
  }
});
