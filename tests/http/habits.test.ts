import { afterAll, beforeAll, describe, expect } from 'vitest';
import { catalogue } from '../../src/tools/index.ts';
import { blocksBesideLinks } from '../fixtures/blocks.ts';
import { type ExampleCalls, exampleCalls } from '../fixtures/example-calls.ts';
import { eraHeaders, rpcBody } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

/** What clients do beside the letter of the protocol, and what they rely on. */
let server: TestServer;
let calls: ExampleCalls;
let token: string;

beforeAll(async () => {
  server = await running({ AGENT_TOOL_EXECUTION: 'on' });
  calls = await exampleCalls(server);
  token = await server.token();
});
afterAll(() => server.stop());

/** Sends a message with these headers beside those that every client sends. */
async function send(message: object, headers: Record<string, string> = {}) {
  const common = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const response = await fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: { ...common, authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify(message),
  });
  return { status: response.status, text: await response.text() };
}

const ping = { jsonrpc: '2.0', id: 7, method: 'ping' };
const call = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'whoami', arguments: {} } };

describe('a client that compares text and structured content', () => {
  verifies.each(
    'result.text',
    catalogue.map((tool) => [tool.name, tool] as const),
  )('finds them the same to the byte: %s', async (name, tool) => {
    const params = { name, arguments: await calls.actingArguments(tool) };
    const { text } = await send(rpcBody('modern', 'tools/call', params), eraHeaders('modern', 'tools/call', params));
    const { content, structuredContent, isError } = JSON.parse(text).result;
    const blocks = blocksBesideLinks({ content }).length;
    expect({ isError, blocks, type: content[0].type }).toEqual({ blocks: 1, type: 'text' });
    expect(content[0].text).toBe(JSON.stringify(structuredContent));
    expect(text).toContain(`"structuredContent":${content[0].text}`);
  });

  verifies('result.text', 'finds them the same in the era of 2025 as well', async () => {
    const { text } = await send(call, eraHeaders('legacy', 'tools/call'));
    const { content, structuredContent } = JSON.parse(text).result;
    expect(content).toEqual([{ type: 'text', text: JSON.stringify(structuredContent) }]);
  });
});

describe('a ping between calls', () => {
  verifies('wire.habits', 'needs no version header after a handshake in either era', async () => {
    const discover = rpcBody('modern', 'server/discover', {});
    expect((await send(discover, eraHeaders('modern', 'server/discover'))).status).toBe(200);
    for (const message of [ping, { ...ping, params: {} }, { ...ping, params: { _meta: {} } }, { ...ping, id: 'a' }]) {
      for (const headers of [{}, { 'mcp-method': 'ping' }]) {
        const { status, text } = await send(message, headers);
        expect({ status, body: JSON.parse(text) }).toEqual({
          status: 200,
          body: { jsonrpc: '2.0', id: message.id, result: {} },
        });
      }
    }
  });
});

describe('headers of 2026 without its version', () => {
  verifies('wire.habits', 'are those of a request of 2025', async () => {
    for (const headers of [
      { 'mcp-method': 'tools/call' },
      { 'mcp-name': 'whoami' },
      { 'mcp-method': 'tools/call', 'mcp-name': 'whoami' },
      { 'mcp-method': 'tools/call', 'mcp-name': 'whoami', 'mcp-protocol-version': '2025-06-18' },
    ]) {
      const { status, text } = await send(call, headers);
      const { id, result } = JSON.parse(text);
      expect({ headers, status, id, isError: result.isError }).toEqual({ headers, status: 200, id: 7 });
      // A result of the newer era says of which kind it is.
      expect(result).not.toHaveProperty('resultType');
    }
    const list = await send({ ...ping, method: 'tools/list' }, { 'mcp-method': 'tools/list' });
    expect({ status: list.status, newer: list.text.includes('resultType') }).toEqual({ status: 200, newer: false });
  });

  verifies('wire.habits', 'may stand on initialize, whatever version they name', async () => {
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } };
    for (const headers of [
      {},
      { 'mcp-method': 'initialize' },
      { 'mcp-protocol-version': '2025-06-18' },
      { 'mcp-protocol-version': '2025-11-25', 'mcp-method': 'initialize' },
      { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'initialize' },
      { 'mcp-protocol-version': '1.0' },
    ]) {
      const { status, text } = await send({ jsonrpc: '2.0', id: 7, method: 'initialize', params }, headers);
      expect({ headers, status, body: JSON.parse(text) }).toMatchObject({
        headers,
        status: 200,
        body: { id: 7, result: { protocolVersion: '2025-06-18' } },
      });
    }
  });
});

describe('a subscription to nothing', () => {
  verifies.each('wire.habits', [
    [{ notifications: {} }],
    [{ notifications: { toolsListChanged: true } }],
    [{ notifications: { promptsListChanged: true, resourcesListChanged: true } }],
    [{ notifications: { toolsListChanged: false } }],
  ])('is answered at once, and ends: %j', async (params) => {
    const message = rpcBody('modern', 'subscriptions/listen', params, 7);
    const { status, text } = await send(message, eraHeaders('modern', 'subscriptions/listen'));
    const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(String(data)));
    expect({ status, events }).toMatchObject({
      status: 200,
      events: [{ method: 'notifications/subscriptions/acknowledged' }, { id: 7, result: { resultType: 'complete' } }],
    });
  });
});
