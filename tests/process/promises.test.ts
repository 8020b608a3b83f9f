import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../fixtures/process.ts';
import { type PromiseId, REQUIREMENTS } from '../requirements.ts';

const TESTS = `
import { describe } from 'vitest';
import { verifies } from '${ROOT}/tests/verifies.ts';

verifies('wire.batch', 'one', () => {});
verifies.each(['wire.ids', 'wire.cancel'], [['a', 1], ['b', 2]])('%s is %i', (letter, number) => {
  if ('ab'.indexOf(letter) + 1 !== number) throw new Error('A row was not handed on.');
});
verifies.group('wire.progress', 'a group', () => {
  verifies('wire.discover', 'inside', async () => {});
});
describe.skipIf(true)('without Redis', () => {
  verifies('limits.redis', 'skipped', () => {});
});
`;
const VERIFIED: readonly PromiseId[] = ['wire.batch', 'wire.ids', 'wire.cancel', 'wire.progress', 'wire.discover'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'promises-'));
  mkdirSync(join(folder, 'tests/unit'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a project of one test file with the configuration of this one. */
async function run(tests: string, ...options: string[]): Promise<{ code: number; text: string }> {
  writeFileSync(join(folder, 'tests/unit/some.test.ts'), tests);
  writeFileSync(join(folder, 'vitest.config.ts'), `export { default } from '${join(ROOT, 'vitest.config.ts')}';`);
  return new Promise((resolve) => {
    const args = [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--config',
      'vitest.config.ts',
      '--root',
      folder,
      ...options,
    ];
    execFile(
      process.execPath,
      args,
      { cwd: ROOT, env: { PATH: process.env['PATH'], NO_COLOR: '1' } },
      (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), text: stdout + stderr });
      },
    );
  });
}

describe('a run of all tests', () => {
  it('fails when a promise is left without a test, and says which', async () => {
    const { code, text } = await run(TESTS);
    const left = Object.keys(REQUIREMENTS).filter((id) => ![...VERIFIED, 'limits.redis'].includes(id));
    expect(text).toContain(`No test verifies these promises: ${left.join(', ')}\n`);
    expect(text).toMatch(/Tests {2}4 passed \| 1 skipped/);
    expect(text).toContain('Not verified in this run: limits.redis. Skipped: without Redis > skipped\n');
    expect(code).toBe(1);
  });
});

it('a run of a part asks for nothing, and can be chosen by promise', async () => {
  const { code, text } = await run(TESTS, '--tags-filter', 'wire.id*');
  expect(text).toMatch(/Tests {2}2 passed \| 3 skipped/);
  expect(text).not.toContain('No test verifies');
  expect(code).toBe(0);
});

it('an id that is no promise does not compile', () => {
  // @ts-expect-error: there is no such promise.
  const unknown: PromiseId = 'wire.nonsense';
  expect(unknown in REQUIREMENTS).toBe(false);
});
