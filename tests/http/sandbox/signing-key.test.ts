import { createPublicKey, type KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { sharedSigningKey } from '../../fixtures/signing-key.ts';

const started: Sandbox[] = [];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-signing-key-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((sandbox) => sandbox.close()));
  await rm(folder, { recursive: true });
});

/** A sandbox, and the keys that it publishes. */
async function sandboxWith(options: { signingKey?: KeyObject; stateFile?: string }) {
  const sandbox = await startSandbox({ port: 0, resource: 'http://localhost/mcp', ...options });
  started.push(sandbox);
  const response = await fetch(`${sandbox.url}/keys`);
  return { sandbox, keys: ((await response.json()) as { keys: { kid: string; n: string }[] }).keys };
}

it('publishes the key that it is given, under a name of its own', async () => {
  const signingKey = await sharedSigningKey();
  const [{ keys: one }, { keys: other }] = await Promise.all([
    sandboxWith({ signingKey }),
    sandboxWith({ signingKey }),
  ]);
  const { n } = createPublicKey(signingKey).export({ format: 'jwk' });
  expect([one, other]).toMatchObject([[{ n }], [{ n }]]);
  expect(one[0]?.kid).not.toBe(other[0]?.kid);
});

it('makes a key of its own when none is given, and after a rotation', async () => {
  const signingKey = await sharedSigningKey();
  const { n } = createPublicKey(signingKey).export({ format: 'jwk' });
  const { keys: own } = await sandboxWith({});
  expect(own[0]?.n).not.toBe(n);
  const { sandbox } = await sandboxWith({ signingKey });
  await sandbox.keys.rotate();
  const { keys } = (await (await fetch(`${sandbox.url}/keys`)).json()) as { keys: { n: string }[] };
  expect(new Set(keys.map((key) => key.n)).size).toBe(2);
});

it('prefers the key that was kept, which tokens of yesterday were signed with', async () => {
  const stateFile = join(folder, 'state.json');
  const { sandbox, keys: before } = await sandboxWith({ stateFile });
  await sandbox.close();
  const { keys } = await sandboxWith({ stateFile, signingKey: await sharedSigningKey() });
  expect(keys).toEqual(before);
});
