import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { kept } from '../../../src/bridge/sign-in.ts';
import { SignInLines } from '../../../src/bridge/sign-in-lines.ts';
import { StateFolder } from '../../../src/bridge/state-folder.ts';
import { verifies } from '../../verifies.ts';

const folder = mkdtempSync(join(tmpdir(), 'kept-'));
afterAll(() => rmSync(folder, { recursive: true }));

verifies.each('hosted.kept', [
  ['A\nB', 'Bearer'],
  ['Å😀', 'Bearer'],
  ['', 'Bearer'],
  ['good', 'mac'],
  ['good', 'DPoP'],
])('a token that no request can carry is not kept: %j %s', (access_token, token_type) => {
  expect(() => kept({ access_token, token_type }, undefined)).toThrow('cannot be used');
});

verifies('hosted.kept', 'the type of a token is one whatever its case', () => {
  expect(kept({ access_token: 'good', token_type: 'bearer' }, 'a')).toMatchObject({ access: 'good', scope: 'a' });
});

verifies('hosted.kept', 'nothing is written that is too long to be read', async () => {
  const state = new StateFolder(join(folder, 'state'), new SignInLines('https://mcp.example.com/mcp'));
  await state.write('a.json', 'x'.repeat(131_072));
  expect(await state.read('a.json')).toHaveLength(131_072);
  await expect(state.write('a.json', 'é'.repeat(65_537))).rejects.toThrow('too long');
  expect(await state.read('a.json')).toHaveLength(131_072);
  expect(readdirSync(state.path)).toEqual(['a.json']);
});
