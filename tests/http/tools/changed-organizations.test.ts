import { describe, expect } from 'vitest';
import { DEVELOPMENT_CONNECTION_IDS, DEVELOPMENT_ORGANIZATION_IDS } from '../../../src/sandbox/data/ids.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { verifies } from '../../verifies.ts';

const { server, call, asked } = sharedServer();
const { tidewater, polder, lagerhaus, umi, consortium, meridian } = DEVELOPMENT_ORGANIZATION_IDS;

/** What the API was asked for, without the look-up of the environment. */
const sent = () =>
  asked()
    .map(({ method, url, body }) => ({ method, url: url.replace('/api/v1', ''), body }))
    .filter(({ url }) => !url.startsWith('/environments/'));
const shownOf = async (organizationId: string) =>
  (await call('get_organization_details', { organizationId })).data.organization;

describe('update_organization', () => {
  verifies('tools.changed-organization', 'changes what is named, and writes all metadata again', async () => {
    const before = await shownOf(lagerhaus);
    const { data } = await call('update_organization', {
      organizationId: lagerhaus,
      name: ' Lagerhaus Nord ',
      metadata: { seats: '', tier: 'gold' },
    });
    const metadata = { plan: 'enterprise', data_residency: 'eu-central', tier: 'gold' };
    expect(sent().slice(1)).toEqual([
      { method: 'GET', url: `/organizations/${lagerhaus}`, body: undefined },
      { method: 'PATCH', url: `/organizations/${lagerhaus}`, body: { display_name: 'Lagerhaus Nord', metadata } },
      { method: 'GET', url: `/organizations/${lagerhaus}`, body: undefined },
    ]);
    expect(data.organization).toEqual({
      ...before,
      display_name: 'Lagerhaus Nord',
      metadata,
      update_time: expect.any(String),
    });
    expect(await shownOf(lagerhaus)).toEqual(data.organization);
  });

  verifies('tools.changed-organization', 'sets and takes away slug and logo alone', async () => {
    const set = { organizationId: umi, slug: 'umi-neko', logoUrl: 'https://cdn.harborlight.example/umi.png' };
    expect((await call('update_organization', set)).data.organization).toMatchObject({
      slug: 'umi-neko',
      logo_url: 'https://cdn.harborlight.example/umi.png',
      metadata: { plan: 'business', locale: 'ja-JP' },
    });
    await call('update_organization', { organizationId: umi, slug: '', logoUrl: '' });
    const shown = await shownOf(umi);
    expect(shown).not.toHaveProperty('slug');
    expect(shown).not.toHaveProperty('logo_url');
    expect(shown.metadata).toEqual({ plan: 'business', locale: 'ja-JP' });
  });

  verifies('tools.changed-organization', 'names the organization that has the external id already', async () => {
    const { error } = await call('update_organization', { organizationId: polder, externalId: 'hl-1001' });
    expect(error).toMatchObject({
      code: 'conflict',
      field: 'externalId',
      message: expect.stringContaining(`Nothing was changed: ${tidewater}`),
      nextTool: 'get_organization_details',
    });
    const own = await call('update_organization', { organizationId: tidewater, externalId: 'hl-1001' });
    expect(own.data.organization.external_id).toBe('hl-1001');
  });

  verifies('tools.changed-organization', 'passes on what the API has against the pairs together', async () => {
    const pairs = (first: number) =>
      Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`key${first + i}`, String(i)]));
    await call('update_organization', { organizationId: consortium, metadata: pairs(0) });
    const { error } = await call('update_organization', { organizationId: consortium, metadata: pairs(6) });
    expect(error).toMatchObject({ code: 'invalid_request', field: 'metadata', upstream: { status: 400 } });
    expect((await call('update_organization', { organizationId: 'org_1', name: 'Nobody' })).error.code).toBe(
      'not_found',
    );
  });

  verifies.each<[string, Record<string, unknown>]>('tools.changed-organization', [
    ['name', {}],
    ['name', { name: ' ' }],
    ['name', { name: 'x'.repeat(201) }],
    ['externalId', { externalId: 'hl\u200b-1' }],
    ['slug', { slug: 'Not a slug' }],
    ['logoUrl', { logoUrl: 'http://localhost/logo.png' }],
    ['metadata', { metadata: { ab: 'too short a key' } }],
    ['metadata', { metadata: { plan: 'x'.repeat(257) } }],
  ])('refuses a bad %s before anything is sent (%j)', async (field, args) => {
    const { error } = await call('update_organization', { organizationId: polder, ...args });
    expect(error).toMatchObject({ code: 'invalid_arguments' });
    expect(error.field.split('.')[0]).toBe(field);
    expect(sent()).toEqual([]);
  });

  verifies('tools.changed-organization', 'loses no pair of parallel calls', async () => {
    const keys = Array.from({ length: 5 }, (_, i) => `parallel${i}`);
    const calls = keys.map((key) =>
      call('update_organization', { organizationId: meridian, metadata: { [key]: 'there' } }),
    );
    for (const { error } of await Promise.all(calls)) expect(error).toBeUndefined();
    const { metadata } = await shownOf(meridian);
    expect(metadata).toMatchObject({ plan: 'business', ...Object.fromEntries(keys.map((key) => [key, 'there'])) });
  });

  verifies('tools.changed-organization', 'tells when the rest of the metadata is lost', async () => {
    const path = `/api/v1/organizations/${tidewater}`;
    const organization = { id: tidewater, display_name: 'Tidewater', metadata: { account_owner: 'mira.okafor' } };
    server()
      .sandbox()
      .faults.add({
        kind: 'status',
        status: 200,
        body: { organization },
        when: { method: 'PATCH', path },
      });
    const { error } = await call('update_organization', { organizationId: tidewater, name: 'Tidewater' });
    expect(error).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('did not name is gone'),
      retryable: false,
      nextTool: 'get_organization_details',
    });
  });
});

describe('delete_organization', () => {
  verifies('tools.deleted-organization', 'shows first whom and what it takes away, then takes it away', async () => {
    const organizationId = meridian;
    const { error } = await call('delete_organization', { organizationId });
    expect(error.preview).toMatchObject({
      organization: { id: meridian, external_id: 'hl-1003' },
      users: { count: 1, is_complete: true, entries: [{ email: 'anke.vogel@meridian.example' }] },
      connections: { count: 1, is_complete: true, entries: [{ id: DEVELOPMENT_CONNECTION_IDS.meridian }] },
      domains: { count: 1, is_complete: true, entries: [{ domain: 'meridian-freight.example' }] },
      directories: { count: 0, is_complete: true },
      clients: { count: 1, is_complete: true, entries: [{ name: 'Monthly reports' }] },
      stops_working: expect.stringContaining('users'),
    });
    const { data } = await call('delete_organization', { organizationId, confirmation: error.confirmation });
    expect(data).toEqual({ deleted_id: meridian });
    expect((await call('get_organization_details', { organizationId })).error.code).toBe('not_found');
    const { data: listed } = await call('list_environment_connections', {});
    expect(JSON.stringify(listed)).not.toContain(meridian);
  });

  verifies('tools.deleted-organization', 'takes directories and API clients along', async () => {
    const organizationId = tidewater;
    const { error } = await call('delete_organization', { organizationId });
    expect(error.preview).toMatchObject({
      directories: { count: 1, entries: [{ name: 'okta directory', enabled: true }] },
      clients: { count: 2, entries: [{ name: 'Order import' }, { name: 'Old fax gateway' }] },
    });
    await call('delete_organization', { organizationId, confirmation: error.confirmation });
    const { data } = await call('list_organization_clients', { organizationId });
    expect(data).toBeUndefined();
  });

  verifies('tools.deleted-organization', 'shows it to whoever may not list what belongs to it', async () => {
    const fault = { kind: 'status', status: 403 } as const;
    const { faults } = server().sandbox();
    faults.add({ ...fault, when: { path: `/api/v1/organizations/${umi}/users` } });
    faults.add({ ...fault, when: { path: '/api/v1/connections' } });
    for (const list of ['domains', 'directories', 'clients']) {
      faults.add({ ...fault, when: { path: `/api/v1/organizations/${umi}/${list}` } });
    }
    const { error } = await call('delete_organization', { organizationId: umi });
    const unknown = { count: null, is_complete: false, entries: [] };
    const lists = { users: unknown, connections: unknown, domains: unknown };
    expect(error.preview).toMatchObject({ ...lists, directories: unknown, clients: unknown });
  });

  verifies('tools.deleted-organization', 'is not told as done while it is still there', async () => {
    const { error } = await call('delete_organization', { organizationId: umi });
    const path = `/api/v1/organizations/${umi}`;
    server()
      .sandbox()
      .faults.add({ kind: 'status', status: 200, body: {}, when: { method: 'DELETE', path } });
    const kept = await call('delete_organization', { organizationId: umi, confirmation: error.confirmation });
    expect(kept.error).toMatchObject({ code: 'not_applied', nextTool: 'list_organizations', retryable: false });
  });
});
