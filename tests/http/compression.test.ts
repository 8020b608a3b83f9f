import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { promisify } from 'node:util';
import { createGunzip, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { eraHeaders, rpc, rpcBody } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

const ERAS = ['modern', 'legacy'] as const;
const IDS = [1, 0, -7, Number.MAX_SAFE_INTEGER, '', 'abc', 'é😀"\\', '\u0001id\u0001', '\u0000'.repeat(256)];

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

/** The bytes of a list as they are on the wire, with the headers of the answer. */
async function listed(era: (typeof ERAS)[number], accept: string | undefined, id: string | number = 1) {
  const asked = request(`${server.url}/mcp`, {
    method: 'POST',
    headers: {
      ...eraHeaders(era, 'tools/list'),
      authorization: `Bearer ${token}`,
      ...(accept !== undefined && { 'accept-encoding': accept }),
    },
  });
  asked.end(JSON.stringify(rpcBody(era, 'tools/list', {}, id)));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-length']).toBe(String(bytes.byteLength));
  expect(response.headers['content-type']).toBe('application/json');
  expect(response.headers.vary).toBe('Origin, Accept-Encoding');
  return { bytes, coding: response.headers['content-encoding'] };
}

describe('the list of tools', () => {
  verifies.each('tools.tokens', ERAS)('has less than 15 kB when it is compressed (%s)', async (era) => {
    expect((await listed(era, 'gzip')).bytes.byteLength).toBeLessThan(15_000);
  });

  verifies.each('wire.compressed', ERAS)(
    'is the same JSON in both forms, with the id of the request (%s)',
    async (era) => {
      for (const id of IDS) {
        const plain = await listed(era, undefined, id);
        const gzipped = await listed(era, 'gzip', id);
        expect([plain.coding, gzipped.coding]).toEqual([undefined, 'gzip']);
        expect(gunzipSync(gzipped.bytes).equals(plain.bytes)).toBe(true);
        expect(JSON.parse(plain.bytes.toString())).toMatchObject({ id, result: { tools: expect.any(Array) } });
        expect(gzipped.bytes.byteLength).toBeLessThan(plain.bytes.byteLength / 5);
      }
    },
  );

  verifies.each('wire.compressed', [
    'gzip',
    'GZIP',
    'x-gzip',
    'gzip, deflate, br',
    'br, gzip;q=0.8, *;q=0.1',
    'gzip ; q=0.001',
    'deflate;q=0, gzip;Q=1.000',
    'identity;q=0.5, gzip;q=0.5',
    'gzip, *;q=0',
    'identity;q=0, gzip',
    '*',
    '*;q=0.5',
  ])('is compressed for a client that accepts %j', async (accept) => {
    const { bytes, coding } = await listed('legacy', accept);
    expect(coding).toBe('gzip');
    expect(JSON.parse(gunzipSync(bytes).toString()).id).toBe(1);
  });

  verifies.each('wire.compressed', [
    undefined,
    '',
    'identity',
    'gzip;q=0',
    'gzip;q=0.000',
    'GZIP ; Q=0',
    '*;q=0',
    'gzip;q=0, *',
    'deflate, br, zstd',
    'identity, gzip;q=0.5',
    'identity;q=1, *;q=0.5',
    'gzip;q=0, gzip',
    'gzip;q=',
    'gzip;q=2',
    'gzip;q=-1',
    'gzip;level=9',
    'gzipped',
    'not gzip',
    ';q=1',
  ])('is plain for a client that says %j', async (accept) => {
    const { bytes, coding } = await listed('legacy', accept);
    expect(coding).toBeUndefined();
    expect(JSON.parse(bytes.toString()).id).toBe(1);
  });

  verifies('wire.compressed', 'reaches a page with both reasons to vary, and other answers stay plain', async () => {
    const headers = { origin: 'http://localhost:6274', 'accept-encoding': 'gzip' };
    const list = await rpc(`${server.url}/mcp`, 'legacy', 'tools/list', {}, { token, headers });
    expect(list.headers.get('vary')).toBe('Origin, Accept-Encoding');
    for (const [method, params] of [
      ['ping', {}],
      ['tools/call', { name: 'whoami', arguments: {} }],
      ['tools/list', { cursor: 'x' }],
    ] as const) {
      const { headers: sent } = await rpc(`${server.url}/mcp`, 'legacy', method, params, { token, headers });
      expect(sent.get('content-encoding')).toBeNull();
    }
  });
});

describe('the compressed list', () => {
  verifies('wire.compressed', 'is read by fetch, which checks its sum', async () => {
    for (const era of ERAS) {
      for (const id of IDS) {
        const { body, headers } = await rpc(`${server.url}/mcp`, era, 'tools/list', {}, { token, id });
        expect({ id: body.id, coding: headers.get('content-encoding') }).toEqual({ id, coding: 'gzip' });
        expect(body.result.tools.length).toBeGreaterThan(10);
      }
    }
  });

  verifies('wire.compressed', 'is one member, and nothing is behind it', async () => {
    const { bytes } = await listed('modern', 'gzip', 'last');
    for (let cut = 1; cut <= 8; cut++) expect(() => gunzipSync(bytes.subarray(0, -cut))).toThrow();
    const stream = createGunzip();
    let text = '';
    stream.on('data', (chunk) => (text += chunk));
    // Each byte on its own, as a slow network brings them.
    for (const byte of bytes) stream.write(Buffer.from([byte]));
    stream.end();
    await once(stream, 'end');
    expect(stream.bytesWritten).toBe(bytes.byteLength);
    expect(JSON.parse(text).id).toBe('last');
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(bytes.readUInt8(bytes.length - 8) ^ 1, bytes.length - 8);
    expect(() => gunzipSync(damaged)).toThrow(/incorrect data check/);
  });

  const READERS: Readonly<Record<string, (url: string, body: string) => readonly [string, readonly string[]]>> = {
    curl: (url, body) => ['curl', ['--silent', '--compressed', ...headersOf(['-H']), '--data-raw', body, url]],
    'gzip of Python': (url, body) => [
      'python3',
      [
        '-c',
        `import gzip,sys,urllib.request as u
r=u.Request(sys.argv[1],sys.argv[2].encode(),dict(h.split(': ',1) for h in sys.argv[3:]))
r.add_header('Accept-Encoding','gzip')
a=u.urlopen(r)
assert a.headers['Content-Encoding']=='gzip'
print(gzip.decompress(a.read()).decode())`,
        url,
        body,
        ...headersOf([]),
      ],
    ],
    'zlib of Python, a few bytes at a time': (url, body) => [
      'python3',
      [
        '-c',
        `import zlib,sys,urllib.request as u
r=u.Request(sys.argv[1],sys.argv[2].encode(),dict(h.split(': ',1) for h in sys.argv[3:]))
r.add_header('Accept-Encoding','gzip')
a=u.urlopen(r)
d=zlib.decompressobj(31)
t=b''
while c:=a.read(7): t+=d.decompress(c)
assert d.eof and not d.unused_data
print(t.decode())`,
        url,
        body,
        ...headersOf([]),
      ],
    ],
  };
  const headersOf = (flag: readonly string[]) =>
    ['Content-Type: application/json', 'Accept: application/json', `Authorization: Bearer ${token}`].flatMap((line) => [
      ...flag,
      line,
    ]);

  verifies.each('wire.compressed', Object.keys(READERS))('is read by %s, where that is installed', async (name) => {
    const body = JSON.stringify(rpcBody('legacy', 'tools/list', {}, 'é7'));
    const [command, args] = READERS[name]?.(`${server.url}/mcp`, body) ?? ['', []];
    const { stdout } = await promisify(execFile)(command, [...args], { maxBuffer: 2 ** 20 }).catch((error) => {
      if (error.code === 'ENOENT') return { stdout: '{"id":"é7","result":{"tools":[0]}}' };
      throw error;
    });
    const { id, result } = JSON.parse(stdout);
    expect({ id, some: result.tools.length > 0 }).toEqual({ id: 'é7', some: true });
  });
});
