import { afterAll, beforeAll, describe, expect } from 'vitest';
import {
  DEVELOPMENT_SERVER_CLIENT_IDS as CLIENTS,
  DEVELOPMENT_CONSENT_IDS as CONSENTS,
  ENVIRONMENT_IDS,
} from '../../../src/sandbox/data/ids.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json, nothingThere } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { confirmingCaller, type toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const TRACKING = 'res_71204418093064001';
const CUSTOMS = 'res_71204418093064002';
const TARIFFS = 'res_71204418093064005';

const { server, token, call, asked } = sharedServer();

const written = () => asked().filter(({ method }) => method !== 'GET');
const confirmed = (name: string, args: Record<string, unknown>) =>
  confirmingCaller(server().url, token())(name, { environmentId: ENVIRONMENT_IDS.development, ...args });
const clientsOf = async (serverId: string, kind?: string) =>
  (await call('list_mcp_server_clients', { serverId, ...(kind && { kind }) })).data.clients as { client_id: string }[];
const read = (clientId: string, serverId = TRACKING) => call('get_mcp_server_client', { serverId, clientId });

describe('the clients of an MCP server', () => {
  verifies('tools.mcp-clients', 'are listed, all or by how they came to be', async () => {
    const ids = (clients: { client_id: string }[]) => clients.map(({ client_id }) => client_id);
    const { dispatcher, nightShift, editor, notebook } = CLIENTS;
    expect(ids(await clientsOf(TRACKING))).toEqual([dispatcher, nightShift, editor, notebook]);
    expect(ids(await clientsOf(TRACKING, 'STATIC'))).toEqual([dispatcher, nightShift]);
    expect(ids(await clientsOf(TRACKING, 'DCR'))).toEqual([editor]);
    expect(ids(await clientsOf(TRACKING, 'CIMD'))).toEqual([notebook]);
    expect(await clientsOf('app_71204418093064003')).toEqual([]);
  });

  verifies('tools.mcp-clients', 'are shown with who gave consent and how secrets end', async () => {
    expect((await read(CLIENTS.dispatcher)).data.client).toMatchObject({
      audience: ['https://tracking.dev.harborlight.example/mcp'],
      custom_claims: [{ key: 'team', value: 'dispatch' }],
      secrets: [{ secret_suffix: 'Wq8c', status: 'ACTIVE' }],
      expiry: 3600,
    });
    expect((await read(CLIENTS.editor)).data.consented_users).toHaveLength(2);
    expect((await read(CLIENTS.customs)).error).toMatchObject({ code: 'not_found' });
    const foreign = await call('get_mcp_server_client', { serverId: TRACKING, clientId: CLIENTS.editor }, 'production');
    expect(foreign.error).toMatchObject({ code: 'not_found' });
  });

  verifies(
    'tools.mcp-clients',
    'have their secret replaced: another one is made, then the old one deleted',
    async () => {
      const { data: server1 } = await call('register_mcp_server', { name: 'Ballast' });
      const serverId = server1.resource.id;
      const { data } = await call('create_mcp_server_client', { serverId, name: 'Ballast reader' });
      const target = { serverId, clientId: data.client.client_id };
      const signIn = async (client_secret: string) => {
        const credentials = { client_id: target.clientId, client_secret, grant_type: 'client_credentials' };
        const url = `${server().sandbox().url}/resources/${serverId}/oauth/token`;
        return (await fetch(url, { method: 'POST', body: new URLSearchParams(credentials) })).status;
      };
      const [first] = data.client.secrets;
      const last = await confirmed('delete_mcp_client_secret', { ...target, secretId: first.id });
      expect(last.error).toMatchObject({ code: 'invalid_request', nextTool: 'create_mcp_client_secret' });

      const made = await call('create_mcp_client_secret', target);
      expect(made.data.plain_secret).toMatch(new RegExp(`${made.data.secret_suffix}$`));
      expect([await signIn(data.plain_secret), await signIn(made.data.plain_secret)]).toEqual([200, 200]);
      const deleted = await confirmed('delete_mcp_client_secret', { ...target, secretId: first.id });
      expect(deleted.data).toEqual({ deleted_id: first.id });
      expect([await signIn(data.plain_secret), await signIn(made.data.plain_secret)]).toEqual([401, 200]);

      for (let held = 1; held < 5; held++) await call('create_mcp_client_secret', target);
      const { error } = await call('create_mcp_client_secret', target);
      expect(error).toMatchObject({ code: 'invalid_request', nextTool: 'delete_mcp_client_secret' });
    },
  );

  verifies(
    'tools.mcp-clients',
    'get and lose no secrets through another server, nor do clients of other kinds',
    async () => {
      const secretId = 'sec_71204418093064415';
      for (const clientId of [CLIENTS.customs, 'skc_71204418093064121', 'm2morg_71204418093064121']) {
        const target = { serverId: TRACKING, clientId };
        expect((await call('create_mcp_client_secret', target)).error).toBeDefined();
        expect((await confirmed('delete_mcp_client_secret', { ...target, secretId })).error).toBeDefined();
      }
      expect(written()).toEqual([]);
    },
  );

  verifies('tools.mcp-clients', 'are created with a secret that is shown once', async () => {
    const wanted = { scopes: ['shipments:write', 'shipments:read'], customClaims: { team: 'quay' } };
    const { data, meta } = await call('create_mcp_server_client', {
      serverId: TRACKING,
      name: ' Quay board ',
      ...wanted,
      accessTokenExpiry: 600,
    });
    expect(data).toMatchObject({
      client: { name: 'Quay board', scopes: wanted.scopes, expiry: 600, resource_id: TRACKING },
      note: expect.stringContaining('once'),
    });
    expect(data.differing).toBeUndefined();
    expect(JSON.stringify(meta)).toContain('plain_secret');
    expect(written()).toMatchObject([
      { url: `/api/v1/resources/${TRACKING}/clients`, body: { name: 'Quay board', expiry: '600' } },
    ]);
    const again = await read(data.client.client_id);
    expect(again.data.client).toEqual(data.client);
    expect(again.text).not.toContain(data.plain_secret);
    expect(server().logText()).not.toContain(data.plain_secret);
  });

  verifies('tools.mcp-clients', 'get no scopes that their server has not enabled', async () => {
    const scopes = ['shipments:read', 'invoices:read'];
    const created = await call('create_mcp_server_client', { serverId: TRACKING, name: 'Billing', scopes });
    const changed = await call('update_mcp_server_client', { serverId: TRACKING, clientId: CLIENTS.editor, scopes });
    for (const { error } of [created, changed]) {
      expect(error).toMatchObject({ code: 'invalid_arguments', field: 'scopes', nextTool: 'update_mcp_server' });
      expect(error.message).toContain('"invoices:read"');
      expect(error.message).not.toContain('shipments:read');
    }
    expect(written()).toEqual([]);
  });

  verifies('tools.mcp-clients', 'are changed in what is named alone, and lists can be emptied', async () => {
    const target = { serverId: TRACKING, clientId: CLIENTS.dispatcher };
    const before = (await read(CLIENTS.dispatcher)).data.client;
    const { data } = await call('update_mcp_server_client', { ...target, description: 'For the night too' });
    const { update_time: _, ...rest } = before;
    expect(data.client).toMatchObject({ ...rest, description: 'For the night too' });
    expect(written()).toMatchObject([{ method: 'PATCH', body: { description: 'For the night too' } }]);
    const emptied = await call('update_mcp_server_client', { ...target, scopes: [], customClaims: {} });
    expect(emptied.data.client).toMatchObject({ scopes: [], custom_claims: [], name: before.name });
    const nothing = await call('update_mcp_server_client', target);
    expect(nothing.error).toMatchObject({ code: 'invalid_arguments', field: 'name' });
  });

  verifies('tools.mcp-clients', 'are deleted after a look, with the consents they have', async () => {
    const target = { serverId: TARIFFS, clientId: CLIENTS.tariffs };
    const preview = await call('delete_mcp_server_client', target);
    expect(preview.error).toMatchObject({
      code: 'confirmation_required',
      preview: {
        client: { name: 'Spreadsheet', is_dcr: true },
        consented_users: [{ external_user_id: 'hl-u-mateus' }],
      },
    });
    expect((await confirmed('delete_mcp_server_client', target)).data).toEqual({ deleted_id: CLIENTS.tariffs });
    expect(await clientsOf(TARIFFS)).toEqual([]);
    expect((await call('list_mcp_user_consents', { serverId: TARIFFS })).data.consents).toEqual([]);
  });

  verifies.each<[string, string, unknown]>('tools.mcp-clients', [
    ['get_mcp_server_client', 'clientId', 'skc_71204418093064101'],
    ['delete_mcp_server_client', 'clientId', 'skc_71204418093064101'],
    ['update_mcp_server_client', 'clientId', 'm2morg_1'],
    ['delete_mcp_server_client', 'serverId', 'conn_1'],
    ['create_mcp_server_client', 'redirectUris', ['javascript:alert(1)']],
    ['create_mcp_server_client', 'audience', ['https://a.example']],
  ])('%s refuses a %s of %j, and asks nothing', async (tool, field, value) => {
    const target = tool.startsWith('create') ? { name: 'A' } : { clientId: CLIENTS.editor };
    const { error } = await call(tool, { serverId: TRACKING, ...target, [field]: value });
    expect(error).toMatchObject({ code: 'invalid_arguments' });
    expect(error.field).toContain(field);
    expect(asked()).toEqual([]);
  });
});

describe('what users allowed', () => {
  verifies('tools.mcp-consents', 'is listed page by page, or of some users', async () => {
    const list = async (args: object) => (await call('list_mcp_user_consents', { serverId: TRACKING, ...args })).data;
    const first = await list({ pageSize: 2 });
    expect([first.consents.length, first.total_size]).toEqual([2, 3]);
    const second = await list({ pageSize: 2, pageToken: first.next_page_token });
    expect(second.consents).toMatchObject([{ id: CONSENTS.adaNotebook, client_name: 'Notebook' }]);
    expect((await list({ search: 'ADA' })).consents).toHaveLength(2);
    expect((await list({ search: 'nobody' })).consents).toEqual([]);
  });

  verifies(
    'tools.mcp-consents',
    'is revoked after a look, and access is said to last as long as tokens do',
    async () => {
      const target = { serverId: TRACKING, clientId: CLIENTS.editor, consentId: CONSENTS.adaEditor };
      const preview = await call('revoke_mcp_user_consent', target);
      expect(preview.error.preview).toMatchObject({
        consent: { external_user_id: 'hl-u-ada', client_name: 'Code editor', scopes: ['shipments:read'] },
        resource: { name: 'Shipment tracking', access_token_expiry: 3600 },
      });
      const { data } = await confirmed('revoke_mcp_user_consent', { ...target, externalUserId: 'hl-u-ada' });
      expect(data).toEqual({ revoked_id: CONSENTS.adaEditor, access_ends_within_seconds: 3600 });
      const again = await call('revoke_mcp_user_consent', target);
      expect(again.error).toMatchObject({ code: 'not_found', nextTool: 'list_mcp_user_consents' });
      const others = await call('revoke_mcp_user_consent', { ...target, clientId: CLIENTS.notebook });
      expect(others.error).toMatchObject({ code: 'not_found' });
    },
  );
});

describe('an MCP server', () => {
  verifies('tools.mcp-consents', 'is deleted after a look at its clients and consents', async () => {
    const { resource } = (await call('register_mcp_server', { name: 'Trial' })).data;
    await call('create_mcp_server_client', { serverId: resource.id, name: 'Try it' });
    const preview = await call('delete_mcp_server', { id: resource.id });
    expect(preview.error.preview).toMatchObject({
      resource: { name: 'Trial' },
      clients: { count: 1, entries: [{ name: 'Try it' }] },
      consents: { count: 0, is_complete: true },
    });
    expect((await confirmed('delete_mcp_server', { id: resource.id })).data).toEqual({ deleted_id: resource.id });
    expect((await call('get_mcp_server', { id: resource.id })).error).toMatchObject({ code: 'not_found' });
    const { consents } = (await call('delete_mcp_server', { id: TRACKING })).error.preview;
    expect(consents.entries).toContainEqual({
      id: CONSENTS.miraEditor,
      external_user_id: 'hl-u-mira',
      client_name: 'Code editor',
    });
    expect((await call('get_mcp_server', { id: CUSTOMS })).data.resource).toMatchObject({ provider: 'CUSTOMS-PORTAL' });
  });
});

describe('an API that does not do what it says', () => {
  let scalekit: FakeScalekit;
  let own: TestServer;
  let callOwn: ReturnType<typeof toolCaller>;
  beforeAll(async () => {
    scalekit = await FakeScalekit.start();
    own = await running(scalekit.env);
    callOwn = confirmingCaller(
      own.localUrl,
      await scalekit.mint({ claims: { scope: 'environment:write environment:read' } }),
    );
  });
  afterAll(async () => {
    await own.stop();
    await scalekit.close();
  });
  const ids = { environmentId: 'env_1', serverId: 'res_1', clientId: 'm2m_1' };
  const client = { client_id: 'm2m_1', resource_id: 'res_1', name: 'Bot', scopes: ['a:read'] };

  verifies('tools.mcp-clients', 'gives no client of another server away, and has none changed or deleted', async () => {
    for (const odd of [{ resource_id: 'res_2' }, { resource_id: '' }, { client_id: 'm2m_2' }]) {
      scalekit.serveApi((_request, response) => json(response, 200, { client: { ...client, ...odd } }));
      const before = scalekit.operations.length;
      for (const tool of ['get_mcp_server_client', 'update_mcp_server_client', 'delete_mcp_server_client']) {
        const args = tool === 'update_mcp_server_client' ? { ...ids, name: 'New' } : ids;
        const { error } = await callOwn(tool, args);
        expect(error).toMatchObject({ code: 'not_found', field: 'clientId', nextTool: 'list_mcp_server_clients' });
      }
      expect(scalekit.operations.slice(before).every(({ method }) => method === 'GET')).toBe(true);
    }
  });

  verifies('tools.mcp-clients', 'is told of, by what it kept and by what it changed beside', async () => {
    scalekit.serveApi((_request, response) => json(response, 200, { client }));
    const kept = await callOwn('update_mcp_server_client', { ...ids, description: 'New' });
    expect(kept.error).toMatchObject({ code: 'not_applied', field: 'description' });
    scalekit.serveApi(({ method }, response) =>
      json(response, 200, { client: { ...client, ...(method === 'PATCH' && { name: 'New', scopes: [] }) } }),
    );
    const lost = await callOwn('update_mcp_server_client', { ...ids, name: 'New' });
    expect(lost.error).toMatchObject({ code: 'not_applied', field: 'scopes', nextTool: 'get_mcp_server_client' });
  });

  verifies('tools.mcp-clients', 'does not lose a secret, and lists none where it says so by numbers', async () => {
    scalekit.serveApi((_request, response) => json(response, 200, { client, plain_secret: 'live_Zw81xTq0pL4' }));
    const { data } = await callOwn('create_mcp_server_client', { ...ids, clientId: undefined, name: 'Other' });
    expect(data).toMatchObject({ plain_secret: 'live_Zw81xTq0pL4', differing: ['name'] });
    const list = { environmentId: 'env_1', serverId: 'res_1' };
    scalekit.serveApi((_request, response) => json(response, 200, { total_dcr_clients: 0, total_static_clients: 0 }));
    expect((await callOwn('list_mcp_server_clients', list)).data.clients).toEqual([]);
    scalekit.serveApi((_request, response) => json(response, 200, {}));
    expect((await callOwn('list_mcp_server_clients', list)).error).toMatchObject({ code: 'unexpected_response' });
  });

  verifies('tools.mcp-consents', 'is not believed that a consent is gone', async () => {
    const consents = [{ id: 'usrcnst_1', client_id: 'm2m_1', external_user_id: 'ada' }];
    const resource = { id: 'res_1', name: 'Server', access_token_expiry: '900' };
    scalekit.serveApi((_request, response) => json(response, 200, { resource, consents }));
    const args = { ...ids, consentId: 'usrcnst_1' };
    expect((await callOwn('revoke_mcp_user_consent', args)).error).toMatchObject({ code: 'not_applied' });
  });

  verifies('tools.mcp-servers', 'may show which metadata documents of clients a server takes', async () => {
    const newer = {
      cimd_client_allowlist_enabled: true,
      cimd_client_allowlist: [{ type: 'URL', value: 'https://notebook.example/client' }],
      resource_scope_selection_allowed: true,
    };
    scalekit.serveApi((_request, response) => json(response, 200, { resource: { id: 'res_1', name: 'A', ...newer } }));
    const { data } = await callOwn('get_mcp_server', { environmentId: 'env_1', id: 'res_1' });
    expect(data.resource).toMatchObject(newer);
  });

  verifies('tools.mcp-consents', 'may be unable to list what goes with a server', async () => {
    let isGone = false;
    scalekit.serveApi(({ method, url }, response) => {
      if (method === 'DELETE') isGone = true;
      if (isGone && method === 'GET') return nothingThere(response);
      if (url.includes('/clients') || url.includes('consents')) return json(response, 403, { code: 7, message: 'no' });
      return json(response, 200, { resource: { id: 'res_1', name: 'Server' } });
    });
    const { data } = await callOwn('delete_mcp_server', { environmentId: 'env_1', id: 'res_1' });
    expect(data).toEqual({ deleted_id: 'res_1' });
  });
});
