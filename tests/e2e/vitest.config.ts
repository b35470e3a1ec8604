import { defineConfig } from 'vitest/config';

/** One shop and one browser a file; files one after another, since two cores serve server and browser. */
export default defineConfig({
  test: {
    include: ['tests/e2e/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
