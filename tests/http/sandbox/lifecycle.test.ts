import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startSandbox } from '../../../src/sandbox/start.ts';

const resource = 'http://localhost:3002/mcp';

it('says which port is taken and what moves it', async () => {
  const first = await startSandbox({ port: 0, resource });
  const port = Number(new URL(first.url).port);
  await expect(startSandbox({ port, resource })).rejects.toMatchObject({
    code: 'EADDRINUSE',
    message: `The sandbox cannot listen on port ${port}: it is taken. SANDBOX_PORT moves it.`,
  });
  await first.close();
  const second = await startSandbox({ port, resource });
  expect(second.url).toBe(first.url);
  await second.close();
});

it('is reached from this machine alone', async () => {
  const sandbox = await startSandbox({ port: 0, resource });
  const { port } = new URL(sandbox.url);
  expect((await fetch(`http://127.0.0.1:${port}/keys`)).status).toBe(200);
  const reached = (host: string) =>
    new Promise((resolve) => {
      const socket = connect({ host, port: Number(port) }, () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
  // Another address of the same machine: a socket that listens everywhere would answer here.
  expect(await reached('127.0.0.2')).toBe(false);
  await sandbox.close();
});

it('closes twice without complaint', async () => {
  const sandbox = await startSandbox({ port: 0, resource });
  await sandbox.close();
  await sandbox.close();
  await expect(fetch(`${sandbox.url}/keys`)).rejects.toThrow();
});

it('prints nothing, whatever happens to it, and leaves nothing running', async () => {
  const program = fileURLToPath(new URL('silence.ts', import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program]);
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
});
