import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, vi } from 'vitest';
import { catalogue } from '../../../src/tools/index.ts';
import { callTool, type EraName, eraHeaders, type RpcOptions, rpc } from '../../fixtures/rpc.ts';
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

const list = (token: string, era: EraName = 'legacy') => rpc(url, era, 'tools/list', {}, { token });

/** How many reads a caller has left. Uses them up. */
async function left(token: string): Promise<number> {
  for (let count = 0; ; count++) {
    if ((await list(token)).status === 429) return count;
  }
}

describe('a caller over its limit', () => {
  verifies.each('limits.rate', ['modern', 'legacy'] as const)(
    'gets 429, Retry-After and an OAuth error (%s)',
    async (era) => {
      const token = await newcomer();
      expect(await left(token)).toBe(POINTS);
      scalekit.requests.length = 0;
      const calls = [
        list(token, era),
        callTool(url, era, 'list_organizations', { environmentId: 'env_1' }, { token }),
        callTool(url, era, 'no_such_tool', {}, { token }),
      ];
      for (const { status, headers, body } of await Promise.all(calls)) {
        expect({ status, body }).toEqual({
          status: 429,
          body: {
            error: 'rate_limit_exceeded',
            error_description: expect.stringMatching(/Repeat it in \d+ seconds/),
            error_uri: expect.stringContaining('rate_limit_exceeded'),
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

  verifies('limits.rate', 'is told without its body being read', async () => {
    const token = await newcomer();
    await left(token);
    const { hostname, port, host } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const headers = Object.entries({ ...eraHeaders('legacy', ''), host, authorization: `Bearer ${token}` });
    const head = ['POST /mcp HTTP/1.1', ...headers.map(([name, value]) => `${name}: ${value}`), 'content-length: 999'];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 429 /);
    socket.destroy();
  });

  verifies('limits.rate', 'may ask again when the window has closed, and waits less as time goes by', async () => {
    const token = await newcomer();
    await left(token);
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + (WINDOW - 100) * 1000);
    const { status, headers } = await list(token);
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(100);
    vi.setSystemTime(Date.now() + 101_000);
    expect(await left(token)).toBe(POINTS);
  });

  verifies('limits.costs', 'gets 429 when the call itself goes beyond, and nothing leaves', async () => {
    const token = await newcomer();
    for (let i = 0; i < POINTS - 2; i++) await list(token);
    scalekit.requests.length = 0;
    const args = { environmentId: 'env_1', name: 'One more' };
    expect((await callTool(url, 'legacy', 'create_organization', args, { token })).status).toBe(429);
    expect(scalekit.requests).toEqual([]);
  });
});

describe('a message costs', () => {
  const post = (token: string, body: string, type = 'application/json') =>
    fetch(url, {
      method: 'POST',
      headers: { ...eraHeaders('legacy', ''), 'content-type': type, authorization: `Bearer ${token}` },
      body,
    }).then(({ status }) => ({ status }));
  const call = (name: string, args: Record<string, unknown> = { environmentId: 'env_1' }) => {
    return (options: RpcOptions) => callTool(url, 'legacy', name, args, options);
  };
  const send = (body: string, type?: string) => {
    return ({ token = '' }: RpcOptions) => post(token, body, type);
  };

  verifies.each<[string, number, number, (options: RpcOptions) => Promise<{ status: number }>]>('limits.costs', [
    ['1 that reads', 1, 200, call('list_organizations')],
    ['3 that adds', 3, 200, call('create_organization', { environmentId: 'env_1', name: 'New' })],
    ['3 that overwrites', 3, 200, call('update_organization_settings')],
    ['5 that destroys, preview or not', 5, 200, call('delete_mcp_config', { environmentId: 'env_1', configId: 'x' })],
    ['1 that lists', 1, 200, ({ token = '' }) => list(token)],
    ['1 that is a notification', 1, 202, send('{"jsonrpc":"2.0","method":"notifications/initialized"}')],
    ['1 that is denied', 1, 403, call('list_workspace_members', {})],
    ['1 that names no tool', 1, 200, call('no_such_tool')],
    ['1 that is malformed', 1, 400, send('{')],
    ['1 that is a batch', 1, 400, send('[]')],
    ['1 that is no JSON', 1, 415, send('x', 'text/plain')],
  ])('%s', async (_title, cost, status, message) => {
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
