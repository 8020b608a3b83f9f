import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { verifyLedger } from '../../src/observability/audit/verify.ts';
import { runScript, type ServerProcess } from '../fixtures/process.ts';
import { verifies } from '../verifies.ts';

let folder: string;
let servers: ServerProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  servers = [];
});
afterEach(async () => {
  for (const { child } of servers) child.kill('SIGKILL');
  await Promise.all(servers.map(({ exit }) => exit()));
  rmSync(folder, { recursive: true });
});

const file = () => join(folder, 'audit.jsonl');

/** The server’s source in a process of its own: `dist` belongs to another test, which builds it meanwhile. */
function start(): ServerProcess {
  const env = { PORT: '0', SANDBOX_PORT: '0', AUDIT_LOG: file() };
  const server = runScript('src/main.ts', { env, node: ['--import', 'tsx'] });
  servers.push(server);
  return server;
}

verifies('audit.one-writer', 'a second server does not start, and one starts after a crash of the first', async () => {
  const first = start();
  await first.event('ready');
  const second = start();
  expect(await second.exit()).toBe(78);
  const complaint = `AUDIT_LOG: process ${first.child.pid} of \\S+ writes to this file, and a chain has only one writer\\.`;
  expect(second.stderr()).toMatch(new RegExp(`^The configuration cannot be used:\\n {2}- ${complaint} .*\\.\\n$`));
  expect(second.stdout()).toBe('');
  first.child.kill('SIGKILL');
  await first.exit();
  const third = start();
  await third.event('ready');
  third.child.kill('SIGTERM');
  expect(await third.exit()).toBe(0);
  expect(await verifyLedger([file()])).toMatchObject({ whole: true, instances: 2, chains: 1, torn: 0 });
});
