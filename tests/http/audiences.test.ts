import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { METADATA_PATHS } from '../../src/auth/resource.ts';
import { rpc } from '../fixtures/rpc.ts';
import { running } from '../fixtures/running.ts';
import { FakeScalekit, SERVER_ID } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

let scalekit: FakeScalekit;
beforeAll(async () => {
  scalekit = await FakeScalekit.start();
});
afterAll(() => scalekit.close());

/** The status that a token for this audience gets. */
async function statusFor(aud: unknown, url: string): Promise<number> {
  const token = await scalekit.mint({ claims: { aud: aud as string } });
  return (await rpc(url, 'legacy', 'tools/list', {}, { token })).status;
}

const FOREIGN_AUDIENCES: unknown[] = [
  'http://localhost:8080/other',
  'http://localhost/mcp/',
  'http://localhost/mcp?a=b',
  'http://localhost@evil.example.com/mcp',
  'http://evil.example.com/localhost/mcp',
  'http://evil.example.com:8080/mcp',
  'http://localhost.evil.example.com/mcp',
  'https://localhost/mcp',
  'localhost',
  'mcp',
  '',
  SERVER_ID,
  7,
  [],
  [7, null],
];

/** A server that knows itself by its URLs only. */
const withoutId = () => ({
  SCALEKIT_ENV_URL: scalekit.url,
  SCALEKIT_API_URL: scalekit.url,
  PROTECTED_RESOURCE_METADATA: JSON.stringify({ authorization_servers: [scalekit.issuer] }),
});

describe('a token', () => {
  verifies('token.audiences', 'is good for any expected audience', async () => {
    const own = await running({ ...scalekit.env, EXPECTED_AUDIENCE: 'res_a,https://mcp.example.com/mcp' });
    for (const [aud, status] of [
      ['res_a', 200],
      ['https://mcp.example.com/mcp', 200],
      [['x', 'res_a'], 200],
      [SERVER_ID, 401],
    ] as const) {
      expect([aud, await statusFor(aud, `${own.url}/mcp`)]).toEqual([aud, status]);
    }
    await own.stop();
  });

  verifies('token.audiences', 'is good for this server’s own URLs when it has no id', async () => {
    const own = await running(withoutId());
    const { port } = new URL(own.url);
    // The port that clients see can be a mapped one, or none at all.
    const origins = ['localhost', '127.0.0.1', '[::1]'].flatMap((host) =>
      [`:${port}`, ':8080', ''].map((suffix) => `http://${host}${suffix}`),
    );
    for (const aud of origins.flatMap((origin) => ['', '/', '/mcp'].map((path) => origin + path))) {
      expect([aud, await statusFor(aud, `${own.url}/mcp`)]).toEqual([aud, 200]);
    }
    for (const aud of FOREIGN_AUDIENCES) {
      expect([aud, await statusFor(aud, `${own.url}/mcp`)]).toEqual([aud, 401]);
    }
    await own.stop();
  });

  verifies(
    ['token.audiences', 'metadata.documents'],
    'is good for the resource that the metadata names, whatever Host the client used',
    async () => {
      const own = await running(withoutId());
      for (const [host, origin] of [
        ['localhost:8080', 'http://localhost:8080'],
        ['localhost', 'http://localhost'],
        ['LOCALHOST:80', 'http://localhost'],
        ['[::1]:8080', 'http://[::1]:8080'],
      ] as const) {
        for (const [path, metadata] of Object.entries(METADATA_PATHS)) {
          const document = await supertest(own.url).get(metadata).set('Host', host);
          expect(document.body.resource).toBe(origin + path);
          expect(await statusFor(document.body.resource, own.url + path)).toBe(200);
        }
      }
      await own.stop();
    },
  );

  verifies('token.audiences', 'is good for the public URL alone when there is one', async () => {
    const own = await running({ ...withoutId(), PUBLIC_URL: 'https://mcp.example.com', ALLOWED_HOSTS: '127.0.0.1' });
    for (const [aud, status] of [
      ['https://mcp.example.com', 200],
      ['https://mcp.example.com/', 200],
      ['https://mcp.example.com/mcp', 200],
      ['https://mcp.example.com:8443/mcp', 401],
      ['http://127.0.0.1/mcp', 401],
    ] as const) {
      expect([aud, await statusFor(aud, `${own.localUrl}/mcp`)]).toEqual([aud, status]);
    }
    await own.stop();
  });
});
