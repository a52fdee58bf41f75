import { defineConfig } from 'vitest/config';

/** What takes minutes and is no part of every change's gate: `pnpm test:slow`. */
export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.slow.ts', 'test/**/*.slow.ts'],
    testTimeout: 1_800_000,
    maxWorkers: 2,
  },
});
