import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { scrape } from '../../fixtures/metrics.ts';
import { rawCall, rawConnection } from '../../fixtures/raw-connection.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit } from '../../fixtures/scalekit.ts';
import { verifies } from '../../verifies.ts';

/** How many connections of one person send at the same time. */
const FLOOD = 200;

let scalekit: FakeScalekit;
let server: TestServer;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  server = await running({ ...scalekit.env, METRICS_PORT: '0' });
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});

/** A connection that has been used, so that the server has it in hand. */
async function used(token: string) {
  const connection = await rawConnection(server.localUrl);
  const call = rawCall(`${server.localUrl}/mcp`, token, 'no_such_tool', {});
  const send = () => connection.send(call);
  send();
  await once(connection.socket, 'data');
  const [head = '', body = ''] = call.split('\r\n\r\n');
  return {
    send,
    sendHead: () => connection.send(head, '\r\n\r\n'),
    sendBody: () => connection.send(body),
    socket: connection.socket,
  };
}

/** Who was answered, in order. */
const answered = () => server.lines.filter(({ event }) => event === 'request').map(({ caller }) => caller);

describe('somebody who sends hundreds of calls at once', () => {
  verifies('limits.fair-share', 'keeps nobody waiting until the last of them is answered', async () => {
    const [anna, bert] = await Promise.all(['usr_anna', 'usr_bert'].map((sub) => scalekit.mint({ claims: { sub } })));
    const flood = await Promise.all(Array.from({ length: FLOOD }, () => used(anna as string)));
    const other = await used(bert as string);
    const before = answered().length;
    // All of it has been sent before the server reads any of it, and what the other person sends is the last.
    for (const { send } of flood) send();
    other.send();
    await expect.poll(() => answered().length).toBe(before + FLOOD + 1);
    expect(answered().slice(before).indexOf('usr_bert')).toBeLessThan(FLOOD / 4);
    for (const { socket } of [...flood, other]) socket.destroy();
  });

  verifies('limits.fair-share', 'does not either where their bodies come later, all at once', async () => {
    const [anna, bert] = await Promise.all(['usr_anna', 'usr_bert'].map((sub) => scalekit.mint({ claims: { sub } })));
    const flood = await Promise.all(Array.from({ length: FLOOD }, () => used(anna as string)));
    const other = await used(bert as string);
    const before = answered().length;
    const received = async () => (await scrape(server)).sum('http_server_active_requests');
    for (const { sendHead } of flood) sendHead();
    // All of them are waited for.
    await expect.poll(received).toBeGreaterThanOrEqual(FLOOD);
    for (const { sendBody } of flood) sendBody();
    other.send();
    await expect.poll(() => answered().length).toBe(before + FLOOD + 1);
    expect(answered().slice(before).indexOf('usr_bert')).toBeLessThan(FLOOD / 4);
    for (const { socket } of [...flood, other]) socket.destroy();
  });
});
