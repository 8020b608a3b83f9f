import { expect } from 'vitest';
import { SignInLines } from '../../../src/bridge/sign-in-lines.ts';
import { uninstallLine } from '../../../src/cli/client-lines.ts';
import { shellWord } from '../../../src/install/shell-word.ts';
import { verifies } from '../../verifies.ts';

verifies.each('lines.shells', [
  ['plain-word', 'plain-word'],
  ['https://mcp.example.com/mcp?a=b&c=d', '"https://mcp.example.com/mcp?a=b&c=d"'],
  ['/home/mira/My files (new)', '"/home/mira/My files (new)"'],
  [String.raw`C:\Users\mira\R&D`, String.raw`"C:\Users\mira\R&D"`],
  ['/home/Übung', '"/home/Übung"'],
  ['%COMSPEC%', "'%COMSPEC%'"],
  ['$HOME', "'$HOME'"],
  ["it's", String.raw`'it'\''s'`],
])('%s is written so that shells take it for one word', (argument, word) => {
  expect(shellWord(argument)).toBe(word);
});

const SHELLS = ['&calc&', ';calc', '|calc', "a';calc;'", '$(calc)', '`calc`', '%COMSPEC%', '^calc', '<a', '!a', '"a'];

verifies.each('lines.shells', SHELLS)('nothing of others that a shell would carry out is in a line: %s', (hostile) => {
  const lines = new SignInLines('https://mcp.example.com/mcp');
  expect(lines.login(`openid ${hostile}`)).toBe(lines.login());
  expect(lines.login('openid organization:read')).toContain('--scope "openid organization:read"');
  const entry = { name: 'scalekit', scope: 'local', client: 'claude-code', project: '/home/mira' } as const;
  const calc = hostile === '&calc&' ? `${hostile}$` : hostile;
  expect(uninstallLine({ ...entry, folder: `/tmp/${calc}` })).toBeUndefined();
  expect(uninstallLine({ ...entry, folder: '/tmp/R&D' })).toContain('--project "/tmp/R&D"');
});
