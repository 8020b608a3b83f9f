import { afterAll, beforeAll, describe, expect } from 'vitest';
import { z } from 'zod';
import { sentence } from '../../../src/core/sentence.ts';
import { toolset } from '../../../src/core/toolset.ts';
import { ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { failureIn } from '../../fixtures/failure-in.ts';
import { recordsIn } from '../../fixtures/ledger.ts';
import { missingScopeIn } from '../../fixtures/refusal-in.ts';
import { callTool, rpc } from '../../fixtures/rpc.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { tools: RARE } = toolset('tides', { area: 'organization', place: 'workspace', rare: true }, (t) => [
  t.read('list_tides', {
    description: 'Show when the water is high in a harbour.',
    input: { harbourName: z.string().max(10) },
    output: { tide: z.string() },
    run: ({ harbourName }) => ({ tide: `high at ${harbourName}` }),
  }),
  t.overwrite('turn_tide', {
    description: 'Turn the tide.',
    does: () => sentence`Turn the tide.`,
    output: {},
    run: () => ({}),
  }),
]);

const environmentId = ENVIRONMENT_IDS.development;

let server: TestServer;
let url: string;
let token: string;
let call: ReturnType<typeof toolCaller>;

beforeAll(async () => {
  server = await running({ AUDIT_LOG: 'stderr', PUBLIC_URL: '' }, [...catalogue, ...RARE]);
  url = `${server.localUrl}/mcp`;
  token = await server.token();
  call = toolCaller(server.localUrl, token);
});
afterAll(() => server.stop());

const namesAt = async (query: string) => {
  const { body } = await rpc(`${url}?${query}`, 'modern', 'tools/list', {}, { token });
  return body.result.tools.map(({ name }: { name: string }) => name);
};

describe('another name of a tool', () => {
  verifies('tools.aliases', 'is not listed, and is called as the tool', async () => {
    expect(await namesAt('toolsets=all')).not.toContain('get_environment');
    for (const name of ['get_environment', 'get_environment_details']) {
      expect((await call(name, { environmentId })).data.environment).toMatchObject({ id: environmentId });
      expect((await call('call_tool', { name, arguments: { environmentId } })).data).toHaveProperty('environment');
    }
  });

  verifies.each('tools.aliases', [
    ['get_organization', 'get_organization_details'],
    ['search_organizations', 'list_organizations'],
    ['search_organization_users', 'list_organization_users'],
  ])('is decided and recorded as the tool: %s', async (other, name) => {
    const before = server.ledger().length;
    const { error } = await call(other, { nonsense: 1 });
    expect(error).toMatchObject({ code: 'invalid_arguments' });
    await expect.poll(() => server.ledger().length).toBeGreaterThan(before);
    expect(recordsIn(server.ledger().slice(before))).toEqual([expect.objectContaining({ tool_name: name })]);
    const bare = await server.token('workspace:read');
    expect(missingScopeIn(await callTool(url, 'modern', other, { environmentId }, { token: bare }))).toBe(
      'organization:read',
    );
    const { body } = await callTool(`${url}?tools=whoami`, 'modern', other, { environmentId }, { token });
    expect(body.error.code).toBe(-32602);
  });
});

describe('a tool that few need', () => {
  verifies('tools.discovered', 'is not listed, is found with its arguments and scope, and is called', async () => {
    expect(await namesAt('')).not.toContain('list_tides');
    const { data } = await call('find_tools', { query: 'high water in the harbour' });
    expect(data.tools[0]).toEqual({
      ...{ name: 'list_tides', toolset: 'tides', effect: 'read', scope: 'organization:read', granted: true },
      description: 'Show when the water is high in a harbour.',
      input_schema: expect.objectContaining({
        properties: { harbourName: expect.objectContaining({ type: 'string' }) },
        required: ['harbourName'],
      }),
    });
    const called = await call('call_tool', { name: 'list_tides', arguments: { harbourName: 'Kiel' } });
    expect(called.data).toEqual({ tide: 'high at Kiel' });
    // Programs that know the name may use it at once.
    expect((await call('list_tides', { harbourName: 'Kiel' })).data).toEqual({ tide: 'high at Kiel' });
  });

  verifies('tools.discovered', 'is called as models write its arguments, and refused in its own words', async () => {
    const text = await call('call_tool', { name: 'list_tides', arguments: '{"harbourName":"Kiel"}' });
    expect(text.data).toEqual({ tide: 'high at Kiel' });
    const nulls = await call('call_tool', { name: 'list_organizations', arguments: { environmentId, pageSize: '2' } });
    expect(nulls.data.organizations).toHaveLength(2);
    const { error } = await call('call_tool', { name: 'list_tides', arguments: { harbour: 'Kiel' } });
    expect(error).toMatchObject({ code: 'invalid_arguments', field: 'harbourName' });
    const wrong = await call('call_tool', { name: 'turn_tides', arguments: {} });
    expect(wrong.error).toMatchObject({ code: 'invalid_arguments', field: 'name', nextTool: 'find_tools' });
    expect(wrong.error?.message).toContain('Did you mean turn_tide');
    const itself = await call('call_tool', { name: 'call_tool', arguments: { name: 'list_tides' } });
    expect(itself.error).toMatchObject({ code: 'invalid_arguments', field: 'name' });
  });

  verifies(
    'tools.discovered',
    'needs its own scope, which its finder is told, and nobody is let through without',
    async () => {
      const weak = await server.token('environment:read');
      const found = await toolCaller(server.localUrl, weak)('find_tools', { query: 'turn the tide' });
      expect(found.data.tools[0]).toMatchObject({ name: 'turn_tide', scope: 'organization:write', granted: false });
      for (const era of ['modern', 'legacy'] as const) {
        const args = { name: 'turn_tide', arguments: {} };
        const refused = await callTool(url, era, 'call_tool', args, { token: weak });
        expect(missingScopeIn(refused)).toBe('organization:write');
        // The second time in the result, because the first refusal may have been lost on its way to the model.
        expect(JSON.stringify(refused.body)).toContain('The tool turn_tide needs');
      }
      // A scope of the name of the tool that stands for others opens none of them.
      const named = await server.token('mcp:tools:call_tool');
      const refused = await callTool(url, 'modern', 'call_tool', { name: 'turn_tide' }, { token: named });
      expect(missingScopeIn(refused)).toBe('organization:write');
    },
  );

  verifies(['tools.discovered', 'audit.calls'], 'is on record under its own name, with its own arguments', async () => {
    await call('call_tool', { name: 'list_tides', arguments: { harbourName: 'Wismar' } });
    await call('list_tides', { harbourName: 'Wismar' });
    await expect
      .poll(() => recordsIn(server.ledger()).filter(({ tool_name: tool }) => tool === 'list_tides').length)
      .toBeGreaterThanOrEqual(2);
    const records = recordsIn(server.ledger());
    const [one, other] = records.filter(({ tool_name: tool }) => tool === 'list_tides').slice(-2);
    expect(one?.['arguments_sha256']).toBe(other?.['arguments_sha256']);
    expect(one).toMatchObject({ effect: 'read', success: true });
  });

  verifies(['tools.discovered', 'confirm.bound'], 'is confirmed as itself, and only as what was shown', async () => {
    const made = await call('create_mcp_config', {
      environmentId,
      name: 'found',
      connection_tool_mappings: [{ connection_name: 'gmail' }],
    });
    const args = { environmentId, configId: made.data.config.id };
    const shown = await call('call_tool', { name: 'delete_mcp_config', arguments: args });
    expect(shown.error).toMatchObject({ code: 'confirmation_required' });
    const { confirmation } = shown.error ?? {};
    const outside = await call('call_tool', { name: 'delete_mcp_config', arguments: args, confirmation });
    expect(outside.error).toMatchObject({ code: 'invalid_arguments', field: 'confirmation' });
    // The same call by its own name is the same call.
    const confirmed = await call('delete_mcp_config', { ...args, confirmation });
    expect(confirmed.data).toMatchObject({ deleted_id: args.configId });
  });

  verifies(['tools.discovered', 'tools.selected'], 'is out of reach where a request excludes it', async () => {
    const reach = async (query: string, name: string) => {
      const { body } = await callTool(`${url}?${query}`, 'modern', 'call_tool', { name, arguments: {} }, { token });
      return body.error?.code ?? failureIn(body.result)?.code ?? 'reached';
    };
    expect(await namesAt('tools=find_tools,call_tool')).toEqual(['find_tools', 'call_tool']);
    expect(await reach('tools=find_tools,call_tool', 'turn_tide')).toBe('reached');
    expect(await reach('read_only=true', 'turn_tide')).toBe('invalid_arguments');
    expect(await reach('read_only=true', 'whoami')).toBe('reached');
    expect(await reach(`environment=${environmentId}`, 'list_environments')).toBe('invalid_arguments');
    expect(await reach(`environment=${environmentId}`, 'turn_tide')).toBe('invalid_arguments');
    expect(await reach('toolsets=users', 'whoami')).toBe(-32602);
    const found = await callTool(
      `${url}?read_only=true`,
      'modern',
      'find_tools',
      { query: 'turn the tide' },
      { token },
    );
    const names = found.body.result.structuredContent.tools.map(({ name }: { name: string }) => name);
    expect(names).not.toContain('turn_tide');
  });

  verifies(
    ['tools.discovered', 'types.environment'],
    'acts in the environment of the fence, and in no other',
    async () => {
      const there = `${url}?environment=${environmentId}`;
      const reach = async (args: object) => {
        const params = { name: 'list_organizations', arguments: args };
        const { body } = await callTool(there, 'modern', 'call_tool', params, { token });
        return failureIn(body.result)?.code ?? 'reached';
      };
      expect(await reach({})).toBe('reached');
      expect(await reach({ environmentId })).toBe('reached');
      expect(await reach({ environmentId: ENVIRONMENT_IDS.production })).toBe('invalid_arguments');
    },
  );
});
