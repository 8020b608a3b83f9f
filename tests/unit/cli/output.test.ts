import { PassThrough } from 'node:stream';
import { expect } from 'vitest';
import { Output } from '../../../src/cli/output.ts';
import { verifies } from '../../verifies.ts';

function written(isJson: boolean, speak: (output: Output) => void) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  speak(new Output({ stdout, stderr, isTyped: false, isJson }));
  return { stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

/** Names as another server may give them. */
const NAMES = [
  ['\u001b]0;pwned\u0007\u001b[2J', '\ufffd]0;pwned\ufffd\ufffd[2J'],
  ['\u009b31m', '\ufffd31m'],
  ['\u009d8;;https://evil.example\u009c', '\ufffd8;;https://evil.example\ufffd'],
  ['safe\rpwned\b\u007f', 'safe\ufffdpwned\ufffd\ufffd'],
  ['\u202egpj.exe\u2066', '\ufffdgpj.exe\ufffd'],
  ['a\u200db\ufe0f\u200dc', 'a\ufffdb\ufffdc'],
] as const;

verifies.each('cli.output', NAMES)('no text steers a terminal: %j', (name, shown) => {
  const [text, expected] = [`User:\t${name}\nHere`, `User:\t${shown}\nHere\n`];
  expect(written(false, (output) => output.result({ name }, text))).toEqual({ stdout: expected, stderr: '' });
  expect(written(false, (output) => output.plain(text))).toEqual({ stdout: expected, stderr: '' });
  expect(written(false, (output) => output.say(text))).toEqual({ stdout: '', stderr: expected });
  expect(written(false, (output) => output.failure({ kind: 'failed', text }))).toEqual({
    stdout: '',
    stderr: expected,
  });
  expect(written(true, (output) => output.say(text))).toEqual({ stdout: '', stderr: expected });
});

verifies.each('cli.output', NAMES)('JSON holds the same value, without a control character: %j', (name, _shown) => {
  const result = written(true, (output) => output.result({ name }, ''));
  const failure = written(true, (output) => output.failure({ kind: 'failed', text: name }));
  for (const { stdout, stderr } of [result, failure]) {
    expect(stderr).toBe('');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  }
  expect(JSON.parse(result.stdout)).toEqual({ name });
  expect(JSON.parse(failure.stdout)).toEqual({ error: { code: 'failed', message: name } });
});

verifies.each('cli.output', [
  'Möwe 灯台 مرحبا',
  'می\u200cخواهم',
  '👨\u200d👩\u200d👧',
  '🏳\ufe0f\u200d🌈',
  '\u06dd\u0661',
  'a\tb\n\nc',
])('what people write stays as it is: %j', (text) => {
  expect(written(false, (output) => output.result(text, text)).stdout).toBe(`${text}\n`);
});
