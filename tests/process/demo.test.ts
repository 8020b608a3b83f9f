import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { running } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

const DEMO = fileURLToPath(new URL('../../demo/main.ts', import.meta.url));
const TSX = createRequire(import.meta.url).resolve('tsx/cli');

async function demo(port: number): Promise<{ stdout: string; code: number }> {
  const env = { ...process.env, PORT: String(port), PUBLIC_URL: '', NO_COLOR: '1' };
  const run = promisify(execFile)(process.execPath, [TSX, DEMO], { env });
  return run.then(({ stdout }) => ({ stdout, code: 0 })).catch(({ stdout, code }) => ({ stdout, code }));
}

verifies('demo.walk', 'the demo walks through all of it', async () => {
  const server = await running();
  const { stdout, code } = await demo(server.port);
  expect(stdout).toContain('granted   environment:read organization:read workspace:read\n');
  expect(stdout).toContain('403 insufficient_scope');
  expect(stdout).toMatch(/created org_\d+: Demo/);
  expect({ code, end: stdout.trim().split('\n').at(-1) }).toEqual({ code: 0, end: 'All of it worked.' });
  await server.stop();
});

verifies('demo.walk', 'the demo says how to start a server when there is none', async () => {
  const server = await running();
  await server.stop();
  const { stdout, code } = await demo(server.port);
  expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('npm start') });
});
