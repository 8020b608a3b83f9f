import { afterAll, beforeAll, describe, expect } from 'vitest';
import {
  DEVELOPMENT_ORGANIZATION_CLIENT_IDS as CLIENTS,
  DEVELOPMENT_ORGANIZATION_IDS,
  ENVIRONMENT_IDS,
} from '../../../src/sandbox/data/ids.ts';
import { SCANNER } from '../../fixtures/examples/machines.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { confirmingCaller, type toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { tidewater, meridian, samphire } = DEVELOPMENT_ORGANIZATION_IDS;
const orders = { organizationId: tidewater, clientId: CLIENTS.tidewaterOrders };

const { server, token, call, asked } = sharedServer();

const written = () => asked().filter(({ method }) => method !== 'GET');
const confirmed = (name: string, args: Record<string, unknown>) =>
  confirmingCaller(server().url, token())(name, { environmentId: ENVIRONMENT_IDS.development, ...args });
const read = async (target: Record<string, unknown>) =>
  (await call('list_organization_clients', target)).data.clients[0];

describe('the API clients of an organization', () => {
  verifies('tools.organization-clients', 'are listed page by page, and one is shown by its id', async () => {
    const { data } = await call('list_organization_clients', { organizationId: tidewater, pageSize: 1 });
    expect(data).toMatchObject({ clients: [{ client_id: CLIENTS.tidewaterOrders, expiry: 3600 }], total_size: 2 });
    const { data: next } = await call('list_organization_clients', {
      ...{ organizationId: tidewater, pageSize: 1, pageToken: data.next_page_token },
    });
    expect(next.clients).toMatchObject([{ client_id: CLIENTS.tidewaterOld }]);
    expect(await read(orders)).toMatchObject({
      name: 'Order import',
      secrets: [{ secret_suffix: 'a9Lm', last_used_time: expect.any(String) }, { secret_suffix: 'Zt3e' }],
    });
    const none = await call('list_organization_clients', { organizationId: samphire });
    expect(none.data).toMatchObject({ clients: [], total_size: 0 });
    const foreign = await call('list_organization_clients', { ...orders, organizationId: meridian });
    expect(foreign.error).toMatchObject({ code: 'not_found' });
    const other = await call('list_organization_clients', { ...orders, environmentId: ENVIRONMENT_IDS.production });
    expect(other.error).toMatchObject({ code: 'not_found' });
    const wrong = await call('list_organization_clients', { ...orders, clientId: 'skc_71204418093064101' });
    expect(wrong.error).toMatchObject({ code: 'invalid_arguments', field: 'clientId' });
  });

  verifies('tools.organization-clients', 'are created with a secret that is shown once, and nowhere else', async () => {
    const { data, meta } = await call('create_organization_client', {
      ...{ organizationId: samphire, name: 'Gate', scopes: ['a:b', 'c:d'], customClaims: { site: 'north' } },
    });
    expect(data).toMatchObject({
      client: { client_id: expect.stringMatching(/^m2morg_\d+$/), scopes: ['a:b', 'c:d'] },
      plain_secret: expect.any(String),
      note: expect.stringContaining('this once'),
    });
    expect(data).not.toHaveProperty('not_applied');
    expect(JSON.stringify(meta)).toContain('plain_secret');
    expect(written()).toMatchObject([{ body: { name: 'Gate', custom_claims: [{ key: 'site', value: 'north' }] } }]);
    const shown = await read({ organizationId: samphire, clientId: data.client.client_id });
    expect(shown.secrets).toMatchObject([{ secret_suffix: data.plain_secret.slice(-4) }]);
    expect(JSON.stringify(shown)).not.toContain(data.plain_secret);
    expect(server().logText()).not.toContain(data.plain_secret);
  });

  verifies('tools.organization-clients', 'are changed in what a call names, and in nothing else', async () => {
    const before = await read(orders);
    const { data } = await call('update_organization_client', { ...orders, scopes: ['shipments:read'] });
    expect(data.client).toMatchObject({ ...before, scopes: ['shipments:read'], update_time: expect.any(String) });
    expect(written()).toMatchObject([{ method: 'PATCH', body: { scopes: ['shipments:read'] } }]);
    const claims = await call('update_organization_client', { ...orders, customClaims: { dock: '7', site: '' } });
    expect(claims.data.client.custom_claims).toEqual([{ key: 'dock', value: '7' }]);
    const last = await call('update_organization_client', { ...orders, customClaims: { dock: '' } });
    expect(last.error).toMatchObject({ code: 'invalid_arguments', field: 'customClaims' });
    const nothing = await call('update_organization_client', orders);
    expect(nothing.error).toMatchObject({ code: 'invalid_arguments', field: 'name' });
    const empty = await call('update_organization_client', { ...orders, scopes: [] });
    expect(empty.error).toMatchObject({ code: 'invalid_arguments', field: 'scopes' });
    const added = [{ a: '1' }, { b: '2' }, { c: '3' }];
    await Promise.all(added.map((customClaims) => call('update_organization_client', { ...orders, customClaims })));
    expect((await read(orders)).custom_claims).toHaveLength(4);
  });

  verifies('tools.organization-clients', 'are deleted only after a look at what signs in with them', async () => {
    const target = { organizationId: meridian, clientId: CLIENTS.meridianReports };
    const first = await call('delete_organization_client', target);
    expect(first.error).toMatchObject({
      code: 'confirmation_required',
      preview: { client: { name: 'Monthly reports', secrets: [{ last_used_time: '2026-01-01T04:00:00Z' }] } },
    });
    expect((await confirmed('delete_organization_client', target)).data).toEqual({ deleted_id: target.clientId });
    expect((await call('list_organization_clients', target)).error).toMatchObject({ code: 'not_found' });
  });
});

describe('their secrets', () => {
  verifies('tools.organization-clients', 'are rotated: another one beside the first, then the first goes', async () => {
    const { data } = await call('create_organization_client_secret', orders);
    expect(data).toMatchObject({ plain_secret: expect.any(String), secret_id: expect.stringMatching(/^sec_/) });
    const { secrets } = await read(orders);
    expect(secrets.at(-1)).toMatchObject({ id: data.secret_id, status: 'ACTIVE' });
    const preview = await call('delete_organization_client_secret', { ...orders, secretId: secrets[0].id });
    expect(preview.error.preview).toMatchObject({ secret_detail: { secret_suffix: 'a9Lm' }, active_others: 2 });
    const gone = await confirmed('delete_organization_client_secret', { ...orders, secretId: secrets[0].id });
    expect(gone.data).toEqual({ deleted_id: secrets[0].id });
    const unknown = await call('delete_organization_client_secret', { ...orders, secretId: secrets[0].id });
    expect(unknown.error).toMatchObject({ code: 'not_found', nextTool: 'list_organization_clients' });
  });

  verifies('tools.organization-clients', 'are at most as many as Scalekit lets be, and at least one', async () => {
    const { client: scanner } = SCANNER;
    for (let left = 3; left > 0; left--) await call('create_organization_client_secret', scanner);
    const { error } = await call('create_organization_client_secret', scanner);
    expect(error).toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('has 5 already'),
      nextTool: 'delete_organization_client_secret',
      upstream: { status: 400 },
    });
    const { secrets } = await read(scanner);
    for (const { id } of secrets.slice(1)) {
      await confirmed('delete_organization_client_secret', { ...scanner, secretId: id });
    }
    const last = await call('delete_organization_client_secret', { ...scanner, secretId: secrets[0].id });
    expect(last.error).toMatchObject({ code: 'invalid_request', nextTool: 'create_organization_client_secret' });
  });
});

describe('an API that does not do what it says', () => {
  let scalekit: FakeScalekit;
  let own: TestServer;
  let callOwn: ReturnType<typeof toolCaller>;
  beforeAll(async () => {
    scalekit = await FakeScalekit.start();
    own = await running(scalekit.env);
    const scope = 'organization:read organization:write';
    callOwn = confirmingCaller(own.localUrl, await scalekit.mint({ claims: { scope } }));
  });
  afterAll(async () => {
    await own.stop();
    await scalekit.close();
  });
  const ids = { environmentId: 'env_1', organizationId: 'org_1', clientId: 'm2morg_1' };
  const client = { client_id: 'm2morg_1', name: 'Gate', scopes: ['a:b'], audience: ['x'], expiry: '60' };

  verifies('tools.organization-clients', 'loses no secret when it leaves out what was asked for', async () => {
    scalekit.serveApi((_request, response) => json(response, 201, { client, plain_secret: 'only-here-4711' }));
    const { clientId: _, ...wanted } = ids;
    const { data } = await callOwn('create_organization_client', { ...wanted, name: 'Gate', scopes: ['z:z'] });
    expect(data).toMatchObject({ plain_secret: 'only-here-4711', not_applied: ['scopes'] });
  });

  verifies('tools.organization-clients', 'is told of when a change empties what it does not name', async () => {
    let isChanged = false;
    scalekit.serveApi(({ method }, response) => {
      if (method === 'PATCH') isChanged = true;
      json(response, 200, { client: { ...client, name: 'New', scopes: isChanged ? [] : ['a:b'] } });
    });
    const { error } = await callOwn('update_organization_client', { ...ids, name: 'New' });
    expect(error).toMatchObject({ code: 'not_applied', field: 'scopes', nextTool: 'list_organization_clients' });
    expect(error.message).toContain('not as before it: scopes');
  });

  verifies('tools.organization-clients', 'is not believed that a secret is gone', async () => {
    const secrets = [{ id: 'sec_1' }, { id: 'sec_2' }];
    scalekit.serveApi((_request, response) => json(response, 200, { client: { ...client, secrets } }));
    const { error } = await callOwn('delete_organization_client_secret', { ...ids, secretId: 'sec_1' });
    expect(error).toMatchObject({ code: 'not_applied', nextTool: 'list_organization_clients' });
  });
});
