import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect } from 'vitest';
import { givenUrl } from '../../demo/address.ts';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { builtServer } from '../fixtures/built.ts';
import { type ServerHere, serverHere } from '../fixtures/here.ts';
import { freePort } from '../fixtures/redis.ts';
import { toolCaller } from '../fixtures/tool-caller.ts';
import { verifies } from '../verifies.ts';

const built = builtServer();
const DEMO = fileURLToPath(new URL('../../demo/main.ts', import.meta.url));
const TSX = createRequire(import.meta.url).resolve('tsx');

let server: ServerHere;
beforeAll(async () => {
  server = await serverHere(built);
});
afterAll(() => server.stop());

/** Runs the demo to its end, as `npm run demo` does. */
async function demo(args: readonly string[], port = 1): Promise<{ stdout: string; code: number }> {
  const env = { ...process.env, PORT: String(port), PUBLIC_URL: '', NO_COLOR: '1' };
  const run = promisify(execFile)(process.execPath, ['--import', TSX, DEMO, ...args], { env });
  return run.then(({ stdout }) => ({ stdout, code: 0 })).catch(({ stdout, code }) => ({ stdout, code }));
}

const END = expect.stringMatching(/^Tamarind Books .* is on board\. All of it worked, and all of it is still there\.$/);

verifies('demo.walk', 'the demo walks through all of it, and a customer is on board at its end', async () => {
  const { stdout, code } = await demo([`http://localhost:${server.port}/mcp/`]);
  expect(stdout).toContain(`resource http://localhost:${server.port}/mcp\n`);
  expect(stdout).toContain('granted   environment:read organization:read workspace:read offline_access\n');
  expect(stdout).toContain('403 insufficient_scope');
  const [, organizationId] = /created (org_\d+): Tamarind Books /.exec(stdout) ?? [];
  for (const line of ['features   sso, dir_sync', 'domain     tamarind-', 'portal     1 link open']) {
    expect(stdout).toContain(line);
  }
  expect(stdout).toMatch(/people {5}ada@tamarind-\w+\.example, with the roles admin\b/);
  // What the demo says is what somebody else finds.
  const call = toolCaller(`http://localhost:${server.port}`, await server.token());
  const found = await call('list_organization_users', { environmentId: ENVIRONMENT_IDS.development, organizationId });
  expect(found.data).toMatchObject({ users: [{ email: expect.stringMatching(/^ada@tamarind-/) }] });
  // The link to the portal is for one person, and is not printed whole.
  expect(stdout).not.toMatch(/magicLink\/\w{10}/);
  expect({ code, end: stdout.trim().split('\n').at(-1) }).toEqual({ code: 0, end: END });
});

verifies('demo.address', 'the demo goes to the address that it is given, with a scheme or without', async () => {
  const { stdout, code } = await demo([`localhost:${server.port}`]);
  expect(stdout).toContain(`resource http://localhost:${server.port}/\n`);
  expect({ code, end: stdout.trim().split('\n').at(-1) }).toEqual({ code: 0, end: END });
  expect(givenUrl('localhost:2/mcp')?.href).toBe('http://localhost:2/mcp');
  expect(givenUrl('HTTPS://mcp.example.com/mcp')?.href).toBe('https://mcp.example.com/mcp');
});

verifies('demo.address', 'the demo says which form of an address it wants', async () => {
  expect([givenUrl('http://['), givenUrl('--help')]).toEqual([undefined, undefined]);
  const { stdout, code } = await demo(['--help']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'Usage: npm run demo -- http://localhost:3002/mcp\n' });
});

verifies('demo.walk', 'the demo says how to start a server when there is none', async () => {
  const port = await freePort();
  const { stdout, code } = await demo([], port);
  expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('npm start') });
  expect(stdout).toContain(`Nothing answers at http://localhost:${port}/mcp`);
});
