import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const source = (path: string) => fileURLToPath(new URL(`src/${path}`, import.meta.url));

/** Tests that put another module in the place of one: they need a worker of their own. */
const MOCKING_MODULES = ['test/local/missing-peer.test.ts', 'test/sql/lazy-parser.test.ts'];

/** Files that take longest, longest first: begun last, one of them would keep one core waiting at the end. */
const LONGEST = [
  'test/examples/examples.test.ts',
  'test/scenarios/tpch.test.ts',
  'test/scenarios/kill-and-resume.test.ts',
  'test/clients/faults/faults.test.ts',
  'test/scenarios/tracking.test.ts',
  'test/apply/kill.test.ts',
  'test/samples/retail.test.ts',
  'test/samples/tpch.test.ts',
  'test/levers/planted-defects.test.ts',
];

/** Without times of an earlier run files come by size, which says nothing of those that run whole scenarios. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((path) => moduleId.endsWith(path));
      return at === -1 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

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
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'shared workers',
          include: ['test/**/*.test.ts'],
          exclude: ['test/package/**', ...MOCKING_MODULES],
          // Checks the files of this folder and what they import; `npm run typecheck` checks everything.
          typecheck: {
            enabled: true,
            include: ['test/types/**/*.test-d.ts'],
            tsconfig: './test/types/tsconfig.json',
          },
          // Workers serve file after file: no module of the library keeps state between calls, and loading
          // everything anew for each file took longer than the tests themselves.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'own workers', include: [...MOCKING_MODULES] } },
    ],
  },
});
