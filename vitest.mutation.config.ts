import { defineConfig } from 'vitest/config';
import config from './vitest.config.ts';

const { projects: _, reporters: __, ...options } = config.test ?? {};

/**
 * The tests that mutations are run against: those that import one part of the server. The others start all of it, and
 * there are thousands of mutations.
 */
export default defineConfig({
  test: {
    ...options,
    include: [
      'tests/unit/**/*.test.ts',
      'tests/http/{auth,scalekit}/**/*.test.ts',
      'tests/http/{body,middleware}.test.ts',
    ],
  },
});
