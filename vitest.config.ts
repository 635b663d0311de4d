import { defineConfig } from 'vitest/config';

// Device tests share one software GPU between two cores: files run one after the other in separate
// processes, so that a crash of the driver is charged to the file that caused it.
export default defineConfig({
  test: {
    include: ['kernels-tests/**/*.test.ts'],
    setupFiles: ['kernels-tests/fixed-seed.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
