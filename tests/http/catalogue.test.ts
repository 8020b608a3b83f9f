import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCOPES } from '../../src/core/scope.ts';
import { catalogue } from '../../src/tools/index.ts';
import { breaches } from '../fixtures/breaches.ts';
import { type ExampleCalls, exampleArguments, exampleCalls } from '../fixtures/example-calls.ts';
import { EXAMPLES } from '../fixtures/examples/index.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { missingScopeIn } from '../fixtures/refusal-in.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

/** Every tool of the catalogue, called over HTTP in every way that matters. A new tool cannot escape. */
let server: TestServer;
let calls: ExampleCalls;
let client: Client;

beforeAll(async () => {
  server = await running({ AGENT_TOOL_EXECUTION: 'on' });
  calls = await exampleCalls(server);
  client = new Client({ name: 'catalogue', version: '1' });
  const requestInit = { headers: { authorization: `Bearer ${await server.token()}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${server.localUrl}/mcp`), { requestInit }));
});
afterAll(async () => {
  await client.close();
  await server.stop();
});

const TOOLS = catalogue.map((tool) => [tool.name, tool] as const);

it('has an example for every tool, and for no other', () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual(catalogue.map(({ name }) => name).sort());
});

describe.each(TOOLS.filter(([, { scope }]) => scope !== null))('%s', (name, tool) => {
  verifies('catalogue.scopes', 'is refused without its scope, and nothing leaves', async () => {
    const own = [tool.scope, tool.elevated?.scope];
    const others = SCOPES.filter((scope) => !own.includes(scope)).join(' ');
    const asked = server.exchanges.length;
    const { status, headers, body } = await calls.call(tool, exampleArguments(tool), await server.token(others));
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    expect(body.error.data).toMatchObject({ error: 'insufficient_scope', tool: name });
    expect(own).toContain(body.error.data.required_scope);
    expect(server.exchanges.length).toBe(asked);
  });
});

describe.each(TOOLS.filter(([, { elevated }]) => elevated !== undefined))('%s', (_, tool) => {
  const { argument = '', scope = '' } = tool.elevated ?? {};
  const { [argument]: __, ...plain } = exampleArguments(tool);

  verifies.each(['catalogue.scopes', 'token.elevated'], [[String(tool.scope)], [`mcp:tools:${tool.name}`]])(
    'needs a further scope for more than it usually does, and nothing leaves without it (%s)',
    async (granted) => {
      const own = await server.token(granted);
      const asked = server.exchanges.length;
      expect(missingScopeIn(await calls.call(tool, { ...plain, [argument]: true }, own))).toBe(scope);
      expect(server.exchanges.length).toBe(asked);
    },
  );

  verifies.each('catalogue.scopes', [[{}], [{ [argument]: false }]])(
    'succeeds with its own scope when called as usual (%j)',
    async (args) => {
      const { status, body } = await calls.call(tool, { ...plain, ...args }, await server.token(String(tool.scope)));
      expect(status).toBe(200);
      expect(body.result.isError, JSON.stringify(body)).toBeUndefined();
      expect(Object.keys(body.result.structuredContent).length).toBeGreaterThan(0);
    },
  );

  verifies.each('token.elevated', [
    [`mcp:tools:${tool.name}`, false],
    [`mcp:tools:${tool.name} ${scope}`, true],
    ['mcp:tools:*', true],
  ])('succeeds with %s (%j)', async (granted, more) => {
    const { body } = await calls.call(tool, { ...plain, [argument]: more }, await server.token(granted));
    expect(body.result.isError, JSON.stringify(body)).toBeUndefined();
  });
});

describe.each(TOOLS)('%s', (name, tool) => {
  const properties = () => client.listTools().then(({ tools }) => tools.find((one) => one.name === name)?.inputSchema);

  verifies(
    'catalogue.arguments',
    'names an argument that is wrong, missing or unknown, and nothing leaves',
    async () => {
      const schema = await properties();
      const good = exampleArguments(tool);
      const asked = server.exchanges.length;
      const wrong = [
        { field: 'nonsense', args: { ...good, nonsense: 1 } },
        ...Object.entries(schema?.properties ?? {}).map(([field, property]) => {
          // Nothing that has a meaning for an argument of that type.
          const value = { object: 7, string: true }[String((property as { type?: string }).type)] ?? {};
          return { field, args: { ...good, [field]: value } };
        }),
        ...(schema?.required ?? []).map((field) => {
          const { [field]: _, ...rest } = good;
          return { field, args: rest };
        }),
      ];
      for (const { field, args } of wrong) {
        const { body } = await calls.call(tool, args);
        expect(body.result, `${field}: ${JSON.stringify(body)}`).toMatchObject({ isError: true });
        const error = failureIn(body.result);
        expect(error).toMatchObject({ code: 'invalid_arguments', retryable: false, requestId: expect.any(String) });
        expect(error.field.split('.')[0]).toBe(field);
      }
      expect(server.exchanges.length).toBe(asked);
    },
  );
});

describe.each(TOOLS.filter(([, { effect }]) => effect === 'destroy'))('%s', (_, tool) => {
  verifies('confirm.preview', 'shows at first what would be lost, and changes nothing', async () => {
    const before = server.exchanges.length;
    const first = (await calls.call(tool, exampleArguments(tool))).body.result;
    const asked = server.exchanges.slice(before).map(({ request }) => request.method);
    expect(asked.every((method) => method === 'GET')).toBe(true);
    const error = failureIn(first);
    expect(first).toMatchObject({ isError: true });
    expect(error).toMatchObject({ code: 'confirmation_required', retryable: false, confirmation: expect.any(String) });
    expect(Date.parse(error.confirmationExpiresAt)).toBeGreaterThan(Date.now());
    expect(Object.values(error.preview).length).toBeGreaterThan(0);
    // It is still there.
    const again = failureIn((await calls.call(tool, exampleArguments(tool))).body.result);
    expect(again.preview).toEqual(error.preview);
  });
});

describe('with its scope granted', () => {
  verifies.each('catalogue.success', TOOLS)('%s succeeds, and its result fits its schema', async (name, tool) => {
    // The client checks the result against the schema that the list announced.
    await client.listTools();
    const result = await client.callTool({ name, arguments: await calls.actingArguments(tool) });
    expect(result.isError, JSON.stringify(result.content)).toBeUndefined();
    expect(result.structuredContent).toMatchObject(EXAMPLES[name]?.result ?? {});
    const [content] = result.content as { text: string }[];
    expect(JSON.parse(String(content?.text))).toEqual(result.structuredContent);
    expect(content?.text).not.toMatch(/UNSPECIFIED|(?<!"next_page_token"):""/);
  });

  verifies.each(
    'result.sensitive',
    TOOLS.filter(([, { discloses }]) => discloses !== undefined),
  )('%s flags the secrets that it hands out', async (name, tool) => {
    const { structuredContent, _meta } = (await calls.call(tool, await calls.actingArguments(tool))).body.result;
    expect(_meta, name).toMatchObject({ 'com.scalekit/sensitive': tool.discloses });
    for (const path of tool.discloses ?? []) expect(valuesAt(structuredContent, path).length).toBeGreaterThan(0);
    expect(tool.description).toMatch(/secret/i);
  });

  verifies.each(
    'result.sensitive',
    TOOLS.filter(([, { elevated }]) => elevated !== undefined),
  )('%s flags nothing where it was not asked for secrets', async (_, tool) => {
    const { [tool.elevated?.argument ?? '']: __, ...plain } = exampleArguments(tool);
    const { _meta } = (await calls.call(tool, plain)).body.result;
    expect(_meta ?? {}).not.toHaveProperty('com.scalekit/sensitive');
  });

  verifies(
    ['contract.requests', 'contract.answers'],
    'has sent nothing that breaks the API’s contract, and the sandbox has answered nothing',
    () => {
      const asked = new Set(server.exchanges.map(({ request }) => `${request.method} ${request.url.split('?')[0]}`));
      expect(asked.size).toBeGreaterThan(catalogue.length / 2);
      expect(server.exchanges.flatMap(breaches)).toEqual([]);
    },
  );
});

/** The strings at a dotted path, through lists. */
function valuesAt(value: unknown, path: string): string[] {
  const found = path
    .split('.')
    .reduce<unknown[]>(
      (objects, member) => objects.flatMap((object) => (object as Record<string, unknown>)?.[member] ?? []),
      [value],
    );
  return found.filter((entry): entry is string => typeof entry === 'string' && entry !== '');
}
