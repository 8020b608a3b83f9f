import { defineConfig } from 'vitest/config';

/** The tests that mutations are run against: the others start servers, and there are thousands of mutations. */
export default defineConfig({
  test: { include: ['tests/unit/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 30_000 },
});
