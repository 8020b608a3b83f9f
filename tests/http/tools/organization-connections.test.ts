import { afterAll, beforeAll, describe, expect } from 'vitest';
import {
  DEVELOPMENT_CONNECTION_IDS as CONNECTIONS,
  DEVELOPMENT_ORGANIZATION_IDS,
  DEVELOPMENT_DOMAIN_IDS as DOMAINS,
  ENVIRONMENT_IDS,
  CONNECTION_TEST_IDS as TESTS,
} from '../../../src/sandbox/data/ids.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json, nothingThere } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { confirmingCaller, toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { tidewater, meridian, lagerhaus, umi, consortium, anchorage, polder, samphire } = DEVELOPMENT_ORGANIZATION_IDS;
const DISCOVERY = 'https://idp.samphire.example/.well-known/openid-configuration';
const CERTIFICATE = 'MIIC4jCCAcqgAwIBAgIQExampleExample==';

const { server, token, call, asked } = sharedServer();

const written = () => asked().filter(({ method }) => method !== 'GET');
const confirmed = (name: string, args: Record<string, unknown>) =>
  confirmingCaller(server().url, token())(name, { environmentId: ENVIRONMENT_IDS.development, ...args });
const create = async (type: string, organizationId: string = samphire) =>
  (await call('create_organization_connection', { organizationId, type, provider: 'CUSTOM' })).data.connection
    .id as string;
const configureSaml = (connectionId: string, saml_config: object, organizationId: string = samphire) =>
  call('update_organization_saml_connection', { organizationId, connectionId, saml_config });

describe('search_organization_connections', () => {
  const search = async (args: Record<string, unknown>) =>
    (await call('search_organization_connections', args)).data.connections.map(({ id }: { id: string }) => id);

  verifies.each('tools.organization-connections', [
    [{ query: lagerhaus }, `query=${lagerhaus}`, [CONNECTIONS.lagerhaus, CONNECTIONS.lagerhausDraft]],
    [{ query: CONNECTIONS.umi }, `query=${CONNECTIONS.umi}`, [CONNECTIONS.umi]],
    [{ provider: 'ONELOGIN' }, 'provider=ONELOGIN', [CONNECTIONS.umi]],
    [{ type: 'SAML', enabled: false }, 'connection_type=SAML&enabled=false', [CONNECTIONS.meridian, CONNECTIONS.umi]],
    [{ status: 'DRAFT', type: 'OIDC' }, 'connection_type=OIDC&status=DRAFT', [CONNECTIONS.lagerhausDraft]],
    [{ query: 'none' }, 'query=none', []],
  ])('narrows by %o', async (args, query, expected) => {
    expect(await search(args)).toEqual(expected);
    expect(asked().at(-1)?.url).toBe(`/api/v1/organizations/-/connections:search?${query}`);
  });

  verifies('tools.organization-connections', 'finds where an email domain leads to, in any case', async () => {
    expect(await search({ domain: 'Lagerhaus.example' })).toEqual([CONNECTIONS.lagerhaus]);
    expect(asked().at(-1)?.url).toBe('/api/v1/connections?domain=lagerhaus.example&include=all');
    expect(await search({ domain: 'none.example' })).toEqual([]);
    const { error } = await call('search_organization_connections', { domain: 'a.example', type: 'SAML' });
    expect(error).toMatchObject({ code: 'invalid_arguments', field: 'domain' });
  });

  verifies('tools.organization-connections', 'goes from page to page', async () => {
    const first = await call('search_organization_connections', { pageSize: 2 });
    expect(first.data.connections).toHaveLength(2);
    const { next_page_token: pageToken } = first.data;
    const second = await call('search_organization_connections', { pageSize: 2, pageToken });
    expect(second.data.connections).toHaveLength(2);
    expect(second.data.connections[0].id).not.toBe(first.data.connections[0].id);
    expect((await call('search_organization_connections', { pageSize: 31 })).error).toMatchObject({
      field: 'pageSize',
    });
  });
});

describe('get_organization_connection and get_environment_connection', () => {
  verifies(
    'tools.organization-connections',
    'show settings without secrets, and what is to be registered',
    async () => {
      const saml = await call('get_organization_connection', {
        organizationId: lagerhaus,
        connectionId: CONNECTIONS.lagerhaus,
      });
      expect(saml.data.connection).toMatchObject({
        type: 'SAML',
        domains: [{ id: DOMAINS.lagerhaus, domain: 'lagerhaus.example' }],
        saml_config: {
          sp_metadata_url: expect.stringContaining('https://'),
          idp_certificates: [{ id: expect.any(String), expiry_time: expect.any(String) }],
        },
      });
      expect(saml.text).not.toMatch(/MIIC|txt_record/);
      const own = await call('get_environment_connection', { connectionId: CONNECTIONS.okta });
      expect(own.data.connection).toMatchObject({ key_id: 'OKTA-1', oidc_config: { client_id: 'harborlight-okta' } });
      expect(own.text).not.toContain('seed-secret');
    },
  );

  verifies('tools.organization-connections', 'show app connections, too, and know no foreign ones', async () => {
    const app = await call('get_environment_connection', { connectionId: 'conn_71204418093065001' });
    expect(app.data.connection).toMatchObject({ type: 'OAUTH', key_id: 'gmail' });
    const ofCustomer = await call('get_environment_connection', { connectionId: CONNECTIONS.tidewater });
    expect(ofCustomer.error).toMatchObject({ code: 'not_found', nextTool: 'get_organization_connection' });
    expect(ofCustomer.error.message).toContain(tidewater);
    const foreign = await call('get_organization_connection', {
      organizationId: samphire,
      connectionId: CONNECTIONS.tidewater,
    });
    expect(foreign.error).toMatchObject({ code: 'not_found' });
  });
});

describe('create_organization_connection and update_organization_oidc_connection', () => {
  verifies('tools.organization-connections', 'make a draft of either protocol, and configure OIDC', async () => {
    const made = await call('create_organization_connection', {
      organizationId: samphire,
      type: 'OIDC',
      provider: 'OKTA',
    });
    expect(written()).toMatchObject([
      {
        method: 'POST',
        url: `/api/v1/organizations/${samphire}/connections`,
        body: { provider: 'OKTA', type: 'OIDC' },
      },
    ]);
    const { id: connectionId } = made.data.connection;
    const args = { organizationId: samphire, connectionId };
    const incomplete = await call('update_organization_oidc_connection', { ...args, oidc_config: {} });
    expect(incomplete.error).toMatchObject({ field: 'oidc_config.discovery_endpoint' });
    const { data } = await call('update_organization_oidc_connection', {
      ...args,
      uiButtonTitle: 'Samphire',
      oidc_config: {
        discovery_endpoint: DISCOVERY,
        client_id: 'harborlight',
        client_secret: 'hidden-secret',
        scopes: ['openid', 'email'],
        token_auth_type: 'BASIC_AUTH',
      },
    });
    expect(data.connection).toMatchObject({
      status: 'COMPLETED',
      ui_button_title: 'Samphire',
      organization_id: samphire,
    });
    const kept = await call('update_organization_oidc_connection', { ...args, oidc_config: { scopes: ['openid'] } });
    expect(kept.data.connection).toMatchObject({
      ui_button_title: 'Samphire',
      oidc_config: { discovery_endpoint: DISCOVERY, scopes: ['openid'], token_auth_type: 'BASIC_AUTH' },
    });
  });

  verifies('tools.organization-connections', 'refuse other protocols, and a connection of the other kind', async () => {
    const wrong = { organizationId: samphire, type: 'OAUTH', provider: 'OKTA' };
    expect((await call('create_organization_connection', wrong)).error).toMatchObject({
      field: 'type',
      allowed: ['OIDC', 'SAML'],
    });
    const args = { organizationId: meridian, connectionId: CONNECTIONS.meridian };
    const { error } = await call('update_organization_oidc_connection', { ...args, oidc_config: {} });
    expect(error).toMatchObject({ field: 'connectionId', nextTool: 'list_organization_connections' });
    expect(written()).toEqual([]);
  });
});

describe('update_organization_saml_connection', () => {
  verifies('tools.saml', 'takes a metadata document, and keeps what later calls leave out', async () => {
    const connectionId = await create('SAML');
    const url = 'https://idp.samphire.example/metadata.xml';
    const { data } = await configureSaml(connectionId, {
      idp_metadata_url: url,
      idp_name_id_format: 'EMAIL',
      force_authn: true,
    });
    expect(data.connection).toMatchObject({
      status: 'COMPLETED',
      configuration_type: 'DISCOVERY',
      saml_config: { idp_metadata_url: url, idp_sso_url: 'https://idp.samphire.example/saml/sso', force_authn: true },
    });
    const later = await configureSaml(connectionId, { saml_signing_option: 'NO_SIGNING' });
    expect(written().at(-1)?.body).toEqual({
      type: 'SAML',
      provider: 'CUSTOM',
      configuration_type: 'DISCOVERY',
      saml_config: expect.objectContaining({
        idp_metadata_url: url,
        idp_name_id_format: 'EMAIL',
        force_authn: true,
        saml_signing_option: 'NO_SIGNING',
      }),
      attribute_mapping: {},
    });
    expect(later.data.connection.saml_config).toMatchObject({ idp_name_id_format: 'EMAIL', force_authn: true });
  });

  verifies(
    'tools.saml',
    'takes settings by hand, and demands a certificate for another identity provider',
    async () => {
      const connectionId = await create('SAML');
      const idp = { idp_entity_id: 'urn:samphire', idp_sso_url: 'https://idp.samphire.example/sso' };
      expect((await configureSaml(connectionId, idp)).error).toMatchObject({ field: 'saml_config.idp_certificate' });
      const pem = `-----BEGIN CERTIFICATE-----\n${CERTIFICATE.slice(0, 20)}\n${CERTIFICATE.slice(20)}\n-----END CERTIFICATE-----\n`;
      const { data } = await configureSaml(connectionId, { ...idp, idp_certificate: pem });
      expect(data.connection).toMatchObject({ status: 'COMPLETED', configuration_type: 'MANUAL', saml_config: idp });
      const slower = await configureSaml(connectionId, { idp_slo_url: 'https://idp.samphire.example/slo' });
      expect(slower.data.connection.saml_config).toMatchObject(idp);
      const other = await configureSaml(connectionId, { idp_entity_id: 'urn:other' });
      expect(other.error).toMatchObject({ code: 'invalid_arguments', field: 'saml_config.idp_certificate' });
    },
  );

  verifies.each<[string, Record<string, unknown>]>('tools.saml', [
    ['idp_metadata_url', {}],
    ['idp_metadata_url', { idp_metadata_url: 'http://idp.example/metadata.xml' }],
    ['idp_entity_id', { idp_entity_id: ' ' }],
    ['idp_certificate', { idp_certificate: 'no certificate' }],
    ['idp_certificate', { idp_certificate: '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----' }],
    ['idp_entity_id', { idp_metadata_url: 'https://idp.example/m', idp_entity_id: 'urn:x' }],
    ['idp_name_id_format', { idp_name_id_format: 'MAIL' }],
  ])('names %s of %o, and writes nothing', async (field, settings) => {
    const connectionId = await create('SAML');
    const before = written().length;
    const { error } = await configureSaml(connectionId, settings);
    expect(error.code).toBe('invalid_arguments');
    const unset = Object.keys(settings).length === 0 ? 'saml_config.idp_entity_id' : `saml_config.${field}`;
    expect(error.field).toBe(unset);
    expect(written()).toHaveLength(before);
  });

  verifies('tools.saml', 'leaves OIDC connections alone, and lets changes at the same time all stand', async () => {
    const oidc = await configureSaml(CONNECTIONS.tidewater, { force_authn: true }, tidewater);
    expect(oidc.error).toMatchObject({ field: 'connectionId', nextTool: 'list_organization_connections' });
    const changes = [{ force_authn: true }, { idp_name_id_format: 'TRANSIENT' }, { want_request_signed: false }];
    const done = await Promise.all(changes.map((change) => configureSaml(CONNECTIONS.umi, change, umi)));
    expect(done.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    const now = await call('get_organization_connection', { organizationId: umi, connectionId: CONNECTIONS.umi });
    expect(now.data.connection.saml_config).toMatchObject({ force_authn: true, idp_name_id_format: 'TRANSIENT' });
    expect(now.data.connection.saml_config.want_request_signed).toBeFalsy();
  });
});

describe('assign_domains_to_connection', () => {
  verifies('tools.organization-connections', 'sets all domains that lead to a connection', async () => {
    const args = { organizationId: polder, connectionId: CONNECTIONS.polder };
    const { data } = await call('assign_domains_to_connection', {
      ...args,
      domainIds: [DOMAINS.polder, DOMAINS.polderStaff],
    });
    expect(data.connection.domains.map(({ id }: { id: string }) => id)).toEqual([DOMAINS.polder, DOMAINS.polderStaff]);
    expect(written()).toMatchObject([{ method: 'PUT', body: { domain_ids: [DOMAINS.polder, DOMAINS.polderStaff] } }]);
    const fewer = await call('assign_domains_to_connection', { ...args, domainIds: [] });
    expect(fewer.error).toBeUndefined();
    expect(fewer.data.connection.domains ?? []).toEqual([]);
    const foreign = await call('assign_domains_to_connection', { ...args, domainIds: [DOMAINS.tidewater] });
    expect(foreign.error).toMatchObject({ code: 'not_found' });
    const many = await call('assign_domains_to_connection', { ...args, domainIds: Array(51).fill(DOMAINS.polder) });
    expect(many.error).toMatchObject({ code: 'invalid_arguments', field: 'domainIds' });
  });
});

describe('get_connection_test_result', () => {
  verifies('tools.organization-connections', 'tells what arrived, or why a test failed', async () => {
    const failed = { connectionId: CONNECTIONS.draft, testRequestId: TESTS.failed };
    expect((await call('get_connection_test_result', failed)).data).toMatchObject({
      status: 'FAILURE',
      error: 'invalid_client',
      error_description: expect.any(String),
    });
    const other = await call('get_connection_test_result', { ...failed, connectionId: CONNECTIONS.okta });
    expect(other.error).toMatchObject({ code: 'not_found' });
    const wrong = await call('get_connection_test_result', { ...failed, testRequestId: 'req_1' });
    expect(wrong.error).toMatchObject({ code: 'invalid_arguments', field: 'testRequestId' });
  });

  verifies('tools.organization-connections', 'knows the test that a person has finished on the page', async () => {
    const { data } = await call('get_organization_connection', {
      organizationId: tidewater,
      connectionId: CONNECTIONS.tidewater,
    });
    const page = await fetch(data.connection.test_connection_uri, { method: 'POST' });
    const [testRequestId] = /test_\d+/.exec(await page.text()) ?? [];
    const result = await call('get_connection_test_result', { connectionId: CONNECTIONS.tidewater, testRequestId });
    expect(result.data).toMatchObject({ status: 'SUCCESS', user_info: expect.stringContaining('test.user') });
  });
});

describe('what takes a connection away', () => {
  verifies('tools.organization-connections', 'shows the domains that lead to one of an organization', async () => {
    const args = { organizationId: lagerhaus, connectionId: CONNECTIONS.lagerhaus };
    for (const tool of ['disable_organization_connection', 'delete_organization_connection']) {
      const { error } = await call(tool, args);
      expect(error).toMatchObject({
        code: 'confirmation_required',
        preview: { connection: { id: CONNECTIONS.lagerhaus, domains: [{ domain: 'lagerhaus.example' }] } },
      });
    }
    expect(written()).toEqual([]);
  });

  verifies('tools.organization-connections', 'switches one of an organization off and on, and deletes it', async () => {
    const args = { organizationId: consortium, connectionId: CONNECTIONS.consortium };
    expect((await confirmed('disable_organization_connection', args)).data).toEqual({ enabled: false });
    expect((await call('get_organization_connection', args)).data.connection.enabled).toBeFalsy();
    expect((await call('enable_organization_connection', args)).data).toEqual({ enabled: true });
    expect((await confirmed('delete_organization_connection', args)).data).toEqual({
      deleted_id: CONNECTIONS.consortium,
    });
    expect((await call('get_organization_connection', args)).error).toMatchObject({ code: 'not_found' });
    const draft = { organizationId: meridian, connectionId: CONNECTIONS.meridian };
    expect((await call('enable_organization_connection', draft)).error).toMatchObject({
      code: 'invalid_request',
      nextTool: 'get_organization_connection',
      upstream: { status: 200, message: expect.any(String) },
    });
    const anchor = { organizationId: anchorage, connectionId: CONNECTIONS.anchorage };
    expect((await call('enable_organization_connection', anchor)).data).toEqual({ enabled: true });
  });

  verifies('tools.connections-taken-away', 'shows the MCP servers whose users one signs in', async () => {
    const { error } = await call('delete_environment_connection', { connectionId: CONNECTIONS.customsPortal });
    expect(error.preview).toMatchObject({
      connection: { key_id: 'CUSTOMS-PORTAL' },
      mcp_servers: { count: 1, is_complete: true, entries: [{ id: expect.stringMatching(/^res_/) }] },
    });
    expect(error.preview).not.toHaveProperty('connected_accounts');
  });

  verifies('tools.connections-taken-away', 'shows the accounts and MCP configs of an app connection', async () => {
    const gmail = { connectionId: 'conn_71204418093065001' };
    const { error } = await call('disable_environment_connection', gmail);
    expect(error.preview).toMatchObject({
      connection: { key_id: 'gmail' },
      connected_accounts: {
        entries: expect.arrayContaining([{ id: expect.stringMatching(/^ca_/), identifier: expect.any(String) }]),
      },
      configs: { entries: expect.arrayContaining([expect.objectContaining({ name: 'shipment-triage' })]) },
    });
    expect((await confirmed('disable_environment_connection', gmail)).data).toEqual({ enabled: false });
    expect((await confirmed('delete_environment_connection', gmail)).data).toEqual({ deleted_id: gmail.connectionId });
  });

  verifies.each('tools.connections-kinds', ['disable_environment_connection', 'delete_environment_connection'])(
    '%s names the tool for a connection of an organization',
    async (tool) => {
      const { error } = await call(tool, { connectionId: CONNECTIONS.tidewater });
      expect(error).toMatchObject({ code: 'not_found', nextTool: tool.replace('environment', 'organization') });
    },
  );
});

describe('an API that does not do what it says', () => {
  let scalekit: FakeScalekit;
  let own: TestServer;
  let callOwn: ReturnType<typeof toolCaller>;
  beforeAll(async () => {
    scalekit = await FakeScalekit.start();
    own = await running(scalekit.env);
    const scope = 'environment:read environment:write organization:read organization:write';
    callOwn = confirmingCaller(own.localUrl, await scalekit.mint({ claims: { scope } }));
  });
  afterAll(async () => {
    await own.stop();
    await scalekit.close();
  });
  const ids = { environmentId: 'env_1', organizationId: 'org_1', connectionId: 'conn_1' };
  const { organizationId: _, ...ofEnvironment } = ids;

  verifies.each<[string, object]>('tools.connections-taken-away', [
    ['disable_organization_connection', ids],
    ['disable_environment_connection', ofEnvironment],
  ])('%s does not believe that a connection is off which is still on', async (tool, args) => {
    const connection = { id: 'conn_1', type: 'OIDC', enabled: true };
    scalekit.serveApi((_request, response) => json(response, 200, { enabled: false, connection }));
    expect((await callOwn(tool, { ...args })).error).toMatchObject({ code: 'not_applied', field: 'enabled' });
    scalekit.serveApi((_request, response) =>
      json(response, 200, { enabled: true, error_message: 'busy', connection }),
    );
    expect((await callOwn(tool, { ...args })).error).toMatchObject({
      code: 'invalid_request',
      upstream: { message: 'busy' },
    });
  });

  verifies('tools.organization-connections', 'reads a connection whose domains the answer leaves out', async () => {
    const args = { ...ids, domainIds: ['dom_1'] };
    let domains: object[] = [{ id: 'dom_1' }];
    scalekit.serveApi(({ method }, response) =>
      json(response, 200, { connection: { id: 'conn_1', ...(method === 'GET' && { domains }) } }),
    );
    expect((await callOwn('assign_domains_to_connection', args)).data.connection.domains).toEqual([{ id: 'dom_1' }]);
    domains = [{ id: 'dom_2' }];
    expect((await callOwn('assign_domains_to_connection', args)).error).toMatchObject({
      code: 'not_applied',
      field: 'domainIds',
      nextTool: 'get_organization_connection',
    });
  });

  verifies('tools.connections-taken-away', 'shows what it can where the lists cannot be read', async () => {
    const connection = { id: 'conn_1', type: 'OIDC', key_id: 'IDP-1' };
    scalekit.serveApi(({ url }, response) =>
      url.startsWith('/api/v1/connections/') ? json(response, 200, { connection }) : nothingThere(response),
    );
    const { error } = await toolCaller(own.localUrl, await scalekit.mint({ claims: { scope: 'environment:write' } }))(
      'delete_environment_connection',
      ofEnvironment,
    );
    expect(error.preview).toMatchObject({ mcp_servers: { count: null, is_complete: false, entries: [] } });
  });

  verifies('tools.saml', 'is told by name of what it kept, the certificate too', async () => {
    const saml_config = {
      idp_entity_id: 'urn:a',
      idp_sso_url: 'https://a.example/sso',
      idp_certificates: [{ certificate: 'old' }],
    };
    scalekit.serveApi((_request, response) =>
      json(response, 200, { connection: { id: 'conn_1', type: 'SAML', configuration_type: 'MANUAL', saml_config } }),
    );
    const update = (settings: object) =>
      callOwn('update_organization_saml_connection', { ...ids, saml_config: settings });
    expect((await update({ idp_certificate: CERTIFICATE })).error).toMatchObject({
      code: 'not_applied',
      field: 'saml_config.idp_certificate',
    });
    expect((await update({ idp_name_id_format: 'EMAIL' })).error).toMatchObject({
      code: 'not_applied',
      field: 'saml_config.idp_name_id_format',
    });
  });
});
