import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENVIRONMENT_PARAM } from '../../src/core/message.ts';
import { folded } from '../../src/mcp/receive/param-headers.ts';
import { catalogue } from '../../src/tools/index.ts';
import { rawAnswer } from '../fixtures/raw-connection.ts';
import { refusalIn } from '../fixtures/refusal-in.ts';
import { callTool, type EraName, eraHeaders, rpc, rpcBody } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

const ERAS = ['modern', 'legacy'] as const;

let scalekit: FakeScalekit;
let server: TestServer;
let url: string;
let token: string;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  server = await running(scalekit.env);
  url = `${server.url}/mcp`;
  token = await scalekit.mint({ claims: { scope: 'environment:write organization:read organization:write' } });
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});
beforeEach(() => {
  scalekit.requests.length = 0;
  scalekit.serveApi((_request, response) =>
    json(response, 200, { organization: { id: 'org_1' }, organizations: [], environments: [] }),
  );
});

/** Sends a call with further header lines, byte by byte. */
async function call(era: EraName, name: string, args: Record<string, unknown>, lines: readonly string[]) {
  const body = Buffer.from(JSON.stringify(rpcBody(era, 'tools/call', { name, arguments: args }, 'seven'))).toString(
    'latin1',
  );
  const stated = lines.map((line) => line.split(':')[0]?.toLowerCase());
  const headers = Object.entries(eraHeaders(era, 'tools/call', { name })).filter(
    ([header]) => !stated.includes(header),
  );
  const head = [
    `POST /mcp HTTP/1.1\r\nHost: localhost:${server.port}\r\nAuthorization: Bearer ${token}\r\nConnection: close`,
    ...headers.map(([header, value]) => `${header}: ${value}`),
    ...lines,
    `Content-Length: ${body.length}`,
  ];
  const answer = await rawAnswer(server.port, `${head.join('\r\n')}\r\n\r\n${body}`);
  return { status: answer.status, body: JSON.parse(answer.body) };
}

/** Whether the answer refuses contradicting headers by the rules of every era, and nothing has run. */
function expectMismatch({ status, body }: Awaited<ReturnType<typeof call>>, header: string): void {
  expect({ status, id: body.id, code: body.error.code }).toEqual({ status: 400, id: 'seven', code: -32020 });
  expect(refusalIn(body)).toMatchObject({
    error: 'invalid_request',
    error_description: expect.stringContaining(header),
    mismatch: { header },
  });
  expect(scalekit.requests).toEqual([]);
}

const CREATE = { environmentId: 'env_1' };

describe.each(ERAS)('a header that states an argument (%s)', (era) => {
  const create = (name: string, value: string) =>
    call(era, 'create_organization', { ...CREATE, name }, [`Mcp-Param-Name: ${value}`]);

  verifies.each('wire.param-headers', [
    ['Base64 between markers of another case is text', '=?BASE64?eA==?=', 'x'],
    ['a letter outside of ASCII', '\u00dc', '\u00dc'],
    ['a tab', 'a\tb', 'a\tb'],
    ['bytes that are no UTF-8', '=?base64?/w==?=', '\ufffd'],
    ['too much padding', '=?base64?eB======?=', 'x'],
    ['no padding', '=?base64?eA?=', 'x'],
    ['spare bits', '=?base64?eB==?=', 'x'],
    ['the alphabet of URLs', '=?base64?Pz8_?=', '???'],
    ['another value', 'y', 'x'],
    ['another case', 'X', 'x'],
    ['nothing', '', 'x'],
  ])('is refused when it cannot be what the body holds: %s', async (_name, value, name) => {
    expectMismatch(await create(name, value), 'mcp-param-name');
  });

  verifies.each('wire.param-headers', [
    ['=?base64?eA==?=', 'x'],
    ['x', 'x'],
    ['=?base64?w5w=?=', '\u00dc'],
    ['=?base64?IHggeQ==?=', ' x y'],
    ['=?base64?PT9iYXNlNjQ/ZUE9PT89?=', '=?base64?eA==?='],
    ['=?BASE64?eA==?=', '=?BASE64?eA==?='],
  ])('may be %s', async (value, name) => {
    const { status, body } = await create(name, value);
    expect({ status, error: body.error }).toEqual({ status: 200, error: undefined });
  });

  verifies('wire.param-headers', 'is sent once', async () => {
    const lines = ['Mcp-Param-Name: x', 'Mcp-Param-Name: y'];
    for (const name of ['x', 'y', 'x, y']) {
      expectMismatch(await call(era, 'create_organization', { ...CREATE, name }, lines), 'mcp-param-name');
    }
    const once = await call(era, 'create_organization', { ...CREATE, name: 'x, y' }, ['Mcp-Param-Name: x, y']);
    expect(once.status).toBe(200);
  });

  verifies.each<[unknown, string, boolean]>('wire.param-headers', [
    [10, '10', true],
    [10, '10.0', true],
    [10, '1e1', true],
    [10, '=?base64?MTA=?=', true],
    [10, '11', false],
    [10, '0xa', false],
    [10, '010x', false],
    [10, '', false],
    [9_007_199_254_740_992, '9007199254740993', false],
    ['10', '10', true],
    ['10', '10.0', false],
    [null, 'null', false],
    [[10], '10', false],
    [undefined, '10', false],
    [undefined, 'undefined', false],
  ])('compares what the body holds by its type: %j, %j', async (pageSize, value, agrees) => {
    const args = { ...CREATE, ...(pageSize !== undefined && { pageSize }) };
    const answer = await call(era, 'list_organizations', args, [`Mcp-Param-PageSize: ${value}`]);
    if (agrees) expect(answer.status).toBe(200);
    else expectMismatch(answer, 'mcp-param-pagesize');
  });

  verifies('wire.param-headers', 'may spell names with hyphens, and may be of a gateway’s own', async () => {
    const args = { ...CREATE, pageSize: 10 };
    for (const line of [
      'Mcp-Param-Environment: env_1',
      'Mcp-Param-Environment-Id: env_1',
      'Mcp-Param-environment_id: env_1',
      'Mcp-Param-Page-Size: 10',
      'Mcp-Param-Region: us',
      'Mcp-Param-Constructor: x',
    ]) {
      const { status, body } = await call(era, 'list_organizations', args, [line]);
      expect({ line, status, error: body.error }).toEqual({ line, status: 200, error: undefined });
    }
    const { status } = await call(era, 'register_mcp_server', { ...CREATE, access_token_expiry: 600 }, [
      'Mcp-Param-Access-Token-Expiry: 600',
    ]);
    expect(status).toBe(200);
    const lie = await call(era, 'register_mcp_server', { ...CREATE, access_token_expiry: 600 }, [
      'Mcp-Param-Access-Token-Expiry: 601',
    ]);
    expect(lie.status).toBe(400);
  });

  const OTHER = 'Mcp-Param-Environment: env_2';

  verifies.each<[string, string, Record<string, unknown>]>('wire.param-headers', [
    ['the environment', 'list_organizations', CREATE],
    ['the environment of a tool by its other name', 'search_organizations', CREATE],
    ['the environment of a tool by call_tool', 'call_tool', { name: 'list_organizations', arguments: CREATE }],
    ['the environment of a tool that is not listed', 'list_users', CREATE],
    ['an environment that is left out', 'list_organizations', {}],
    ['one that is left out of call_tool', 'call_tool', { name: 'list_organizations' }],
    ['arguments that are a text', 'call_tool', { name: 'list_organizations', arguments: JSON.stringify(CREATE) }],
  ])('does not lie about %s', async (_what, name, args) => {
    expectMismatch(await call(era, name, args, [OTHER]), 'mcp-param-environment');
  });

  verifies('wire.param-headers', 'states the arguments of the tool for which call_tool stands', async () => {
    const args = { name: 'create_organization', arguments: { ...CREATE, name: 'x' } };
    for (const line of ['Mcp-Param-Environment: env_1', 'Mcp-Param-Name: create_organization']) {
      const { status, body } = await call(era, 'call_tool', args, [line]);
      expect({ line, status, error: body.error }).toEqual({ line, status: 200, error: undefined });
    }
    scalekit.requests.length = 0;
    expectMismatch(await call(era, 'call_tool', args, ['Mcp-Param-Name: x']), 'mcp-param-name');
  });

  verifies('wire.param-headers', 'does not lie about the environment that the URL has fixed', async () => {
    const at = (environment: string) =>
      callTool(
        `${url}?environment=env_1`,
        era,
        'list_organizations',
        {},
        {
          token,
          headers: { 'mcp-param-environment': environment },
        },
      );
    expect((await at('env_1')).status).toBe(200);
    scalekit.requests.length = 0;
    const refused = await at('env_2');
    expect([refused.status, refused.body.error.code]).toEqual([400, -32020]);
    expect(scalekit.requests).toEqual([]);
  });

  verifies('wire.param-headers', 'may be missing: nothing is decided by it', async () => {
    const { status, body } = await call(era, 'list_organizations', CREATE, []);
    expect({ status, error: body.error }).toEqual({ status: 200, error: undefined });
  });
});

it('can tell the arguments of every tool apart', () => {
  for (const { name, input } of catalogue) {
    const names = new Set([...Object.keys(input), 'environmentId', ENVIRONMENT_PARAM, 'confirmation']);
    expect(new Set([...names].map(folded)).size, name).toBe(names.size);
  }
});

describe.each(ERAS)('a header that states method or name (%s)', (era) => {
  verifies.each('wire.headers', [
    ['Mcp-Method: tools/list', 'mcp-method'],
    ['Mcp-Method: Tools/Call', 'mcp-method'],
    ['Mcp-Method:', 'mcp-method'],
    ['Mcp-Name: whoami', 'mcp-name'],
    ['Mcp-Name: LIST_ORGANIZATIONS', 'mcp-name'],
    ['Mcp-Name: =?base64?!!?=', 'mcp-name'],
    ['Mcp-Name:', 'mcp-name'],
  ])('is refused when it is another: %s', async (line, header) => {
    const answer = await call(era, 'list_organizations', CREATE, [line]);
    expect(answer).toMatchObject({ status: 400, body: { id: 'seven', error: { code: -32020 } } });
    expect(answer.body.error.message.toLowerCase()).toContain(header);
    expect(scalekit.requests).toEqual([]);
  });

  verifies.each('wire.headers', ['t\u00f6\u00f6l', 'who\tami'])(
    'is refused with characters that no value may hold, though they agree: %j',
    async (name) => {
      expectMismatch(await call(era, name, {}, [`Mcp-Name: ${name}`]), 'mcp-name');
    },
  );

  verifies('wire.headers', 'is sent once', async () => {
    const twice = ['Mcp-Name: whoami', 'Mcp-Name: list_organizations'];
    expect((await call(era, 'list_organizations', CREATE, twice)).status).toBe(400);
    expect((await call(era, 'whoami, list_organizations', {}, twice)).status).toBe(400);
    expect((await call(era, 'list_organizations', CREATE, ['Mcp-Method: tools/call', 'Mcp-Method: x'])).status).toBe(
      400,
    );
  });

  verifies('wire.headers', 'may be encoded', async () => {
    const encoded = `Mcp-Name: =?base64?${Buffer.from('list_organizations').toString('base64')}?=`;
    expect((await call(era, 'list_organizations', CREATE, [encoded])).status).toBe(200);
  });
});

describe('headers of the newer revision in the older era', () => {
  verifies('wire.headers', 'decide nothing that the body does not say', async () => {
    const lines = ['Mcp-Method: tools/list', 'Mcp-Name: whoami'];
    const answer = await call('legacy', 'invite_workspace_member', { email: 'a@example.com', role: 'ADMIN' }, lines);
    expectMismatch(answer, 'mcp-method');
  });

  verifies('wire.headers', 'bind notifications too, and may be missing', async () => {
    const notify = (headers: Record<string, string>) =>
      fetch(url, {
        method: 'POST',
        headers: { ...eraHeaders('legacy', ''), authorization: `Bearer ${token}`, ...headers },
        body: '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}',
      });
    expect((await notify({})).status).toBe(202);
    expect((await notify({ 'mcp-method': 'notifications/cancelled' })).status).toBe(202);
    const answer = await notify({ 'mcp-method': 'notifications/initialized' });
    expect([answer.status, ((await answer.json()) as { id: unknown }).id]).toEqual([400, null]);
    expect((await callTool(url, 'legacy', 'whoami', {}, { token })).status).toBe(200);
  });
});

describe('the version in the headers', () => {
  const initialize = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } };

  verifies.each('wire.version-header', ['2026-07-28', '2099-01-01', '2025-06-18', '1999-01-01-nonsense', ''])(
    'says nothing on initialize: %j',
    async (version) => {
      const headers = { 'mcp-protocol-version': version };
      const { status, body } = await rpc(url, 'legacy', 'initialize', initialize, { token, headers });
      expect({ status, version: body.result?.protocolVersion }).toEqual({ status: 200, version: '2025-11-25' });
      const wrong = await rpc(url, 'legacy', 'initialize', {}, { token, headers });
      expect([wrong.status, wrong.body.error.code]).toEqual([200, -32602]);
    },
  );

  verifies.each('wire.version-header', [7, 'abc', 0])('is refused with the id %j on all other requests', async (id) => {
    for (const version of ['1.0', '2099-01-01', '2025-11-25, 2025-11-25', '']) {
      for (const method of ['ping', 'tools/list', 'tools/call']) {
        const headers = { 'mcp-protocol-version': version };
        const params = method === 'tools/call' ? { name: 'whoami', arguments: {} } : {};
        const { status, body } = await rpc(url, 'legacy', method, params, { token, id, headers });
        expect({ version, method, status, id: body.id }).toEqual({ version, method, status: 400, id });
        expect(body.error.message).toContain('MCP-Protocol-Version');
      }
    }
  });
});
