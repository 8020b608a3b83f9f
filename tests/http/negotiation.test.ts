import { afterAll, beforeAll, describe, expect } from 'vitest';
import { rawAnswer } from '../fixtures/raw-connection.ts';
import { callTool, type EraName, rpc, rpcBody } from '../fixtures/rpc.ts';
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

/** Sends a message with exactly these header lines beside those that it needs. */
async function send(message: object, lines: readonly string[]) {
  const body = JSON.stringify(message);
  const head = [
    `POST /mcp HTTP/1.1\r\nHost: localhost:${server.port}\r\nAuthorization: Bearer ${token}\r\nConnection: close`,
    'Content-Type: application/json',
    ...lines,
    `Content-Length: ${body.length}`,
  ];
  return rawAnswer(server.port, `${head.join('\r\n')}\r\n\r\n${body}`);
}

const accept = (value: string | undefined) => (value === undefined ? [] : [`Accept: ${value}`]);
const MESSAGES = [
  ['ping', {}],
  ['tools/list', {}],
  ['tools/call', { name: 'whoami', arguments: {} }],
] as const;
const NOTIFICATION = { jsonrpc: '2.0', method: 'notifications/initialized' };

describe('a client that names the forms it can read', () => {
  verifies.each('wire.accept', [
    undefined,
    '',
    '*/*',
    'application/*, text/*',
    'Application/JSON, Text/Event-Stream',
    'application/json, */*',
    'application/json',
    'application/json; charset=utf-8',
    'application/json, text/event-stream;q=0',
    'application/json;q=0.1',
    'text/html, */*;q=0.001',
  ])('gets JSON where it reads that: %j', async (value) => {
    for (const [method, params] of MESSAGES) {
      const { status, head, body } = await send(rpcBody('legacy', method, params, 7), accept(value));
      expect({ method, status }).toEqual({ method, status: 200 });
      expect(head).toMatch(/\r\nContent-Type: application\/json\r\n/i);
      expect(JSON.parse(body)).toMatchObject({ id: 7, result: {} });
    }
    expect((await send(NOTIFICATION, accept(value))).status).toBe(202);
  });

  verifies.each('wire.accept', ['text/event-stream', 'TEXT/*', 'application/json;q=0, text/event-stream'])(
    'gets a stream of one event where it reads nothing else: %j',
    async (value) => {
      for (const [method, params] of MESSAGES) {
        const { status, head, body } = await send(rpcBody('legacy', method, params, 7), accept(value));
        expect({ method, status }).toEqual({ method, status: 200 });
        expect(head).toMatch(/\r\nContent-Type: text\/event-stream\r\n/i);
        expect(body.match(/^data: .*$/gm)).toHaveLength(1);
        expect(body).toMatch(/data: \{.*"id":7/);
      }
    },
  );

  verifies.each('wire.accept', [
    'text/html',
    'image/*',
    'application/json;q=0',
    '*/*;q=0',
    'application/jsonp',
    'json',
  ])('is told what there is, with its id, where it reads none of it: %j', async (value) => {
    for (const id of [7, 'abc', 0]) {
      for (const [method, params] of MESSAGES) {
        const { status, body } = await send(rpcBody('legacy', method, params, id), accept(value));
        const { error, ...rest } = JSON.parse(body);
        expect({ method, status, rest }).toEqual({ method, status: 406, rest: { jsonrpc: '2.0', id } });
        expect(error).toMatchObject({ code: -32000, message: expect.stringContaining('text/event-stream') });
      }
    }
    // A notification has no answer to read.
    expect((await send(NOTIFICATION, accept(value))).status).toBe(202);
  });

  verifies.each<EraName>('wire.accept', ['modern'])('is served all the same in the era %s', async (era) => {
    expect((await callTool(url, era, 'whoami', {}, { token, headers: { accept: 'text/html' } })).status).toBe(200);
  });
});

describe('a list in a header that is longer than anybody needs', () => {
  const long = Array(10_000).fill('x').join(',');

  verifies('wire.header-lists', 'counts for what is read of it', async () => {
    const statusOf = async (line: string) => (await send(rpcBody('legacy', 'ping', {}), [line])).status;
    expect(await statusOf(`Accept: application/json,${long}`)).toBe(200);
    expect(await statusOf(`Accept: ${long},application/json`)).toBe(406);
    expect(await statusOf(`Content-Encoding: ${Array(200).fill('identity')}`)).toBe(415);
    const list = await send(rpcBody('legacy', 'tools/list', {}), [`Accept-Encoding: ${long},gzip`]);
    expect([list.status, /content-encoding/i.test(list.head)]).toEqual([200, false]);
  });
});

describe('the coding of a body', () => {
  verifies.each('wire.media-type', ['Identity', 'IDENTITY', 'identity, identity', ', identity', ''])(
    'may be none, in other words: %j',
    async (coding) => {
      const { status } = await send(rpcBody('legacy', 'ping', {}), [`Content-Encoding: ${coding}`]);
      expect(status).toBe(200);
    },
  );

  verifies.each('wire.media-type', ['gzip', 'deflate', 'br', 'identity, gzip', 'gzip, identity', 'x'])(
    'may be no other, and the answer says so: %j',
    async (coding) => {
      const { status, head, body } = await send(rpcBody('legacy', 'ping', {}), [`Content-Encoding: ${coding}`]);
      expect([status, JSON.parse(body).error.code]).toEqual([415, -32000]);
      expect(head).toMatch(/\r\nAccept-Encoding: identity\r\n/i);
    },
  );

  verifies(
    'wire.media-type',
    'is not asked about another media type, and the answer says which one would do',
    async () => {
      const { status, headers } = await rpc(
        url,
        'legacy',
        'ping',
        {},
        { token, headers: { 'content-type': 'text/plain' } },
      );
      expect([status, headers.get('accept')]).toEqual([415, 'application/json']);
    },
  );
});
