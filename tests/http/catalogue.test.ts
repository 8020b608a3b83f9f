import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SCOPES } from '../../src/core/scope.ts';
import type { Tool } from '../../src/core/tool.ts';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import type { PlannedFault } from '../../src/sandbox/faults/fault.ts';
import { catalogue } from '../../src/tools/index.ts';
import { breaches } from '../fixtures/breaches.ts';
import { EXAMPLES } from '../fixtures/examples/index.ts';
import { callTool, type RpcAnswer } from '../fixtures/rpc.ts';
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
afterEach(async () => {
  server.sandbox().faults.clear();
  // What many calls have found dead at once is left alone for a moment.
  await expect.poll(async () => (await read()).body.result?.isError, { timeout: 10_000 }).toBeUndefined();
});

const TOOLS = catalogue.map((tool) => [tool.name, tool] as const);

function exampleArguments(tool: Tool): Record<string, unknown> {
  const environment = tool.place === 'environment' ? { environmentId: ENVIRONMENT_IDS.development } : {};
  return { ...environment, ...EXAMPLES[tool.name]?.arguments };
}

async function call(tool: Tool, args: Record<string, unknown>, bearer = token) {
  return callTool(`${server.localUrl}/mcp`, 'modern', tool.name, args, { token: bearer });
}

const read = () => callTool(`${server.localUrl}/mcp`, 'modern', 'list_environments', {}, { token });

/** The arguments with which a call acts: for what destroys, with its confirmation. */
async function actingArguments(
  tool: Tool,
  preview: (tool: Tool, args: Record<string, unknown>) => Promise<RpcAnswer> = call,
): Promise<Record<string, unknown>> {
  const args = exampleArguments(tool);
  if (tool.effect !== 'destroy') return args;
  const { body } = await preview(tool, args);
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

describe.each(TOOLS.filter(([, { elevated }]) => elevated !== undefined))('%s', (_, tool) => {
  const { argument = '', scope = '' } = tool.elevated ?? {};
  const { [argument]: __, ...plain } = exampleArguments(tool);

  it('needs a further scope for more than it usually does, and nothing leaves without it [catalogue.scopes]', async () => {
    const own = await server.token(String(tool.scope));
    const asked = server.exchanges.length;
    const { status, headers, body } = await call(tool, { ...plain, [argument]: true }, own);
    expect(status).toBe(403);
    expect(body.error.data).toMatchObject({ error: 'insufficient_scope', tool: tool.name, required_scope: scope });
    expect(headers.get('www-authenticate')).toContain(scope);
    expect(server.exchanges.length).toBe(asked);
  });

  it.each([[{}], [{ [argument]: false }]])(
    'succeeds with its own scope when called as usual (%j) [catalogue.scopes]',
    async (args) => {
      const { status, body } = await call(tool, { ...plain, ...args }, await server.token(String(tool.scope)));
      expect(status).toBe(200);
      expect(body.result.isError, JSON.stringify(body)).toBeUndefined();
      expect(Object.keys(body.result.structuredContent).length).toBeGreaterThan(0);
    },
  );
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
    const answers = await Promise.all(
      calls.map(async ({ tool, args }) => ({ tool, args, ...(await call(tool, args)) })),
    );
    for (const { tool, args, body } of answers) {
      if (tool.name === 'whoami') continue;
      const error = body.result._meta?.['com.scalekit/error'];
      expect({ tool: tool.name, isError: body.result.isError, error }).toMatchObject({
        tool: tool.name,
        isError: true,
        // A confirmation is used up, so that the same call cannot succeed.
        error: {
          ...expected,
          ...('confirmation' in args && { retryable: false }),
          message: expect.any(String),
          requestId: expect.any(String),
        },
      });
      expect(typeof error.retryable).toBe('boolean');
      expect(body.result).not.toHaveProperty('structuredContent');
    }
  });
});

describe('when the API fails in the middle of a call', () => {
  /** What each tool asks the API for when all goes well, except where an environment is. */
  const steps = new Map<string, readonly string[]>();
  let fresh: TestServer;
  let acting: (tool: Tool) => Promise<Record<string, unknown>>;
  let run: (tool: Tool, args: Record<string, unknown>) => Promise<RpcAnswer>;

  beforeEach(async () => {
    fresh = await running({ AGENT_TOOL_EXECUTION: 'on' });
    const bearer = await fresh.token();
    run = (tool, args) => callTool(`${fresh.localUrl}/mcp`, 'modern', tool.name, args, { token: bearer });
    acting = (tool) => actingArguments(tool, run);
  });
  afterEach(() => fresh.stop());

  it('every step of every tool is known', async () => {
    for (const tool of catalogue) {
      const args = await acting(tool);
      fresh.exchanges.length = 0;
      const { body } = await run(tool, args);
      expect(body.result.isError, JSON.stringify(body)).toBeUndefined();
      const asked = fresh.exchanges.map(({ request }) => request).filter(({ url }) => !isLookUp(tool, url));
      steps.set(
        tool.name,
        asked.map(({ method }) => method),
      );
    }
    expect([...steps.values()].some((methods) => methods.length > 2)).toBe(true);
  });

  it.each(FAILURES.filter(([name]) => ['404', '500', 'an HTML page'].includes(name)))(
    'with %s, no tool takes it for a success or hides a write [catalogue.failures]',
    async (kind, fault) => {
      for (const tool of catalogue) {
        const methods = steps.get(tool.name) ?? [];
        // Step by step, so that a write goes out only in the attempts that fail after it.
        for (const index of methods.keys()) {
          const args = await acting(tool);
          const when = { path: new NthPath(index, (path) => !isLookUp(tool, path)) };
          const takeBack = fresh.sandbox().faults.add({ ...fault, when });
          const { body } = await run(tool, args);
          takeBack();
          const at = `${tool.name}, request ${index + 1} of ${methods.join(', ')}: ${JSON.stringify(body)}`;
          expect(when.path.hit, at).toBe(true);
          expect(body.result?.isError, `${at}: ${JSON.stringify(body)}`).toBe(true);
          expect(body.result, at).not.toHaveProperty('structuredContent');
          expectHonesty(body.result._meta['com.scalekit/error'], methods.slice(0, index + 1), kind, at);
        }
      }
    },
  );
});

/** A failure after a write says that there was one; a write that failed without a refusal, that it may have acted. */
function expectHonesty(
  { message, retryable }: { message: string; retryable: boolean },
  methods: readonly string[],
  kind: string,
  at: string,
): void {
  if (methods.slice(0, -1).some((method) => method !== 'GET')) {
    expect(message, at).toMatch(/has been (sent|created)/);
    expect(retryable, at).toBe(false);
  } else if (methods.at(-1) !== 'GET' && kind !== '404' && !retryable) {
    expect(message, at).toMatch(/carried out|current state/);
  }
}

/** The look-up of the environment that a call names: it is remembered, so that a call makes it or not. */
function isLookUp(tool: Tool, url: string): boolean {
  return tool.name !== 'get_environment_details' && /\/environments\/env_\w+$/.test(url);
}

/** Matches one path of those that are asked about and count. */
class NthPath extends RegExp {
  readonly #counts: (path: string) => boolean;
  #left: number;

  constructor(index: number, counts: (path: string) => boolean) {
    super('');
    this.#left = index;
    this.#counts = counts;
  }

  get hit(): boolean {
    return this.#left < 0;
  }

  override test(path: string): boolean {
    return this.#counts(path) && this.#left-- === 0;
  }
}

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
