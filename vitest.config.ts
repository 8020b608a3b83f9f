import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { PROMISES } from './tests/requirements.ts';

/** The tests of one folder. */
function project(name: string, options: { isolate?: boolean; testTimeout?: number; globalSetup?: string } = {}) {
  return { extends: true as const, test: { name, include: [`tests/${name}/**/*.test.ts`], ...options } };
}

export default defineConfig({
  test: {
    projects: [
      // They start nothing and leave nothing behind, so that files may share what they import: that is most of their time.
      project('unit', { isolate: false }),
      // Nothing of one server reaches another in the same process, so that they may share what they import.
      project('http', { isolate: false }),
      // Several processes for one test, of one build for all.
      project('process', { testTimeout: 300_000, globalSetup: 'tests/fixtures/build.ts' }),
      project('contract'),
    ],
    // What a test verifies is its tags (tests/verifies.ts).
    tags: PROMISES.map(([name, { promise }]) => ({ name, description: promise })),
    reporters: ['default', fileURLToPath(new URL('tests/report-promises.ts', import.meta.url))],
    // Tests wait for processes more than they compute, so that a small machine has room for several.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    // A deadlock ends as a failure. What is slow on a busy machine is not one.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What is waited for takes as long as it takes: a second, as vitest has it, is what a busy machine is silent for.
    expect: { poll: { timeout: 50_000, interval: 20 } },
  },
});
