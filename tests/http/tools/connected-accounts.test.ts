import { describe, expect } from 'vitest';
import { ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { changedScalekit } from '../../fixtures/changed-scalekit.ts';
import { proveConfirmation } from '../../fixtures/confirmation.ts';
import { running } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { confirmingCaller, toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const MIRAS_GMAIL = 'ca_71204418093065101';
const MIRAS_SLACK = 'ca_71204418093065102';
const TIDEWATERS_SLACK = 'ca_71204418093065105';
const DRIFTWOODS_GMAIL = 'ca_71204418093065108';
const MIRA = 'mira@harborlight.example';

const { server, call, asked } = sharedServer();

const lastAsked = () => asked().at(-1);

const idsOf = (accounts: readonly { id: string }[]) => accounts.map(({ id }) => id);

describe('list_connected_accounts', () => {
  verifies(
    'tools.connected-accounts',
    'goes from page to page with tokens that the API takes, at most 99 entries each',
    async () => {
      const all = (await call('list_connected_accounts', { pageSize: 99 })).data;
      const seen: string[] = [];
      let pageToken: string | undefined;
      do {
        const { data } = await call('list_connected_accounts', { pageSize: 4, pageToken });
        seen.push(...idsOf(data.connected_accounts));
        pageToken = data.next_page_token || undefined;
      } while (pageToken !== undefined);
      expect(seen).toEqual(idsOf(all.connected_accounts));
      expect(all.total_size).toBe(seen.length);
      expect((await call('list_connected_accounts', { pageSize: 100 })).error).toMatchObject({
        code: 'invalid_arguments',
        field: 'pageSize',
      });
    },
  );

  verifies('tools.connected-accounts', 'narrows by connector and identifier', async () => {
    const { data } = await call('list_connected_accounts', { connector: 'slack-ops', identifier: MIRA });
    expect(data.connected_accounts).toMatchObject([{ id: MIRAS_SLACK, provider: 'SLACK', status: 'ACTIVE' }]);
    expect(lastAsked()?.url).toBe(
      '/api/v1/connected_accounts?connector=slack-ops&identifier=mira%40harborlight.example',
    );
    expect((await call('list_connected_accounts', {}, 'production')).data).toMatchObject({
      connected_accounts: [],
      total_size: 0,
    });
    expect((await call('list_connected_accounts', { connector: 'slack/ops' })).error.field).toBe('connector');
  });
});

describe('search_connected_accounts', () => {
  verifies('tools.connected-accounts', 'finds by a part of identifier, provider or connector', async () => {
    const { data } = await call('search_connected_accounts', { query: 'YARD' });
    expect(data.connected_accounts).toMatchObject([{ identifier: 'yard-planner', connector: 'tide-tables' }]);
    expect(lastAsked()?.url).toBe('/api/v1/connected_accounts:search?query=YARD');
    for (const [field, args] of [
      ['query', { query: 'ya' }],
      ['query', { query: 'y'.repeat(201) }],
      ['pageSize', { query: 'yard', pageSize: 31 }],
    ] as const) {
      expect((await call('search_connected_accounts', args)).error).toMatchObject({ code: 'invalid_arguments', field });
    }
  });
});

describe('the filters of accounts', () => {
  const list = async (args: Record<string, unknown>) =>
    (await call('list_connected_accounts', args)).data.connected_accounts.map(({ id }: { id: string }) => id);

  verifies.each('tools.filters', [
    [{ provider: 'SLACK' }, 'provider=SLACK', 2],
    [{ connectionNames: ['notion', 'tide-tables'] }, 'connection_names=notion&connection_names=tide-tables', 3],
    [{ connectionNames: ['telex'] }, 'connection_names=telex', 0],
    [{ identifier: 'nobody' }, 'identifier=nobody', 0],
    [{ organizationId: 'org_1' }, 'organization_id=org_1', 0],
    [{ userId: 'usr_1' }, 'user_id=usr_1', 0],
  ])('narrow the list by %o', async (args, query, count) => {
    expect(await list(args)).toHaveLength(count);
    expect(asked().map(({ url }) => url)).toEqual([`/api/v1/connected_accounts?${query}`]);
  });

  verifies('tools.filters', 'narrow what is found to a connection', async () => {
    const find = async (connectionId: string) =>
      (await call('search_connected_accounts', { query: 'harborlight', connectionId })).data.connected_accounts;
    expect(await find('conn_71204418093065002')).toMatchObject([{ id: MIRAS_SLACK }]);
    expect(lastAsked()?.url).toBe(
      '/api/v1/connected_accounts:search?query=harborlight&connection_id=conn_71204418093065002',
    );
    expect(await find('conn_1')).toEqual([]);
  });

  verifies('tools.filters', 'keep to the limits of the API', async () => {
    const many = Array.from({ length: 21 }, (_, i) => `c-${i}`);
    for (const [args, field] of [
      [{ connector: 'gmail', connectionNames: ['gmail'] }, 'connectionNames'],
      [{ connectionNames: many }, 'connectionNames'],
      [{ provider: 'x'.repeat(51) }, 'provider'],
      [{ userId: 'x'.repeat(33) }, 'userId'],
    ] as const) {
      expect((await call('list_connected_accounts', args)).error).toMatchObject({ code: 'invalid_arguments', field });
    }
    expect(asked()).toEqual([]);
  });

  verifies.each('tools.any-case', ['gmail', 'Gmail', 'GMAIL'])(
    'find provider %s, of connections too',
    async (provider) => {
      expect(await list({ provider })).toEqual(await list({ provider: 'GMAIL' }));
      expect((await call('list_app_connections', { provider })).data.connections).toMatchObject([{ key_id: 'gmail' }]);
    },
  );

  verifies('sandbox.agents', 'are active at once where nothing is to be authorized', async () => {
    const who = { identifier: 'anybody', connector: 'custom_berths-b1fqL2Dr' };
    await call('create_connected_account_magic_link', who);
    const { data } = await call('list_connected_accounts', who);
    expect(data.connected_accounts).toMatchObject([
      { status: 'ACTIVE', authorization_type: 'NO_AUTH', connector: 'custom_berths-b1fqL2Dr' },
    ]);
  });

  verifies('sandbox.agents', 'show the youngest account first', async () => {
    await call('create_connected_account_magic_link', { identifier: 'youngest', connector: 'notion' });
    const { data } = await call('list_connected_accounts', { pageSize: 1 });
    expect(data.connected_accounts).toMatchObject([{ identifier: 'youngest' }]);
  });
});

describe('get_connected_account', () => {
  verifies('tools.connected-accounts', 'reads the details, never the tokens', async () => {
    const { data } = await call('get_connected_account', { connectedAccountId: MIRAS_GMAIL });
    expect(data.connected_account).toMatchObject({ id: MIRAS_GMAIL, identifier: MIRA, status: 'ACTIVE' });
    expect(lastAsked()?.url).toBe(`/api/v1/connected_accounts/details?id=${MIRAS_GMAIL}`);
    const missing = await call('get_connected_account', { connectedAccountId: 'ca_1' });
    expect(missing.error).toMatchObject({ code: 'not_found', upstream: { status: 404 } });
    const malformed = await call('get_connected_account', { connectedAccountId: '../auth' });
    expect(malformed.error.field).toBe('connectedAccountId');
  });

  verifies(
    'tools.connected-accounts',
    'keeps what authorizes behind, should the API send it, in results and previews',
    async () => {
      const scalekit = await FakeScalekit.start();
      const own = await running(scalekit.env);
      const account = {
        id: 'ca_1',
        status: 'ACTIVE',
        authorization_details: { oauth_token: { access_token: 'ya29.secret', refresh_token: '1//secret' } },
        api_config: { key: 'sk_secret' },
      };
      scalekit.serveApi(({ url }, response) =>
        json(
          response,
          200,
          url.includes('disconnect')
            ? { connected_account: { ...account, status: 'DISCONNECTED' } }
            : { connected_account: account, connected_accounts: [account], configs: [], instances: [] },
        ),
      );
      const bearer = await scalekit.mint({ claims: { scope: 'environment:read environment:write' } });
      const ask = (name: string, args: object) =>
        toolCaller(own.url, bearer)(name, { environmentId: 'env_1', ...args });
      const one = { connectedAccountId: 'ca_1' };
      const previewed = await ask('disconnect_connected_account', one);
      const answers = [
        previewed,
        await ask('disconnect_connected_account', { ...one, confirmation: previewed.error.confirmation }),
        await ask('delete_connected_account', one),
        await ask('get_connected_account', one),
        await ask('list_connected_accounts', {}),
        await ask('search_connected_accounts', { query: 'any' }),
      ];
      for (const { text } of answers) {
        expect(text).toContain('ca_1');
        expect(text).not.toMatch(/secret|authorization_details|api_config/);
      }
      expect(own.logText()).not.toMatch(/ya29|sk_secret/);
      await own.stop();
      await scalekit.close();
    },
  );
});

describe('create_connected_account_magic_link', () => {
  verifies('tools.connected-accounts', 'hands out a link with its expiry, flagged as secret', async () => {
    const { data, meta } = await call('create_connected_account_magic_link', {
      identifier: 'new-hire',
      connector: 'notion',
    });
    expect(data).toEqual({
      note: expect.stringContaining('previews'),
      link: expect.stringMatching(/^http:.*\/magicLink\//),
      expiry: expect.any(String),
    });
    expect(Date.parse(data.expiry)).toBeGreaterThan(Date.now());
    expect(Date.parse(data.expiry)).toBeLessThanOrEqual(Date.now() + 60_000);
    expect(meta['com.scalekit/sensitive']).toEqual(['link']);
    expect(lastAsked()).toEqual({
      method: 'POST',
      url: '/api/v1/connected_accounts/magic_link',
      body: { identifier: 'new-hire', connector: 'notion' },
    });
    const { connected_accounts: created } = (await call('list_connected_accounts', { identifier: 'new-hire' })).data;
    expect(created).toMatchObject([{ connector: 'notion', provider: 'NOTION', status: 'PENDING_AUTH' }]);
    expect(server().logText()).not.toContain(data.link);
  });

  verifies('tools.account-links', 'passes on what custom user verification needs, and only what is given', async () => {
    const all = {
      identifier: 'new-hire',
      connector: 'notion',
      organizationId: 'org_71204418093057001',
      userId: 'usr_9',
      userVerifyUrl: 'https://app.example.com/verify?from=agent',
      state: 'opaque-7',
    };
    await call('create_connected_account_magic_link', all);
    expect(lastAsked()?.body).toEqual({
      identifier: 'new-hire',
      connector: 'notion',
      organization_id: 'org_71204418093057001',
      user_id: 'usr_9',
      user_verify_url: 'https://app.example.com/verify?from=agent',
      state: 'opaque-7',
    });
    await call('create_connected_account_magic_link', { identifier: MIRA, connector: 'gmail' });
    expect(lastAsked()?.body).toEqual({ identifier: MIRA, connector: 'gmail' });
    const one = await call('create_connected_account_magic_link', { connectedAccountId: MIRAS_GMAIL });
    expect(one.data.link).toMatch(/magicLink/);
    expect(lastAsked()?.body).toEqual({ id: MIRAS_GMAIL });
    const local = { identifier: MIRA, connector: 'gmail', userVerifyUrl: 'http://localhost:3000/verify' };
    expect((await call('create_connected_account_magic_link', local)).error).toBeUndefined();
  });

  verifies.each('tools.account-links', [
    [{ connectedAccountId: MIRAS_GMAIL, identifier: MIRA, connector: 'gmail' }, 'connectedAccountId'],
    [{ identifier: MIRA }, 'connector'],
    [{ connector: 'gmail' }, 'identifier'],
    [{}, 'connectedAccountId'],
    [{ connectedAccountId: MIRAS_GMAIL, userVerifyUrl: 'javascript:alert(1)' }, 'userVerifyUrl'],
    [{ connectedAccountId: MIRAS_GMAIL, userVerifyUrl: 'http://app.example.com/verify' }, 'userVerifyUrl'],
    [
      { connectedAccountId: MIRAS_GMAIL, userVerifyUrl: `https://app.example.com/${'x'.repeat(2048)}` },
      'userVerifyUrl',
    ],
    [{ connectedAccountId: MIRAS_GMAIL, state: 'x'.repeat(513) }, 'state'],
    [{ connectedAccountId: MIRAS_GMAIL, organizationId: 'x'.repeat(33) }, 'organizationId'],
  ])('is not made for %o', async (args, field) => {
    const { error } = await call('create_connected_account_magic_link', args);
    expect(error).toMatchObject({ code: 'invalid_arguments', field });
    expect(asked()).toEqual([]);
  });

  verifies('tools.connected-accounts', 'needs a connection that exists', async () => {
    const args = { identifier: 'new-hire', connector: 'fax-machine' };
    expect((await call('create_connected_account_magic_link', args)).error).toMatchObject({
      code: 'invalid_request',
      upstream: { status: 400 },
    });
    const tooLong = { identifier: 'x'.repeat(101), connector: 'notion' };
    expect((await call('create_connected_account_magic_link', tooLong)).error.field).toBe('identifier');
  });
});

describe('what takes an account away', () => {
  const read = (id: string) => call('get_connected_account', { connectedAccountId: id });

  verifies('tools.connected-accounts', 'is confirmed before it disconnects', async () => {
    await proveConfirmation(server(), {
      tool: 'disconnect_connected_account',
      target: { connectedAccountId: TIDEWATERS_SLACK },
      other: { connectedAccountId: MIRAS_SLACK },
      preview: { connected_account: { id: TIDEWATERS_SLACK, status: 'ACTIVE' } },
      result: { connected_account: { id: TIDEWATERS_SLACK, status: 'DISCONNECTED' } },
      intact: async () => (await read(TIDEWATERS_SLACK)).data.connected_account.status === 'ACTIVE',
    });
    expect((await read(MIRAS_SLACK)).data.connected_account.status).toBe('ACTIVE');
  });

  verifies('tools.configs-apart', 'does not tell of an account as disconnected that still works', async () => {
    const scalekit = await FakeScalekit.start();
    const own = await running(scalekit.env);
    scalekit.serveApi((_request, response) =>
      json(response, 200, { connected_account: { id: 'ca_1', status: 'ACTIVE' }, configs: [], instances: [] }),
    );
    const ask = toolCaller(own.url, await scalekit.mint({ claims: { scope: 'environment:write' } }));
    const one = { environmentId: 'env_1', connectedAccountId: 'ca_1' };
    const { confirmation } = (await ask('disconnect_connected_account', one)).error;
    const { error } = await ask('disconnect_connected_account', { ...one, confirmation });
    expect(error).toMatchObject({ code: 'not_applied', field: 'status', nextTool: 'get_connected_account' });
    await own.stop();
    await scalekit.close();
  });

  verifies.each('write.no-deletion-unseen', [
    ['disconnected', { status: 'disconnected' }, undefined, undefined],
    ['a number', { status: 5 }, undefined, undefined],
    ['the number of ACTIVE', { status: 1 }, undefined, 'not_applied'],
    ['nothing, where reading says DISCONNECTED', {}, 'DISCONNECTED', undefined],
    ['nothing, where reading says ACTIVE', {}, 'ACTIVE', 'not_applied'],
    ['nothing, where reading says nothing either', {}, '', 'not_applied'],
    ['no account at all', undefined, 'ACTIVE', 'not_applied'],
  ])('disconnecting that answers %s is told as it is', async (_name, told, read, code) => {
    const scalekit = await FakeScalekit.start();
    const own = await running(scalekit.env);
    let isSent = false;
    scalekit.serveApi(({ method }, response) => {
      const status = isSent ? read : 'ACTIVE';
      if (method === 'POST') isSent = true;
      const account = { id: 'ca_1', ...(method === 'POST' ? told : { status }) };
      const isShown = method !== 'POST' || told !== undefined;
      json(response, 200, { ...(isShown && { connected_account: account }), configs: [], instances: [] });
    });
    const ask = confirmingCaller(own.url, await scalekit.mint({ claims: { scope: 'environment:write' } }));
    const { data, error } = await ask('disconnect_connected_account', {
      environmentId: 'env_1',
      connectedAccountId: 'ca_1',
    });
    expect(error?.code).toBe(code);
    if (code === undefined) expect(data.connected_account.id).toBe('ca_1');
    await own.stop();
    await scalekit.close();
  });

  verifies.each('write.no-deletion-unseen', [
    ['delete_mcp_config', { configId: 'cfg_71204418093065303' }, 'list_mcp_configs'],
    ['delete_mcp_instance', { instanceId: 'inst_71204418093065403' }, 'list_mcp_instances'],
    ['delete_connected_account', { connectedAccountId: MIRAS_GMAIL }, 'list_connected_accounts'],
  ])('%s tells what the API has not deleted, and what it cannot read afterwards', async (tool, args, nextTool) => {
    let isDeleted = false;
    let isDown = false;
    const scalekit = await changedScalekit(() => ({
      body: (sent) => sent,
      ignored(method, url) {
        if (method !== 'DELETE' && !url.endsWith(':delete')) return undefined;
        isDeleted = true;
        return {};
      },
      answer: (body, _url, status) =>
        isDeleted && isDown
          ? { status: 500, text: JSON.stringify({ code: 13, message: 'down', details: [{ error_code: 'INTERNAL' }] }) }
          : { status, text: JSON.stringify(body) },
    }));
    const own = await running(scalekit.env);
    const ask = confirmingCaller(own.localUrl, scalekit.token);
    const call = () => ask(tool, { environmentId: ENVIRONMENT_IDS.development, ...args });
    const kept = (await call()).error;
    expect(kept).toMatchObject({ code: 'not_applied', retryable: false, nextTool });
    expect(kept.message).toContain('still there');
    [isDeleted, isDown] = [false, true];
    const unread = (await call()).error;
    expect(unread).toMatchObject({ code: 'upstream_error', retryable: false, nextTool });
    expect(unread.message).toContain('reading it back failed');
    await own.stop();
    await scalekit.close();
  });

  verifies('tools.connected-accounts', 'is confirmed before it deletes, and sends the id in the body', async () => {
    await proveConfirmation(server(), {
      tool: 'delete_connected_account',
      target: { connectedAccountId: DRIFTWOODS_GMAIL },
      other: { connectedAccountId: MIRAS_GMAIL },
      preview: { connected_account: { id: DRIFTWOODS_GMAIL, status: 'PENDING_VERIFICATION' } },
      result: { deleted_id: DRIFTWOODS_GMAIL },
      intact: async () => (await read(DRIFTWOODS_GMAIL)).error?.code !== 'not_found',
    });
    expect((await read(MIRAS_GMAIL)).data.connected_account.id).toBe(MIRAS_GMAIL);
  });

  verifies.each(
    ['confirm.dependents', 'tools.connected-accounts'],
    [['disconnect_connected_account'], ['delete_connected_account']],
  )('%s names the configs and instances that need the account', async (tool) => {
    const { error } = await call(tool, { connectedAccountId: MIRAS_SLACK });
    expect(error.preview).toMatchObject({
      connected_account: { id: MIRAS_SLACK },
      configs: {
        count: 2,
        is_complete: true,
        entries: [
          { id: 'cfg_71204418093065301', name: 'shipment-triage' },
          { id: 'cfg_71204418093065303', name: 'spring-pilot' },
        ],
      },
      instances: { count: 1, entries: [{ id: 'inst_71204418093065401', user_identifier: MIRA }] },
    });
  });

  verifies('tools.connected-accounts', 'is not confirmed by what was meant for the other tool', async () => {
    const one = { connectedAccountId: MIRAS_GMAIL };
    const { confirmation } = (await call('disconnect_connected_account', one)).error;
    const { error } = await call('delete_connected_account', { ...one, confirmation });
    expect(error).toMatchObject({ code: 'confirmation_invalid', field: 'confirmation' });
    expect((await read(MIRAS_GMAIL)).data.connected_account.status).toBe('ACTIVE');
  });

  verifies(
    'tools.connected-accounts',
    'shows nothing and confirms nothing for an account that does not exist',
    async () => {
      for (const tool of ['disconnect_connected_account', 'delete_connected_account']) {
        const { error } = await call(tool, { connectedAccountId: 'ca_1' });
        expect(error).toMatchObject({ code: 'not_found' });
        expect(error).not.toHaveProperty('confirmation');
      }
    },
  );
});

describe('list_app_connections', () => {
  verifies('tools.connected-accounts', 'names what agents can be connected to', async () => {
    const { data } = await call('list_app_connections', { pageSize: 3 });
    expect(data.connections).toMatchObject([
      { key_id: 'gmail', provider_key: 'GMAIL', type: 'OAUTH', enabled: true },
      { key_id: 'slack-ops' },
      { key_id: 'notion' },
    ]);
    const rest = await call('list_app_connections', { pageSize: 3, pageToken: data.next_page_token });
    expect(rest.data.connections).toMatchObject([
      { key_id: 'MY_SALESFORCE', enabled: false },
      { key_id: 'tide-tables' },
      { key_id: 'custom_berths-b1fqL2Dr', type: 'NO_AUTH' },
    ]);
    const narrowed = await call('list_app_connections', { provider: 'GMAIL' });
    expect(narrowed.data.connections).toMatchObject([{ key_id: 'gmail' }]);
    expect(lastAsked()?.url).toBe('/api/v1/connections/app?provider=GMAIL');
    expect((await call('list_app_connections', { pageSize: 31 })).error.field).toBe('pageSize');
  });
});
