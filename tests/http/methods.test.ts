import { afterAll, beforeAll, describe, expect } from 'vitest';
import { eraHeaders, rpc, rpcBody } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

let server: TestServer;
let url: string;
let token: string;

beforeAll(async () => {
  server = await running();
  url = `${server.url}/mcp`;
  token = await server.token();
});
afterAll(() => server.stop());

/** Methods of the protocol that this server does not serve, and others that nobody does. */
const UNSERVED = [
  'resources/subscribe',
  'logging/setLevel',
  'sampling/createMessage',
  'elicitation/create',
  'roots/list',
  'tasks/list',
  'Tools/Call',
  'tools/call ',
  'tools',
  'constructor',
  '__proto__',
] as const;

describe.each(['modern', 'legacy'] as const)('a method that is not served (%s)', (era) => {
  verifies.each('wire.closed-gate', UNSERVED)('is refused: %s', async (method) => {
    const before = server.exchanges.length;
    const headers = era === 'modern' ? { 'mcp-method': method.trim() } : {};
    const params = { name: 'whoami', arguments: {}, uri: 'whoami', ref: {} };
    const { body } = await rpc(url, era, method, params, { token, headers: { ...headers, 'mcp-name': 'whoami' } });
    expect(body).not.toHaveProperty('result');
    // A header cannot say `tools/call ` with its space, and then contradicts the body.
    expect(body.error.code).toBe(era === 'modern' && method !== method.trim() ? -32020 : -32601);
    expect(server.exchanges.length).toBe(before);
  });
});

verifies('wire.closed-gate', 'a notification that is not known is taken and runs nothing', async () => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...eraHeaders('legacy', ''), authorization: `Bearer ${token}` },
    body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/unheard-of', params: {} }),
  });
  expect([response.status, await response.text()]).toEqual([202, '']);
});

verifies(
  'wire.closed-gate',
  'a method that is not served says first which headers of its era are missing',
  async () => {
    const params = { name: 'whoami' };
    for (const missing of ['mcp-method', 'mcp-protocol-version']) {
      const headers = Object.entries(eraHeaders('modern', 'nope', params)).filter(([name]) => name !== missing);
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...Object.fromEntries(headers), authorization: `Bearer ${token}` },
        body: JSON.stringify(rpcBody('modern', 'nope', params)),
      });
      expect([response.status, ((await response.json()) as { error: { code: number } }).error.code]).toEqual([
        400, -32020,
      ]);
    }
  },
);
