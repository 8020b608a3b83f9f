import { afterAll, beforeAll, expect } from 'vitest';
import { z } from 'zod';
import { entryOf } from '../../src/access/entry.ts';
import type { Tool } from '../../src/core/tool.ts';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { catalogue } from '../../src/tools/index.ts';
import { type ExampleCalls, exampleArguments, exampleCalls } from '../fixtures/example-calls.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { missingScopeIn } from '../fixtures/refusal-in.ts';
import { callTool, rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { stepsOf } from '../fixtures/steps.ts';
import { verifies } from '../verifies.ts';

let server: TestServer;
let calls: ExampleCalls;
beforeAll(async () => {
  server = await running({ AGENT_TOOL_EXECUTION: 'on' });
  calls = await exampleCalls(server);
});
afterAll(() => server.stop());

/** What a call makes leave, and the code with which it fails. */
async function effectsOf(tool: Tool, args: Record<string, unknown>) {
  const before = server.exchanges.length;
  const { status, body } = await calls.call(tool, args);
  // Sorted, because some are sent at the same time.
  const left = server.exchanges
    .slice(before)
    .filter(({ request: { url } }) => stepsOf(tool).test(String(url.split('?')[0])))
    .map(({ request: { method, url, body: sent } }) => JSON.stringify({ method, url, sent }))
    .sort();
  const code = body.result?.isError ? (failureIn(body.result)?.code ?? 'error') : undefined;
  return { status, code, left };
}

/** Tools whose calls change nothing here, so that two calls can be compared: what destroys only shows a preview. */
const harmless = catalogue.filter(({ effect }) => effect === 'read' || effect === 'destroy');

const optional = harmless.flatMap((tool) =>
  Object.entries(
    entryOf(tool, { takesEnvironment: true, isConfirmable: tool.preview !== undefined, origin: '' }).arguments.shape,
  )
    .filter(([, schema]) => schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    .map(([name]) => [tool.name, name, tool] as const),
);

verifies.each('arguments.null', optional)('%s: what leaves with %s: null leaves without it', async (_, name, tool) => {
  const { [name]: __, ...without } = exampleArguments(tool);
  const plain = await effectsOf(tool, without);
  expect(await effectsOf(tool, { ...without, [name]: null })).toEqual(plain);
});

verifies.each('arguments.null', ['modern', 'legacy'] as const)(
  'arguments: null is an empty object (%s)',
  async (era) => {
    const token = await server.token();
    const params = { name: 'whoami', arguments: null };
    const { status, body } = await rpc(`${server.localUrl}/mcp`, era, 'tools/call', params, { token });
    expect({ status, isError: body.result?.isError }).toEqual({ status: 200, isError: undefined });
  },
);

const ACCOUNTS = {
  environmentId: ENVIRONMENT_IDS.development,
  configId: 'cfg_71204418093065302',
  user_identifier: 'u',
};

verifies.each('arguments.null', [
  [undefined, undefined],
  [null, undefined],
  [false, undefined],
  ['false', undefined],
  [true, 'environment:write'],
  ['true', 'environment:write'],
  ['no', 'environment:write'],
  [0, 'environment:write'],
  [[], 'environment:write'],
  [{}, 'environment:write'],
] as const)('an elevating argument that is %j needs what it means: %s', async (includeAuthLinks, scope) => {
  const token = await server.token('environment:read');
  const args = { ...ACCOUNTS, includeAuthLinks };
  const answer = await callTool(`${server.localUrl}/mcp`, 'modern', 'list_mcp_config_connected_accounts', args, {
    token,
  });
  expect(missingScopeIn(answer)).toBe(scope);
});

verifies.each('arguments.types', ['modern', 'legacy'] as const)(
  'arguments may be the text of an object, and of nothing else (%s)',
  async (era) => {
    const token = await server.token();
    const call = async (args: unknown) =>
      (
        await rpc(
          `${server.localUrl}/mcp`,
          era,
          'tools/call',
          { name: 'list_organizations', arguments: args },
          { token },
        )
      ).body;
    const args = { environmentId: ENVIRONMENT_IDS.development, pageSize: 1 };
    const expected = (await call(args)).result.structuredContent;
    expect(expected.organizations).toHaveLength(1);
    for (const same of [JSON.stringify(args), ` ${JSON.stringify({ ...args, pageSize: '1', pageToken: null })}\n`]) {
      expect((await call(same)).result.structuredContent).toEqual(expected);
    }
    expect((await call('')).result).toMatchObject({ isError: true });
    const deep = `${'{"a":'.repeat(80)}1${'}'.repeat(80)}`;
    for (const other of [
      '{',
      '[]',
      'null',
      '7',
      '"{}"',
      'environmentId=x',
      deep,
      JSON.stringify(JSON.stringify(args)),
    ]) {
      expect([other, (await call(other)).error?.code]).toEqual([other, -32602]);
    }
  },
);

verifies(
  'arguments.types',
  'what is sent as one text needs the scope and the confirmation of what it says',
  async () => {
    const url = `${server.localUrl}/mcp`;
    const args = { environmentId: ENVIRONMENT_IDS.development, configId: 'cfg_71204418093065302' };
    const params = { name: 'delete_mcp_config', arguments: JSON.stringify(args) };
    const reader = await server.token('environment:read');
    expect((await rpc(url, 'legacy', 'tools/call', params, { token: reader })).status).toBe(403);
    const shown = (await rpc(url, 'legacy', 'tools/call', params, { token: await server.token() })).body.result;
    expect(failureIn(shown).code).toBe('confirmation_required');
  },
);

verifies('arguments.types', 'both spellings of a call are one call for its confirmation', async () => {
  const url = `${server.localUrl}/mcp`;
  const token = await server.token();
  const args = { environmentId: ENVIRONMENT_IDS.development, configId: 'cfg_71204418093065301' };
  const odd = { ...args, confirmation: '', task_progress: '- [ ] delete' };
  const shown = (await callTool(url, 'legacy', 'delete_mcp_config', odd, { token })).body.result;
  const { code, confirmation } = failureIn(shown);
  expect(code).toBe('confirmation_required');
  const acted = (await callTool(url, 'legacy', 'delete_mcp_config', { ...args, confirmation }, { token })).body.result;
  expect(acted.structuredContent).toMatchObject({ deleted_id: args.configId });
});

verifies.each(
  'arguments.hosts',
  harmless.map((tool) => [tool.name, tool] as const),
)('%s runs as without the members that programs add, and refuses misspelt ones', async (_, tool) => {
  const args = exampleArguments(tool);
  const added = { ...args, task_progress: '- [x] a', toolCallId: 'c', sessionId: 's' };
  expect(await effectsOf(tool, added)).toEqual(await effectsOf(tool, args));
  expect(await effectsOf(tool, { ...args, task_progres: 'x' })).toMatchObject({ code: 'invalid_arguments', left: [] });
});

verifies(
  'arguments.hosts',
  'how many were dropped stands in the line of the request, and their values nowhere',
  async () => {
    const token = await server.token();
    const call = (args: object) =>
      callTool(
        `${server.localUrl}/mcp`,
        'legacy',
        'whoami',
        { ...args },
        { token, headers: { 'x-request-id': 'dropped-1' } },
      );
    await call({ task_progress: 'of-a-stranger', toolCallId: 'of-a-stranger' });
    await call({});
    const lines = () =>
      server.lines.filter(({ event, clientRequestId }) => event === 'request' && clientRequestId === 'dropped-1');
    await expect.poll(() => lines().map(({ droppedArguments }) => droppedArguments)).toEqual([2, undefined]);
    expect(server.logText()).not.toContain('of-a-stranger');
  },
);
