import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { builtServer } from '../fixtures/built.ts';
import { callRecord, opened } from '../fixtures/ledger.ts';
import { type ProcessOptions, runScript } from '../fixtures/process.ts';
import { verifies } from '../verifies.ts';

const built = builtServer();
const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command to its end. */
async function run(args: readonly string[], options: ProcessOptions = {}) {
  const program = runScript(built.script, { cwd: folder, ...options, arguments: args });
  const code = await program.exit();
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

verifies('cli.help', 'the help lists every command, and so does that of a command its options', async () => {
  const { code, stdout, stderr } = await run(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const command of ['serve', 'audit']) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
  expect((await run(['audit', 'verify', '--help'])).stdout).toContain('--interleaved');
  expect(await run(['help', 'serve'])).toMatchObject({ code: 0, stdout: expect.stringContaining('--check') });
});

verifies.each('cli.mistyped', [
  [['serv'], 'serve'],
  [['serve', '--chek'], '--check'],
  [['audit', 'verfy'], 'verify'],
] as const)('a mistyped command line does nothing and is answered with what was meant: %s', async (args, meant) => {
  const { code, stdout, stderr } = await run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`Did you mean ${meant}?`);
});

verifies('cli.mistyped', 'a group of commands without one of them is a wrong command line', async () => {
  const { code, stdout, stderr } = await run(['audit']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('verify');
});

verifies('cli.json', 'with --json stdout holds one JSON value: the result, or the error', async () => {
  const usage = await run(['--json', 'serv']);
  expect(usage).toMatchObject({ code: 2, stderr: '' });
  expect(JSON.parse(usage.stdout)).toEqual({
    error: { code: 'usage', message: expect.stringContaining("unknown command 'serv'") },
  });
  const settings = await run(['serve', '--check', '--json'], { env: { PORT: 'x' } });
  expect(settings.code).toBe(78);
  expect(JSON.parse(settings.stdout)).toEqual({
    error: { code: 'configuration', message: expect.stringContaining('- PORT: ') },
  });
  expect(JSON.parse((await run(['--check', '--json'])).stdout)).toEqual({ usable: true, warnings: [] });
});

verifies('cli.audit', 'audit verify says what the script says, with its exit codes', async () => {
  const file = join(folder, 'audit.jsonl');
  const { audit } = await opened({ config: { to: { file } } });
  audit.request(callRecord(1));
  await audit.close();
  const whole = await run(['audit', 'verify', file]);
  expect(whole).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^WHOLE: 3 records, /) });
  expect(JSON.parse((await run(['audit', 'verify', '--json', file])).stdout)).toMatchObject({
    whole: true,
    records: 3,
  });

  const broken = join(folder, 'broken.jsonl');
  writeFileSync(broken, '{"seq":1}\n');
  const told = await run(['audit', 'verify', broken]);
  expect(told).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^BROKEN at /) });
  expect(await run(['audit', 'verify', join(folder, 'none.jsonl')])).toMatchObject({ code: 2, stdout: '' });
  expect(await run(['audit', 'verify', '--after', 'x', '--interleaved', file])).toMatchObject({ code: 2, stdout: '' });
});
