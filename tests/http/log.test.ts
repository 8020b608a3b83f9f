import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect } from 'vitest';
import { catalogue } from '../../src/tools/index.ts';
import { probeTools } from '../fixtures/probe-tools.ts';
import { eraHeaders, rpcBody } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

const { probe, tools } = probeTools();

let scalekit: FakeScalekit;
let server: TestServer;
let token: string;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  server = await running(scalekit.env, [...catalogue, ...tools]);
  token = await scalekit.mint();
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});

/** Posts a message, and waits for its answer and for what the log says of it. */
async function logged(message: object, headers: Record<string, string> = eraHeaders('legacy', '')) {
  const clientRequestId = randomUUID();
  const response = await fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${token}`, 'x-request-id': clientRequestId },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
  });
  const answer = await response.text();
  const ownId = response.headers.get('x-server-request-id');
  const lines = () => server.lines.filter((line) => line['requestId'] === ownId);
  const lineOf = (event: string) => lines().find((line) => line['event'] === event);
  await expect.poll(() => lineOf('request')).toBeDefined();
  return { answer, request: lineOf('request'), protocol: lineOf('protocol') };
}

verifies.each<[string, object, Record<string, string>?]>('log.no-secrets', [
  ['a result', { id: 1, result: { note: 'private text' } }],
  ['an error', { id: 1, error: { code: 1, message: 'private text' } }],
  [
    'progress',
    { method: 'notifications/progress', params: { progressToken: 1, progress: 1, message: 'private text' } },
  ],
  ['a call that names no tool', { id: 1, method: 'tools/call', params: { name: 'private text', arguments: 5 } }],
  [
    'a method that its header contradicts',
    { method: 'private text' },
    { ...eraHeaders('modern', 'tools/list'), 'mcp-method': 'tools/list' },
  ],
])('nothing of the body of %s is logged', async (_name, message, headers) => {
  const before = server.logText().length;
  await logged(message, headers);
  expect(server.logText().slice(before)).not.toContain('private text');
});

verifies('log.no-secrets', 'a complaint of the protocol layer is logged by its kind, with the request', async () => {
  const { protocol, request } = await logged({ method: 'notifications/cancelled', params: { requestId: {} } });
  expect(protocol).toEqual({
    timestamp: expect.any(String),
    level: 'debug',
    event: 'protocol',
    requestId: request?.['requestId'],
    error: 'Error',
  });
});

verifies('log.no-secrets', 'a method that goes on for ever is not logged', async () => {
  const method = `tools/${'x'.repeat(50_000)}`;
  const { request } = await logged({ id: 1, method });
  expect(request?.['rpc']).toBe('_OTHER');
});

const call = (name: string, args: unknown = {}) => ({ id: 1, method: 'tools/call', params: { name, arguments: args } });

verifies.each('log.line', [
  ['a call', call('whoami'), 'ok', 200],
  ['a list', { id: 1, method: 'tools/list' }, 'ok', 200],
  ['ping', { id: 1, method: 'ping' }, 'ok', 200],
  ['an unknown tool', call('nobody'), 'protocol_error', 200],
  ['arguments that are none', call('whoami', 5), 'protocol_error', 200],
  ['a cursor', { id: 1, method: 'tools/list', params: { cursor: 'x' } }, 'protocol_error', 200],
  ['an unknown method', { id: 1, method: 'tools/steal' }, 'protocol_error', 200],
  ['a call that wants no answer', { ...call('whoami'), id: undefined }, 'accepted', 202],
  ['a notification', { method: 'notifications/initialized' }, 'accepted', 202],
  ['a response', { id: 1, result: {} }, 'refused', 400],
  ['no message', { id: 1 }, 'refused', 400],
  ['a wrong argument', call('whoami', { x: 1 }), 'invalid_arguments', 200],
  ['a defect', call('probe_broken'), 'internal_error', 200],
])('the outcome of %s is logged', async (_name, message, outcome, status) => {
  expect((await logged(message)).request).toMatchObject({ outcome, status });
});

verifies.each('log.line', [
  ['tools/call', { name: 'whoami', arguments: {} }, 'ok', 200],
  ['tools/call', { name: 'nobody', arguments: {} }, 'protocol_error', 200],
  ['tools/list', { unknown: true }, 'ok', 200],
  ['tools/list', { cursor: 'x' }, 'protocol_error', 200],
  ['tools/steal', {}, 'protocol_error', 404],
  ['subscriptions/listen', { notifications: {} }, 'ok', 200],
  ['subscriptions/listen', { notifications: 5 }, 'protocol_error', 200],
])('the outcome of %s with %j is logged in the new era', async (method, params, outcome, status) => {
  const { request } = await logged(rpcBody('modern', method, params), eraHeaders('modern', method, params));
  expect(request).toMatchObject({ rpc: method === 'tools/steal' ? '_OTHER' : method, outcome, status });
});

verifies.each('log.line', ['modern', 'legacy'] as const)(
  'the outcome of a stream is what its tool says (%s)',
  async (era) => {
    const stream = (label: unknown) => {
      const params = { name: 'probe_slow', arguments: { label } };
      const message = rpcBody(era, 'tools/call', params, 1, { progressToken: 1 });
      return logged(message, eraHeaders(era, 'tools/call', params));
    };
    const slow = stream(`logged-${era}`);
    await expect.poll(() => probe.started).toContain(`logged-${era}`);
    probe.finish(`logged-${era}`);
    const { answer, request } = await slow;
    expect(answer).toContain('notifications/progress');
    expect(request).toMatchObject({ tool: 'probe_slow', outcome: 'ok', status: 200 });
    expect((await stream(true)).request).toMatchObject({ outcome: 'invalid_arguments', status: 200 });
  },
);

verifies('log.line', 'the outcome of a stream whose tool never ran is an error', async () => {
  const params = { name: 'probe_slow', arguments: { label: 'x' }, task: 5, _meta: { progressToken: 1 } };
  const { answer, request } = await logged({ id: 1, method: 'tools/call', params });
  expect(answer).toContain('-32602');
  expect(request).toMatchObject({ outcome: 'protocol_error', status: 200 });
});

verifies(
  ['log.no-secrets', 'audit.no-secrets'],
  'secrets in a path, in a header and in place of a method reach neither log nor ledger',
  async () => {
    const audited = await running({ AUDIT_LOG: 'stderr' });
    const secret = 'live_A1b2C3d4E5f6G7h8J9k0L1';
    const bearer = await audited.token();
    await fetch(`${audited.url}/${bearer}`);
    const headers = {
      ...eraHeaders('legacy', ''),
      authorization: `Bearer ${bearer}`,
      'user-agent': `Bearer ${bearer}`,
    };
    for (const message of [call('whoami'), { id: 1, method: `x ${secret}` }]) {
      const body = JSON.stringify({ jsonrpc: '2.0', ...message });
      await (await fetch(`${audited.url}/mcp`, { method: 'POST', headers, body })).text();
    }
    await audited.stop();
    expect(audited.ledger()).toContain('"user_agent":"Bearer [redacted]"');
    for (const text of [audited.logText(), audited.ledger()]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(bearer.slice(0, 60));
    }
  },
);
