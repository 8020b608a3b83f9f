import { describe, expect } from 'vitest';
import { proveConfirmation } from '../../fixtures/confirmation.ts';
import { running } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const TRIAGE = 'cfg_71204418093065301';
const HANDBOOK = 'cfg_71204418093065302';
const PILOT = 'cfg_71204418093065303';
const MIRA = 'mira@harborlight.example';
const JONAS = 'jonas@harborlight.example';

const { server, call, asked } = sharedServer();

/** What the management API was asked to change. */
const written = () => asked().filter(({ method }) => method !== 'GET');

describe('list_mcp_configs and get_mcp_config', () => {
  verifies('tools.mcp-configs', 'show what servers expose, and where they are', async () => {
    const { data } = await call('list_mcp_configs', { pageSize: 2 });
    expect(data).toMatchObject({ configs: [{ id: TRIAGE }, { id: HANDBOOK }], next_page_token: expect.any(String) });
    expect((await call('list_mcp_configs', { pageSize: 2, pageToken: data.next_page_token })).data.configs[0].id).toBe(
      PILOT,
    );
    expect((await call('get_mcp_config', { configId: TRIAGE })).data.config).toEqual({
      id: TRIAGE,
      name: 'shipment-triage',
      description: 'Reads delay notices and tells the yard.',
      mcp_server_url: expect.stringMatching(/^https:\/\/harborlight-dev\.scalekit\.example\/mcp\/v3\/servers\/[\w-]+$/),
      connection_tool_mappings: [
        expect.objectContaining({ connection_name: 'gmail', provider: 'GMAIL', tools: expect.any(Array) }),
        expect.objectContaining({ connection_name: 'slack-ops', tools: [] }),
      ],
    });
    expect((await call('list_mcp_configs', {}, 'production')).data).toMatchObject({ configs: [], total_size: 0 });
  });

  verifies('tools.mcp-configs', 'keep to the page size of the API, and to ids of configs', async () => {
    expect((await call('list_mcp_configs', { pageSize: 31 })).error).toMatchObject({
      code: 'invalid_arguments',
      field: 'pageSize',
    });
    expect((await call('get_mcp_config', { configId: 'inst_1' })).error).toMatchObject({ field: 'configId' });
    expect((await call('get_mcp_config', { configId: 'cfg_1' })).error).toMatchObject({ code: 'not_found' });
  });
});

describe('the filters of list_mcp_configs', () => {
  const URL = 'https://harborlight-dev.scalekit.example/mcp/v3/servers/7c9d14b2-2e57-4f83-8c66-e0a4b9d3f502';
  const list = async (args: Record<string, unknown>) =>
    (await call('list_mcp_configs', args)).data.configs.map(({ id }: { id: string }) => id);

  verifies.each('tools.filters', [
    [{ search: 'handb' }, 'search=handb', [HANDBOOK]],
    [{ name: 'Handbook_Search' }, 'filter.name=Handbook_Search', [HANDBOOK]],
    [{ configId: HANDBOOK }, `filter.id=${HANDBOOK}`, [HANDBOOK]],
    [{ provider: 'NOTION' }, 'filter.provider=NOTION', [HANDBOOK]],
    [{ mcpServerUrl: URL }, `filter.mcp_server_url=${encodeURIComponent(URL)}`, [HANDBOOK]],
    [{ search: 'none' }, 'search=none', []],
    [{ name: 'none' }, 'filter.name=none', []],
    [{ configId: 'cfg_1' }, 'filter.id=cfg_1', []],
    [{ mcpServerUrl: 'https://x.example/none' }, 'filter.mcp_server_url=https%3A%2F%2Fx.example%2Fnone', []],
  ])('narrow by %o', async (args, query, expected) => {
    expect(await list(args)).toEqual(expected);
    expect(asked().map(({ url }) => url)).toEqual([`/api/v1/mcp/configs?${query}`]);
  });

  verifies('tools.any-case', 'find a provider in any case', async () => {
    expect(await list({ provider: 'notion' })).toEqual([HANDBOOK]);
    expect(await list({ provider: 'telex' })).toEqual([]);
  });

  verifies('tools.filters', 'keep to the limits of the API', async () => {
    for (const [name, value] of Object.entries({ search: 'ab', name: 'a b', mcpServerUrl: 'x', configId: 'inst_1' })) {
      expect((await call('list_mcp_configs', { [name]: value })).error).toMatchObject({ field: name });
    }
    expect(asked()).toEqual([]);
  });
});

describe('create_mcp_config', () => {
  verifies('tools.mcp-configs', 'sends mappings as they were given, and a left-out whitelist not at all', async () => {
    const { data } = await call('create_mcp_config', {
      name: 'yard_board-2',
      description: 'Posts berths',
      connection_tool_mappings: [
        { connection_name: 'gmail', tools: ['gmail_fetch_mails'] },
        { connection_name: 'slack-ops' },
      ],
    });
    expect(data.config).toMatchObject({
      id: expect.stringMatching(/^cfg_/),
      connection_tool_mappings: [{ tools: ['gmail_fetch_mails'] }, { tools: [] }],
    });
    expect(written()).toEqual([
      {
        method: 'POST',
        url: '/api/v1/mcp/configs',
        body: {
          name: 'yard_board-2',
          description: 'Posts berths',
          connection_tool_mappings: [
            { connection_name: 'gmail', tools: ['gmail_fetch_mails'] },
            { connection_name: 'slack-ops' },
          ],
        },
      },
    ]);
  });

  verifies('tools.mcp-configs', 'names the connections that do not exist before anything is sent', async () => {
    const { error } = await call('create_mcp_config', {
      name: 'nowhere',
      connection_tool_mappings: [
        { connection_name: 'gmail' },
        { connection_name: 'fax-machine' },
        { connection_name: 'GMAIL' },
      ],
    });
    expect(error).toMatchObject({
      code: 'invalid_arguments',
      message: expect.stringContaining('fax-machine, GMAIL'),
      field: 'connection_tool_mappings.1.connection_name',
      allowed: ['gmail', 'slack-ops', 'notion', 'MY_SALESFORCE', 'tide-tables', 'custom_berths-b1fqL2Dr'],
      nextTool: 'list_app_connections',
    });
    expect(written()).toEqual([]);
  });

  verifies(
    'tools.mcp-configs',
    'takes no empty whitelist, which the API would read as all tools, and no misspelt one',
    async () => {
      const mappings = [
        [{ connection_name: 'gmail', tools: [] }, 'connection_tool_mappings.0.tools'],
        [{ connection_name: 'gmail', tool: ['gmail_fetch_mails'] }, 'connection_tool_mappings.0'],
        [{ tools: ['gmail_fetch_mails'] }, 'connection_tool_mappings.0.connection_name'],
      ] as const;
      for (const [mapping, field] of mappings) {
        const { error } = await call('create_mcp_config', { name: 'strict', connection_tool_mappings: [mapping] });
        expect(error).toMatchObject({ code: 'invalid_arguments', field: expect.stringContaining(field) });
      }
      expect(asked()).toEqual([]);
    },
  );

  verifies.each('tools.mcp-configs', [
    ['an upper-case name', { name: 'Board' }, 'name'],
    ['a name that is too long', { name: 'b'.repeat(101) }, 'name'],
    ['no mapping', { connection_tool_mappings: [] }, 'connection_tool_mappings'],
    [
      'more than 25 mappings',
      { connection_tool_mappings: Array.from({ length: 26 }, () => ({ connection_name: 'gmail' })) },
      'connection_tool_mappings',
    ],
  ])('refuses %s', async (_, wrong, field) => {
    const args = { name: 'board', connection_tool_mappings: [{ connection_name: 'gmail' }], ...wrong };
    expect((await call('create_mcp_config', args)).error).toMatchObject({ code: 'invalid_arguments', field });
  });

  verifies(
    'tools.mcp-configs',
    'passes on what only the API knows: names that are taken, tools of another connection',
    async () => {
      const mapping = { connection_name: 'notion' };
      const taken = await call('create_mcp_config', { name: 'shipment-triage', connection_tool_mappings: [mapping] });
      expect(taken.error).toMatchObject({
        code: 'invalid_request',
        upstream: { status: 400, error_code: 'DUPLICATE_IDENTIFIER' },
      });
      const foreign = { ...mapping, tools: ['slack_send_message'] };
      const mixed = await call('create_mcp_config', { name: 'mixed', connection_tool_mappings: [foreign] });
      expect(mixed.error).toMatchObject({ code: 'invalid_request', upstream: { status: 400 } });
    },
  );

  verifies('tools.mcp-configs', 'looks through every page of connections, and never without end', async () => {
    const scalekit = await FakeScalekit.start();
    const own = await running(scalekit.env);
    const token = await scalekit.mint({ claims: { scope: 'environment:write' } });
    const create = (name: string) =>
      toolCaller(own.url, token)('create_mcp_config', {
        environmentId: 'env_1',
        name: 'far',
        connection_tool_mappings: [{ connection_name: name }],
      });
    scalekit.serveApi(({ method, url }, response) => {
      if (method === 'POST') return json(response, 201, { config: { id: 'cfg_1' } });
      const page = Number(new URL(url, scalekit.url).searchParams.get('page_token') ?? '1');
      const connections = [{ id: `conn_${page}`, key_id: `connection-${page}` }];
      return json(response, 200, { connections, next_page_token: String(page + 1) });
    });
    expect((await create('connection-3')).data).toEqual({ config: { id: 'cfg_1' } });
    expect(scalekit.operations.map(({ url }) => url)).toEqual([
      '/api/v1/connections/app?page_size=30',
      '/api/v1/connections/app?page_size=30&page_token=2',
      '/api/v1/connections/app?page_size=30&page_token=3',
      '/api/v1/mcp/configs',
    ]);
    scalekit.requests.length = 0;
    expect((await create('connection-999')).data).toEqual({ config: { id: 'cfg_1' } });
    expect(scalekit.operations).toHaveLength(51);
    scalekit.serveApi((_request, response) => json(response, 200, { connections: 'none' }));
    expect((await create('gmail')).error.code).toBe('unexpected_response');
    await own.stop();
    await scalekit.close();
  });
});

describe('update_mcp_config', () => {
  const read = async () => (await call('get_mcp_config', { configId: HANDBOOK })).data.config;

  verifies('tools.mcp-configs', 'changes one thing and keeps the other, without what only the API sets', async () => {
    const before = await read();
    await call('update_mcp_config', { configId: HANDBOOK, description: '' });
    expect(written().at(-1)).toEqual({
      method: 'PUT',
      url: `/api/v1/mcp/configs/${HANDBOOK}`,
      body: {
        description: '',
        connection_tool_mappings: [{ connection_name: 'notion', tools: ['notion_page_search'] }],
      },
    });
    const { description: _, ...rest } = before;
    expect(await read()).toEqual(rest);
    const mappings = [{ connection_name: 'slack-ops' }];
    await call('update_mcp_config', { configId: HANDBOOK, description: 'Night shift' });
    const { data } = await call('update_mcp_config', { configId: HANDBOOK, connection_tool_mappings: mappings });
    expect(data.config).toMatchObject({
      name: 'handbook_search',
      description: 'Night shift',
      connection_tool_mappings: [{ connection_name: 'slack-ops', tools: [] }],
    });
  });

  verifies('tools.configs-apart', 'keeps changes at once apart: all of them stand', async () => {
    const mappings = [{ connection_name: 'notion', tools: ['notion_page_search'] }];
    const answers = await Promise.all([
      call('update_mcp_config', { configId: HANDBOOK, description: 'At once' }),
      call('update_mcp_config', { configId: HANDBOOK, connection_tool_mappings: mappings }),
    ]);
    for (const { error } of answers) expect(error).toBeUndefined();
    expect(await read()).toMatchObject({ description: 'At once', connection_tool_mappings: mappings });
  });

  /** A config behind an API that tests script: `put` changes it. */
  async function scripted(put: (body: Record<string, unknown>, config: Record<string, unknown>) => void) {
    const scalekit = await FakeScalekit.start();
    const own = await running(scalekit.env);
    const connections = [{ id: 'conn_1', key_id: 'gmail' }];
    const config = {
      id: 'cfg_1',
      name: 'one',
      description: 'Before',
      connection_tool_mappings: [{ connection_name: 'gmail', tools: ['a'] }],
    };
    scalekit.serveApi(({ method, url, body }, response) => {
      if (url.includes('/connections/app')) return json(response, 200, { connections, next_page_token: '' });
      if (method !== 'GET') put(JSON.parse(body), config);
      return json(response, 200, { config });
    });
    const bearer = await scalekit.mint({ claims: { scope: 'environment:read environment:write' } });
    const ask = (name: string, args: object) => toolCaller(own.url, bearer)(name, { environmentId: 'env_1', ...args });
    const sent = () => scalekit.operations.filter(({ method }) => method === 'PUT').length;
    return { ask, sent, stop: () => Promise.all([own.stop(), scalekit.close()]) };
  }

  verifies('tools.configs-apart', 'makes a change again that somebody else has overwritten', async () => {
    let writes = 0;
    const { ask, sent, stop } = await scripted(({ description, connection_tool_mappings }, config) => {
      Object.assign(config, { connection_tool_mappings, description });
      if (++writes > 1) return;
      // Seen by the answer, and gone when it is read again.
      queueMicrotask(() => Object.assign(config, { description: 'Before' }));
    });
    const { data } = await ask('update_mcp_config', { configId: 'cfg_1', description: 'After' });
    expect(data.config.description).toBe('After');
    expect(sent()).toBe(2);
    await stop();
  });

  verifies('tools.configs-apart', 'gives up in the end, and says that somebody else changes it', async () => {
    const { ask, sent, stop } = await scripted(({ description }, config) => {
      Object.assign(config, { description });
      queueMicrotask(() => Object.assign(config, { description: 'Theirs' }));
    });
    const { error } = await ask('update_mcp_config', { configId: 'cfg_1', description: 'After' });
    expect(error).toMatchObject({ code: 'conflict', nextTool: 'get_mcp_config' });
    expect(sent()).toBe(4);
    await stop();
  });

  verifies.each('tools.configs-apart', [
    [{ description: '' }, 'description'],
    [{ description: 'After' }, 'description'],
    [{ connection_tool_mappings: [{ connection_name: 'gmail' }] }, 'connection_tool_mappings'],
    [{ connection_tool_mappings: [{ connection_name: 'gmail', tools: ['b'] }] }, 'connection_tool_mappings'],
  ])('is no success where the API ignores %o', async (changes, field) => {
    const { ask, stop } = await scripted(() => undefined);
    const { error } = await ask('update_mcp_config', { configId: 'cfg_1', ...changes });
    expect(error).toMatchObject({ code: 'not_applied', retryable: false, field, nextTool: 'get_mcp_config' });
    const mappings = [{ connection_name: 'gmail', tools: ['b'] }];
    const made = await ask('create_mcp_config', { name: 'two', connection_tool_mappings: mappings });
    expect(made.error).toMatchObject({ code: 'not_applied', field: 'name' });
    expect(made.error.message).toContain('name, connection_tool_mappings');
    await stop();
  });

  verifies('tools.mcp-configs', 'checks connections first, and wants something to change', async () => {
    const mappings = [{ connection_name: 'telex' }];
    const { error } = await call('update_mcp_config', { configId: HANDBOOK, connection_tool_mappings: mappings });
    expect(error).toMatchObject({ code: 'invalid_arguments', nextTool: 'list_app_connections' });
    expect((await call('update_mcp_config', { configId: HANDBOOK })).error).toMatchObject({ field: 'description' });
    expect(written()).toEqual([]);
    expect((await call('update_mcp_config', { configId: 'cfg_1', description: 'x' })).error.code).toBe('not_found');
  });
});

describe('delete_mcp_config', () => {
  verifies('tools.mcp-configs', 'is confirmed before it acts', async () => {
    await proveConfirmation(server(), {
      tool: 'delete_mcp_config',
      target: { configId: PILOT },
      other: { configId: TRIAGE },
      preview: { config: { id: PILOT, name: 'spring-pilot', mcp_server_url: expect.any(String) } },
      result: { deleted_id: PILOT },
      intact: async () => (await call('get_mcp_config', { configId: PILOT })).error?.code !== 'not_found',
    });
    expect((await call('get_mcp_config', { configId: TRIAGE })).data.config.id).toBe(TRIAGE);
    expect((await call('delete_mcp_config', { configId: PILOT })).error.code).toBe('not_found');
  });

  verifies(['confirm.dependents', 'tools.mcp-configs'], 'names the instances that stop working with it', async () => {
    const { error } = await call('delete_mcp_config', { configId: TRIAGE });
    expect(error.preview).toMatchObject({
      config: { id: TRIAGE },
      instances: {
        count: 2,
        is_complete: true,
        entries: [
          { id: 'inst_71204418093065401', user_identifier: MIRA, config_name: 'shipment-triage' },
          { id: 'inst_71204418093065402', user_identifier: JONAS },
        ],
      },
      stops_working: expect.stringContaining('instances'),
    });
    expect(written()).toEqual([]);
  });
});

describe('list_mcp_config_connected_accounts', () => {
  const states = async (args: Record<string, unknown>) => call('list_mcp_config_connected_accounts', args);

  verifies(
    'tools.mcp-configs',
    'shows where a user stands and changes nothing, unless links are asked for',
    async () => {
      const before = await call('list_connected_accounts', { identifier: JONAS });
      const { data } = await states({ configId: TRIAGE, user_identifier: JONAS });
      expect(data.connected_accounts).toEqual([
        expect.objectContaining({ connection_name: 'gmail', connected_account_status: 'EXPIRED' }),
        {
          connection_name: 'slack-ops',
          connection_id: 'conn_71204418093065002',
          provider: 'SLACK',
        },
      ]);
      expect(written()).toEqual([
        {
          method: 'POST',
          url: `/api/v1/mcp/configs/${TRIAGE}/connected_accounts`,
          body: { identifier: JONAS, include_auth_link: false },
        },
      ]);
      expect((await call('list_connected_accounts', { identifier: JONAS })).data).toEqual(before.data);
    },
  );

  verifies('tools.mcp-configs', 'creates what is missing and links to it, flagged as secret', async () => {
    const { data, meta } = await states({ configId: TRIAGE, user_identifier: JONAS, includeAuthLinks: true });
    expect(data.connected_accounts).toMatchObject([
      { connected_account_status: 'EXPIRED', authentication_link: expect.stringMatching(/^http:.*\/magicLink\//) },
      { connected_account_status: 'PENDING_AUTH', authentication_link: expect.stringMatching(/^http:.*\/magicLink\//) },
    ]);
    expect(data.note).toMatch(/about a minute.*previews/);
    expect(meta['com.scalekit/sensitive']).toEqual(['connected_accounts.authentication_link']);
  });
});

verifies(
  ['tools.links', 'sandbox.agents'],
  'links are made for active accounts too, when they are asked for, and change nothing',
  async () => {
    const of = (args: object) =>
      call('list_mcp_config_connected_accounts', { configId: TRIAGE, user_identifier: MIRA, ...args });
    const { data } = await of({ includeAuthLinks: true });
    for (const state of data.connected_accounts) {
      expect(state).toMatchObject({
        connected_account_status: 'ACTIVE',
        authentication_link: expect.stringMatching(/^http:.*\/magicLink\//),
      });
    }
    const plain = await of({});
    expect(plain.text).not.toMatch(/magicLink|note/);
    const statuses = plain.data.connected_accounts.map(
      (state: Record<string, string>) => state['connected_account_status'],
    );
    expect(statuses).toEqual(['ACTIVE', 'ACTIVE']);
  },
);

verifies('tools.long-names', 'whitelists take the names of tools of custom connections', async () => {
  const named = (tools: string[]) =>
    call('create_mcp_config', { name: 'tides', connection_tool_mappings: [{ connection_name: 'tide-tables', tools }] });
  expect((await named([`c-myapifymcp_${'a'.repeat(90)}`])).error.code).toBe('invalid_request');
  expect((await named(['a'.repeat(601)])).error.code).toBe('invalid_arguments');
  const { data } = await named(['c-tide-tables_next-high-water']);
  expect(data.config.connection_tool_mappings).toMatchObject([{ tools: ['c-tide-tables_next-high-water'] }]);
});

describe('create_mcp_session_token', () => {
  const mint = (args: Record<string, unknown>) => call('create_mcp_session_token', { configId: TRIAGE, ...args });

  verifies('tools.mcp-configs', 'hands out a token with its expiry, flagged as secret', async () => {
    const { data, meta } = await mint({ user_identifier: MIRA, expirySeconds: 60 });
    const claims = JSON.parse(Buffer.from(data.token.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({ sub: MIRA, mcp_cfg: TRIAGE, ca_ids: expect.any(Array) });
    expect(data.mcp_server_url).toBe(claims.aud);
    expect(data.expires_at).toBe(new Date(claims.exp * 1000).toISOString());
    expect(meta['com.scalekit/sensitive']).toEqual(['token']);
    expect(written()).toEqual([
      {
        method: 'POST',
        url: `/api/v1/mcp/configs/${TRIAGE}/tokens`,
        body: { identifier: MIRA, expiry: '60s' },
      },
    ]);
    await mint({ user_identifier: MIRA });
    expect(written().at(-1)?.body).toEqual({ identifier: MIRA });
    expect(server().logText()).not.toContain(data.token);
  });

  verifies('tools.session-tokens', 'is narrowed to tools that only read, where that is asked for', async () => {
    expect((await mint({ user_identifier: MIRA, accessLevel: 'READ_ONLY' })).error).toBeUndefined();
    expect(written().at(-1)?.body).toEqual({ identifier: MIRA, access_level: 'READ_ONLY' });
    expect((await mint({ user_identifier: MIRA, accessLevel: 'read_only' })).error.field).toBe('accessLevel');
  });

  const forConnection = (args: Record<string, unknown>, environment?: 'production') =>
    call('create_mcp_session_token', args, environment);

  verifies('tools.session-tokens', 'is made for one connection too, with the state of the user there', async () => {
    const { data, meta } = await forConnection({ connector: 'Gmail', user_identifier: MIRA, expirySeconds: 60 });
    const claims = JSON.parse(Buffer.from(data.token.split('.')[1], 'base64url').toString());
    expect(data).toMatchObject({ mcp_server_url: claims.aud, connected_account_status: 'ACTIVE' });
    expect(data.mcp_server_url).toMatch(/\/mcp\/v3\/connections\/gmail$/);
    expect(data).not.toHaveProperty('note');
    expect(meta['com.scalekit/sensitive']).toEqual(['token']);
    expect(written()).toEqual([
      { method: 'POST', url: '/api/v1/mcp/connections/gmail/tokens', body: { identifier: MIRA, expiry: '60s' } },
    ]);
  });

  verifies('tools.session-tokens', 'is told as idle where the user has no active account, or is refused', async () => {
    const { data } = await forConnection({ connector: 'notion', user_identifier: 'nobody-yet' });
    expect(data).toMatchObject({
      connected_account_status: 'none',
      note: expect.stringContaining('create_connected_account_magic_link'),
    });
    const { error } = await forConnection({ connector: 'slack', user_identifier: 'nobody-yet' }, 'production');
    expect(error).toMatchObject({
      code: 'invalid_request',
      field: 'user_identifier',
      nextTool: 'create_connected_account_magic_link',
    });
  });

  verifies('tools.session-tokens', 'is for one server, which exists', async () => {
    const unknown = await forConnection({ connector: 'telex', user_identifier: MIRA });
    expect(unknown.error).toMatchObject({ code: 'invalid_arguments', field: 'connector', allowed: expect.any(Array) });
    for (const args of [{}, { configId: TRIAGE, connector: 'gmail' }]) {
      const { error } = await forConnection({ user_identifier: MIRA, ...args });
      expect(error).toMatchObject({ code: 'invalid_arguments', field: 'configId' });
    }
    expect(written()).toEqual([]);
  });

  verifies('tools.session-tokens', 'says that there is no server where a config has no URL', async () => {
    const scalekit = await FakeScalekit.start();
    const own = await running(scalekit.env);
    const token = { token: 'a.b.c', expires_at: '2026-01-01T00:00:00Z' };
    scalekit.serveApi(({ method }, response) =>
      json(response, 200, method === 'GET' ? { config: { id: 'cfg_1', name: 'one', mcp_server_url: '' } } : token),
    );
    const ask = toolCaller(own.url, await scalekit.mint({ claims: { scope: 'environment:write' } }));
    const args = { environmentId: 'env_1', configId: 'cfg_1', user_identifier: MIRA };
    expect((await ask('create_mcp_session_token', args)).data).toEqual({
      ...token,
      note: expect.stringContaining('no server URL'),
    });
    await own.stop();
    await scalekit.close();
  });

  verifies(
    ['tools.mcp-configs', 'tools.session-tokens'],
    'fails without an active account on every connection, and outside of a minute to a day',
    async () => {
      expect((await mint({ user_identifier: JONAS })).error).toMatchObject({
        code: 'invalid_request',
        field: 'user_identifier',
        nextTool: 'list_mcp_config_connected_accounts',
        upstream: {
          status: 400,
          message: expect.stringContaining('no active connected account'),
          violations: [
            { field: 'gmail', description: 'connected account: EXPIRED' },
            { field: 'slack-ops', description: 'connected account: PENDING_AUTH' },
          ],
        },
      });
      for (const expirySeconds of [59, 86_401, 90.5]) {
        expect((await mint({ user_identifier: MIRA, expirySeconds })).error.field).toBe('expirySeconds');
      }
      expect((await mint({ user_identifier: '' })).error.field).toBe('user_identifier');
    },
  );
});
