import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import type { PlannedFault } from '../../src/sandbox/faults/fault.ts';
import type { Tool } from '../../src/tool/define-tool.ts';
import { SCOPES } from '../../src/tool/scope.ts';
import { catalogue } from '../../src/tools/index.ts';
import { breaches } from '../fixtures/breaches.ts';
import { EXAMPLES } from '../fixtures/examples/index.ts';
import { callTool } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';

/** Every tool of the catalogue, called over HTTP in every way that matters. A new tool cannot escape. */
let server: TestServer;
let token: string;
let client: Client;

beforeAll(async () => {
  server = await running({ UPSTREAM_TIMEOUT_MS: '1500', AGENT_TOOL_EXECUTION: 'on' });
  token = await server.token();
  client = new Client({ name: 'catalogue', version: '1' });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${server.localUrl}/mcp`), { requestInit }));
});
afterAll(async () => {
  await client.close();
  await server.stop();
});
afterEach(() => server.sandbox().faults.clear());

const TOOLS = catalogue.map((tool) => [tool.name, tool] as const);

function exampleArguments(tool: Tool): Record<string, unknown> {
  const environment = tool.place === 'environment' ? { environmentId: ENVIRONMENT_IDS.development } : {};
  return { ...environment, ...EXAMPLES[tool.name]?.arguments };
}

async function call(tool: Tool, args: Record<string, unknown>, bearer = token) {
  return callTool(`${server.localUrl}/mcp`, 'modern', tool.name, args, { token: bearer });
}

/** The arguments with which a call acts: for what destroys, with its confirmation. */
async function actingArguments(tool: Tool): Promise<Record<string, unknown>> {
  const args = exampleArguments(tool);
  if (tool.effect !== 'destroy') return args;
  const { body } = await call(tool, args);
  return { ...args, confirmation: body.result._meta['com.scalekit/error'].confirmation };
}

it('has an example for every tool, and for no other', () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual(catalogue.map(({ name }) => name).sort());
});

describe.each(TOOLS.filter(([, { scope }]) => scope !== null))('%s', (name, tool) => {
  it('is refused without its scope, and nothing leaves [catalogue.scopes]', async () => {
    const own = [tool.scope, tool.elevated?.scope];
    const others = SCOPES.filter((scope) => !own.includes(scope)).join(' ');
    const asked = server.exchanges.length;
    const { status, headers, body } = await call(tool, exampleArguments(tool), await server.token(others));
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    expect(body.error.data).toMatchObject({ error: 'insufficient_scope', tool: name });
    expect(own).toContain(body.error.data.required_scope);
    expect(server.exchanges.length).toBe(asked);
  });
});

describe.each(TOOLS)('%s', (name, tool) => {
  const properties = () => client.listTools().then(({ tools }) => tools.find((one) => one.name === name)?.inputSchema);

  it('names an argument that is wrong, missing or unknown, and nothing leaves [catalogue.arguments]', async () => {
    const schema = await properties();
    const good = exampleArguments(tool);
    const asked = server.exchanges.length;
    const wrong = [
      { field: 'nonsense', args: { ...good, nonsense: 1 } },
      ...Object.entries(schema?.properties ?? {}).map(([field, property]) => {
        const isObject = (property as { type?: string }).type === 'object';
        return { field, args: { ...good, [field]: isObject ? 7 : {} } };
      }),
      ...(schema?.required ?? []).map((field) => {
        const { [field]: _, ...rest } = good;
        return { field, args: rest };
      }),
    ];
    for (const { field, args } of wrong) {
      const { body } = await call(tool, args);
      expect(body.result, `${field}: ${JSON.stringify(body)}`).toMatchObject({ isError: true });
      const error = body.result._meta['com.scalekit/error'];
      expect(error).toMatchObject({ code: 'invalid_arguments', retryable: false, requestId: expect.any(String) });
      expect(error.field.split('.')[0]).toBe(field);
    }
    expect(server.exchanges.length).toBe(asked);
  });
});

describe.each(TOOLS.filter(([, { effect }]) => effect === 'destroy'))('%s', (_, tool) => {
  it('shows at first what would be lost, and changes nothing [confirm.preview]', async () => {
    const before = server.exchanges.length;
    const first = (await call(tool, exampleArguments(tool))).body.result;
    const asked = server.exchanges.slice(before).map(({ request }) => request.method);
    expect(asked.every((method) => method === 'GET')).toBe(true);
    const error = first._meta['com.scalekit/error'];
    expect(first).toMatchObject({ isError: true });
    expect(error).toMatchObject({ code: 'confirmation_required', retryable: false, confirmation: expect.any(String) });
    expect(Date.parse(error.confirmationExpiresAt)).toBeGreaterThan(Date.now());
    expect(Object.values(error.preview).length).toBeGreaterThan(0);
    // It is still there.
    const again = (await call(tool, exampleArguments(tool))).body.result._meta['com.scalekit/error'];
    expect(again.preview).toEqual(error.preview);
  });
});

const status = (code: number, number: number, errorCode: string, more: Record<string, unknown> = {}): PlannedFault => ({
  kind: 'status',
  status: code,
  body: {
    code: number,
    message: `planned ${errorCode}`,
    details: [{ '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo', error_code: errorCode, ...more }],
  },
});

const VIOLATIONS = {
  validation_error_info: {
    field_violations: [{ field: 'a.b', description: 'too long', constraint: 'string.max_len' }],
  },
};

const FAILURES: readonly [name: string, fault: PlannedFault, expected: Record<string, unknown>][] = [
  [
    '400 with violations',
    status(400, 3, 'INVALID_ARGUMENT', VIOLATIONS),
    { code: 'invalid_request', upstream: { status: 400, violations: [{ field: 'a.b', description: 'too long' }] } },
  ],
  ['401', status(401, 16, 'UNAUTHENTICATED'), { code: 'unauthenticated' }],
  ['403', status(403, 7, 'PERMISSION_DENIED'), { code: 'permission_denied' }],
  ['404', status(404, 5, 'NOT_FOUND'), { code: 'not_found' }],
  ['409', status(409, 6, 'ALREADY_EXISTS'), { code: 'conflict' }],
  ['429', { kind: 'rate-limit' }, { code: 'rate_limited', retryable: true }],
  ['500', status(500, 13, 'INTERNAL'), { code: 'upstream_error' }],
  ['a hang', { kind: 'hang' }, { code: 'upstream_timeout' }],
  ['an HTML page', { kind: 'html', status: 200 }, { code: 'unexpected_response' }],
  ['an HTML error', { kind: 'html', status: 502 }, { code: 'upstream_unavailable' }],
];

describe.each(FAILURES)('when the API answers with %s', (_, fault, expected) => {
  it('every tool says so, and none invents an answer [catalogue.failures]', async () => {
    const calls = await Promise.all(
      catalogue.flatMap((tool) => {
        const acting = actingArguments(tool).then((args) => ({ tool, args }));
        return tool.effect === 'destroy' ? [acting, { tool, args: exampleArguments(tool) }] : [acting];
      }),
    );
    server.sandbox().faults.add({ ...fault, times: 10_000 });
    const answers = await Promise.all(calls.map(async ({ tool, args }) => ({ tool, ...(await call(tool, args)) })));
    for (const { tool, body } of answers) {
      if (tool.name === 'whoami') continue;
      const error = body.result._meta?.['com.scalekit/error'];
      expect({ tool: tool.name, isError: body.result.isError, error }).toMatchObject({
        tool: tool.name,
        isError: true,
        error: { ...expected, message: expect.any(String), requestId: expect.any(String) },
      });
      expect(typeof error.retryable).toBe('boolean');
      expect(body.result).not.toHaveProperty('structuredContent');
    }
  });
});

describe('with its scope granted', () => {
  it.each(TOOLS)('%s succeeds, and its result fits its schema [catalogue.success]', async (name, tool) => {
    // The client checks the result against the schema that the list announced.
    await client.listTools();
    const result = await client.callTool({ name, arguments: await actingArguments(tool) });
    expect(result.isError, JSON.stringify(result.content)).toBeUndefined();
    expect(result.structuredContent).toMatchObject(EXAMPLES[name]?.result ?? {});
    const [content] = result.content as { text: string }[];
    expect(JSON.parse(String(content?.text))).toEqual(result.structuredContent);
  });

  it.each(TOOLS.filter(([, { discloses }]) => discloses !== undefined))(
    '%s flags the secrets that it hands out [result.sensitive]',
    async (name, tool) => {
      const { structuredContent, _meta } = (await call(tool, exampleArguments(tool))).body.result;
      expect(_meta, name).toMatchObject({ 'com.scalekit/sensitive': tool.discloses });
      for (const path of tool.discloses ?? []) expect(valuesAt(structuredContent, path).length).toBeGreaterThan(0);
      expect(tool.description).toMatch(/secret/i);
    },
  );

  it('has sent nothing that breaks the API’s contract, and the sandbox has answered nothing [contract.requests] [contract.answers]', () => {
    const asked = new Set(server.exchanges.map(({ request }) => `${request.method} ${request.url.split('?')[0]}`));
    expect(asked.size).toBeGreaterThan(catalogue.length / 2);
    expect(server.exchanges.flatMap(breaches)).toEqual([]);
  });
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
