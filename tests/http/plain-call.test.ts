import { afterAll, beforeAll, describe, expect } from 'vitest';
import { eraHeaders, rpcBody } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

const ERAS = ['modern', 'legacy'] as const;
const params = { name: 'list_organizations', arguments: { environmentId: 'env_1' } };

let scalekit: FakeScalekit;
let server: TestServer;
let token: string;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  scalekit.serveApi((_request, response) => json(response, 200, { organizations: [{ id: 'org_1', name: 'One' }] }));
  server = await running(scalekit.env);
  token = await scalekit.mint();
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});

async function answer(era: (typeof ERAS)[number], meta: Record<string, unknown>, more: Record<string, unknown> = {}) {
  const response = await fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: { ...eraHeaders(era, 'tools/call', params), authorization: `Bearer ${token}` },
    body: JSON.stringify(rpcBody(era, 'tools/call', { ...params, ...more }, 1, meta)),
  });
  return { status: response.status, text: await response.text() };
}

describe.each(ERAS)('a tool call (%s)', (era) => {
  verifies(
    'wire.plain-call',
    'is answered alike, byte for byte, whether the SDK has looked at its form or not',
    async () => {
      const plain = await answer(era, {});
      expect(plain.text).toContain('"structuredContent":{"organizations":[{');
      expect(await answer(era, { progressToken: 'p' })).toEqual(plain);
      expect(await answer(era, { 'com.example/unknown': { a: 1 } })).toEqual(plain);
    },
  );

  verifies.each('wire.plain-call', [
    { progressToken: {} },
    { progressToken: true },
    { progressToken: 1.5 },
    { progressToken: null },
  ])('whose form is not that of the protocol is refused: %j', async (meta) => {
    scalekit.requests.length = 0;
    const { text } = await answer(era, meta);
    expect(JSON.parse(text).error).toMatchObject({ code: -32600 });
    expect(scalekit.requests).toEqual([]);
  });
});

verifies(
  'wire.plain-call',
  'params that one era of the protocol knows otherwise are judged by its own schema',
  async () => {
    const plain = await answer('modern', {});
    expect(await answer('modern', {}, { task: 5 })).toEqual(plain);
    scalekit.requests.length = 0;
    expect(JSON.parse((await answer('legacy', {}, { task: 5 })).text).error).toMatchObject({ code: -32602 });
    expect(scalekit.requests).toEqual([]);
  },
);
