import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { probeTools } from '../../fixtures/probe-tools.ts';
import { refusalIn } from '../../fixtures/refusal-in.ts';
import { callTool, eraHeaders, type RpcAnswer, rpc, rpcBody } from '../../fixtures/rpc.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { verifies } from '../../verifies.ts';

const ERAS = ['modern', 'legacy'] as const;

let scalekit: FakeScalekit;
let server: TestServer;
let url: string;
let probe: ReturnType<typeof probeTools>['probe'];
let labels = 0;

beforeEach(async () => {
  scalekit = await FakeScalekit.start();
});
afterEach(async () => {
  await server.stop();
  await scalekit.close();
});

async function startServer(env: Record<string, string>): Promise<void> {
  const probes = probeTools();
  probe = probes.probe;
  server = await running({ ...scalekit.env, ...env }, probes.tools);
  url = `${server.url}/mcp`;
}

const tokenOf = (sub: string) => scalekit.mint({ claims: { sub } });

/** A call that runs until it is told to finish. */
async function occupy(token: string, era: (typeof ERAS)[number] = 'modern') {
  labels++;
  const label = `call-${labels}`;
  const controller = new AbortController();
  const answer = callTool(url, era, 'probe_slow', { label }, { token, signal: controller.signal });
  const ended = answer.catch(() => undefined);
  await expect.poll(() => probe.started).toContain(label);
  return {
    finish: () => {
      probe.finish(label);
      return ended;
    },
    leave: async () => {
      controller.abort();
      await ended;
      await expect.poll(() => probe.aborted).toContain(label);
    },
  };
}

const quick = (token: string) => callTool(url, 'legacy', 'probe_quiet', { label: 'x' }, { token });

function expectRefused({ status, headers, body }: RpcAnswer, reason: RegExp): void {
  expect({ status, retryAfter: headers.get('retry-after'), body: refusalIn(body) }).toEqual({
    status: 503,
    retryAfter: '1',
    body: {
      error: 'server_error',
      error_description: expect.stringMatching(reason),
      error_uri: expect.stringContaining('server_error'),
      retryAfterMs: 1000,
    },
  });
}

/** A connection on which a request has been written, with a body that may be longer than what came of it. */
async function socketWith(token: string, body: string, length: number): Promise<Socket> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = ['POST /mcp HTTP/1.1', `Host: ${host}`, `Authorization: Bearer ${token}`, `Content-Length: ${length}`];
  const request = `${head.join('\r\n')}\r\nContent-Type: application/json\r\n\r\n${body}`;
  await new Promise((resolve) => socket.write(request, resolve));
  return socket;
}

/** Fails unless a caller has exactly two seats free. */
async function expectTwoSeats(token: string): Promise<void> {
  const calls = [await occupy(token), await occupy(token, 'legacy')];
  expectRefused(await quick(token), /your calls/);
  expect((await calls.shift()?.finish())?.status).toBe(200);
  calls.push(await occupy(token));
  expectRefused(await quick(token), /your calls/);
  for (const call of calls) expect((await call.finish())?.status).toBe(200);
}

describe('calls at the same time', () => {
  verifies('limits.concurrency', 'are limited for each caller', async () => {
    await startServer({ MAX_CALLS_PER_CALLER: '2' });
    const [anna, ben] = [await tokenOf('usr_anna'), await tokenOf('usr_ben')];
    const calls = [await occupy(anna), await occupy(anna)];
    expectRefused(await quick(anna), /your calls/);
    expectRefused(await rpc(url, 'modern', 'tools/list', {}, { token: anna }), /your calls/);
    expect((await quick(ben)).status).toBe(200);
    await expect
      .poll(() => server.lines.find(({ status }) => status === 503))
      .toMatchObject({ outcome: 'too_many_calls', caller: 'usr_anna' });
    for (const call of calls) await call.finish();
    expect((await quick(anna)).status).toBe(200);
  });

  verifies('limits.concurrency', 'are limited for a person, with however many clients', async () => {
    await startServer({ MAX_CALLS_PER_CALLER: '2' });
    const through = (client: string, iss = scalekit.issuer) =>
      scalekit.mint({ claims: { sub: 'usr_anna', client_id: client, iss } });
    const calls = [await occupy(await through('m2m_1')), await occupy(await through('m2m_2', scalekit.url))];
    expectRefused(await quick(await through('m2m_3')), /your calls/);
    for (const call of calls) await call.finish();
  });

  verifies('limits.concurrency', 'are limited in all', async () => {
    await startServer({ MAX_CALLS: '3', MAX_CALLS_PER_CALLER: '2' });
    const other = await tokenOf('usr_other');
    for (const round of ['first', 'second']) {
      const calls = [];
      for (const number of [1, 2, 3]) calls.push(await occupy(await tokenOf(`usr_${round}_${number}`)));
      expectRefused(await quick(other), /as many calls as it can/);
      await calls.pop()?.leave();
      await expect.poll(async () => (await quick(other)).status).toBe(200);
      for (const call of calls) await call.finish();
    }
    expect(server.lines.find(({ status }) => status === 503)).toMatchObject({ outcome: 'overloaded' });
  });

  verifies('limits.concurrency', 'free their seat once, however they end', async () => {
    await startServer({ MAX_CALLS_PER_CALLER: '2' });
    const token = await tokenOf('usr_1');
    await expectTwoSeats(token);
    for (const era of ERAS) {
      const calls = [await occupy(token, era), await occupy(token, era)];
      for (const call of calls) await call.leave();
      await expect.poll(async () => (await quick(token)).status).toBe(200);
      await expectTwoSeats(token);
    }
    const headers = { ...eraHeaders('legacy', ''), authorization: `Bearer ${token}` };
    for (const body of ['{', '[]', JSON.stringify(rpcBody('legacy', 'tools/call', { name: 'no_such_tool' }))]) {
      await fetch(url, { method: 'POST', headers, body });
    }
    await expectTwoSeats(token);
  });

  verifies(
    'limits.concurrency',
    'need no seat before their body is there, and free it when the client leaves in the middle of a stream',
    async () => {
      await startServer({ MAX_CALLS_PER_CALLER: '2' });
      const token = await tokenOf('usr_1');
      const sockets = [await socketWith(token, '{', 99), await socketWith(token, '{', 99)];
      await expectTwoSeats(token);
      for (const socket of sockets) socket.destroy();
      await expectTwoSeats(token);

      const warnings: Error[] = [];
      process.on('warning', (warning) => warnings.push(warning));
      const stream = new AbortController();
      const params = { name: 'probe_slow', arguments: { label: 'streamed' } };
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...eraHeaders('modern', 'tools/call', params), authorization: `Bearer ${token}` },
        body: JSON.stringify(rpcBody('modern', 'tools/call', params, 1, { progressToken: 1 })),
        signal: stream.signal,
      });
      await response.body?.getReader().read();
      stream.abort();
      await expect.poll(() => probe.aborted).toContain('streamed');
      expect(warnings).toEqual([]);
      await expectTwoSeats(token);
    },
  );

  verifies('limits.concurrency', 'take no seat for a client that left while its token was checked', async () => {
    let publish: (() => void) | undefined;
    const published = new Promise<void>((resolve) => {
      publish = resolve;
    });
    scalekit.keys = async (_request, response) => {
      await published;
      json(response, 200, { keys: [scalekit.key.jwk] });
    };
    await startServer({ MAX_CALLS_PER_CALLER: '2' });
    const token = await tokenOf('usr_1');
    for (let i = 0; i < 3; i++) {
      const socket = await socketWith(token, '{}', 2);
      socket.destroy();
    }
    await expect.poll(() => server.lines.filter(({ outcome }) => outcome === 'client_closed').length).toBe(3);
    publish?.();
    await expectTwoSeats(token);
  });
});
