import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SandboxEvent } from '../../../src/sandbox/events.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { verifies } from '../../verifies.ts';
import { Client } from './browser.ts';

const resource = 'http://localhost:3002/mcp';
const SCOPE = 'organization:read';

let folder: string;
let stateFile: string;
const events: SandboxEvent[] = [];
const running: Sandbox[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-restart-'));
  stateFile = join(folder, 'state.json');
  events.length = 0;
});
afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.close();
  await rm(folder, { recursive: true });
});

async function started(port = 0): Promise<Sandbox> {
  const sandbox = await startSandbox({ port, resource, stateFile, log: (event) => events.push(event) });
  running.push(sandbox);
  return sandbox;
}

/** Ends it and starts another at the same address. */
async function restarted(sandbox: Sandbox): Promise<Sandbox> {
  await sandbox.close();
  return started(Number(new URL(sandbox.url).port));
}

const verify = ({ url, serverId }: Sandbox, token: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${url}/keys`)), { audience: serverId });

verifies('sandbox.restart', 'a client goes on as if nothing had happened', async () => {
  const before = await started();
  const client = await Client.register(before);
  const first = await client.authorize({ scope: SCOPE });
  const after = await restarted(before);
  await verify(after, first.access_token);
  const second = await client.refresh(first.refresh_token);
  expect(second.status).toBe(200);
  await verify(after, second.access_token);
  expect((await client.authorize({ scope: SCOPE })).status).toBe(200);
  const again = await restarted(after);
  await verify(again, first.access_token);
  expect((await client.refresh(second.refresh_token)).status).toBe(200);
});

verifies('sandbox.restart', 'what was ended stays ended: used refresh tokens, withdrawn keys', async () => {
  const before = await started();
  const client = await Client.register(before);
  const first = await client.authorize({ scope: SCOPE });
  await client.refresh(first.refresh_token);
  await before.keys.rotate();
  before.keys.withdrawOld();
  const rotated = await client.authorize({ scope: SCOPE });
  const after = await restarted(before);
  after.faults.clockSkew(31);
  await expect(verify(after, first.access_token)).rejects.toThrow();
  await verify(after, rotated.access_token);
  expect(await client.refresh(first.refresh_token)).toMatchObject({ status: 400, error: 'invalid_grant' });
});

verifies('sandbox.restart', 'is kept at once, for this user alone', async () => {
  const sandbox = await started();
  const client = await Client.register(sandbox);
  expect(await readFile(stateFile, 'utf8')).toContain(client.id);
  const together = await Promise.all(Array.from({ length: 20 }, () => Client.register(sandbox)));
  const kept = await readFile(stateFile, 'utf8');
  for (const { id } of together) expect(kept).toContain(id);
  expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['state.json']);
});

it.each(['', '{', '[]', 'null', '{"keys":[{"kid":"x","privateKey":"no key"}],"storage":{"Client":"x"}}'])(
  'starts afresh from a file that holds %j',
  async (text) => {
    await writeFile(stateFile, text);
    const client = await Client.register(await started());
    expect((await client.authorize({ scope: SCOPE })).status).toBe(200);
  },
);

it('does without a folder that others can open, and says so', async () => {
  await chmod(folder, 0o755);
  const client = await Client.register(await started());
  expect((await client.authorize({ scope: SCOPE })).status).toBe(200);
  expect(events[0]).toMatchObject({ event: 'sandbox_state_unavailable', file: stateFile });
  expect(await readdir(folder)).toEqual([]);
});

it('leaves what another sandbox on its port has kept alone', async () => {
  const sandbox = await started();
  await Client.register(sandbox);
  const kept = await readFile(stateFile, 'utf8');
  await expect(started(Number(new URL(sandbox.url).port))).rejects.toThrow('it is taken');
  expect(await readFile(stateFile, 'utf8')).toBe(kept);
});
