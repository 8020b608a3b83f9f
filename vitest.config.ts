import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // A deadlock ends as a failure; nothing here is expected to take long.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
