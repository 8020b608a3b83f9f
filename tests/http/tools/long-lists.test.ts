import { expect } from 'vitest';
import { ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { running } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const environmentId = ENVIRONMENT_IDS.development;
const whole = sharedServer();

/** Calls a list until it ends, and yields its entries with the number of calls that it took. */
async function readAll(call: ReturnType<typeof toolCaller>, tool: string, items: string, args: object = {}) {
  const entries: { id: string }[] = [];
  let pageToken: string | undefined;
  let calls = 0;
  do {
    const { data, text } = await call(tool, { environmentId, ...args, ...(pageToken && { pageToken }) });
    if (data.truncated) expect(text.length).toBeLessThanOrEqual(2_000);
    expect(data[items].length).toBeGreaterThan(0);
    entries.push(...data[items]);
    pageToken = data.next_page_token;
    calls++;
  } while (pageToken);
  return { entries, calls };
}

verifies(
  'result.budget',
  'a list over the budget comes in pieces that are whole together, across the pages of the API',
  async () => {
    const [small, large] = await Promise.all([running({ RESULT_BUDGET: '2000' }), running()]);
    const [cut, whole] = [
      toolCaller(small.localUrl, await small.token()),
      toolCaller(large.localUrl, await large.token()),
    ];
    for (const args of [{}, { pageSize: 100 }, { pageSize: 7 }]) {
      const pieces = await readAll(cut, 'list_organizations', 'organizations', args);
      const pages = await readAll(whole, 'list_organizations', 'organizations', args);
      expect(pieces.entries).toEqual(pages.entries);
      expect(pieces.calls).toBeGreaterThan(pages.calls);
    }
    await Promise.all([small.stop(), large.stop()]);
  },
);

verifies('result.budget', 'a list that the API yields whole is cut like any other', async () => {
  const server = await running({ RESULT_BUDGET: '1000' });
  const call = toolCaller(server.localUrl, await server.token());
  const { data: first } = await call('list_environment_roles', { environmentId });
  expect(first.truncated).toBe(true);
  const { entries } = await readAll(call, 'list_environment_roles', 'roles');
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  expect(entries.length).toBeGreaterThan(first.roles.length);
  await server.stop();
});

verifies('result.budget', 'a damaged token of ours is refused by name', async () => {
  const server = await running();
  const call = toolCaller(server.localUrl, await server.token());
  const { error } = await call('list_organizations', { environmentId, pageToken: 'cut.e30' });
  expect(error).toMatchObject({ code: 'invalid_arguments', field: 'pageToken' });
  await server.stop();
});

verifies.each<[string, { readonly tools: readonly object[] }]>('result.budget', [
  ['names alone', { tools: [] }],
  ['tools and their names', { tools: Array.from({ length: 300 }, (_, i) => ({ id: `tol_${i}`, provider: 'SLACK' })) }],
])('a list of %s is cut wherever its entries are, and repeats none', async (_name, { tools }) => {
  const scalekit = await FakeScalekit.start();
  const tool_names = Array.from({ length: 2_000 }, (_, i) => `slack_do_something_useful_${i}`);
  scalekit.serveApi((_request, response) => json(response, 200, { tools, tool_names, next_page_token: '' }));
  const server = await running({ ...scalekit.env, RESULT_BUDGET: '5000' });
  const call = toolCaller(server.localUrl, await scalekit.mint());
  const seen = { tools: [] as unknown[], tool_names: [] as unknown[] };
  let pageToken: string | undefined;
  do {
    const args = { environmentId: 'env_1', summary: true, ...(pageToken && { pageToken }) };
    const { data, text } = await call('list_agent_tools', args);
    expect(text.length).toBeLessThanOrEqual(5_000);
    expect(data.truncated).toBe(data.next_page_token ? true : undefined);
    seen.tools.push(...data.tools);
    seen.tool_names.push(...data.tool_names);
    pageToken = data.next_page_token;
  } while (pageToken);
  expect(seen).toEqual({ tools, tool_names });
  await server.stop();
  await scalekit.close();
});

verifies.each('result.budget', [
  'list_environment_roles',
  'list_environment_scopes',
  'list_environment_connections',
  'list_organization_connections',
])('%s comes whole from the API, so that a token of another list is refused', async (tool) => {
  const args = { environmentId, ...(tool.includes('organization') && { organizationId: 'org_1' }) };
  const inner = `cut.${Buffer.from(JSON.stringify({ token: 'abc', skip: 1, sent: 'abcd', list: 'abcdefgh' })).toString('base64url')}`;
  for (const pageToken of ['abc', '2', inner]) {
    const { error } = await whole.call(tool, { ...args, pageToken });
    expect(error, pageToken).toMatchObject({ code: 'invalid_arguments', field: 'pageToken' });
  }
  expect(whole.asked()).toEqual([]);
  if (tool.includes('organization')) return;
  for (const pageToken of ['', '1']) expect((await whole.call(tool, { ...args, pageToken })).error).toBeUndefined();
});

verifies('result.budget', 'a token that no request can carry is refused by name', async () => {
  const inner = (length: number) =>
    `cut.${Buffer.from(JSON.stringify({ token: 'x'.repeat(length), skip: 1, sent: 'abcd', list: 'abcdefgh' })).toString('base64url')}`;
  for (const [tool, pageToken] of [
    ['list_organizations', 'x'.repeat(4097)],
    ['list_organizations', inner(40_000)],
    ['list_connected_accounts', 'x'.repeat(101)],
  ] as const) {
    const { error } = await whole.call(tool, { pageToken });
    expect(error, tool).toMatchObject({ code: 'invalid_arguments', field: 'pageToken' });
  }
  expect(whole.asked()).toEqual([]);
});

verifies('result.budget', 'what is no list is cut where it is longest, a preview as well', async () => {
  const scalekit = await FakeScalekit.start();
  const tools = Array.from({ length: 100 }, (_, i) => `gmail_do_something_useful_${i}`);
  const connection_tool_mappings = Array.from({ length: 25 }, (_, i) => ({ connection_name: `gmail-${i}`, tools }));
  scalekit.serveApi((_request, response) =>
    json(response, 200, { config: { id: 'cfg_1', name: 'long', connection_tool_mappings }, instances: [] }),
  );
  const server = await running(scalekit.env);
  const scope = 'environment:read environment:write';
  const call = toolCaller(server.localUrl, await scalekit.mint({ claims: { scope } }));
  const { data, text } = await call('get_mcp_config', { environmentId, configId: 'cfg_1' });
  expect(text.length).toBeLessThanOrEqual(12_000);
  expect(data).toMatchObject({ truncated: true, config: { id: 'cfg_1', name: 'long' } });
  expect(data.config.connection_tool_mappings.length).toBeGreaterThan(1);
  const { error } = await call('delete_mcp_config', { environmentId, configId: 'cfg_1' });
  expect(error).toMatchObject({ code: 'confirmation_required', preview: { truncated: true } });
  expect(JSON.stringify(error.preview).length).toBeLessThanOrEqual(12_000);
  await server.stop();
  await scalekit.close();
});

verifies(
  'list.changes',
  'entries that are deleted or made while a list is read leave no gap, and none comes twice',
  async () => {
    const server = await running({ RESULT_BUDGET: '1800', RATE_LIMIT: 'off' });
    const call = toolCaller(server.localUrl, await server.token());
    const confirmed = async (configId: string) => {
      const { error } = await call('delete_mcp_config', { environmentId, configId });
      const { confirmation } = error;
      expect((await call('delete_mcp_config', { environmentId, configId, confirmation })).error).toBeUndefined();
    };
    const tools = { connection_tool_mappings: [{ connection_name: 'gmail' }] };
    const create = (name: string) => call('create_mcp_config', { environmentId, name, ...tools });
    const before = await readAll(call, 'list_mcp_configs', 'configs');
    for (const pick of [
      (sent: { id: string }[]) => sent.slice(0, 1),
      (sent: { id: string }[]) => sent.slice(-1),
      (sent: { id: string }[]) => sent,
    ]) {
      for (let i = 0; i < 8; i++) expect((await create(`while-reading-${i}`)).error).toBeUndefined();
      const all = (await readAll(call, 'list_mcp_configs', 'configs')).entries.map(({ id }) => id);
      const { data: first } = await call('list_mcp_configs', { environmentId });
      const sent = first.configs as { id: string }[];
      expect(sent.length).toBeGreaterThan(1);
      expect(first.truncated).toBe(true);
      for (const { id } of pick(sent)) await confirmed(id);
      const { data: made } = await create('made-meanwhile');
      const rest = await readAll(call, 'list_mcp_configs', 'configs', { pageToken: first.next_page_token });
      const unsent = all.filter((id) => !sent.some((one) => one.id === id));
      const seen = rest.entries.map(({ id }) => id);
      expect(seen.filter((id) => id !== made.config.id)).toEqual(unsent);
      for (const { id } of (await readAll(call, 'list_mcp_configs', 'configs')).entries) {
        if (!before.entries.some((one) => one.id === id)) await confirmed(id);
      }
    }
    await server.stop();
  },
);

verifies(
  'list.token-bound',
  'a token of one list is refused by every other: tool, environment, filter, caller',
  async () => {
    const server = await running({ RESULT_BUDGET: '1000', RATE_LIMIT: 'off' });
    const call = toolCaller(server.localUrl, await server.token());
    const lists = {
      list_environment_roles: { environmentId },
      list_organizations: { environmentId },
      list_environment_connections: { environmentId },
      list_mcp_configs: { environmentId },
      list_mcp_servers: { environmentId },
    };
    const refusal = { code: 'invalid_arguments', field: 'pageToken', message: expect.stringContaining('another list') };
    for (const [tool, args] of Object.entries(lists)) {
      const { next_page_token: pageToken } = (await call(tool, args)).data;
      expect(pageToken, tool).toMatch(/^cut\./);
      for (const [other, others] of Object.entries(lists)) {
        const { error } = await call(other, { ...others, pageToken });
        if (other === tool) expect(error).toBeUndefined();
        else expect(error, `${tool} ${other}`).toMatchObject(refusal);
      }
      const elsewhere = { ...args, environmentId: ENVIRONMENT_IDS.production };
      expect((await call(tool, { ...elsewhere, pageToken })).error, tool).toMatchObject(refusal);
      // The size of a page may change on the way.
      expect((await call(tool, { ...args, pageToken, pageSize: 2 })).error, tool).toBeUndefined();
    }
    await server.stop();
  },
);

verifies('list.token-bound', 'a token is refused for another filter or another caller', async () => {
  const scalekit = await FakeScalekit.start();
  const users = Array.from({ length: 60 }, (_, i) => ({ id: `usr_${i}`, email: `person-${i}@tidewater.example` }));
  scalekit.serveApi((_request, response) => json(response, 200, { users, next_page_token: '' }));
  const server = await running({ ...scalekit.env, RESULT_BUDGET: '1000' });
  const as = async (sub: string) => toolCaller(server.localUrl, await scalekit.mint({ claims: { sub } }));
  const [call, other] = [await as('usr_1'), await as('usr_2')];
  const args = { environmentId: 'env_1', organizationId: 'org_1' };
  const { next_page_token: pageToken } = (await call('list_organization_users', args)).data;
  const asked = scalekit.operations.length;
  const refusal = { code: 'invalid_arguments', field: 'pageToken', message: expect.stringContaining('another list') };
  expect((await other('list_organization_users', { ...args, pageToken })).error).toMatchObject(refusal);
  const filtered = { ...args, organizationId: 'org_2', pageToken };
  expect((await call('list_organization_users', filtered)).error).toMatchObject(refusal);
  expect(scalekit.operations.length).toBe(asked);
  expect((await call('list_organization_users', { ...args, pageToken })).error).toBeUndefined();
  await server.stop();
  await scalekit.close();
});
