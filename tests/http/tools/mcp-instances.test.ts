import { describe, expect } from 'vitest';
import { proveConfirmation } from '../../fixtures/confirmation.ts';
import { running } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const MIRAS = 'inst_71204418093065401';
const JONASES = 'inst_71204418093065402';
const NIGHT = 'inst_71204418093065403';
const MIRA = 'mira@harborlight.example';

const { server, call, asked } = sharedServer();

const lastAsked = () => asked().at(-1);

describe('ensure_mcp_instance', () => {
  verifies('tools.mcp-instances', 'finds what exists, and hands out its secret URL', async () => {
    const { data, meta } = await call('ensure_mcp_instance', {
      config_name: 'shipment-triage',
      user_identifier: MIRA,
    });
    expect(data.instance).toMatchObject({
      id: MIRAS,
      url: expect.stringMatching(/^https:/),
      config: { name: 'shipment-triage' },
    });
    expect(meta['com.scalekit/sensitive']).toEqual(['instance.url']);
    expect(lastAsked()).toEqual({
      method: 'POST',
      url: '/api/v1/mcp/instances',
      body: { config_name: 'shipment-triage', user_identifier: MIRA },
    });
  });

  verifies('tools.mcp-instances', 'creates one otherwise, once', async () => {
    const args = { config_name: 'weekly-digest', user_identifier: 'buyer-7', name: 'Digest of buyer 7' };
    const first = await call('ensure_mcp_instance', args);
    expect(first.data.instance).toMatchObject({ name: 'Digest of buyer 7', user_identifier: 'buyer-7' });
    expect((await call('ensure_mcp_instance', args)).data).toEqual(first.data);
    const { error } = await call('ensure_mcp_instance', { ...args, config_name: 'no-such-config' });
    expect(error).toMatchObject({ code: 'not_found', upstream: { status: 404 } });
  });
});

describe('list_mcp_instances and get_mcp_instance', () => {
  verifies('tools.mcp-instances', 'never show a URL, which is all that a caller would need', async () => {
    const listed = await call('list_mcp_instances', { pageSize: 30 });
    const one = await call('get_mcp_instance', { instanceId: MIRAS });
    expect(one.data.instance).toMatchObject({
      id: MIRAS,
      config: {
        connection_tool_mappings: [
          { connection_name: 'gmail', connected_account_status: 'ACTIVE' },
          { connection_name: 'slack-ops', connected_account_status: 'ACTIVE' },
        ],
      },
    });
    expect(listed.data.instances.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining([MIRAS, JONASES, NIGHT]),
    );
    expect(listed.text + one.text).not.toMatch(/\/mcp\/v1\/s\//);
  });

  verifies('tools.mcp-instances', 'narrow by config and user, page by page', async () => {
    const byUser = await call('list_mcp_instances', { config_name: 'shipment-triage', user_identifier: MIRA });
    expect(byUser.data).toMatchObject({ instances: [{ id: MIRAS }], total_size: 1 });
    expect(lastAsked()?.url).toBe(
      '/api/v1/mcp/instances?filter.config_name=shipment-triage&filter.user_identifier=mira%40harborlight.example',
    );
    const first = await call('list_mcp_instances', { config_name: 'shipment-triage', pageSize: 1 });
    const rest = { config_name: 'shipment-triage', pageSize: 1, pageToken: first.data.next_page_token };
    expect((await call('list_mcp_instances', rest)).data.instances).toMatchObject([{ id: JONASES }]);
    expect((await call('list_mcp_instances', { pageSize: 31 })).error.field).toBe('pageSize');
    expect((await call('get_mcp_instance', { instanceId: 'cfg_1' })).error.field).toBe('instanceId');
    expect((await call('get_mcp_instance', { instanceId: 'inst_1' })).error.code).toBe('not_found');
  });
});

describe('the filters of list_mcp_instances', () => {
  verifies.each('tools.filters', [
    [{ search: 'jonas@' }, 'search=jonas%40', [JONASES]],
    [{ search: 'NIGHT' }, 'search=NIGHT', [NIGHT]],
    [{ name: 'shipment-triage for Mira' }, 'filter.name=shipment-triage+for+Mira', [MIRAS]],
    [{ instanceId: NIGHT }, `filter.id=${NIGHT}`, [NIGHT]],
    [{ search: 'none' }, 'search=none', []],
    [{ name: 'none' }, 'filter.name=none', []],
    [{ instanceId: 'inst_1' }, 'filter.id=inst_1', []],
    [{ config_name: 'none' }, 'filter.config_name=none', []],
    [{ user_identifier: 'none' }, 'filter.user_identifier=none', []],
  ])('narrow by %o', async (args, query, expected) => {
    const { data } = await call('list_mcp_instances', args);
    expect(data.instances.map(({ id }: { id: string }) => id)).toEqual(expected);
    expect(asked().map(({ url }) => url)).toEqual([`/api/v1/mcp/instances?${query}`]);
  });
});

verifies('tools.configs-apart', 'an instance of another user or config is not told as the one asked for', async () => {
  const scalekit = await FakeScalekit.start();
  const own = await running(scalekit.env);
  const instance = { id: 'inst_1', user_identifier: 'somebody', config: { id: 'cfg_1', name: 'other' } };
  scalekit.serveApi((_request, response) => json(response, 200, { instance }));
  const ask = toolCaller(own.url, await scalekit.mint({ claims: { scope: 'environment:write' } }));
  const args = { environmentId: 'env_1', config_name: 'one', user_identifier: MIRA };
  const { error } = await ask('ensure_mcp_instance', args);
  expect(error).toMatchObject({ code: 'not_applied', field: 'config_name' });
  expect(error.message).toContain('config_name, user_identifier');
  expect(
    (await ask('ensure_mcp_instance', { ...args, config_name: 'Other', user_identifier: 'somebody' })).data,
  ).toEqual({
    instance,
  });
  await own.stop();
  await scalekit.close();
});

describe('get_mcp_instance_auth_state', () => {
  verifies(
    'tools.mcp-instances',
    'asks in the query, as the operation has no body, and links what is missing',
    async () => {
      const plain = await call('get_mcp_instance_auth_state', { instanceId: JONASES });
      expect(plain.data.connections).toMatchObject([
        { connection_name: 'gmail', connected_account_status: 'EXPIRED' },
        { connection_name: 'slack-ops' },
      ]);
      expect(plain.data.connections[1]).not.toHaveProperty('connected_account_id');
      expect(JSON.stringify(plain.data)).not.toContain('authentication_link');
      expect(lastAsked()).toEqual({
        method: 'POST',
        url: `/api/v1/mcp/instances/${JONASES}:get_auth_state`,
        body: undefined,
      });
      const { data, meta } = await call('get_mcp_instance_auth_state', { instanceId: JONASES, includeAuthLinks: true });
      expect(lastAsked()?.url).toBe(`/api/v1/mcp/instances/${JONASES}:get_auth_state?include_auth_links=true`);
      expect(data.connections).toMatchObject([
        { authentication_link: expect.stringMatching(/^http:.*\/magicLink\//) },
        {
          connected_account_status: 'PENDING_AUTH',
          authentication_link: expect.stringMatching(/^http:.*\/magicLink\//),
        },
      ]);
      expect(meta['com.scalekit/sensitive']).toEqual(['connections.authentication_link']);
    },
  );
});

describe('delete_mcp_instance', () => {
  verifies('tools.mcp-instances', 'is confirmed before it acts, and shows no URL', async () => {
    await proveConfirmation(server(), {
      tool: 'delete_mcp_instance',
      target: { instanceId: NIGHT },
      other: { instanceId: MIRAS },
      preview: { instance: { id: NIGHT, user_identifier: 'night-shift', config: { name: 'handbook_search' } } },
      result: { deleted_id: NIGHT },
      intact: async () => (await call('get_mcp_instance', { instanceId: NIGHT })).error?.code !== 'not_found',
    });
    const { error } = await call('delete_mcp_instance', { instanceId: MIRAS });
    expect(JSON.stringify(error.preview)).not.toMatch(/\/mcp\/v1\/s\//);
  });

  verifies('tools.mcp-instances', 'happens to all instances of a config that is deleted', async () => {
    const args = { config_name: 'weekly-digest', user_identifier: 'buyer-8' };
    const { instance } = (await call('ensure_mcp_instance', args)).data;
    const config = { configId: instance.config.id };
    const { confirmation } = (await call('delete_mcp_config', config)).error;
    await call('delete_mcp_config', { ...config, confirmation });
    expect((await call('get_mcp_instance', { instanceId: instance.id })).error.code).toBe('not_found');
    expect((await call('get_mcp_instance', { instanceId: MIRAS })).data.instance.id).toBe(MIRAS);
  });
});

verifies.each(
  ['tools.mcp-instances', 'tools.mcp-configs'],
  [
    ['get_mcp_instance_auth_state', 'connections', { instanceId: 'inst_1' }],
    ['list_mcp_config_connected_accounts', 'connected_accounts', { configId: 'cfg_1', user_identifier: 'mira' }],
  ],
)('%s drops links that nobody asked for', async (tool, list, args) => {
  const scalekit = await FakeScalekit.start();
  const own = await running(scalekit.env);
  const state = { connection_name: 'gmail', connected_account_status: 'EXPIRED' };
  const answer = { [list]: [{ ...state, authentication_link: 'https://volunteered.example' }] };
  scalekit.serveApi((_request, response) => json(response, 200, answer));
  const bearer = await scalekit.mint({ claims: { scope: 'environment:read environment:write' } });
  const ask = (more: object) => toolCaller(own.url, bearer)(tool, { environmentId: 'env_1', ...args, ...more });
  for (const more of [{}, { includeAuthLinks: false }]) {
    const { data, text } = await ask(more);
    expect(data).toEqual({ [list]: [state] });
    expect(text).not.toContain('volunteered');
  }
  const note = expect.stringMatching(/about a minute.*previews/);
  expect((await ask({ includeAuthLinks: true })).data).toEqual({ ...answer, note });
  await own.stop();
  await scalekit.close();
});
