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
  const inner = `cut.${Buffer.from(JSON.stringify({ token: 'abc', skip: 1 })).toString('base64url')}`;
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
    `cut.${Buffer.from(JSON.stringify({ token: 'x'.repeat(length), skip: 1 })).toString('base64url')}`;
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
