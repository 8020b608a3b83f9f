import { describe, expect } from 'vitest';
import type { Api } from '../../../src/core/api.ts';
import { ToolError } from '../../../src/core/errors.ts';
import { diagnoseConnection } from '../../../src/diagnosis/connection/diagnose.ts';
import {
  DEVELOPMENT_CONNECTION_IDS as CONNECTIONS,
  DEVELOPMENT_DIRECTORY_IDS as DIRECTORIES,
  DEVELOPMENT_DOMAIN_IDS as DOMAINS,
  ENVIRONMENT_IDS,
  DEVELOPMENT_ORGANIZATION_IDS as ORGANIZATIONS,
  CONNECTION_TEST_IDS as TESTS,
} from '../../../src/sandbox/data/ids.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { callTool } from '../../fixtures/rpc.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { verifies } from '../../verifies.ts';

const { call, asked, server } = sharedServer();

type Seen = { check: string; state: string; next_tool?: string; to_do?: string; found?: unknown };
const diagnose = async (connectionId: string, more: object = {}) => {
  const { data, error } = await call('diagnose_connection', { connectionId, ...more });
  expect(error).toBeUndefined();
  const names = new Set(catalogue.map(({ name }) => name));
  for (const { next_tool, to_do } of data.findings as Seen[]) {
    if (next_tool !== undefined) expect(names).toContain(next_tool);
    expect(to_do ?? next_tool).toBeTypeOf('string');
  }
  return data as { findings: Seen[]; passed: string[]; healthy: boolean; not_read: string[]; connection: object };
};
const wrong = ({ findings }: { findings: Seen[] }) =>
  findings.filter(({ state }) => state !== 'not_known').map(({ check }) => check);

describe('diagnose_connection', () => {
  verifies(
    'diagnosis.connection',
    'finds nothing wrong where people sign in, with one request for each operation',
    async () => {
      const data = await diagnose(CONNECTIONS.tidewater);
      expect([data.healthy, data.findings]).toEqual([true, []]);
      expect(data.passed).toEqual([
        ...['configured', 'enabled', 'scopes', 'sso_feature', 'domains', 'domain_verification', 'directory'],
        ...['callbacks', 'sign_ins'],
      ]);
      const urls = asked().map(({ method, url }) => `${method} ${url.replace('/api/v1', '').replace(/\?.*/, '')}`);
      expect(urls.filter((url) => !url.includes('/environments/')).sort()).toEqual([
        'GET /clients',
        'GET /connections',
        'GET /logs/authentication/requests',
        `GET /organizations/${ORGANIZATIONS.tidewater}`,
        `GET /organizations/${ORGANIZATIONS.tidewater}/connections/${CONNECTIONS.tidewater}`,
        `GET /organizations/${ORGANIZATIONS.tidewater}/directories`,
        `GET /organizations/${ORGANIZATIONS.tidewater}/domains`,
      ]);
    },
  );

  verifies('diagnosis.connection', 'names what a draft lacks', async () => {
    const { findings } = await diagnose(CONNECTIONS.draft);
    expect(findings[0]).toMatchObject({
      ...{ check: 'configured', state: 'fail', next_tool: 'update_environment_oidc_connection' },
      found: { type: 'OIDC', missing: expect.arrayContaining(['oidc_config.issuer', 'oidc_config.client_id']) },
    });
    expect(wrong({ findings })).toEqual(['configured']);
  });

  verifies('diagnosis.connection', 'names a failed test with its reason', async () => {
    const { findings } = await diagnose(CONNECTIONS.draft, { testRequestId: TESTS.failed });
    expect(wrong({ findings })).toEqual(['configured', 'test']);
    expect(findings[1]).toMatchObject({ found: { error: 'invalid_client' }, next_tool: 'get_connection_test_result' });
    const worked = await diagnose(CONNECTIONS.okta, { testRequestId: TESTS.worked });
    expect(worked.passed).toContain('test');
  });

  verifies(
    'diagnosis.connection',
    'names a connection that is off, of the environment and of an organization',
    async () => {
      const own = await diagnose(CONNECTIONS.auth0);
      expect(own.findings[0]).toMatchObject({ check: 'enabled', next_tool: 'enable_environment_connection' });
      expect(wrong(own)).toEqual(['enabled']);
      const ofCustomer = await diagnose(CONNECTIONS.umi, { organizationId: ORGANIZATIONS.umi });
      expect(ofCustomer.findings[0]).toMatchObject({ check: 'enabled', next_tool: 'enable_organization_connection' });
      expect(ofCustomer.passed).toContain('certificate');
      // Nobody looks for the owner where the call names it.
      expect(asked().filter(({ url }) => url.startsWith('/api/v1/connections?'))).toHaveLength(1);
    },
  );

  verifies(
    'diagnosis.connection',
    'names a SAML draft first, then the sign-ins that fail, with what was told of them',
    async () => {
      const { findings } = await diagnose(CONNECTIONS.meridian);
      expect(wrong({ findings })).toEqual(['configured', 'sign_ins', 'domains']);
      expect(findings[0]).toMatchObject({ next_tool: 'update_organization_saml_connection' });
      expect(asked().filter(({ method }) => method === 'POST')).toMatchObject([{ url: '/api/v1/events?page_size=20' }]);
      expect(findings[1]).toMatchObject({
        found: {
          latest: [{ status: 'FAILED' }, { status: 'FAILED' }],
          reasons: ['the signature of the assertion does not match the certificate'],
        },
      });
    },
  );

  verifies('diagnosis.connection', 'names a feature that is off', async () => {
    const feature = (enabled: boolean) => ({
      organizationId: ORGANIZATIONS.lagerhaus,
      feature: [{ name: 'sso', enabled }],
    });
    expect(wrong(await diagnose(CONNECTIONS.lagerhaus))).toEqual([]);
    await call('update_organization_settings', feature(false));
    const { findings } = await diagnose(CONNECTIONS.lagerhaus);
    expect(findings[0]).toMatchObject({ check: 'sso_feature', next_tool: 'update_organization_settings' });
    await call('update_organization_settings', feature(true));
    expect(wrong(await diagnose(CONNECTIONS.lagerhaus))).toEqual([]);
  });

  verifies(
    'diagnosis.connection',
    'names a connection that no domain leads to, and the domains that could',
    async () => {
      const none = await diagnose(CONNECTIONS.consortium);
      expect(none.findings.find(({ check }) => check === 'domains')).toMatchObject({
        next_tool: 'add_organization_domain',
      });
      const { findings } = await diagnose(CONNECTIONS.lagerhausDraft);
      expect(findings.find(({ check }) => check === 'domains')).toMatchObject({
        next_tool: 'assign_domains_to_connection',
        found: [{ domain: 'lagerhaus.example' }, { domain: 'shop.lagerhaus.example' }],
      });
    },
  );

  verifies('diagnosis.connection', 'names a domain that is not verified', async () => {
    await call('assign_domains_to_connection', {
      organizationId: ORGANIZATIONS.umi,
      connectionId: CONNECTIONS.umi,
      domainIds: [DOMAINS.umi],
    });
    const { findings } = await diagnose(CONNECTIONS.umi);
    expect(findings.find(({ check }) => check === 'domain_verification')).toMatchObject({
      ...{ state: 'fail', next_tool: 'verify_organization_domain' },
      found: [{ id: DOMAINS.umi, verification_status: 'FAILED' }],
    });
  });

  verifies('diagnosis.connection', 'names a directory by which nobody comes', async () => {
    const off = await diagnose(CONNECTIONS.consortium);
    expect(off.findings.find(({ check }) => check === 'directory')).toMatchObject({
      ...{ state: 'warn', next_tool: 'enable_organization_directory', found: [DIRECTORIES.consortium] },
    });
    const feature = (enabled: boolean) => ({
      organizationId: ORGANIZATIONS.tidewater,
      feature: [{ name: 'dir_sync', enabled }],
    });
    await call('update_organization_settings', feature(false));
    const { findings } = await diagnose(CONNECTIONS.tidewater);
    expect(findings).toMatchObject([{ check: 'directory', state: 'fail', next_tool: 'update_organization_settings' }]);
    await call('update_organization_settings', feature(true));
    await call('create_organization_directory', { organizationId: ORGANIZATIONS.umi, directoryType: 'SCIM' });
    await call('update_organization_settings', {
      organizationId: ORGANIZATIONS.umi,
      feature: [{ name: 'dir_sync', enabled: true }],
    });
    const withoutSecret = await diagnose(CONNECTIONS.umi);
    expect(withoutSecret.findings.find(({ check }) => check === 'directory')).toMatchObject({
      next_tool: 'create_directory_secret',
    });
  });

  verifies('diagnosis.connection', 'names scopes that are missing at the identity provider', async () => {
    await call('update_environment_oidc_connection', {
      connectionId: CONNECTIONS.google,
      oidc_config: { scopes: ['openid', 'profile'] },
    });
    const { findings } = await diagnose(CONNECTIONS.google);
    expect(findings[0]).toMatchObject({
      ...{ check: 'scopes', next_tool: 'update_environment_oidc_connection', found: { missing: ['email'] } },
    });
  });

  verifies(
    'diagnosis.connection',
    'is for connections that people sign in through, and needs both scopes',
    async () => {
      const { data } = await call('list_app_connections');
      const { error } = await call('diagnose_connection', { connectionId: data.connections[0].id });
      expect(error).toMatchObject({ code: 'invalid_arguments', nextTool: 'list_connected_accounts' });
      expect((await call('diagnose_connection', { connectionId: 'conn_404' })).error).toMatchObject({
        code: 'not_found',
      });
      const args = { environmentId: ENVIRONMENT_IDS.development, connectionId: CONNECTIONS.okta };
      const less = { token: await server().token('environment:read') };
      const { status, headers } = await callTool(`${server().url}/mcp`, 'modern', 'diagnose_connection', args, less);
      expect([status, headers.get('www-authenticate')]).toEqual([403, expect.stringContaining('organization:read')]);
    },
  );
});

describe('what the sandbox cannot be', () => {
  const saml = (expiry_time: string) => ({
    id: 'conn_1',
    type: 'SAML',
    status: 'COMPLETED',
    enabled: true,
    saml_config: { idp_entity_id: 'a', idp_sso_url: 'b', idp_certificates: [{ id: 'c', expiry_time }] },
  });
  /** Answers for the connection alone; whatever else is asked may not be read. */
  const apiOf = (connection: object, clients?: object[]) => {
    const get: Api['get'] = async ({ text }) => {
      if (text === '/connections/conn_1') return { connection };
      if (text === '/clients' && clients !== undefined) return { clients };
      throw new ToolError('permission_denied', 'No.');
    };
    const post = () => Promise.reject(new ToolError('not_supported', 'No.'));
    return { get, post } as unknown as Api;
  };
  const now = new Date('2026-06-01T00:00:00Z');

  /** An OIDC connection of an organization, with everything wrong that can be wrong at once, but for what is given. */
  const brokenApi = (connection: object, more: Readonly<Record<string, unknown>> = {}): Api => {
    const at = '/organizations/org_1';
    const answers: Readonly<Record<string, unknown>> = {
      [`${at}/connections/conn_1`]: { connection: { id: 'conn_1', status: 'COMPLETED', ...connection } },
      [at]: {
        organization: {
          id: 'org_1',
          settings: {
            features: [
              { name: 'sso', enabled: false },
              { name: 'dir_sync', enabled: false },
            ],
          },
        },
      },
      [`${at}/domains`]: { domains: [] },
      [`${at}/directories`]: { directories: [{ id: 'dir_1', enabled: true, directory_type: 'SCIM' }] },
      '/clients': { clients: [{ id: 'skc_1', type: 'ENV', post_login_uris: [] }] },
      '/logs/authentication/requests': {
        authRequests: [{ auth_request_id: 'areq_1', connection_id: 'conn_1', status: 'FAILED' }],
      },
      '/connections/conn_1/test-requests/test_1': { status: 'FAILURE', error: 'invalid_client' },
      ...more,
    };
    const get = async ({ text }: { readonly text: string }) => answers[text] ?? expect.fail(`${text} was asked.`);
    return { get, post: async () => ({ events: [] }) } as unknown as Api;
  };
  const UNVERIFIED = [{ id: 'dom_1', domain: 'a.example', verification_status: 'PENDING' }];
  const named = { connectionId: 'conn_1', organizationId: 'org_1', testRequestId: 'test_1' };

  verifies.each<[string, object, Readonly<Record<string, unknown>>, string[], string[]]>('diagnosis.connection', [
    [
      'an OIDC connection that is off',
      { type: 'OIDC', enabled: false, oidc_config: { scopes: ['openid'] }, domains: UNVERIFIED },
      {},
      ['enabled', 'scopes', 'sso_feature', 'domain_verification', 'directory', 'test', 'callbacks', 'sign_ins'],
      [],
    ],
    [
      'a SAML connection whose certificate has expired',
      {
        type: 'SAML',
        enabled: false,
        saml_config: { idp_certificates: [{ id: 'c', expiry_time: '2026-05-01T00:00:00Z' }] },
      },
      {},
      ['enabled', 'certificate', 'sso_feature', 'directory', 'test', 'callbacks', 'sign_ins'],
      ['domains'],
    ],
    [
      'a draft, whose other settings do not matter yet',
      { type: 'OIDC', status: 'DRAFT', enabled: false },
      {},
      ['configured', 'sso_feature', 'directory', 'test', 'callbacks', 'sign_ins'],
      ['domains'],
    ],
    [
      'what only warns, after all that fails',
      { type: 'OIDC', enabled: true, oidc_config: { scopes: ['openid', 'email'] } },
      {
        '/organizations/org_1': {
          organization: { id: 'org_1', settings: { features: [{ name: 'dir_sync', enabled: true }] } },
        },
        '/organizations/org_1/directories': { directories: [] },
        '/logs/authentication/requests': {
          authRequests: [{ auth_request_id: 'areq_1', connection_id: 'conn_1', status: 'INITIATED' }],
        },
      },
      ['test', 'callbacks'],
      ['sso_feature', 'domains', 'directory', 'sign_ins'],
    ],
  ])('names the likeliest reason first of %s', async (_name, connection, more, fails, warns) => {
    const { findings, healthy } = await diagnoseConnection(brokenApi(connection, more), named, now);
    expect(findings.map(({ check, state }) => `${state} ${check}`)).toEqual([
      ...fails.map((check) => `fail ${check}`),
      ...warns.map((check) => `warn ${check}`),
    ]);
    expect(healthy).toBe(false);
  });

  verifies.each<[string, string, string]>('diagnosis.connection', [
    ['2026-05-31T23:59:59Z', 'fail', 'expired'],
    ['2026-06-20T00:00:00Z', 'warn', 'within 30 days'],
  ])('a certificate that ends at %s is told: %s', async (end, state, words) => {
    const { findings, healthy } = await diagnoseConnection(apiOf(saml(end)), { connectionId: 'conn_1' }, now);
    expect([healthy, findings]).toMatchObject([state === 'warn', [{ check: 'certificate', state }]]);
    expect(findings[0]?.seen).toContain(words);
  });

  verifies.each<[string, object[]]>('diagnosis.connection', [
    ['whose client has none', [{ id: 'skc_1', type: 'ENV', post_login_uris: [] }]],
    ['without a client', []],
  ])('an environment %s to which no login can return is told', async (_name, clients) => {
    const api = apiOf(saml('2030-01-01T00:00:00Z'), clients);
    const { findings } = await diagnoseConnection(api, { connectionId: 'conn_1' }, now);
    expect(findings).toMatchObject([{ check: 'callbacks', state: 'fail', next_tool: 'add_redirect_uri' }]);
  });

  verifies('diagnosis.connection', 'what may not be read is named, and keeps nothing from being said', async () => {
    const api = apiOf(saml('2030-01-01T00:00:00Z'));
    const { passed, findings, not_read } = await diagnoseConnection(api, { connectionId: 'conn_1' }, now);
    expect([passed, findings]).toEqual([['configured', 'enabled', 'certificate'], []]);
    expect(not_read).toEqual(['uris', 'signIns', 'organization']);
    const get: Api['get'] = (at, query) =>
      at.text === '/connections'
        ? Promise.resolve({ connections: [{ id: 'conn_1' }], total_size: 1 })
        : api.get(at, query);
    const ofEnvironment = await diagnoseConnection({ ...api, get } as Api, { connectionId: 'conn_1' }, now);
    expect(ofEnvironment.not_read).toEqual(['uris', 'signIns']);
  });

  verifies('diagnosis.connection', 'what fails otherwise is an error', async () => {
    const failing = { auth_request_id: 'areq_1', connection_id: 'conn_1', status: 'FAILED' };
    const known = apiOf(saml('2030-01-01T00:00:00Z'));
    const get: Api['get'] = (at, query) =>
      at.text.startsWith('/logs/') ? Promise.resolve({ authRequests: [failing] }) : known.get(at, query);
    const unread = await diagnoseConnection({ ...known, get } as Api, { connectionId: 'conn_1' }, now);
    expect(unread.not_read).toEqual(['uris', 'events', 'organization']);
    expect(unread.findings).toMatchObject([{ check: 'sign_ins', state: 'fail' }]);
    const api = { ...known, get, post: () => Promise.reject(new ToolError('upstream_error', 'No.')) };
    await expect(diagnoseConnection(api as Api, { connectionId: 'conn_1' }, now)).rejects.toMatchObject({
      code: 'upstream_error',
    });
  });
});
