import { expect } from 'vitest';
import {
  DEVELOPMENT_CONNECTION_IDS as CONNECTIONS,
  DEVELOPMENT_ORGANIZATION_IDS,
  DEVELOPMENT_DOMAIN_IDS as DOMAINS,
} from '../../../src/sandbox/data/ids.ts';
import { running } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { confirmingCaller, toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { tidewater, meridian, lagerhaus, umi, polder, samphire } = DEVELOPMENT_ORGANIZATION_IDS;

const { server, token, call, asked } = sharedServer();

const list = async (organizationId: string, args: Record<string, unknown> = {}) =>
  (await call('list_organization_domains', { organizationId, ...args })).data;
const written = () => asked().filter(({ method }) => method !== 'GET');

verifies('tools.domains', 'shows the DNS record to publish under names that are no secret’s', async () => {
  const { domains } = await list(umi);
  expect(domains).toEqual([
    expect.objectContaining({
      id: DOMAINS.umi,
      domain: 'unpublished.umineko.example',
      verification_status: 'FAILED',
      txt_record_name: '_scalekit_dm.unpublished.umineko.example',
      txt_record_value: expect.stringMatching(/^scalekit-domain-verification-[0-9a-f]{16}$/),
    }),
  ]);
  expect(
    asked()
      .map(({ url }) => url)
      .slice(-1),
  ).toEqual([`/api/v1/organizations/${umi}/domains?include=verification_details&page_size=30&page_number=0`]);
});

verifies('tools.domains', 'narrows by type and by connection', async () => {
  const names = async (args: Record<string, unknown>) =>
    (await list(polder, args)).domains.map(({ domain }: { domain: string }) => domain);
  expect(await names({ domainType: 'ALLOWED_EMAIL_DOMAIN' })).toEqual(['staff.polder.example']);
  expect(await names({ domainType: 'ORGANIZATION_DOMAIN' })).toEqual(['polder.example']);
  expect(await names({ connectionId: CONNECTIONS.polder })).toEqual([]);
  const { domains } = await list(lagerhaus, { connectionId: CONNECTIONS.lagerhaus });
  expect(domains).toMatchObject([{ id: DOMAINS.lagerhaus }]);
  const { error } = await call('list_organization_domains', { organizationId: polder, domainType: 'EMAIL' });
  expect(error).toMatchObject({ field: 'domainType', allowed: ['ALLOWED_EMAIL_DOMAIN', 'ORGANIZATION_DOMAIN'] });
});

verifies('tools.domains', 'goes through the numbered pages of the API, until one is not full', async () => {
  for (const domain of ['one.samphire.example', 'two.samphire.example', 'three.samphire.example']) {
    await call('add_organization_domain', { organizationId: samphire, domain });
  }
  const first = await list(samphire, { pageSize: 2 });
  expect(first).toMatchObject({ domains: [{}, {}], next_page_token: 'page-1' });
  const second = await list(samphire, { pageSize: 2, pageToken: first.next_page_token });
  expect(second).toMatchObject({ domains: [{ domain: 'three.samphire.example' }], next_page_token: '' });
  const past = await list(samphire, { pageSize: 3, pageToken: 'page-1' });
  expect(past).toMatchObject({ domains: [], next_page_token: '' });
  for (const pageToken of ['page-', 'page-x', 'cursor', '7']) {
    const { error } = await call('list_organization_domains', { organizationId: samphire, pageToken });
    expect(error).toMatchObject({ code: 'invalid_arguments', field: 'pageToken' });
  }
});

verifies('tools.domains', 'adds one that leads to a connection, and looks whether it does', async () => {
  const { data } = await call('add_organization_domain', {
    organizationId: polder,
    domain: ' Sales.Polder.example ',
    connectionId: CONNECTIONS.polder,
  });
  expect(data.domain).toMatchObject({
    domain: 'sales.polder.example',
    domain_type: 'ORGANIZATION_DOMAIN',
    verification_status: 'PENDING',
  });
  expect(asked()).toMatchObject([
    { method: 'POST', body: { domain: 'sales.polder.example' } },
    { method: 'GET', url: `/api/v1/organizations/${polder}/connections/${CONNECTIONS.polder}` },
  ]);
  expect((await list(polder, { connectionId: CONNECTIONS.polder })).domains).toMatchObject([{ id: data.domain.id }]);
});

verifies.each('tools.domains', [
  'acme',
  'a@acme.com',
  'https://acme.com',
  'acme.com/',
  '.acme.com',
  'ac me.com',
  'a.b',
])('refuses %s, which is no domain, and asks nothing', async (domain) => {
  const { error } = await call('add_organization_domain', { organizationId: meridian, domain });
  expect(error).toMatchObject({ code: 'invalid_arguments', field: 'domain' });
  expect(asked()).toEqual([]);
});

verifies(
  'tools.domains',
  'names the argument where Scalekit refuses a public domain, or one that is taken',
  async () => {
    const add = (domain: string) => call('add_organization_domain', { organizationId: meridian, domain });
    expect((await add('gmail.com')).error).toMatchObject({ code: 'invalid_request', field: 'domain' });
    expect((await add('tidewater.example')).error).toMatchObject({
      code: 'conflict',
      nextTool: 'list_organization_domains',
    });
    expect((await add('меридиан.example')).data.domain.domain).toBe('меридиан.example');
  },
);

verifies('tools.domains', 'verifies one whose DNS record is there, as often as asked', async () => {
  const args = { organizationId: meridian, domainId: DOMAINS.meridian };
  for (let round = 0; round < 2; round++) {
    expect((await call('verify_organization_domain', args)).data).toEqual({ verified: true });
  }
  expect((await list(meridian)).domains[0]).toMatchObject({ id: DOMAINS.meridian, verification_status: 'VERIFIED' });
});

verifies('tools.domains', 'says what is to be done where the DNS record is not there', async () => {
  const { error } = await call('verify_organization_domain', { organizationId: umi, domainId: DOMAINS.umi });
  expect(error).toMatchObject({ code: 'invalid_request', nextTool: 'list_organization_domains', retryable: false });
  expect(error.message).toContain('TXT record');
});

verifies('tools.domains', 'leads a domain to another connection, and to no other any more', async () => {
  const moved = { organizationId: lagerhaus, domainId: DOMAINS.lagerhaus, connectionId: CONNECTIONS.lagerhausDraft };
  const { data } = await call('update_organization_domain', moved);
  expect(data.domain).toMatchObject({ id: DOMAINS.lagerhaus, domain: 'lagerhaus.example' });
  expect(written()).toEqual([
    {
      method: 'PATCH',
      url: `/api/v1/organizations/${lagerhaus}/domains/${DOMAINS.lagerhaus}?connection_id=${CONNECTIONS.lagerhausDraft}`,
      body: {},
    },
  ]);
  expect((await list(lagerhaus, { connectionId: CONNECTIONS.lagerhaus })).domains).toEqual([]);
});

verifies('tools.domains', 'shows what leads there before one is deleted, which is then gone everywhere', async () => {
  const args = { organizationId: tidewater, domainId: DOMAINS.tidewater };
  const { error } = await call('delete_organization_domain', args);
  expect(error).toMatchObject({
    code: 'confirmation_required',
    preview: {
      domain: { domain: 'tidewater.example', verification_status: 'VERIFIED' },
      connections: { count: 1, is_complete: true, entries: [{ id: CONNECTIONS.tidewater, enabled: true }] },
    },
  });
  const { data } = await call('delete_organization_domain', { ...args, confirmation: error.confirmation });
  expect(data).toEqual({ deleted_id: DOMAINS.tidewater });
  const { connections } = (await call('list_organization_connections', { organizationId: tidewater })).data;
  expect(connections).toMatchObject([{ id: CONNECTIONS.tidewater }]);
  expect(connections[0].domains ?? []).toEqual([]);
});

verifies('tools.domains', 'knows no domain of another organization', async () => {
  const anothers = { organizationId: samphire, domainId: DOMAINS.polder };
  const deleted = await confirmingCaller(server().url, token())('delete_organization_domain', {
    environmentId: 'env_71204418093056001',
    ...anothers,
  });
  expect(deleted.error).toMatchObject({ code: 'not_found' });
  expect((await call('verify_organization_domain', anothers)).error).toMatchObject({ code: 'not_found' });
});

verifies('tools.domains', 'is told by name where the connection does not show the domain afterwards', async () => {
  const scalekit = await FakeScalekit.start();
  const own = await running(scalekit.env);
  try {
    const domain = { id: 'dom_1', domain: 'acme.com', domain_type: 'ORGANIZATION_DOMAIN' };
    scalekit.serveApi((_request, response) => json(response, 200, { domain, connection: { id: 'conn_1' } }));
    const scope = 'organization:read organization:write';
    const callOwn = toolCaller(own.localUrl, await scalekit.mint({ claims: { scope } }));
    const args = { environmentId: 'env_1', organizationId: 'org_1', connectionId: 'conn_1' };
    for (const { error } of [
      await callOwn('add_organization_domain', { ...args, domain: 'acme.com' }),
      await callOwn('update_organization_domain', { ...args, domainId: 'dom_1' }),
    ]) {
      expect(error).toMatchObject({
        code: 'not_applied',
        field: 'connectionId',
        nextTool: 'list_organization_domains',
      });
    }
  } finally {
    await own.stop();
    await scalekit.close();
  }
});
