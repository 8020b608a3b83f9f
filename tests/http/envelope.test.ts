import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { type EraName, eraHeaders, rpcBody } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

const ERAS: readonly EraName[] = ['modern', 'legacy'];

let scalekit: FakeScalekit;
let server: TestServer;
let token: string;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  server = await running(scalekit.env);
  token = await scalekit.mint();
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});
beforeEach(() => {
  scalekit.requests.length = 0;
  scalekit.serveApi((_request, response) => json(response, 200, { organizations: [] }));
});

/** Sends a message of one era as text, and reads the answer as text: a parser would round what is looked for. */
async function send(era: EraName, text: string, method = 'ping', params = {}, bearer = token) {
  const response = await fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: { ...eraHeaders(era, method, params), authorization: `Bearer ${bearer}` },
    body: text,
  });
  return { status: response.status, text: await response.text() };
}

const textWithId = (era: EraName, id: string, method = 'ping', params = {}) =>
  JSON.stringify(rpcBody(era, method, params, 'ID')).replace('"ID"', id);
const idIn = (text: string) => /"id":([^,}]*)/.exec(text)?.[1];

describe('an id that is a number', () => {
  verifies.each('wire.ids', [
    ['9007199254740991', '9007199254740991'],
    ['-9007199254740991', '-9007199254740991'],
    ['0', '0'],
    ['-0', '0'],
    ['-1', '-1'],
    ['1.0', '1'],
    ['-1.000', '-1'],
    ['1e3', '1000'],
    ['1E+3', '1000'],
    ['1.5e1', '15'],
    ['10e-1', '1'],
    ['9.007199254740991e15', '9007199254740991'],
    ['0e99999', '0'],
    ['0.0e-7', '0'],
  ])('comes back as the same number: %s', async (written, id) => {
    for (const era of ERAS) {
      for (const [method, params] of [
        ['tools/list', {}],
        ['tools/call', { name: 'whoami', arguments: {} }],
      ] as const) {
        const { status, text } = await send(era, textWithId(era, written, method, params), method, params);
        expect({ era, method, status, id: idIn(text.slice(-60)) ?? idIn(text) }).toMatchObject({
          era,
          method,
          status: 200,
        });
        expect(JSON.parse(text).id).toBe(Number(id));
      }
    }
  });

  verifies.each('wire.ids', [
    '9007199254740992',
    '-9007199254740992',
    '9007199254740993',
    '-9007199254740993',
    '9223372036854775807',
    '-9223372036854775808',
    '18446744073709551615',
    '1e400',
    '-1e400',
    '1e16',
    '1.5',
    '-0.5',
    '1e-1',
    '1e-400',
    '1.00000000000000000001',
    '9007199254740990.7',
    '-9007199254740991.2',
    '0.99999999999999999999',
  ])('is refused without one when it is no safe integer: %s', async (written) => {
    for (const era of ERAS) {
      for (const [method, params] of [
        ['ping', {}],
        ['tools/list', {}],
        ['tools/call', { name: 'list_organizations', arguments: { environmentId: 'env_1' } }],
      ] as const) {
        const { status, text } = await send(era, textWithId(era, written, method, params), method, params);
        expect({ era, status, body: JSON.parse(text) }).toMatchObject({
          era,
          status: 400,
          body: { jsonrpc: '2.0', id: null, error: { code: -32600, message: expect.stringContaining('2^53') } },
        });
      }
    }
    expect(scalekit.requests).toEqual([]);
  });

  verifies('wire.ids', 'is the one of the message, wherever else a number is called so', async () => {
    const ping = (members: string) => send('legacy', `{"jsonrpc":"2.0","method":"ping",${members}}`);
    for (const members of [
      '"params":{"_meta":{"id":1.5}},"id":7',
      '"id":7,"params":{"_meta":{"a":["id",2.5e-3]}}',
      '"id":1.5,"id":7',
      '"id":7.50,"\\u0069\\u0064" : 7',
      '"id":7.0,"a":{"id":1.25},"b":"\\"id\\":1.5"',
      '"id"\n:\t7 ,"x":"id","y":0.5',
    ]) {
      const { status, text } = await ping(members);
      expect({ members, status, id: JSON.parse(text).id }).toEqual({ members, status: 200, id: 7 });
    }
    for (const members of [
      '"id":7,"\\u0069d":1.5',
      '"params":{"id":1},"id": 7.00000000000000000001',
      '"id":7,"id" :1.5',
    ]) {
      const { status, text } = await ping(members);
      expect({ members, status, id: JSON.parse(text).id }).toEqual({ members, status: 400, id: null });
    }
  });
});

describe('a member that JSON-RPC does not know', () => {
  const withMembers = (era: EraName, method: string, params: object, more: string) =>
    `${JSON.stringify(rpcBody(era, method, { ...params }, 7)).slice(0, -1)},${more}}`;

  verifies.each('wire.members', [
    '"extra":true',
    '"_meta":{}',
    '"_meta":{"io.modelcontextprotocol/protocolVersion":"2099-01-01"}',
    '"Method":"tools/call"',
    '"name":"list_organizations","arguments":{"environmentId":"env_1"}',
    '"__proto__":{"method":"tools/call"}',
    '"constructor":{}',
    '"trace_id":"a","Result":{},"ERROR":1',
  ])('is dropped: %s', async (more) => {
    for (const era of ERAS) {
      for (const [method, params] of [
        ['tools/list', {}],
        ['tools/call', { name: 'whoami', arguments: {} }],
        ...(era === 'legacy' ? ([['ping', {}]] as const) : []),
      ] as const) {
        const { status, text } = await send(era, withMembers(era, method, params, more), method, params);
        expect({ era, method, status, body: JSON.parse(text) }).toMatchObject({
          status: 200,
          body: { id: 7, result: {} },
        });
      }
    }
    const notification = `{"jsonrpc":"2.0","method":"notifications/initialized",${more}}`;
    expect((await send('legacy', notification)).status).toBe(202);
    expect(scalekit.requests).toEqual([]);
  });

  verifies('wire.members', 'does not make a message of another era', async () => {
    const { params: { _meta } = {} } = rpcBody('modern', 'tools/list', {}) as { params?: { _meta?: object } };
    const text = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'initialize', _meta, params: {} });
    const { text: answer } = await send('legacy', text, 'initialize');
    expect(JSON.parse(answer)).toMatchObject({ id: 7, error: { code: -32602 } });
  });

  verifies('wire.members', 'decides nothing: neither scope nor tool', async () => {
    const call = { name: 'list_organizations', arguments: { environmentId: 'env_1' } };
    for (const era of ERAS) {
      // A second refusal of the same person would be told in the result.
      const weak = await scalekit.mint({ claims: { sub: `usr_${era}`, scope: 'mcp:tools:whoami' } });
      const text = withMembers(era, 'tools/call', call, '"scope":"organization:read","name":"whoami"');
      expect((await send(era, text, 'tools/call', call, weak)).status).toBe(403);
    }
    expect(scalekit.requests).toEqual([]);
  });

  verifies.each('wire.members', [
    '{"jsonrpc":"2.0","id":7,"result":{}}',
    '{"jsonrpc":"2.0","id":7,"result":null}',
    '{"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"no"}}',
    '{"jsonrpc":"2.0","id":7,"result":{},"extra":1}',
    '{"jsonrpc":"2.0","id":7,"method":"ping","result":{}}',
    '{"jsonrpc":"2.0","method":"notifications/initialized","error":{}}',
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"whoami","arguments":{}},"error":null}',
  ])('is no result or error, which make a response: %s', async (text) => {
    for (const era of ERAS) {
      const { status, text: answer } = await send(era, text);
      expect({ era, status, body: JSON.parse(answer) }).toMatchObject({
        status: 400,
        body: { error: { code: -32600 } },
      });
    }
  });

  verifies('wire.members', 'does not stand in for one of its own', async () => {
    for (const text of [
      '{"JSONRPC":"2.0","id":7,"method":"ping"}',
      '{"jsonrpc":"2.0","id":7,"METHOD":"ping"}',
      '{"jsonrpc":"2.0","id":7,"__proto__":{"method":"ping"}}',
    ]) {
      expect({ text, status: (await send('legacy', text)).status }).toEqual({ text, status: 400 });
    }
  });
});
