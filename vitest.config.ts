import {defineConfig} from 'vitest/config';

const shared = {
  pool: 'forks' as const,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  globalSetup: ['./test/support/build-once.ts'],
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/data/**', 'test/slow/**', 'test/parity/**'],
        },
      },
      {test: {...shared, name: 'data', include: ['test/data/**/*.test.ts'], testTimeout: 600_000}},
      {test: {...shared, name: 'slow', include: ['test/slow/**/*.test.ts']}},
      {test: {...shared, name: 'parity', include: ['test/parity/**/*.test.ts'], testTimeout: 600_000}},
    ],
  },
});
