import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Tests wait for processes more than they compute, so that a small machine has room for several.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    // A deadlock ends as a failure; nothing here is expected to take long.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
