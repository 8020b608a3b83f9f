import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { ROOT } from '../fixtures/process.ts';
import { verifies } from '../verifies.ts';

let server: ChildProcess | undefined;
afterEach(() => server?.kill('SIGKILL'));

/** Lines of probes are written at debug, each of them; those of other strangers are summed up. */
const QUIET = { AUDIT_LOG: 'off', LOG_LEVEL: 'debug', DOCS_URL: 'off' };

/** The server’s source in a process of its own: `dist` belongs to another test, which builds it meanwhile. */
function startServer() {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', SANDBOX_PORT: '0', ...QUIET },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  server = child;
  const seen = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    seen.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    seen.stderr += chunk;
  });
  const lines = () =>
    seen.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return { child, seen, lines };
}

type Running = ReturnType<typeof startServer>;

async function ready({ lines }: Running): Promise<string> {
  const event = () => lines().find(({ event: name }) => name === 'ready');
  await expect.poll(event).toBeDefined();
  return event().url;
}

/** Requests whose lines together are more than a pipe and its reader hold. */
async function ask(url: string, prefix: string, times: number): Promise<string[]> {
  const ids = Array.from({ length: times }, (_, i) => `${prefix}-${i}-${'x'.repeat(40)}`);
  const one = async (id: string) => (await fetch(`${url}/health/live`, { headers: { 'x-request-id': id } })).text();
  for (let start = 0; start < times; start += 50) await Promise.all(ids.slice(start, start + 50).map(one));
  return ids;
}

const requested = ({ lines }: Running) =>
  lines().flatMap(({ event, clientRequestId }) => (event === 'request' ? [clientRequestId] : []));

describe('the log of a server whose reader pauses', () => {
  verifies('log.line', 'is whole once the reader goes on, and serves on meanwhile', async () => {
    const running = startServer();
    const url = await ready(running);
    running.child.stdout.pause();
    const ids = await ask(url, 'paused', 4_000);
    running.child.stdout.resume();
    ids.push(...(await ask(url, 'resumed', 5)));
    await expect.poll(() => requested(running).length).toBe(ids.length);
    expect(new Set(requested(running))).toEqual(new Set(ids));
    expect(running.seen.stderr).toBe('');
  });

  verifies('process.drain', 'does not keep the process from ending', async () => {
    const running = startServer();
    const url = await ready(running);
    running.child.stdout.pause();
    await ask(url, 'paused', 4_000);
    running.child.kill('SIGTERM');
    expect(await once(running.child, 'exit')).toEqual([0, null]);
  });

  it('does not matter to the requests when the reader is gone for good', async () => {
    const running = startServer();
    const url = await ready(running);
    running.child.stdout.destroy();
    await ask(url, 'unread', 200);
    // Right after the start the keys are still on their way.
    await expect.poll(async () => (await fetch(`${url}/health`)).status).toBe(200);
    running.child.kill('SIGTERM');
    expect(await once(running.child, 'exit')).toEqual([0, null]);
    expect(running.seen.stderr).toBe('');
  });
});
