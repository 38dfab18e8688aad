import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`src/${path}`, import.meta.url));

/** Tests that put another module in the place of one: they need a worker of their own. */
const MOCKING_MODULES = [
  'test/local/missing-peer.test.ts',
  'test/scenarios/bad-input.test.ts',
  'test/sql/lazy-parser.test.ts',
];

export default defineConfig({
  resolve: {
    alias: [
      { find: /^genie-optimizer$/, replacement: source('index.ts') },
      { find: /^genie-optimizer\/(.+)$/, replacement: source('$1/index.ts') },
    ],
  },
  test: {
    // Continuous integration prints the counts of this file as its closing line.
    reporters: process.env['CI']
      ? ['default', ['json', { outputFile: '.cache/test-results.json' }]]
      : ['default'],
    // One worker for every core: by default one stays unused, which is half of a small machine.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    setupFiles: ['test/setup.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['test/**/*.test.ts'],
          exclude: ['test/package/**', ...MOCKING_MODULES],
          typecheck: { enabled: true, include: ['test/types/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
          // Workers serve file after file: no module of the library keeps state between calls, and loading
          // everything anew for each file took longer than the tests themselves.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'mocking modules', include: [...MOCKING_MODULES] } },
    ],
  },
});
