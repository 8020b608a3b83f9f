import { afterAll, afterEach, beforeAll, describe, expect, vi } from 'vitest';
import { ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { failureIn } from '../../fixtures/failure-in.ts';
import { callTool, eraHeaders, rpc, rpcBody } from '../../fixtures/rpc.ts';
import { running } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const MIRAS_GMAIL = 'ca_71204418093065101';
const MIRAS_SLACK = 'ca_71204418093065102';
const JONASES_GMAIL = 'ca_71204418093065103';

const { server, token, call, asked } = sharedServer({ AGENT_TOOL_EXECUTION: 'on' });

const run = (toolName: string, connectedAccountId: string, params?: unknown) =>
  call('execute_agent_tool', {
    toolName,
    connectedAccountId,
    ...(params !== undefined && { paramsJson: typeof params === 'string' ? params : JSON.stringify(params) }),
  });

const executions = () => asked().filter(({ url }) => url === '/api/v1/execute_tool');

const namesOf = (tools: readonly { definition: { name: string } }[]) => tools.map(({ definition }) => definition.name);

describe('list_agent_tools', () => {
  verifies('tools.agent-tools', 'narrows by provider and carries whole definitions', async () => {
    const { data } = await call('list_agent_tools', { provider: 'SLACK' });
    expect(data).toMatchObject({ total_size: 2, next_page_token: '' });
    expect(data.tools[0]).toMatchObject({
      id: expect.stringMatching(/^tol_/),
      provider: 'SLACK',
      definition: {
        name: 'slack_send_message',
        description: 'Post a message to a channel.',
        input_schema: { type: 'object', required: ['channel', 'text'] },
      },
    });
    expect(asked().at(-1)?.url).toBe('/api/v1/tools?filter.provider=SLACK&page_size=5');
  });

  verifies(
    'tools.agent-tools',
    'adds the tools of an account, and yields names alone where that is wanted',
    async () => {
      const everybody = await call('list_agent_tools', { summary: true });
      expect(everybody.data.tools).toEqual([]);
      expect(everybody.data.tool_names).toHaveLength(6);
      expect(everybody.data.tool_names).not.toContain('c-tide-tables_next-high-water');
      const args = { connector: 'tide-tables', identifier: 'yard-planner' };
      const { data } = await call('list_agent_tools', { ...args, summary: true });
      expect(data.tool_names).toEqual([...everybody.data.tool_names, 'c-tide-tables_next-high-water']);
      expect(asked().at(-1)?.url).toBe(
        '/api/v1/tools?filter.connector=tide-tables&filter.identifier=yard-planner&filter.summary=true&page_size=300',
      );
      const own = await call('list_agent_tools', { identifier: 'jonas@harborlight.example' });
      expect(new Set(own.data.tools.map(({ provider }: { provider: string }) => provider))).toEqual(
        new Set(['GMAIL', 'NOTION']),
      );
    },
  );

  verifies('tools.agent-tools', 'goes from page to page, and passes on what the API refuses', async () => {
    const first = await call('list_agent_tools', { pageSize: 4 });
    const rest = await call('list_agent_tools', { pageSize: 4, pageToken: first.data.next_page_token });
    expect(new Set(namesOf([...first.data.tools, ...rest.data.tools])).size).toBe(6);
    const nobody = await call('list_agent_tools', { connector: 'gmail', identifier: 'nobody' });
    expect(nobody.error).toMatchObject({ code: 'not_found', upstream: { status: 404 } });
    const half = await call('list_agent_tools', { connector: 'gmail' });
    expect(half.error).toMatchObject({ code: 'invalid_request', upstream: { status: 400 } });
    expect((await call('list_agent_tools', { connector: 'gmail/../x' })).error.field).toBe('connector');
  });
});

describe('the filters of list_agent_tools', () => {
  const MIRA = 'mira@harborlight.example';
  const names = async (args: Record<string, unknown>) =>
    (await call('list_agent_tools', { summary: true, ...args })).data.tool_names;

  verifies.each('tools.filters', [
    [{ query: 'gmail message' }, 'filter.query=gmail+message', ['gmail_get_message_by_id'], 100],
    [
      { toolNames: ['slack_list_channels', 'notion_page_search'] },
      'filter.tool_name=slack_list_channels&filter.tool_name=notion_page_search',
      ['slack_list_channels', 'notion_page_search'],
      300,
    ],
    [{ query: 'mailbox' }, 'filter.query=mailbox', [], 100],
    [{ toolNames: ['no_such_tool'] }, 'filter.tool_name=no_such_tool', [], 300],
    [{ organizationId: 'org_1' }, 'filter.organization_id=org_1', [], 300],
    [{ userId: 'usr_1' }, 'filter.user_id=usr_1', [], 300],
    [
      { connectedAccountId: 'ca_71204418093065109', toolNames: ['c-tide-tables_next-high-water'] },
      'filter.tool_name=c-tide-tables_next-high-water&filter.connected_account_id=ca_71204418093065109',
      ['c-tide-tables_next-high-water'],
      300,
    ],
  ])('narrow by %o', async (args, query, expected, size) => {
    expect(await names(args)).toEqual(expected);
    expect(asked().map(({ url }) => url)).toEqual([`/api/v1/tools?${query}&filter.summary=true&page_size=${size}`]);
  });

  verifies('tools.filters', 'name one account in one way, and keep to the limits of the API', async () => {
    for (const other of [{ identifier: MIRA }, { connector: 'gmail' }]) {
      const { error } = await call('list_agent_tools', { connectedAccountId: MIRAS_GMAIL, ...other });
      expect(error).toMatchObject({ code: 'invalid_arguments', field: 'connectedAccountId' });
    }
    for (const [name, value] of Object.entries({
      query: 'ab',
      toolNames: ['x'.repeat(601)],
      organizationId: 'x'.repeat(33),
      userId: 'x'.repeat(33),
    })) {
      expect((await call('list_agent_tools', { [name]: value })).error.field).toContain(name);
    }
    expect(asked()).toEqual([]);
  });

  verifies.each('tools.any-case', ['slack', 'Slack', 'SLACK'])('find provider %s', async (provider) => {
    expect(await names({ provider })).toEqual(['slack_send_message', 'slack_list_channels']);
    const first = await call('list_agent_tools', { provider, pageSize: 1 });
    const rest = await call('list_agent_tools', { provider, pageSize: 1, pageToken: first.data.next_page_token });
    expect(namesOf([...first.data.tools, ...rest.data.tools])).toEqual(['slack_send_message', 'slack_list_channels']);
  });

  verifies('tools.any-case', 'ask once where the spelling is right, and say that there is none', async () => {
    await names({ provider: 'SLACK' });
    expect(asked()).toHaveLength(1);
    expect(await names({ provider: 'telex' })).toEqual([]);
  });
});

verifies('tools.page-size', 'reading all tools downloads little more than what is shown', async () => {
  const scalekit = await FakeScalekit.start();
  const own = await running(scalekit.env);
  const bearer = await scalekit.mint({ claims: { scope: 'environment:read' } });
  const all = Array.from({ length: 60 }, (_, i) => ({
    id: `tol_${i}`,
    definition: { name: `tool_${i}`, description: 'x '.repeat(950) },
  }));
  let sent = 0;
  scalekit.serveApi(({ url }, response) => {
    const query = new URL(url, scalekit.url).searchParams;
    const [start, size] = [Number(query.get('page_token') ?? 0), Number(query.get('page_size') ?? 300)];
    const tools = all.slice(start, start + size);
    sent += JSON.stringify(tools).length;
    json(response, 200, { tools, next_page_token: start + size < all.length ? String(start + size) : '' });
  });
  const seen: string[] = [];
  let pageToken: string | undefined;
  do {
    const { data } = await toolCaller(own.url, bearer)('list_agent_tools', { environmentId: 'env_1', pageToken });
    seen.push(...namesOf(data.tools));
    pageToken = data.next_page_token || undefined;
  } while (pageToken !== undefined);
  expect(seen).toEqual(all.map(({ definition }) => definition.name));
  expect(sent).toBeLessThan(2 * JSON.stringify(all).length);
  await own.stop();
  await scalekit.close();
});

describe('the deadline of agent tools', () => {
  let scalekit: FakeScalekit;
  let bearer: string;
  beforeAll(async () => {
    scalekit = await FakeScalekit.start();
    bearer = await scalekit.mint({ claims: { scope: 'environment:read environment:write' } });
  });
  afterAll(() => scalekit.close());
  afterEach(() => vi.useRealTimers());

  const serving = (env: Record<string, string>) => running({ ...scalekit.env, AGENT_TOOL_EXECUTION: 'on', ...env });
  const execution = { toolName: 'slack_list_channels', connectedAccountId: 'ca_1' };

  verifies.each('api.patience', [
    ['list_agent_tools', {}, 20_000, undefined],
    ['execute_agent_tool', execution, 20_000, undefined],
    ['list_mcp_configs', {}, 20_000, 'upstream_timeout'],
    ['list_agent_tools', {}, 60_000, 'upstream_timeout'],
    ['execute_agent_tool', execution, 60_000, 'upstream_timeout'],
  ])('of %s with %o, %i ms after it began: %s', async (tool, args, ms, code) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const own = await serving({});
    scalekit.api = ({ url }, response) => {
      if (!url.includes('/environments/')) return json(response, 200, { tools: [], configs: [], data: {} });
      vi.advanceTimersByTime(ms);
      return json(response, 200, { environment: { id: 'env_1', domain: 'env-1.example.com' } });
    };
    const { error } = await toolCaller(own.url, bearer)(tool, { environmentId: 'env_1', ...args });
    expect(error?.code).toBe(code);
    await own.stop();
  });

  verifies('api.patience', 'ends an execution that may have been carried out, and says so', async () => {
    const own = await serving({ AGENT_TOOL_TIMEOUT_MS: '500' });
    scalekit.serveApi(() => undefined);
    const { error } = await toolCaller(own.url, bearer)('execute_agent_tool', { environmentId: 'env_1', ...execution });
    expect(error).toMatchObject({
      code: 'upstream_timeout',
      retryable: false,
      message: expect.stringContaining('may have been carried out'),
    });
    await own.stop();
  });
});

describe('execute_agent_tool', () => {
  verifies('tools.agent-tools', 'is off unless the operator switches it on', async () => {
    const off = await running();
    const bearer = await off.token();
    const { body } = await rpc(`${off.url}/mcp`, 'modern', 'tools/list', {}, { token: bearer });
    const names = body.result.tools.map(({ name }: { name: string }) => name);
    expect(names).toContain('list_agent_tools');
    expect(names).not.toContain('execute_agent_tool');
    const refused = await callTool(`${off.url}/mcp`, 'modern', 'execute_agent_tool', {}, { token: bearer });
    expect(refused.body.error.code).toBe(-32602);
    await off.stop();
  });

  verifies('tools.agent-tools', 'announces that it reaches further than the rest', async () => {
    const { body } = await rpc(`${server().url}/mcp`, 'modern', 'tools/list', {}, { token: token() });
    const { annotations } = body.result.tools.find(({ name }: { name: string }) => name === 'execute_agent_tool');
    expect(annotations).toEqual({
      readOnlyHint: false,
      destructiveHint: true,
      openWorldHint: true,
    });
  });

  verifies(
    ['tools.agent-tools', 'api.foreign'],
    'is no defect when the third party nests its answer too deep',
    async () => {
      const own = await FakeScalekit.start();
      const there = await running({ ...own.env, AGENT_TOOL_EXECUTION: 'on' });
      own.serveApi((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(`{"execution_id":"1","data":{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`);
      });
      const bearer = await own.mint({ claims: { scope: 'environment:write' } });
      const args = { environmentId: 'env_1', toolName: 'slack_list_channels', connectedAccountId: 'ca_1' };
      const { error } = await toolCaller(there.url, bearer)('execute_agent_tool', args);
      expect(error).toMatchObject({ code: 'unexpected_response', retryable: false });
      expect(error?.message).toContain('may have been carried out');
      expect(there.lines.filter(({ event }) => event === 'tool_defect')).toEqual([]);
      await Promise.all([there.stop(), own.close()]);
    },
  );

  verifies(
    ['tools.agent-tools', 'secrets.by-key'],
    'hides in the beginning of long data what it hides in data',
    async () => {
      const own = await FakeScalekit.start();
      const there = await running({ ...own.env, AGENT_TOOL_EXECUTION: 'on' });
      const secret = 'hunter2-xyzzy';
      const data = {
        list: [{ key: 'DB_PASSWORD', target: ['production', 'preview'], type: 'plain', comment: 'a', value: secret }],
        manifest: { apiVersion: 'v1', data: { word: secret }, filling: 'a'.repeat(20_000), kind: 'Secret' },
      };
      own.serveApi((_request, response) => json(response, 200, { execution_id: '1', data }));
      const bearer = await own.mint({ claims: { scope: 'environment:write' } });
      const args = { environmentId: 'env_1', toolName: 'slack_list_channels', connectedAccountId: 'ca_1' };
      const { data: shown } = await toolCaller(there.url, bearer)('execute_agent_tool', args);
      expect(shown.data_text).toContain('DB_PASSWORD');
      expect(JSON.stringify(shown)).not.toContain(secret);
      await Promise.all([there.stop(), own.close()]);
    },
  );

  verifies('tools.agent-tools', 'acts as the user of the account, with params of any shape', async () => {
    const { data } = await run('slack_send_message', MIRAS_SLACK, { channel: 'yard', text: 'Berth 4 at noon' });
    expect(data).toEqual({
      execution_id: expect.any(String),
      data: { ok: true, channel: 'C01YARD', message: { text: 'Berth 4 at noon' } },
      truncated: false,
    });
    expect(executions().map(({ body }) => body)).toEqual([
      {
        tool_name: 'slack_send_message',
        connected_account_id: MIRAS_SLACK,
        params: { channel: 'yard', text: 'Berth 4 at noon' },
      },
    ]);
    await run('slack_list_channels', MIRAS_SLACK);
    expect(executions().at(-1)?.body).toMatchObject({ params: {} });
  });

  verifies('tools.execution', 'finds the account by its user, with the connection or without', async () => {
    const identifier = 'mira@harborlight.example';
    const toolName = 'slack_list_channels';
    const more = { organizationId: undefined, agentRunId: 'run-7' };
    for (const named of [{ identifier }, { identifier, connector: 'slack-ops' }]) {
      expect((await call('execute_agent_tool', { toolName, ...named, ...more })).data.data.channels).toHaveLength(2);
      expect(executions().at(-1)?.body).toEqual({ tool_name: toolName, ...named, agent_run_id: 'run-7', params: {} });
    }
    const elsewhere = { toolName, identifier, organizationId: 'org_1', userId: 'usr_1' };
    expect((await call('execute_agent_tool', elsewhere)).error).toMatchObject({
      code: 'not_found',
      field: 'identifier',
      nextTool: 'list_connected_accounts',
    });
    expect(executions().at(-1)?.body).toMatchObject({ organization_id: 'org_1', user_id: 'usr_1' });
  });

  verifies.each('tools.execution', [
    [{ connectedAccountId: MIRAS_SLACK, identifier: 'mira@harborlight.example' }, 'connectedAccountId'],
    [{ connectedAccountId: MIRAS_SLACK, connector: 'slack-ops' }, 'connectedAccountId'],
    [{ connector: 'slack-ops' }, 'identifier'],
    [{}, 'connectedAccountId'],
    [{ identifier: 'mira@harborlight.example', agentRunId: 'x'.repeat(256) }, 'agentRunId'],
  ])('does not run as %o', async (named, field) => {
    const { error } = await call('execute_agent_tool', { toolName: 'slack_list_channels', ...named });
    expect(error).toMatchObject({ code: 'invalid_arguments', field });
    expect(asked()).toEqual([]);
  });

  verifies('tools.execution', 'says whether it is the tool or the account that nobody knows', async () => {
    const tool = await run('no_such_tool', MIRAS_SLACK);
    expect(tool.error).toMatchObject({ code: 'not_found', field: 'toolName', nextTool: 'list_agent_tools' });
    const account = await run('slack_list_channels', 'ca_1');
    expect(account.error).toMatchObject({
      code: 'not_found',
      field: 'connectedAccountId',
      nextTool: 'list_connected_accounts',
    });
  });

  verifies('tools.long-names', 'runs tools of custom connections, whose names are long and have hyphens', async () => {
    const own = await run('c-tide-tables_next-high-water', 'ca_71204418093065109', { quay: 'North' });
    expect(own.data.data).toMatchObject({ quay: 'North' });
    const long = `c-myapifymcp_${'a'.repeat(90)}`;
    expect((await run(long, MIRAS_SLACK)).error).toMatchObject({ code: 'not_found', field: 'toolName' });
    expect(executions().at(-1)?.body).toMatchObject({ tool_name: long });
    expect((await run('a'.repeat(601), MIRAS_SLACK)).error).toMatchObject({ field: 'toolName' });
  });

  verifies('tools.agent-tools', 'cuts what is too long, and says so', async () => {
    const { data, text } = await run('gmail_fetch_mails', MIRAS_GMAIL, { max_results: 500 });
    expect(data).toMatchObject({ execution_id: expect.any(String), truncated: true });
    expect(data).not.toHaveProperty('data');
    expect(JSON.stringify(data.data_text).length).toBeGreaterThan(9_900);
    expect(text.length).toBeLessThanOrEqual(12_000);
    expect(data.data_text).toMatch(/^\{"messages":\[\{"id":"msg-1"/);
  });

  verifies.each('tools.agent-tools', ['[]', '"text"', 'null', '{"channel": '])(
    'takes no params that are %s',
    async (text) => {
      const { error } = await run('slack_send_message', MIRAS_SLACK, text);
      expect(error).toMatchObject({ code: 'invalid_arguments', field: 'paramsJson' });
      expect(asked()).toEqual([]);
    },
  );

  verifies('tools.agent-tools', 'takes no params that are nested too deeply to be written again', async () => {
    const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    for (const levels of [65, 15_000]) {
      const { error } = await run('slack_list_channels', MIRAS_SLACK, nested(levels));
      expect(error).toMatchObject({ code: 'invalid_arguments', field: 'paramsJson' });
      expect(error.message).toContain('64 levels');
    }
    expect(asked()).toEqual([]);
    expect((await run('slack_list_channels', MIRAS_SLACK, nested(64))).error?.code).not.toBe('invalid_arguments');
  });

  const TOO_LARGE = 'too large for a JSON number here; give it as text';
  verifies.each('arguments.json-numbers', [
    ['{"message_id":9007199254740993,"e":1e400}', ['message_id', 'e']],
    ['{"a":[{"b":1},{"c":[0,-9007199254740992]}]}', ['a.1.c.1']],
    ['{"a":{"x,[{\\"":{"b":-1e999}},"c":"9007199254740993"}', ['a.x,[{".b']],
    ['{"a":9007199254740993.0,"b":9007199254740993e0,"c":1e-400}', ['a', 'b', 'c']],
    ['{"m":10000000000000000}', ['m']],
  ])('are not changed in silence: %s', async (text, places) => {
    const { error } = await run('slack_list_channels', MIRAS_SLACK, text);
    expect(error).toMatchObject({ code: 'invalid_arguments', field: 'paramsJson' });
    expect(error.message).toContain(places.map((place) => `${place}: ${TOO_LARGE}`).join('; '));
    expect(asked()).toEqual([]);
  });

  verifies('arguments.json-numbers', 'are refused in an object in place of its text too', async () => {
    const args = { environmentId: ENVIRONMENT_IDS.development, toolName: 'x', connectedAccountId: MIRAS_SLACK };
    const params = { name: 'execute_agent_tool', arguments: { ...args, paramsJson: 'PARAMS' } };
    const response = await fetch(`${server().url}/mcp`, {
      method: 'POST',
      headers: { ...eraHeaders('modern', 'tools/call', params), authorization: `Bearer ${token()}` },
      body: JSON.stringify(rpcBody('modern', 'tools/call', params)).replace(
        '"PARAMS"',
        '{"id":9007199254740993,"deep":{"e":1e400},"f":-1e400}',
      ),
    });
    const { result } = (await response.json()) as { result: Parameters<typeof failureIn>[0] };
    const error = failureIn(result);
    expect(error).toMatchObject({ code: 'invalid_arguments', field: 'paramsJson' });
    for (const place of ['id', 'deep.e', 'f']) expect(error.message).toContain(`${place}: ${TOO_LARGE}`);
    expect(asked()).toEqual([]);
  });

  verifies('arguments.json-numbers', 'are sent unchanged where JavaScript holds them', async () => {
    await run(
      'slack_list_channels',
      MIRAS_SLACK,
      '{"a":9007199254740991,"b":1e300,"c":-0.1,"d":[0,0.0,1e-7],"e":"1e400"}',
    );
    expect(executions().at(-1)?.body).toMatchObject({
      params: { a: 9007199254740991, b: 1e300, c: -0.1, d: [0, 0, 1e-7], e: '1e400' },
    });
  });

  verifies('tools.agent-tools', 'passes on what the API refuses', async () => {
    expect((await run('no_such_tool', MIRAS_SLACK)).error.code).toBe('not_found');
    expect((await run('slack_list_channels', 'ca_1')).error.code).toBe('not_found');
    expect((await run('slack_list_channels', MIRAS_GMAIL)).error.code).toBe('invalid_request');
    expect((await run('gmail_fetch_mails', JONASES_GMAIL)).error.upstream.message).toContain('not active');
    expect((await run('slack_send_message', MIRAS_SLACK, { text: 'x' })).error).toMatchObject({
      code: 'invalid_request',
      upstream: { violations: [{ field: 'params.channel' }] },
    });
  });

  verifies('api.tool-errors', 'reports a failure of the third party as theirs, with what they said', async () => {
    const { error } = await run('slack_send_message', MIRAS_SLACK, { channel: 'nowhere', text: 'x' });
    expect(error).toMatchObject({
      code: 'provider_error',
      retryable: false,
      upstream: {
        status: 500,
        error_code: 'TOOL_ERROR',
        tool_error_code: 'channel_not_found',
        tool_error_message: 'Slack: channel_not_found',
        execution_id: expect.stringMatching(/^[\w-]{36}$/),
      },
    });
    expect(error).not.toHaveProperty('nextTool');
    expect(executions()).toHaveLength(1);
  });

  describe('that a third party fails', () => {
    const AUTHORIZE = { nextTool: 'create_connected_account_magic_link', retryable: false };
    /** Calls the tool in front of an API that answers so, and yields its error and how often it was asked. */
    async function failing(status: number, tool_error_info: object = {}, mode: 'env' | 'environmentEnv' = 'env') {
      const scalekit = await FakeScalekit.start();
      const own = await running({ ...scalekit[mode], AGENT_TOOL_EXECUTION: 'on' });
      const details = [{ error_code: 'TOOL_ERROR', tool_error_info }];
      scalekit.serveApi((_request, response) => json(response, status, { code: 13, message: 'tool failed', details }));
      const bearer = await scalekit.mint({ claims: { scope: 'environment:write' } });
      const { error } = await toolCaller(own.url, bearer)('execute_agent_tool', {
        ...(mode === 'env' && { environmentId: 'env_1' }),
        toolName: 'slack_list_channels',
        connectedAccountId: 'ca_1',
      });
      const sent = scalekit.operations.length;
      const tokens = scalekit.tokenRequests;
      await own.stop();
      await scalekit.close();
      return { error, sent, tokens };
    }

    verifies.each('api.tool-errors', [
      [401, {}, { ...AUTHORIZE, message: expect.stringContaining('no longer accepts') }],
      [403, {}, { ...AUTHORIZE, message: expect.stringContaining('does not allow') }],
      [429, {}, { retryable: true, message: expect.stringContaining('Back off') }],
      [503, {}, { retryable: false, message: expect.stringContaining('does not help by itself') }],
      [500, { tool_error_code: '401' }, AUTHORIZE],
      [500, { tool_error_code: 403 }, AUTHORIZE],
      [400, { tool_error_code: 'resource_exhausted' }, { retryable: true }],
      [401, { tool_error_code: '404' }, { retryable: false, message: expect.stringContaining('does not help') }],
    ] as const)('is told by what happened there, as %i with %o', async (status, info, expected) => {
      const { error, sent } = await failing(status, info);
      expect(error).toMatchObject({ code: 'provider_error', upstream: { status }, ...expected });
      if (!('nextTool' in expected)) expect(error).not.toHaveProperty('nextTool');
      expect(sent).toBe(1);
    });

    verifies('api.tool-errors', 'costs no token of this server', async () => {
      const { error, sent, tokens } = await failing(401, {}, 'environmentEnv');
      expect(error.code).toBe('provider_error');
      expect({ sent, tokens }).toEqual({ sent: 1, tokens: 1 });
    });
  });
});
