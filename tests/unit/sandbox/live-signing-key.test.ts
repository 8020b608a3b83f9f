import { verify } from 'node:crypto';
import { expect, it } from 'vitest';
import { SigningKeys } from '../../../src/sandbox/keys.ts';
import { LiveSigningKey } from '../../../src/sandbox/oauth/live-signing-key.ts';
import { State } from '../../../src/sandbox/state/state.ts';

it('signs with the key that the header names, though another became current in between', async () => {
  const keys = await SigningKeys.create(await State.open(0));
  const key = new LiveSigningKey(keys);
  const { kid, publicKey } = keys.current;
  const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: key.kid })).toString('base64url');
  await keys.rotate();
  expect(key.kid).not.toBe(kid);
  const data = Buffer.from(`${header}.e30`);
  expect(verify('RSA-SHA256', data, publicKey, await key.sign(data))).toBe(true);
});
