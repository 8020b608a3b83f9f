import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { z } from 'zod';
import { toolset } from '../../../src/core/toolset.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { probeTools } from '../../fixtures/probe-tools.ts';
import { refusalIn } from '../../fixtures/refusal-in.ts';
import { callTool, eraHeaders, rpc } from '../../fixtures/rpc.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit } from '../../fixtures/scalekit.ts';
import { verifies } from '../../verifies.ts';

const KIB = 1024;
const BUDGETS = { MAX_BYTES_IN_FLIGHT: '4194304', MAX_BYTES_IN_FLIGHT_PER_CALLER: '2097152' };
/** So many requests that are being received fill the budget of a person, whatever they announce. */
const REQUESTS = 128;

let scalekit: FakeScalekit;
let server: TestServer;
let url: string;
const sockets: Socket[] = [];

beforeEach(async () => {
  scalekit = await FakeScalekit.start();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.stop();
  await scalekit.close();
});

async function startServer(env: Record<string, string> = {}): Promise<void> {
  server = await running({ ...scalekit.env, AGENT_TOOL_EXECUTION: 'on', ...env }, [
    ...catalogue,
    ...probeTools().tools,
  ]);
  url = `${server.url}/mcp`;
}

const tokenOf = (sub: string, client = 'm2m_1') =>
  scalekit.mint({ claims: { sub, client_id: client, scope: 'environment:write' } });
const ping = (token: string) => rpc(url, 'legacy', 'ping', {}, { token });

/** A request on a connection of its own, and whatever is answered to it. */
async function send(token: string | undefined, headers: readonly string[], body = '') {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes;
  });
  const usual = Object.entries(eraHeaders('legacy', '')).map(([name, value]) => `${name}: ${value}`);
  const head = ['POST /mcp HTTP/1.1', `Host: ${host}`, ...usual, ...headers];
  if (token !== undefined) head.push(`Authorization: Bearer ${token}`);
  await new Promise((resolve) => socket.write(`${head.join('\r\n')}\r\n\r\n${body}`, resolve));
  return { socket, text: () => text };
}

/** Requests that stop in the middle of their bodies. */
function stall(token: string, requests: number, length: number) {
  return Promise.all(Array.from({ length: requests }, () => send(token, [`Content-Length: ${length}`], '{"x":"')));
}

/** How many of these have been refused for want of room. */
const refused = (requests: readonly { text(): string }[]) =>
  requests.filter(({ text }) => /^HTTP\/1\.1 503 [\s\S]*retry-after: 1\r\n/i.test(text())).length;

describe('bodies that do not arrive', () => {
  verifies('limits.bodies', 'keep out whoever sends them, with however many clients, and nobody else', async () => {
    await startServer(BUDGETS);
    const [one, two] = [await tokenOf('usr_slow', 'm2m_1'), await tokenOf('usr_slow', 'm2m_2')];
    const requests = [...(await stall(one, 80, 1000)), ...(await stall(two, 80, 10))];
    await expect.poll(() => refused(requests)).toBe(160 - REQUESTS);
    expect((await ping(one)).status).toBe(503);
    expect((await ping(await tokenOf('usr_other'))).status).toBe(200);
    expect(server.lines.find(({ status }) => status === 503)).toMatchObject({
      outcome: 'too_many_calls',
      caller: 'usr_slow',
    });
  });

  verifies('limits.bodies', 'give back what they held, however their connections end', async () => {
    await startServer(BUDGETS);
    const token = await tokenOf('usr_slow');
    for (const end of [
      (socket: Socket) => socket.destroy(),
      (socket: Socket) => socket.resetAndDestroy(),
      (socket: Socket) => socket.end(),
      (socket: Socket) => socket.write('x'.repeat(1000)),
    ]) {
      const requests = await stall(token, REQUESTS, 900);
      await expect.poll(async () => (await ping(token)).status).toBe(503);
      for (const { socket } of requests) end(socket);
      await expect.poll(async () => (await ping(token)).status).toBe(200);
      const again = await stall(token, REQUESTS, 900);
      await expect.poll(async () => (await ping(token)).status).toBe(503);
      expect(refused(again)).toBe(0);
      for (const { socket } of again) socket.destroy();
      await expect.poll(async () => (await ping(token)).status).toBe(200);
    }
  });

  verifies(['limits.bodies', 'limits.concurrency'], 'take no place for calls', async () => {
    await startServer({ MAX_CALLS: '2', MAX_CALLS_PER_CALLER: '1' });
    const token = await tokenOf('usr_slow');
    await stall(token, 5, 1000);
    expect((await ping(token)).status).toBe(200);
    expect((await ping(await tokenOf('usr_other'))).status).toBe(200);
  });

  verifies('limits.bodies', 'of chunks hold room as they grow', async () => {
    await startServer({ ...BUDGETS, MAX_BYTES_IN_FLIGHT_PER_CALLER: '2097152' });
    const token = await tokenOf('usr_slow');
    const chunk = `${(60 * KIB).toString(16)}\r\n${'x'.repeat(60 * KIB)}\r\n`;
    const requests = await Promise.all(
      Array.from({ length: 40 }, () => send(token, ['Transfer-Encoding: chunked'], chunk)),
    );
    await expect.poll(() => refused(requests)).toBe(40 - 2048 / 64);
    expect((await ping(await tokenOf('usr_other'))).status).toBe(200);
  });

  verifies('token.before-body', 'are not waited for without a token', async () => {
    await startServer();
    const { text } = await send(undefined, ['Content-Length: 1000']);
    await expect.poll(text).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe('a body that is kept while its call runs', () => {
  verifies('limits.bodies', 'takes what it is parsed to', async () => {
    const waiting: (() => void)[] = [];
    const { tools } = toolset('probes', { area: 'workspace', place: 'workspace' }, (t) => [
      t.read('probe_many', {
        description: 'For tests.',
        scope: null,
        input: { values: z.array(z.number()).max(6_000) },
        output: {},
        run: () => new Promise((resolve) => waiting.push(() => resolve({}))),
      }),
    ]);
    server = await running({ ...scalekit.env, ...BUDGETS }, tools);
    url = `${server.url}/mcp`;
    const token = await tokenOf('usr_slow');
    // 10 kB of JSON, for which some hundreds are reckoned.
    const args = { values: Array.from({ length: 5_000 }, () => 1) };
    const call = () => callTool(url, 'modern', 'probe_many', args, { token });
    const calls = [call(), call()];
    await expect.poll(() => waiting.length).toBe(2);
    expect((await call()).status).toBe(503);
    expect((await ping(token)).status).toBe(200);
    for (const finish of waiting.splice(0)) finish();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200]);
    const again = call();
    await expect.poll(() => waiting.length).toBe(1);
    for (const finish of waiting) finish();
    expect((await again).status).toBe(200);
  });

  verifies(
    ['limits.bodies', 'limits.patience'],
    'is gone once its call is refused, while the answer waits',
    async () => {
      const room = { MAX_BYTES_IN_FLIGHT: '268435456', MAX_BYTES_IN_FLIGHT_PER_CALLER: '134217728' };
      const RATE_LIMIT = JSON.stringify({ default: { points: 100_000, seconds: 900 } });
      await startServer({ ...room, RATE_LIMIT, ALLOWED_SUBJECTS: 'usr_other' });
      const token = await tokenOf('usr_stranger');
      const args = { x: Array.from({ length: 4_900 }, () => ({})) };
      const ask = () => callTool(url, 'legacy', 'whoami', args, { token });
      const decided = () => server.lines.filter(({ event }) => event === 'scope_check').length;
      // As many as are answered at once, and so many more that they wait for a while.
      await Promise.all(Array.from({ length: 30 }, ask));
      const before = heapAfterCollection();
      const waiting = Array.from({ length: 60 }, ask);
      await expect.poll(decided).toBe(90);
      const grown = heapAfterCollection() - before;
      expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(Array(60).fill(403));
      // All of them together: 60 times 4,900 objects of 56 bytes and more.
      expect(grown).toBeLessThan((60 * 4_900 * 56) / 2);
    },
  );
});

/** What the process keeps, in bytes. */
function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

describe('a body above 64 KiB', () => {
  const padding = 'x'.repeat(70_000);

  verifies('wire.too-large', 'is for tools with long arguments alone, and refused by id', async () => {
    await startServer();
    const token = await tokenOf('usr_1');
    // More than 64 KiB on the wire, within the limit of the argument.
    const paramsJson = JSON.stringify({ text: 'é"\n'.repeat(12_000) });
    const execute = { environmentId: 'env_1', toolName: 'x', connectedAccountId: 'ca_1', paramsJson };
    for (const era of ['modern', 'legacy'] as const) {
      const served = await callTool(url, era, 'execute_agent_tool', execute, { token });
      expect(served.status).toBe(200);
      expect(JSON.stringify(served.body)).toContain('unexpected_response');
    }
    for (const [method, params] of [
      ['ping', {}],
      ['tools/list', {}],
      ['tools/call', { name: 'whoami', arguments: {} }],
      ['tools/call', { name: 'no_such_tool', arguments: {} }],
      ['no/such/method', {}],
    ] as const) {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 'mine', method, params: { ...params, padding } });
      const headers = { ...eraHeaders('legacy', ''), authorization: `Bearer ${token}` };
      const response = await fetch(url, { method: 'POST', headers, body });
      const answer = (await response.json()) as { id: unknown; error: { code: number } };
      expect({ status: response.status, id: answer.id, code: answer.error.code }).toEqual({
        status: 413,
        id: 'mine',
        code: -32000,
      });
      expect(refusalIn(answer)).toMatchObject({
        error: 'invalid_request',
        error_description: expect.stringMatching(/larger than 65536 bytes.*Send a smaller one/),
      });
    }
  });

  verifies('wire.too-large', 'is not read when a header names a tool that needs none', async () => {
    await startServer();
    const token = await tokenOf('usr_1');
    const { text } = await send(token, ['Mcp-Name: whoami', 'Content-Length: 70000']);
    await expect.poll(text).toMatch(/^HTTP\/1\.1 413 [\s\S]*larger than 65536 bytes/);
    const waiting = await send(token, ['Mcp-Name: execute_agent_tool', 'Content-Length: 70000']);
    expect((await ping(token)).status).toBe(200);
    expect(waiting.text()).toBe('');
  });

  verifies('limits.bodies', 'leaves half of the room to others', async () => {
    await startServer(BUDGETS);
    const token = await tokenOf('usr_slow');
    const requests = await stall(token, 4, 400_000);
    await expect.poll(() => refused(requests)).toBe(2);
    expect((await ping(token)).status).toBe(200);
  });
});

verifies.each<['modern' | 'legacy']>('wire.ids', [['modern'], ['legacy']])(
  'an id has at most 256 characters, and a longer one is not sent back (%s)',
  async (era) => {
    await startServer();
    const token = await tokenOf('usr_1');
    for (const method of ['tools/list', 'ping', 'no/such/method']) {
      const longest = await rpc(url, era, method, {}, { token, id: 'é'.repeat(256) });
      expect(longest.body.id).toBe('é'.repeat(256));
      const { status, body } = await rpc(url, era, method, {}, { token, id: 'x'.repeat(257) });
      expect({ status, id: body.id, code: body.error.code }).toEqual({ status: 400, id: null, code: -32600 });
      expect(refusalIn(body).error_description).toMatch(/^The id .* longer than 256 characters/);
    }
    const meta = { progressToken: 'x'.repeat(257) };
    const { status, body } = await callTool(url, era, 'probe_quiet', { label: 'a' }, { token, meta });
    expect({ status, id: body.id, message: body.error.message }).toMatchObject({
      status: 400,
      id: 1,
      message: expect.stringContaining('progressToken'),
    });
  },
);
