import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ListedTool } from '../../src/access/listing.ts';
import type { Tool } from '../../src/core/tool.ts';
import {
  DEVELOPMENT_CLIENT_IDS as APPS,
  DEVELOPMENT_SERVER_CLIENT_IDS as CLIENTS,
  DEVELOPMENT_CONNECTION_IDS as CONNECTIONS,
  DEVELOPMENT_ORGANIZATION_IDS,
  DEVELOPMENT_DIRECTORY_IDS as DIRECTORIES,
  DEVELOPMENT_DOMAIN_IDS as DOMAINS,
  ENVIRONMENT_IDS,
  DEVELOPMENT_ORGANIZATION_CLIENT_IDS as MACHINES,
  MEMBER_IDS,
  DEVELOPMENT_SCOPE_IDS as SCOPES,
} from '../../src/sandbox/data/ids.ts';
import { catalogue } from '../../src/tools/index.ts';
import { tokenOfAPerson } from '../fixtures/confirmation.ts';
import { exampleArguments } from '../fixtures/example-calls.ts';
import { SCANNER } from '../fixtures/examples/machines.ts';
import { PEOPLE } from '../fixtures/examples/people.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { callTool, type EraName, rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json, nothingThere } from '../fixtures/scalekit.ts';
import { toolCaller } from '../fixtures/tool-caller.ts';
import { verifies } from '../verifies.ts';

const CONFIRMED = catalogue.filter(({ preview }) => preview !== undefined);

const { tidewater } = DEVELOPMENT_ORGANIZATION_IDS;

const connectionOf = (name: 'anchorage' | 'consortium') => ({
  organizationId: DEVELOPMENT_ORGANIZATION_IDS[name],
  connectionId: CONNECTIONS[name],
});

const directoryOf = (name: 'anchorage' | 'polder' | 'lagerhaus') => ({
  organizationId: DEVELOPMENT_ORGANIZATION_IDS[name],
  directoryId: DIRECTORIES[name],
});

const mapping = (connection_name: string) => ({ connection_tool_mappings: [{ connection_name }] });

/** By tool: what somebody else does between its preview and its confirmation, to what its example takes away. */
const MEANWHILE: Readonly<Record<string, readonly [tool: string, args: Readonly<Record<string, unknown>>]>> = {
  delete_environment_role: ['update_environment_role', { roleName: 'trainee', displayName: 'Apprentice' }],
  delete_permission: ['add_permissions_to_role', { roleName: 'customs_broker', permissions: ['pallets:count'] }],
  remove_permission_from_role: ['update_environment_role', { roleName: 'yard_planner', displayName: 'Yard master' }],
  delete_organization_role: [
    'update_organization_role',
    { organizationId: tidewater, roleName: 'summer_help', displayName: 'Summer staff' },
  ],
  delete_environment_scope: ['update_environment_scope', { scopeId: SCOPES.manifests, description: 'Old' }],
  delete_organization: [
    'update_organization',
    { organizationId: DEVELOPMENT_ORGANIZATION_IDS.granary, metadata: { plan: 'business' } },
  ],
  delete_user: ['update_user', { userId: PEOPLE.lotte, firstName: 'Charlotte' }],
  remove_user_from_organization: [
    'assign_user_roles',
    { organizationId: DEVELOPMENT_ORGANIZATION_IDS.bluefin, userId: PEOPLE.ines, roles: ['admin'] },
  ],
  remove_user_role: [
    'assign_user_roles',
    { organizationId: DEVELOPMENT_ORGANIZATION_IDS.anchorage, userId: PEOPLE.erik, roles: ['admin'] },
  ],
  revoke_session: ['update_user', { userId: PEOPLE.caleb, externalId: 'hl-u-meanwhile-1' }],
  revoke_all_user_sessions: ['update_user', { userId: PEOPLE.mateus, externalId: 'hl-u-meanwhile-2' }],
  delete_user_passkey: ['update_user', { userId: PEOPLE.mateus, externalId: 'hl-u-meanwhile-3' }],
  delete_mcp_config: [
    'update_mcp_config',
    { configId: 'cfg_71204418093065303', description: 'Used by 1,000 customers' },
  ],
  delete_mcp_instance: ['update_mcp_config', { configId: 'cfg_71204418093065302', description: 'Runs at night' }],
  disconnect_connected_account: ['create_mcp_config', { name: 'yard-news', ...mapping('slack-ops') }],
  delete_connected_account: ['create_mcp_config', { name: 'morning-mail', ...mapping('gmail') }],
  remove_redirect_uri: ['add_redirect_uri', { uri: 'https://meanwhile.harborlight.example/callback' }],
  remove_initiate_login_uri: ['set_initiate_login_uri', { uri: 'https://app.dev.harborlight.example/meanwhile' }],
  remove_post_logout_redirect_uri: [
    'add_post_logout_redirect_uri',
    { uri: 'https://meanwhile.harborlight.example/goodbye' },
  ],
  remove_back_channel_logout_uri: [
    'add_back_channel_logout_uri',
    { uri: 'https://meanwhile.harborlight.example/logged-out' },
  ],
  disable_environment_connection: [
    'update_environment_oidc_connection',
    { connectionId: CONNECTIONS.google, uiButtonTitle: 'Google', oidc_config: {} },
  ],
  delete_environment_connection: [
    'update_environment_oidc_connection',
    { connectionId: CONNECTIONS.github, uiButtonTitle: 'GitHub', oidc_config: {} },
  ],
  disable_organization_connection: [
    'update_organization_oidc_connection',
    { ...connectionOf('consortium'), uiButtonTitle: 'Consortium', oidc_config: {} },
  ],
  delete_organization_connection: [
    'update_organization_oidc_connection',
    { ...connectionOf('anchorage'), uiButtonTitle: 'Anchorage', oidc_config: {} },
  ],
  disable_organization_directory: ['update_organization_directory', { ...directoryOf('anchorage'), name: 'Anchorage' }],
  delete_organization_directory: ['update_organization_directory', { ...directoryOf('polder'), name: 'Polder' }],
  regenerate_directory_secret: ['create_directory_secret', directoryOf('lagerhaus')],
  delete_organization_client: [
    'update_organization_client',
    { organizationId: tidewater, clientId: MACHINES.tidewaterOld, description: 'Used by the port office' },
  ],
  delete_organization_client_secret: ['create_organization_client_secret', SCANNER.client],
  delete_environment_client: ['update_environment_client', { clientId: APPS.oldKiosk, name: 'Kiosk' }],
  deactivate_client_secret: ['create_client_secret', { clientId: APPS.fleetConsole }],
  delete_client_secret: ['create_client_secret', { clientId: APPS.fleetConsole }],
  invalidate_api_token: ['update_organization', { organizationId: tidewater, externalId: 'hl-c-meanwhile' }],
  revoke_admin_portal_link: ['generate_admin_portal_link', { organizationId: DEVELOPMENT_ORGANIZATION_IDS.meridian }],
  delete_organization_domain: [
    'update_organization_domain',
    { organizationId: tidewater, domainId: DOMAINS.tidewaterOld, connectionId: CONNECTIONS.tidewater },
  ],
  remove_workspace_member: ['assign_dashboard_role', { memberId: MEMBER_IDS.contractor, role: 'member' }],
  clear_member_environment_role: [
    'assign_dashboard_role',
    { memberId: MEMBER_IDS.auditor, environmentId: ENVIRONMENT_IDS.development, role: 'developer' },
  ],
  set_custom_domain: ['update_environment', { name: 'Development meanwhile' }],
  delete_mcp_server: ['update_mcp_server', { id: 'res_71204418093064005', description: 'In use after all' }],
  delete_mcp_server_client: [
    'update_mcp_server_client',
    { serverId: 'res_71204418093064001', clientId: CLIENTS.nightShift, name: 'Morning report' },
  ],
  delete_mcp_client_secret: [
    'create_mcp_client_secret',
    { serverId: 'res_71204418093064002', clientId: CLIENTS.customs },
  ],
  revoke_mcp_user_consent: ['update_mcp_server', { id: 'res_71204418093064001', name: 'Shipments' }],
  delete_custom_connector: [
    'update_custom_connector',
    { identifier: 'CUSTOM_CRANES', description: 'Which crane works where; still in use' },
  ],
  switch_mcp_auth_to_scalekit: ['update_mcp_server', { id: 'res_71204418093064002', description: 'In production now' }],
};

it('knows how what each tool shows can change', () => {
  expect(Object.keys(MEANWHILE).sort()).toEqual(CONFIRMED.map(({ name }) => name).sort());
});

describe.each<EraName>(['modern', 'legacy'])('in the %s era', (era) => {
  let server: TestServer;
  let own: string;
  let anothers: string;
  beforeAll(async () => {
    server = await running();
    [own, anothers] = await Promise.all([server.token(), tokenOfAPerson(server)]);
  });
  afterAll(() => server.stop());

  /** Calls a tool, and yields what came of it and the methods of what the management API was asked for. */
  async function call({ name }: Pick<Tool, 'name'>, args: Record<string, unknown>, token = own) {
    server.exchanges.length = 0;
    const { body } = await callTool(`${server.url}/mcp`, era, name, args, { token });
    const asked = server.exchanges.map(({ request }) => request.method);
    return { asked, data: body.result.structuredContent, error: failureIn(body.result) };
  }

  verifies.each(
    ['confirm.shown', 'confirm.bound', 'confirm.once', 'confirm.all'],
    CONFIRMED.map((tool) => [tool.name, tool] as const),
  )('%s acts on what the person saw, once, and on nothing else', async (name, tool) => {
    const args = exampleArguments(tool);
    const first = await call(tool, args);
    expect(first.error).toMatchObject({
      code: 'confirmation_required',
      preview: { stops_working: tool.preview?.stopsWorking },
    });
    expect(new Set(first.asked)).toEqual(new Set(['GET']));

    const seen = { ...args, confirmation: first.error.confirmation };
    for (const [other, token] of othersThan(seen, anothers)) {
      const refused = await call(tool, other, token);
      expect([refused.error.code, refused.error.preview, refused.asked]).toEqual([
        'confirmation_invalid',
        undefined,
        [],
      ]);
    }

    const [meanwhile = '', change = {}] = MEANWHILE[name] ?? [];
    const { environmentId } = args;
    expect((await call({ name: meanwhile }, { environmentId, ...change })).error).toBeUndefined();
    const changed = await call(tool, seen);
    expect(changed.error).toMatchObject({ code: 'confirmation_invalid', field: 'confirmation', retryable: false });
    expect(changed.error.preview).not.toEqual(first.error.preview);
    expect(Date.parse(changed.error.confirmationExpiresAt)).toBeGreaterThan(Date.now());
    expect(new Set(changed.asked)).toEqual(new Set(['GET']));
    expect((await call(tool, seen)).error).toMatchObject({
      code: 'confirmation_invalid',
      message: expect.stringContaining('used before'),
    });

    const agreed = { ...args, confirmation: changed.error.confirmation };
    const acted = await call(tool, agreed);
    expect(acted.error).toBeUndefined();
    expect(acted.asked.filter((method) => method !== 'GET')).toHaveLength(1);
    const replayed = await call(tool, agreed);
    expect([replayed.error.code, replayed.asked]).toEqual(['confirmation_invalid', []]);
  });
});

/** The same confirmation by somebody else, for another environment, for other arguments, and another confirmation. */
function othersThan(
  seen: Record<string, unknown>,
  anothers: string,
): (readonly [Record<string, unknown>, token?: string])[] {
  const { environmentId, confirmation, ...own } = seen;
  return [
    [seen, anothers],
    ...(environmentId === undefined ? [] : [[{ ...seen, environmentId: ENVIRONMENT_IDS.production }] as const]),
    ...Object.entries(own).map<[Record<string, unknown>]>(([name, value]) => [{ ...seen, [name]: `${value}9` }]),
    [{ ...seen, confirmation: [...String(confirmation)].reverse().join('') }],
  ];
}

/** What overwrites, or acts in a third party, as soon as it is called. */
const AT_ONCE = [
  'assign_dashboard_role',
  'assign_directory_group_roles',
  'assign_domains_to_connection',
  'execute_agent_tool',
  'set_default_organization_role',
  'set_default_roles',
  'set_environment_feature',
  'set_initiate_login_uri',
  'set_mcp_server_client_policy',
  'set_organization_user_limit',
  'update_custom_connector',
  'update_environment',
  'update_environment_client',
  'update_environment_oidc_connection',
  'update_environment_role',
  'update_environment_scope',
  'update_environment_session_settings',
  'update_environment_user_management',
  'update_mcp_config',
  'update_mcp_server',
  'update_mcp_server_client',
  'update_organization',
  'update_organization_client',
  'update_organization_directory',
  'update_organization_domain',
  'update_organization_membership',
  'update_organization_oidc_connection',
  'update_organization_role',
  'update_organization_saml_connection',
  'update_organization_session_policy',
  'update_organization_settings',
  'update_permission',
  'update_user',
];

verifies('confirm.all', 'nothing acts at once that takes something away, and the rest is told by name', async () => {
  const server = await running({ AGENT_TOOL_EXECUTION: 'on' });
  try {
    const token = await server.token('');
    const { body } = await rpc(`${server.localUrl}/mcp?toolsets=all`, 'modern', 'tools/list', {}, { token });
    const destructive = (body.result.tools as ListedTool[]).filter(({ annotations }) => annotations['destructiveHint']);
    const isConfirmed = ({ inputSchema }: ListedTool) => 'confirmation' in (inputSchema['properties'] as object);
    expect(
      destructive
        .filter(isConfirmed)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(Object.keys(MEANWHILE).sort());
    const others = destructive.filter((tool) => !isConfirmed(tool)).map(({ name }) => name);
    // What it stands for is confirmed as it is by itself.
    expect(others.filter((name) => name !== 'call_tool').sort()).toEqual(AT_ONCE);
  } finally {
    await server.stop();
  }
  for (const file of ['README.md', 'SECURITY.md']) {
    const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    for (const name of AT_ONCE) expect(text, file).toContain(`\`${name}\``);
  }
});

verifies('confirm.shown', 'an account that is in use can be taken away: times that move are no change', async () => {
  const scalekit = await FakeScalekit.start();
  const server = await running(scalekit.env);
  let seconds = 0;
  let status = 'ACTIVE';
  let isGone = false;
  scalekit.serveApi(({ method, url }, response) => {
    if (method === 'POST') isGone = true;
    if (method === 'GET' && isGone) return nothingThere(response);
    if (!url.startsWith('/api/v1/connected_accounts/details'))
      return json(response, 200, { configs: [], instances: [] });
    const now = new Date(++seconds * 1000).toISOString();
    const account = {
      id: 'ca_1',
      identifier: 'mira',
      status,
      last_used_at: now,
      token_expires_at: now,
      updated_at: now,
    };
    return json(response, 200, { connected_account: account });
  });
  try {
    const call = toolCaller(server.localUrl, await scalekit.mint({ claims: { scope: 'environment:write' } }));
    const args = { environmentId: 'env_1', connectedAccountId: 'ca_1' };
    const { error: first } = await call('delete_connected_account', args);
    status = 'EXPIRED';
    const { error: changed } = await call('delete_connected_account', { ...args, confirmation: first.confirmation });
    expect(changed).toMatchObject({ code: 'confirmation_invalid', preview: { connected_account: { status } } });
    expect(scalekit.operations.filter(({ method }) => method !== 'GET')).toEqual([]);
    const { data } = await call('delete_connected_account', { ...args, confirmation: changed.confirmation });
    expect(data).toEqual({ deleted_id: 'ca_1' });
    expect(scalekit.operations.filter(({ method }) => method !== 'GET')).toHaveLength(1);
  } finally {
    await server.stop();
    await scalekit.close();
  }
});
