import { afterAll, beforeAll, describe, expect } from 'vitest';
import { DEVELOPMENT_CLIENT_IDS as CLIENTS, ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json, nothingThere } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { confirmingCaller, toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { server, token, call, asked } = sharedServer();

const written = () => asked().filter(({ method }) => method !== 'GET');
const confirmed = (name: string, args: Record<string, unknown>) =>
  confirmingCaller(server().url, token())(name, { environmentId: ENVIRONMENT_IDS.development, ...args });
const read = async (clientId: string) => (await call('list_environment_clients', { clientId })).data.clients[0];
const change = (clientId: string, changes: object) => call('update_environment_client', { clientId, ...changes });

describe('the clients of an environment', () => {
  verifies('tools.environment-clients', 'are listed, all or of one type, without any secret', async () => {
    const { data } = await call('list_environment_clients', {});
    expect(data.clients.map(({ client_type }: { client_type: string }) => client_type)).toEqual(
      expect.arrayContaining(['ENV', 'NTV', 'WEB_APP', 'SPA']),
    );
    const { data: own } = await call('list_environment_clients', { clientType: 'ENV' });
    expect(own.clients).toMatchObject([{ id: CLIENTS.own, secrets: [{ status: 'INACTIVE' }, { status: 'ACTIVE' }] }]);
    expect(asked()[0]?.url).not.toContain('include_plain_secret');
    expect(await read(CLIENTS.fleetConsole)).toMatchObject({
      ip_allowlist: { opted_in: true, cidrs: [{ value: '203.0.113.0/24', type: 'IPV4' }] },
    });
    const other = { clientId: CLIENTS.driverApp, environmentId: ENVIRONMENT_IDS.production };
    expect((await call('list_environment_clients', other)).error).toMatchObject({ code: 'not_found' });
    const wrong = await call('list_environment_clients', { clientId: 'm2morg_1' });
    expect(wrong.error).toMatchObject({ code: 'invalid_arguments', field: 'clientId' });
  });

  verifies('tools.environment-clients', 'are created, and get a secret of their own afterwards', async () => {
    const { data } = await call('create_environment_client', { name: 'Port map', clientType: 'WEB_APP' });
    expect(data.client).toMatchObject({ name: 'Port map', client_type: 'WEB_APP' });
    expect(written()).toMatchObject([{ body: { name: 'Port map', client_type: 'WEB_APP' } }]);
    const made = await call('create_client_secret', { clientId: data.client.id });
    expect(made.data.plain_secret.endsWith(made.data.secret_suffix)).toBe(true);
    expect(JSON.stringify(await read(data.client.id))).not.toContain(made.data.plain_secret);
    const typed = await call('create_environment_client', { name: 'Port map', clientType: 'ENV' });
    expect(typed.error).toMatchObject({ field: 'clientType', allowed: ['WEB_APP', 'SPA', 'NTV'] });
    const wrong = await call('create_environment_client', {
      ...{ name: 'Port map', clientType: 'SPA', redirectUris: ['https://*.a.b.*/x'] },
    });
    expect(wrong.error.field).toContain('redirectUris');
  });

  verifies('tools.environment-clients', 'are changed in what a call names, and in nothing else', async () => {
    const before = await read(CLIENTS.driverApp);
    const { data } = await change(CLIENTS.driverApp, { accessTokenExpirySeconds: 900 });
    expect(data.client).toMatchObject({ ...before, access_token_expiry: 900, update_time: expect.any(String) });
    expect(written()).toMatchObject([{ method: 'PATCH', body: { access_token_expiry: 900 } }]);
    await change(CLIENTS.driverApp, { customClaims: { a: '1', b: '2' } });
    const { data: less } = await change(CLIENTS.driverApp, { customClaims: { a: '' } });
    expect(less.client.custom_claims).toEqual([{ key: 'b', value: '2' }]);
    expect((await change(CLIENTS.driverApp, { customClaims: { b: '' } })).data.client.custom_claims).toEqual([]);
    expect((await change(CLIENTS.driverApp, {})).error).toMatchObject({ code: 'invalid_arguments', field: 'name' });
    const off = await change(CLIENTS.driverApp, { enforcePkce: false });
    expect(off.data.client.enforce_pkce).toBe(false);
  });

  verifies('tools.environment-clients', 'are let in from some addresses alone, or from all', async () => {
    const { fleetConsole: clientId } = CLIENTS;
    const ranges = ['198.51.100.0/25', '2001:DB8:0:0::/48'];
    const { data } = await change(clientId, { ipAllowlist: ranges });
    expect(data.client.ip_allowlist).toEqual({
      opted_in: true,
      cidrs: [
        { value: '198.51.100.0/25', type: 'IPV4' },
        { value: '2001:db8::/48', type: 'IPV6' },
      ],
    });
    const open = await change(clientId, { ipAllowlist: [] });
    expect(open.data.client.ip_allowlist).toMatchObject({ opted_in: false });
    for (const wrong of ['0.0.0.0/0', '::/0', '10.0.0.1', '10.0.0.1/24', '10.0.0.0/33', 'office', 'fe80::1%eth0/64']) {
      const { error } = await change(clientId, { ipAllowlist: [wrong] });
      expect(error, wrong).toMatchObject({ code: 'invalid_arguments', field: 'ipAllowlist.0' });
    }
  });

  verifies('tools.environment-clients', 'leave the addresses of the own client to the tools for one', async () => {
    const uri = 'https://app.dev.harborlight.example/elsewhere';
    for (const [field, value, nextTool] of [
      ['redirectUris', [uri], 'add_redirect_uri'],
      ['postLogoutRedirectUris', [uri], 'add_post_logout_redirect_uri'],
      ['initiateLoginUri', uri, 'set_initiate_login_uri'],
    ] as const) {
      const { error } = await change(CLIENTS.own, { [field]: value });
      expect(error).toMatchObject({ code: 'invalid_arguments', field, nextTool });
    }
    expect(written()).toEqual([]);
  });

  verifies('tools.environment-clients', 'are deleted after a look, but for the own one', async () => {
    const { oldKiosk: clientId } = CLIENTS;
    const first = await call('delete_environment_client', { clientId });
    expect(first.error.preview).toMatchObject({ client: { name: 'Kiosk trial', client_type: 'SPA' } });
    expect((await confirmed('delete_environment_client', { clientId })).data).toEqual({ deleted_id: clientId });
    expect((await call('delete_environment_client', { clientId })).error).toMatchObject({ code: 'not_found' });
    const own = await call('delete_environment_client', { clientId: CLIENTS.own });
    expect(own.error).toMatchObject({ code: 'invalid_arguments', field: 'clientId' });
  });
});

describe('their secrets', () => {
  const { fleetConsole: clientId } = CLIENTS;

  verifies('tools.environment-clients', 'are deactivated and deleted after a look at what is left', async () => {
    const [first, second] = (await read(clientId)).secrets;
    const target = { clientId, secretId: first.id };
    const preview = await call('deactivate_client_secret', target);
    expect(preview.error.preview).toMatchObject({
      ...{ secret_detail: { secret_suffix: 'Gg7d' }, active_others: 1, client_used_by_this_server: false },
      client: { name: 'Fleet console' },
    });
    expect((await confirmed('deactivate_client_secret', target)).data.secret_detail.status).toBe('INACTIVE');
    expect(written().at(-1)).toMatchObject({ method: 'PATCH', body: { status: 'INACTIVE' } });
    const other = await call('delete_client_secret', { clientId, secretId: second.id });
    expect(other.error.preview).toMatchObject({ active_others: 0 });
    expect((await confirmed('delete_client_secret', target)).data).toEqual({ deleted_id: first.id });
    const last = await call('delete_client_secret', { clientId, secretId: second.id });
    expect(last.error).toMatchObject({ code: 'invalid_request', nextTool: 'create_client_secret' });
    const gone = await call('deactivate_client_secret', target);
    expect(gone.error).toMatchObject({ code: 'not_found', nextTool: 'list_environment_clients' });
  });

  verifies('tools.environment-clients', 'are at most as many as Scalekit lets be', async () => {
    const { length } = (await read(clientId)).secrets;
    for (let left = 5 - length; left > 0; left--) await call('create_client_secret', { clientId });
    expect((await call('create_client_secret', { clientId })).error).toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('has 5 already'),
      nextTool: 'delete_client_secret',
    });
  });
});

describe('a server that signs in with a client itself', () => {
  let scalekit: FakeScalekit;
  let own: TestServer;
  let callOwn: ReturnType<typeof toolCaller>;
  let callUnconfirmed: ReturnType<typeof toolCaller>;
  beforeAll(async () => {
    scalekit = await FakeScalekit.start();
    own = await running(scalekit.environmentEnv);
    const bearer = await scalekit.mint({ claims: { scope: 'environment:write' } });
    callOwn = confirmingCaller(own.localUrl, bearer);
    callUnconfirmed = toolCaller(own.localUrl, bearer);
  });
  afterAll(async () => {
    await own.stop();
    await scalekit.close();
  });
  /** The first is the one that this server uses, and nothing tells how the last ends. */
  const secrets = [{ id: 'sec_1', secret_suffix: 'cret' }, { id: 'sec_2', secret_suffix: 'aaaa' }, { id: 'sec_3' }];
  const clientId = 'skc_1';
  const serve = () => {
    let gone = '';
    scalekit.operations.length = 0;
    scalekit.serveApi(({ method, url }, response) => {
      if (method === 'DELETE') gone = url;
      if (method === 'GET' && gone.endsWith('/clients/skc_2')) return nothingThere(response);
      const left = secrets.filter(({ id }) => !gone.endsWith(id));
      return json(response, 200, { client: { id: 'skc_1', client_type: 'WEB_APP', secrets: left } });
    });
  };
  const changing = () => scalekit.operations.filter(({ method }) => method !== 'GET');

  verifies.each<[string, object, string]>('tools.own-client', [
    ['delete_environment_client', {}, 'clientId'],
    ['delete_client_secret', { secretId: 'sec_1' }, 'secretId'],
    ['delete_client_secret', { secretId: 'sec_3' }, 'secretId'],
    ['deactivate_client_secret', { secretId: 'sec_1' }, 'secretId'],
    ['update_environment_client', { disallowScalekitApiAccess: true }, 'disallowScalekitApiAccess'],
    ['update_environment_client', { grantTypes: ['authorization_code'] }, 'grantTypes'],
    ['update_environment_client', { ipAllowlist: ['203.0.113.0/24'] }, 'ipAllowlist'],
  ])('%s with %j is refused', async (tool, args, field) => {
    serve();
    const { error } = await callOwn(tool, { clientId, ...args });
    expect(error).toMatchObject({ code: 'invalid_arguments', field });
    expect(error.message).toContain('with which this server itself reaches Scalekit');
    expect(changing()).toEqual([]);
  });

  verifies('tools.own-client', 'may lose another secret of its client, and the preview says whose it is', async () => {
    serve();
    const args = { clientId, secretId: 'sec_2' };
    const { error } = await callUnconfirmed('delete_client_secret', args);
    expect(error.preview).toMatchObject({ client_used_by_this_server: true, active_others: 2 });
    const { data } = await callOwn('delete_client_secret', args);
    expect(data).toEqual({ deleted_id: 'sec_2' });
    serve();
    const other = await callOwn('delete_environment_client', { clientId: 'skc_2' });
    expect(other.data).toEqual({ deleted_id: 'skc_2' });
  });
});
