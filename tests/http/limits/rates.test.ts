import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, vi } from 'vitest';
import { catalogue } from '../../../src/tools/index.ts';
import { refusalIn } from '../../fixtures/refusal-in.ts';
import { callTool, type EraName, eraHeaders, type RpcAnswer, type RpcOptions, rpc } from '../../fixtures/rpc.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { verifies } from '../../verifies.ts';

const WINDOW = 900;
const POINTS = 10;
const LIMITS = {
  default: { points: POINTS, seconds: WINDOW },
  tiers: [
    { name: 'trusted', clients: ['m2m_trusted'], points: 20, seconds: WINDOW },
    { name: 'gold', scopes: ['urn:example:gold', 'workspace:write'], points: 15, seconds: WINDOW },
  ],
};

let scalekit: FakeScalekit;
let server: TestServer;
let url: string;
let people = 0;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  scalekit.serveApi((_request, response) => json(response, 200, { organizations: [] }));
  server = await running({ ...scalekit.env, RATE_LIMIT: JSON.stringify(LIMITS) });
  url = `${server.url}/mcp`;
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A token of somebody who has not called yet. */
function newcomer(claims: Record<string, unknown> = {}): Promise<string> {
  people++;
  return scalekit.mint({ claims: { sub: `usr_${people}`, exp: Math.floor(Date.now() / 1000) + 86_400, ...claims } });
}

type Send = (token: string, era?: EraName) => Promise<RpcAnswer>;

const read: Send = (token, era = 'legacy') => callTool(url, era, 'whoami', {}, { token });
const list: Send = (token, era = 'legacy') => rpc(url, era, 'tools/list', {}, { token });
const ping: Send = (token, era = 'legacy') => rpc(url, era, 'ping', {}, { token });

/** What comes back for the head of a message, and the start of its body. */
async function answerBeforeTheEnd(at: string, token: string, length: string, start = ''): Promise<string> {
  const { hostname, port, host } = new URL(at);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const headers = Object.entries({ ...eraHeaders('legacy', ''), host, authorization: `Bearer ${token}` });
  const head = ['POST /mcp HTTP/1.1', ...headers.map(([name, value]) => `${name}: ${value}`), length];
  socket.write(`${head.join('\r\n')}\r\n\r\n${start}`);
  const [answer] = await once(socket, 'data');
  socket.destroy();
  return String(answer);
}

/** How many of these messages a caller has left. Uses them up. */
async function left(token: string, send: Send = read): Promise<number> {
  for (let count = 0; ; count++) {
    if ((await send(token)).status === 429) return count;
  }
}

describe('a caller over its limit', () => {
  verifies.each('limits.rate', ['modern', 'legacy'] as const)(
    'gets 429, Retry-After and an error with its id (%s)',
    async (era) => {
      const token = await newcomer();
      expect(await left(token)).toBe(POINTS);
      scalekit.requests.length = 0;
      const calls = [
        read(token, era),
        callTool(url, era, 'list_organizations', { environmentId: 'env_1' }, { token }),
        callTool(url, era, 'no_such_tool', {}, { token }),
      ];
      for (const { status, headers, body } of await Promise.all(calls)) {
        expect({ status, id: body.id, body: refusalIn(body) }).toEqual({
          status: 429,
          id: 1,
          body: {
            error: 'rate_limit_exceeded',
            error_description: expect.stringMatching(/Repeat it in \d+ seconds/),
            error_uri: expect.stringContaining('rate_limit_exceeded'),
            retryAfterMs: Number(headers.get('retry-after')) * 1000,
          },
        });
        const seconds = Number(headers.get('retry-after'));
        expect(seconds).toBeGreaterThan(WINDOW - 60);
        expect(seconds).toBeLessThanOrEqual(WINDOW);
        expect(headers.get('content-type')).toBe('application/json');
      }
      expect(scalekit.requests).toEqual([]);
      expect(server.lines.find(({ status }) => status === 429)).toMatchObject({ outcome: 'rate_limit_exceeded' });
    },
  );

  verifies(
    'limits.rate',
    'is one person, whatever the token, its client and the spelling of its issuer, and nobody else at that address',
    async () => {
      const claims = { sub: 'usr_busy', client_id: 'm2m_busy' };
      expect(await left(await newcomer(claims))).toBe(POINTS);
      expect(await left(await newcomer({ ...claims, jti: 'another' }))).toBe(0);
      expect(await left(await newcomer({ ...claims, client_id: 'm2m_other' }))).toBe(0);
      expect(await left(await newcomer({ ...claims, iss: scalekit.url }))).toBe(0);
      expect(await left(await newcomer({ ...claims, sub: 'usr_other' }))).toBe(POINTS);
    },
  );

  verifies('limits.rate', 'of all its budgets is told without its body being read', async () => {
    const token = await newcomer();
    for (const send of [read, list, ping]) await left(token, send);
    expect(await answerBeforeTheEnd(url, token, 'content-length: 999')).toMatch(/^HTTP\/1\.1 429 /);
  });

  verifies.each('limits.reading', ['', '*'])(
    'of calls is told without a large body being read, and may talk (STEP_UP_IN_BAND=%s)',
    async (STEP_UP_IN_BAND) => {
      const own = await running({ ...scalekit.env, RATE_LIMIT: JSON.stringify(LIMITS), STEP_UP_IN_BAND });
      const at = `${own.url}/mcp`;
      const token = await newcomer();
      for (let i = 0; i <= POINTS; i++) await callTool(at, 'legacy', 'whoami', {}, { token });
      const chunk = `${(8 * KIB + 1).toString(16)}\r\n${' '.repeat(8 * KIB + 1)}\r\n`;
      for (const [length, start] of [
        [`content-length: ${8 * KIB + 1}`, ''],
        ['transfer-encoding: chunked', chunk],
      ] as const) {
        const answer = await answerBeforeTheEnd(at, token, length, start);
        expect(answer).toMatch(/^HTTP\/1\.1 429 /);
        expect(answer).toMatch(/\r\nRateLimit: "work";r=0;/i);
        expect(answer).toContain('"id":null');
      }
      expect((await post(at, token, pingOf(8 * KIB))).status).toBe(200);
      expect((await post(at, token, notificationOf(4 * KIB))).status).toBe(202);
      await own.stop();
    },
  );

  verifies('limits.rate', 'may ask again when the window has closed, and waits less as time goes by', async () => {
    const token = await newcomer();
    await left(token);
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + (WINDOW - 100) * 1000);
    const { status, headers } = await read(token);
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(100);
    vi.setSystemTime(Date.now() + 101_000);
    expect(await left(token)).toBe(POINTS);
  });

  verifies('limits.costs', 'gets 429 when the call itself goes beyond, and nothing leaves', async () => {
    const token = await newcomer();
    for (let i = 0; i < POINTS - 2; i++) await read(token);
    scalekit.requests.length = 0;
    const args = { environmentId: 'env_1', name: 'One more' };
    expect((await callTool(url, 'legacy', 'create_organization', args, { token })).status).toBe(429);
    expect(scalekit.requests).toEqual([]);
  });
});

const KIB = 1024;

/** A message of so many bytes. */
function padded(message: object, bytes: number): string {
  const at = (pad: string) => JSON.stringify({ jsonrpc: '2.0', ...message, params: { pad } });
  return at('x'.repeat(bytes - at('').length));
}

const pingOf = (bytes: number) => padded({ id: 1, method: 'ping' }, bytes);
const notificationOf = (bytes: number) => padded({ method: 'notifications/progress' }, bytes);

async function* pieces(body: string) {
  for (let at = 0; at < body.length; at += KIB) yield Buffer.from(body.slice(at, at + KIB));
}

/** Sends a body without saying how long it is. */
async function inChunks(token: string, body: string) {
  const headers = { ...eraHeaders('legacy', ''), authorization: `Bearer ${token}` };
  const { status } = await fetch(url, { method: 'POST', headers, body: pieces(body), duplex: 'half' });
  return { status };
}

/** Sends a body by hand, and reads its answer to the end. */
async function post(at: string, token: string, body: string, type = 'application/json') {
  const response = await fetch(at, {
    method: 'POST',
    headers: { ...eraHeaders('legacy', ''), 'content-type': type, authorization: `Bearer ${token}` },
    body,
  });
  await response.arrayBuffer();
  return { status: response.status, headers: response.headers };
}

describe('a message costs', () => {
  const call = (name: string, args: Record<string, unknown> = { environmentId: 'env_1' }) => {
    return (options: RpcOptions) => callTool(url, 'legacy', name, args, options);
  };
  const send = (body: string, type?: string) => {
    return ({ token = '' }: RpcOptions) => post(url, token, body, type);
  };

  verifies.each<[string, number, number, (options: RpcOptions) => Promise<{ status: number }>]>(
    ['limits.costs', 'limits.reading'],
    [
      ['1 that reads', 1, 200, call('list_organizations')],
      ['3 that adds', 3, 200, call('create_organization', { environmentId: 'env_1', name: 'New' })],
      ['3 that overwrites', 3, 200, call('update_organization_settings')],
      ['5 that destroys, preview or not', 5, 200, call('delete_mcp_config', { environmentId: 'env_1', configId: 'x' })],
      [
        '1 that is a call without an id',
        1,
        202,
        send('{"jsonrpc":"2.0","method":"tools/call","params":{"name":"whoami"}}'),
      ],
      ['1 that no method is for', 1, 200, ({ token = '' }) => rpc(url, 'legacy', 'no/such', {}, { token })],
      ['1 that is a notification with an id', 1, 200, send('{"jsonrpc":"2.0","id":1,"method":"notifications/x"}')],
      ['nothing of this that lists', 0, 200, ({ token = '' }) => list(token)],
      ['nothing of this that pings', 0, 200, ({ token = '' }) => ping(token)],
      ['nothing that is a notification', 0, 202, send('{"jsonrpc":"2.0","method":"notifications/initialized"}')],
      ['nothing that is an unknown notification', 0, 202, send('{"jsonrpc":"2.0","method":"notifications/x"}')],
      ['1 that is denied', 1, 403, call('list_workspace_members', {})],
      ['1 that names no tool', 1, 200, call('no_such_tool')],
      ['1 that is malformed', 1, 400, send('{')],
      ['1 that is a batch', 1, 400, send('[]')],
      ['1 that is no JSON', 1, 415, send('x', 'text/plain')],
      ['nothing to read up to 8 KiB', 0, 200, send(pingOf(8 * KIB))],
      ['1 to read above 8 KiB, whatever it says', 1, 200, send(pingOf(8 * KIB + 1))],
      ['1 to read up to 16 KiB', 1, 200, send(pingOf(16 * KIB))],
      ['1 to read for each further 8 KiB', 7, 200, send(pingOf(64 * KIB))],
      [
        'as much to read where its length is not announced',
        7,
        200,
        ({ token = '' }) => inChunks(token, pingOf(64 * KIB)),
      ],
      ['as much to read where it is malformed', 3 + 1, 400, send('{'.padEnd(32 * KIB))],
      ['as much to read where it is denied', 3 + 1, 403, call('list_workspace_members', { x: 'x'.repeat(31 * KIB) })],
      ['nothing that is a notification of 4 KiB', 0, 202, send(notificationOf(4 * KIB))],
      ['1 that is a larger notification', 1, 413, send(notificationOf(4 * KIB + 1))],
      ['as much to read where it is a larger notification', 7 + 1, 413, send(notificationOf(60 * KIB))],
    ],
  )('%s', async (_title, cost, status, message) => {
    const scope = 'environment:read environment:write organization:read organization:write';
    const token = await newcomer({ scope });
    expect((await message({ token })).status).toBe(status);
    expect(await left(token)).toBe(POINTS - cost);
  });

  verifies('limits.costs', 'something for every effect that a tool has', () => {
    const effects = new Set(catalogue.map(({ effect }) => effect));
    expect([...effects].sort()).toEqual(['add', 'destroy', 'overwrite', 'read']);
  });
});

describe('what is read beside tools', () => {
  const uri = 'scalekit://schema/{name}';
  const argument = { name: 'name', value: 'create_' };
  const METHOD_PARAMS = [
    ['resources/read', { uri: 'scalekit://capabilities' }, { 'mcp-name': 'scalekit://capabilities' }],
    ['completion/complete', { ref: { type: 'ref/resource', uri }, argument }, {}],
    ['prompts/get', { name: 'prepare_production', arguments: {} }, {}],
  ] as const;
  const CASES = METHOD_PARAMS.flatMap((one) => (['modern', 'legacy'] as const).map((era) => [...one, era] as const));

  verifies.each('limits.content', CASES)('by %s counts as calls do (%#)', async (method, params, headers, era) => {
    const send: Send = (token) => rpc(url, era, method, params, { token, headers: era === 'modern' ? headers : {} });
    const token = await newcomer();
    const first = await send(token);
    expect([first.status, first.body.error]).toEqual([200, undefined]);
    expect(await left(token, send)).toBe(POINTS - 1);
    const { status, headers: answered, body } = await send(token);
    expect([status, body.id, refusalIn(body).error]).toEqual([429, 1, 'rate_limit_exceeded']);
    expect(Number(answered.get('retry-after'))).toBeGreaterThan(0);
    // Neither is left another way round: it is one budget.
    expect(await left(token)).toBe(0);
    const caller = await newcomer();
    await left(caller);
    expect(await left(caller, send)).toBe(0);
  });
});

describe('talk', () => {
  const initialize: Send = (token) => {
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } };
    return rpc(url, 'legacy', 'initialize', params, { token });
  };
  const POLICY = `"work";q=${POINTS};w=${WINDOW}, "talk";q=${POINTS};w=${WINDOW}`;
  const state = (name: string, remaining: number) =>
    expect.stringMatching(new RegExp(`^"${name}";r=${remaining};t=(${WINDOW}|8\\d\\d)$`));
  const budgetIn = ({ headers }: RpcAnswer) => [headers.get('ratelimit-policy'), headers.get('ratelimit')];

  verifies('limits.talk', 'draws on budgets of its own, which one header tells apart', async () => {
    for (const era of ['modern', 'legacy'] as const) {
      const token = await newcomer();
      expect(budgetIn(await read(token, era))).toEqual([POLICY, state('work', POINTS - 1)]);
      expect(budgetIn(await list(token, era))).toEqual([POLICY, state('talk', POINTS - 1)]);
      expect(await left(token, list)).toBe(POINTS - 1);
      const refused = await list(token, era);
      expect([refused.status, ...budgetIn(refused)]).toEqual([429, POLICY, state('talk', 0)]);
      expect(refusalIn(refused.body)).toMatchObject({ error: 'rate_limit_exceeded' });
      expect(await left(token)).toBe(POINTS - 1);
      const over = await read(token, era);
      expect([over.status, ...budgetIn(over)]).toEqual([429, POLICY, state('work', 0)]);
    }
  });

  verifies('limits.talk', 'is bounded for every message that begins or keeps a connection', async () => {
    const discover: Send = (token) => rpc(url, 'modern', 'server/discover', {}, { token });
    for (const send of [initialize, discover, ping]) {
      const token = await newcomer();
      expect(await left(token, send)).toBe(POINTS);
      expect(await left(token, ping)).toBe(0);
      expect(await left(token, list)).toBe(POINTS);
      expect(await left(token)).toBe(POINTS);
    }
  });

  /** A notification as clients send it, without a body to read in its answer. */
  const notify = (token: string, method: string) => post(url, token, `{"jsonrpc":"2.0","method":"${method}"}`);

  verifies('limits.talk', 'leaves a read with a connection and a list of its own as many as a read alone', async () => {
    const token = await newcomer();
    for (let i = 0; i < POINTS; i++) {
      expect((await initialize(token)).status).toBe(200);
      expect((await notify(token, 'notifications/initialized')).status).toBe(202);
      expect((await read(token)).status).toBe(200);
      expect((await list(token)).status).toBe(200);
    }
    for (const send of [initialize, list, read]) expect((await send(token)).status).toBe(429);
  });

  verifies('limits.talk', 'that is a notification costs nothing, however much of it there is', async () => {
    const token = await newcomer();
    for (let i = 0; i < 20 * POINTS; i++) {
      const { status, headers } = await notify(token, 'notifications/cancelled');
      expect([status, headers.get('ratelimit')]).toEqual([202, null]);
    }
    expect(await left(token)).toBe(POINTS);
  });

  verifies('limits.talk', 'has no header where nothing is limited', async () => {
    const own = await running({ ...scalekit.env, RATE_LIMIT: 'off' });
    const answer = await callTool(`${own.url}/mcp`, 'modern', 'whoami', {}, { token: await newcomer() });
    expect(budgetIn(answer)).toEqual([null, null]);
    await own.stop();
  });
});

describe('a tier', () => {
  verifies('limits.tiers', 'is chosen by client or by scope in any spelling, the first that matches', async () => {
    expect(await left(await newcomer({ client_id: 'm2m_trusted' }))).toBe(20);
    expect(await left(await newcomer({ client_id: 'm2m_trusted', scope: 'urn:example:gold' }))).toBe(20);
    expect(await left(await newcomer({ scope: 'org:read urn:example:gold' }))).toBe(15);
    for (const scope of ['workspace:write', 'wks:write', 'workspace:*']) {
      expect(await left(await newcomer({ scope }))).toBe(15);
    }
    expect(await left(await newcomer({ scope: 'workspace:read' }))).toBe(POINTS);
  });

  verifies('limits.tiers', 'is chosen by the tools that a token names, too: they need its scope', async () => {
    for (const scope of ['mcp:tools:*', 'org:read mcp:tools:invite_workspace_member']) {
      expect(await left(await newcomer({ scope }))).toBe(15);
    }
    expect(await left(await newcomer({ scope: 'mcp:tools:list_environments' }))).toBe(POINTS);
  });

  verifies('limits.tiers', 'is 1000 points for everybody when nothing is said, and none when it is off', async () => {
    for (const [RATE_LIMIT, expected] of [
      ['', 200],
      ['off', 201],
    ] as const) {
      const own = await running({ ...scalekit.env, RATE_LIMIT });
      const token = await newcomer({ scope: 'environment:write' });
      // At 5 points each.
      const ask = () => callTool(`${own.url}/mcp`, 'legacy', 'delete_mcp_config', {}, { token });
      const answers = await Promise.all(Array.from({ length: 201 }, ask));
      const good = answers.filter(({ status }) => status === 200).length;
      expect({ RATE_LIMIT, good }).toEqual({ RATE_LIMIT, good: expected });
      await own.stop();
    }
  });
});
