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

const foreignAudiences = (port: string): unknown[] => [
  'http://localhost:9999/mcp',
  'http://127.0.0.1:8080',
  'http://localhost/mcp',
  `http://localhost:${port}/other`,
  `http://localhost:${port}/MCP`,
  `http://localhost:${port}/MCP/`,
  `http://localhost:${port}/mcp//`,
  `http://localhost:${port}//`,
  `http://localhost:${port}//mcp`,
  `http://localhost:${port}/mcp/?a=b`,
  `http://localhost:${port}/mcp?a=b`,
  `http://localhost:${port}@evil.example.com/mcp`,
  `http://evil.example.com/localhost:${port}/mcp`,
  `http://evil.example.com:${port}/mcp`,
  `http://localhost.evil.example.com:${port}/mcp`,
  `https://localhost:${port}/mcp`,
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
      ['res_a/', 401],
      ['https://mcp.example.com/mcp', 200],
      ['https://mcp.example.com/mcp/', 200],
      ['https://mcp.example.com/', 401],
      [['x', 'res_a'], 200],
      [SERVER_ID, 401],
    ] as const) {
      expect([aud, await statusFor(aud, `${own.url}/mcp`)]).toEqual([aud, status]);
    }
    await own.stop();
  });

  verifies('token.audiences', 'is good for this server’s own URLs, at its own port, when it has no id', async () => {
    const own = await running(withoutId());
    const { port } = new URL(own.url);
    const origins = ['localhost', '127.0.0.1', '[::1]'].map((host) => `http://${host}:${port}`);
    for (const aud of [...origins, `HTTP://LOCALHOST:${port}`].flatMap((origin) =>
      ['', '/', '/mcp', '/mcp/'].map((path) => origin + path),
    )) {
      expect([aud, await statusFor(aud, `${own.url}/mcp`)]).toEqual([aud, 200]);
    }
    for (const aud of foreignAudiences(port)) {
      expect([aud, await statusFor(aud, `${own.url}/mcp`)]).toEqual([aud, 401]);
    }
    await own.stop();
  });

  verifies(
    ['token.audiences', 'metadata.documents'],
    'is good for the resource that the metadata names, whatever name of this server the client used',
    async () => {
      const own = await running(withoutId());
      const { port } = new URL(own.url);
      for (const name of ['localhost', 'LOCALHOST', '127.0.0.1', '[::1]']) {
        for (const [path, [metadata]] of Object.entries(METADATA_PATHS)) {
          const document = await supertest(own.url).get(metadata).set('Host', `${name}:${port}`);
          expect(document.body.resource).toBe(`http://${name.toLowerCase()}:${port}${path}`);
          expect(await statusFor(document.body.resource, own.url + path)).toBe(200);
        }
      }
      // Another port is that of another program, or of something in front that PUBLIC_URL has to name.
      for (const [host, resource] of [
        ['localhost:8080', 'http://localhost:8080/mcp'],
        ['localhost:80', 'http://localhost/mcp'],
      ] as const) {
        const document = await supertest(own.url).get(METADATA_PATHS['/mcp'][0]).set('Host', host);
        expect(document.body.resource).toBe(resource);
        expect(await statusFor(resource, `${own.url}/mcp`)).toBe(401);
      }
      await own.stop();
    },
  );

  verifies('token.audiences', 'is good for the public URL alone when there is one, in any spelling', async () => {
    const own = await running({ ...withoutId(), PUBLIC_URL: 'https://mcp.example.com', ALLOWED_HOSTS: '127.0.0.1' });
    for (const [aud, status] of [
      ['https://mcp.example.com', 200],
      ['https://mcp.example.com/', 200],
      ['https://mcp.example.com/mcp', 200],
      ['https://mcp.example.com/mcp/', 200],
      ['https://MCP.example.com:443/mcp/', 200],
      ['https://MCP.example.com/mcp', 200],
      ['https://mcp.example.com:443/mcp', 200],
      ['https://mcp.example.com/MCP', 401],
      ['https://mcp.example.com:8443/mcp', 401],
      ['http://mcp.example.com/mcp', 401],
      ['http://127.0.0.1/mcp', 401],
      [`${own.localUrl}/mcp`, 401],
    ] as const) {
      expect([aud, await statusFor(aud, `${own.localUrl}/mcp`)]).toEqual([aud, status]);
    }
    await own.stop();
  });
});
