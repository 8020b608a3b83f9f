import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { runScript, type ServerProcess } from '../fixtures/process.ts';
import { verifies } from '../verifies.ts';

let folder: string;
let server: ServerProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
});
afterEach(async () => {
  server?.child.kill('SIGKILL');
  await server?.exit();
  rmSync(folder, { recursive: true });
});

/** The server’s source in a process of its own: `dist` belongs to another test, which builds it meanwhile. */
function start(file: string): ServerProcess {
  const env = { PORT: '0', SANDBOX_PORT: '0', AUDIT_LOG: 'off', LOG_FILE: file };
  server = runScript('src/main.ts', { env, node: ['--import', 'tsx'] });
  return server;
}

const linesOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []);

verifies(
  'log.file',
  'a file gets every line, goes on in a new one when it is moved away, and is whole in the end',
  async () => {
    const [file, aside] = [join(folder, 'server.jsonl'), join(folder, 'server.jsonl.1')];
    writeFileSync(file, '', { mode: 0o644 });
    const { child, event, exit, stdout, stderr } = start(file);
    const { url } = await event('ready');
    await fetch(`${url}/first`);
    await expect.poll(() => linesOf(file).some((line) => line.includes('"path":"/first"'))).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    renameSync(file, aside);
    await fetch(`${url}/second`);
    await expect.poll(() => linesOf(file).some((line) => line.includes('"path":"/second"'))).toBe(true);
    child.kill('SIGTERM');
    expect(await exit()).toBe(0);
    expect([...linesOf(aside), ...linesOf(file)]).toEqual(stdout().split('\n').filter(Boolean));
    expect(linesOf(file).at(-1)).toContain('"event":"stopped"');
    expect(stderr()).toBe('');
  },
);

verifies.each('log.file', [
  [
    'in a folder that is not there',
    () => join(folder, 'nowhere', 'server.jsonl'),
    /there is no folder \S+\/nowhere\. Create it/,
  ],
  ['that is a folder', () => folder, /it is a folder\. Name a file in it/],
])('a file %s ends the start', async (_name, file, reason) => {
  mkdirSync(join(folder, 'other'));
  const { exit, stdout, stderr } = start(file());
  expect(await exit()).toBe(78);
  expect(stdout()).toBe('');
  expect(stderr()).toMatch(/^The configuration cannot be used:\n {2}- LOG_FILE: .*\.\n$/);
  expect(stderr()).toMatch(reason);
});
