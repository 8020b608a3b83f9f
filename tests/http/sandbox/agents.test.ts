import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedAgents } from '../../../src/sandbox/data/agents.ts';
import { ENVIRONMENT_DOMAINS } from '../../../src/sandbox/data/ids.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';

const ENVIRONMENT_CLIENT = { id: 'skc_development', secret: 'secret' };
const MIRA = 'mira@harborlight.example';

let sandbox: Sandbox;
let machine: string;
let environmentClient: string;

async function tokenOf(id: string, secret: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret });
  const response = await fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body });
  return ((await response.json()) as { access_token: string }).access_token;
}

async function api(binding: string, body?: unknown, token = machine) {
  const [method = '', path = ''] = binding.split(' ');
  const response = await fetch(`${sandbox.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'x-env-domain': ENVIRONMENT_DOMAINS.development },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into, not typed.
  return { status: response.status, body: (await response.json()) as any };
}

/** The part of a refusal that says more than its status. */
const infoOf = ({ body }: { body: { details: Record<string, unknown>[] } }) => body.details[0];

const violations = (field: string) => ({
  error_code: 'INVALID_ARGUMENT',
  validation_error_info: { field_violations: [expect.objectContaining({ field })] },
});

beforeAll(async () => {
  sandbox = await startSandbox({
    port: 0,
    resource: 'http://localhost:3002/mcp',
    environmentClient: ENVIRONMENT_CLIENT,
  });
  machine = await tokenOf('sandbox-machine', 'sandbox-secret');
  environmentClient = await tokenOf(ENVIRONMENT_CLIENT.id, ENVIRONMENT_CLIENT.secret);
});
afterAll(() => sandbox.close());

it('the seed data names connections and tools that exist', () => {
  for (const environment of ['development', 'production'] as const) {
    const { appConnections, connectedAccounts, mcpConfigs, mcpInstances, agentTools } = seedAgents(environment);
    const connections = new Map(appConnections.map(({ id, key_id, provider_key }) => [id, [key_id, provider_key]]));
    for (const { connection_id, connector, provider } of connectedAccounts) {
      expect(connections.get(connection_id)).toEqual([connector, provider]);
    }
    for (const { connection_id, connection_name, provider, tools } of mcpConfigs.flatMap(
      (config) => config.connection_tool_mappings,
    )) {
      expect(connections.get(connection_id)).toEqual([connection_name, provider]);
      const offered = agentTools.filter(({ tool }) => tool.provider === provider);
      expect(offered.map(({ name }) => name)).toEqual(expect.arrayContaining([...tools]));
    }
    const configs = mcpConfigs.map(({ id }) => id);
    for (const { config_id } of mcpInstances) expect(configs).toContain(config_id);
  }
});

it('all of it is open to the client of the environment too', async () => {
  const paths = ['/connections/app', '/connected_accounts', '/tools', '/mcp/configs', '/mcp/instances'];
  for (const path of paths) expect((await api(`GET ${path}`, undefined, environmentClient)).status).toBe(200);
});

describe('connected accounts', () => {
  it('are listed by connections, with tokens as short as the API takes them', async () => {
    const { body } = await api('GET /connected_accounts?connection_names=notion&connection_names=tide-tables');
    expect(body.connected_accounts.map(({ connector }: { connector: string }) => connector).sort()).toEqual([
      'notion',
      'notion',
      'tide-tables',
    ]);
    const both = await api('GET /connected_accounts?connection_names=notion&connector=notion');
    expect(both.status).toBe(400);
    const first = await api('GET /connected_accounts?page_size=1');
    const { next_page_token: token } = first.body;
    expect(token.length).toBeLessThanOrEqual(100);
    expect((await api(`GET /connected_accounts?page_size=1&page_token=${token}`)).body.prev_page_token).not.toBe('');
    expect(infoOf(await api(`GET /connected_accounts?provider=GMAIL&page_token=${token}`))).toMatchObject(
      violations('page_token'),
    );
    expect(infoOf(await api('GET /connected_accounts?page_size=100'))).toMatchObject(violations('page_size'));
  });

  it('are named by id, or by connector and identifier', async () => {
    const { body } = await api(`GET /connected_accounts/details?connector=gmail&identifier=${MIRA}`);
    expect(body.connected_account).toMatchObject({ identifier: MIRA, authorization_details: null });
    expect((await api('GET /connected_accounts/details?connector=gmail')).status).toBe(400);
    expect((await api('GET /connected_accounts/details?connector=gmail&identifier=nobody')).status).toBe(404);
    expect(infoOf(await api('GET /connected_accounts/details?id=conn_1'))).toMatchObject(violations('id'));
    const known = await api('POST /connected_accounts/magic_link', { id: body.connected_account.id });
    expect(known.body.link).toMatch(/^http:.*\/magicLink\//);
    expect((await api('POST /connected_accounts/magic_link', { id: 'ca_1' })).status).toBe(404);
    const url = { id: body.connected_account.id, user_verify_url: 'javascript:alert(1)' };
    expect(infoOf(await api('POST /connected_accounts/magic_link', url))).toMatchObject(violations('user_verify_url'));
  });
});

describe('app connections', () => {
  it('are found by a part of their provider too', async () => {
    const { body } = await api('GET /connections/app?query=custom_tides');
    expect(body.connections).toMatchObject([{ key_id: 'tide-tables' }]);
  });

  it('are found by a part of their name', async () => {
    const { body } = await api('GET /connections/app?query=SALES');
    expect(body.connections).toMatchObject([{ key_id: 'MY_SALESFORCE', organization_id: '', domains: [] }]);
    expect(infoOf(await api('GET /connections/app?query=SA'))).toMatchObject(violations('query'));
  });
});

describe('agent tools', () => {
  it('are found by words', async () => {
    const { body } = await api('GET /tools?filter.query=slack+message&filter.summary=true');
    expect(body).toMatchObject({ tool_names: ['slack_send_message'], tools: [], total_size: 1 });
    expect((await api('GET /tools?filter.summary=maybe')).status).toBe(400);
    const described = await api('GET /tools?filter.query=mailbox&filter.summary=true');
    expect(described.body).toMatchObject({ tool_names: [], total_size: 0 });
  });

  it('are given in pages of 300, and in no longer ones than 1000', async () => {
    const { body } = await api('GET /tools?page_size=5000');
    expect(body.tools).toHaveLength(6);
    expect((await api('GET /tools')).body).toMatchObject({ total_size: 6, next_page_token: '' });
  });

  it('run by the identifier of a user alone', async () => {
    const run = (who: object) => api('POST /execute_tool', { tool_name: 'slack_list_channels', ...who });
    expect((await run({ identifier: MIRA })).status).toBe(200);
    expect((await run({ identifier: 'nobody' })).status).toBe(404);
    expect((await run({})).status).toBe(400);
    expect((await run({ identifier: MIRA, organization_id: 'org_1' })).status).toBe(404);
  });

  it('fail as their third party fails', async () => {
    const body = {
      tool_name: 'slack_send_message',
      connector: 'slack-ops',
      identifier: MIRA,
      params: { channel: 'nowhere', text: 'x' },
    };
    const failed = await api('POST /execute_tool', body);
    expect(failed.status).toBe(500);
    expect(infoOf(failed)).toMatchObject({
      error_code: 'TOOL_ERROR',
      request_info: { request_id: expect.any(String) },
      tool_error_info: { tool_error_code: 'channel_not_found', execution_id: expect.any(String) },
    });
  });
});

describe('filters', () => {
  it.each([
    ['/connected_accounts?organization_id=org_1', 'connected_accounts'],
    ['/connected_accounts?user_id=usr_1', 'connected_accounts'],
    ['/connected_accounts?connection_names=telex', 'connected_accounts'],
    ['/connected_accounts?provider=TELEX', 'connected_accounts'],
    ['/connected_accounts:search?query=harbor&connection_id=conn_1', 'connected_accounts'],
    ['/connections/app?provider=TELEX', 'connections'],
    ['/tools?filter.tool_name=telex', 'tools'],
    ['/tools?filter.provider=TELEX', 'tools'],
    ['/tools?filter.identifier=nobody', 'tools'],
    ['/tools?filter.organization_id=org_1', 'tools'],
    ['/tools?filter.user_id=usr_1', 'tools'],
    ['/tools?filter.query=telex', 'tools'],
    ['/mcp/configs?filter.mcp_server_url=https://x/none', 'configs'],
    ['/mcp/configs?filter.id=cfg_1', 'configs'],
    ['/mcp/configs?filter.provider=TELEX', 'configs'],
    ['/mcp/instances?filter.name=none', 'instances'],
    ['/mcp/instances?filter.id=inst_1', 'instances'],
  ])('that fit nothing yield nothing: %s', async (path, list) => {
    const { status, body } = await api(`GET ${path}`);
    expect({ status, [list]: body[list], total: body.total_size }).toEqual({ status: 200, [list]: [], total: 0 });
  });

  it('find the accounts of an organization and a user', async () => {
    const owner = { organization_id: 'org_71204418093057001', user_id: 'usr_9' };
    await api('POST /connected_accounts/magic_link', { connector: 'notion', identifier: 'owned', ...owner });
    const query = new URLSearchParams(owner);
    const { body } = await api(`GET /connected_accounts?${query}`);
    expect(body.connected_accounts).toMatchObject([{ identifier: 'owned' }]);
    const named = 'connector=notion&identifier=owned';
    expect((await api(`GET /connected_accounts/details?${named}&user_id=usr_9`)).status).toBe(200);
    expect((await api(`GET /connected_accounts/details?${named}&user_id=usr_8`)).status).toBe(404);
    const tools = await api(`GET /tools?filter.organization_id=${owner.organization_id}`);
    expect(new Set(tools.body.tools.map(({ provider }: { provider: string }) => provider))).toEqual(
      new Set(['NOTION']),
    );
  });
});

describe('MCP configs', () => {
  it('are found by id, name, provider and a part of the name', async () => {
    for (const query of ['filter.name=Handbook_Search', 'filter.provider=NOTION', 'search=handb']) {
      const { body } = await api(`GET /mcp/configs?${query}`);
      expect(body.configs, query).toMatchObject([{ name: 'handbook_search' }]);
    }
    expect(infoOf(await api('GET /mcp/configs?search=ha'))).toMatchObject(violations('search'));
    expect(infoOf(await api('GET /mcp/instances?search=ha'))).toMatchObject(violations('search'));
  });

  it('have names of their own, connections, and mappings that an empty list does not clear', async () => {
    const mapping = { connection_name: 'notion' };
    const taken = await api('POST /mcp/configs', { name: 'weekly-digest', connection_tool_mappings: [mapping] });
    expect(taken).toMatchObject({ status: 400, body: { code: 3 } });
    expect(infoOf(taken)).toMatchObject({ error_code: 'DUPLICATE_IDENTIFIER' });
    expect((await api('POST /mcp/configs', { name: 'none' })).status).toBe(400);
    const unknown = { name: 'telex', connection_tool_mappings: [{ connection_name: 'telex' }] };
    expect((await api('POST /mcp/configs', unknown)).status).toBe(404);
    const created = await api('POST /mcp/configs', { name: 'pages', connection_tool_mappings: [mapping] });
    expect(created.status).toBe(201);
    const { id } = created.body.config;
    const updated = await api(`PUT /mcp/configs/${id}`, { description: 'Pages', connection_tool_mappings: [] });
    expect(updated.body.config).toEqual({ ...created.body.config, description: 'Pages' });
  });

  it('give tokens for a minute to a day', async () => {
    const path = 'POST /mcp/configs/cfg_71204418093065304/tokens';
    for (const expiry of ['59s', '86401s']) {
      expect(infoOf(await api(path, { identifier: MIRA, expiry }))).toMatchObject(violations('expiry'));
    }
    for (const expiry of ['1h', 3600]) expect((await api(path, { identifier: MIRA, expiry })).status).toBe(400);
    const { body } = await api(path, { identifier: MIRA, expiry: '86400s' });
    expect(Date.parse(body.expires_at)).toBeGreaterThan(Date.now() + 86_000_000);
  });
});
