/**
 * Writes `.oxlintrc.json`: the folder-direction rule (a file imports its own folder, and lower rows
 * through their `index.ts`) is derived here from one table of rows.
 *
 * Run with `npm run lint:config` after adding a folder.
 */
import { writeFileSync } from 'node:fs';

/** Folders by row, lowest first. */
const ROWS = [
  ['core', 'ports'],
  ['spaces', 'sql', 'benchmarks'],
  ['asi', 'patch-dsl', 'pareto', 'repeatability'],
  ['judges', 'levers', 'session'],
  ['evaluation', 'apply', 'logged-models', 'report'],
  ['gepa'],
  ['pipeline'],
  ['cli'],
];

/** Adapters implement ports; they are handed in, never imported by rows 3 to 7. */
const ADAPTERS = ['clients', 'local', 'testing'];
const ADAPTER_ROWS = 2;

interface Override {
  readonly files: readonly string[];
  readonly rules: Readonly<Record<string, unknown>>;
}

const allFolders = [...ROWS.flat(), ...ADAPTERS];

function allowedFor(folder: string): readonly string[] {
  if (folder === 'cli') return allFolders;
  if (folder === 'testing') return ROWS.slice(0, 3).flat();
  if (ADAPTERS.includes(folder)) return ROWS.slice(0, ADAPTER_ROWS).flat();
  // `core` and `ports` share a row: ports may speak of core's types, never the other way round.
  if (folder === 'ports') return ['core'];
  return ROWS.slice(
    0,
    ROWS.findIndex((row) => row.includes(folder)),
  ).flat();
}

function directionRule(folder: string): Override {
  const allowed = allowedFor(folder);
  const forbidden = allFolders.filter((other) => other !== folder && !allowed.includes(other));
  const patterns = [
    ...(forbidden.length === 0
      ? []
      : [
          {
            regex: `^(\\.\\./)+(${forbidden.join('|')})/`,
            message: `'${folder}' must not import this folder: imports go down the rows of CONTRIBUTING.md, never sideways or up.`,
          },
        ]),
    ...(folder === 'core'
      ? []
      : [
          {
            group: allowed
              .filter((other) => other !== folder)
              .flatMap((other) => [`**/${other}/*`, `**/${other}/**`, `!**/${other}/index.ts`]),
            message: "Import another folder through its 'index.ts'.",
          },
        ]),
    {
      regex: '^(\\.\\./)+index\\.ts$',
      message: 'Import the file that defines the name, not a barrel above.',
    },
  ];
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: {
      'eslint/no-restricted-imports': [
        'error',
        { patterns: folder === 'cli' ? patterns.slice(0, -1) : patterns },
      ],
    },
  };
}

const config = {
  $schema: './node_modules/oxlint/configuration_schema.json',
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise'],
  categories: { correctness: 'error', suspicious: 'error' },
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-unsafe-type-assertion': 'off',
    // The compiler proves that a switch returns; this rule cannot see it.
    'typescript/consistent-return': 'off',
    'typescript/restrict-template-expressions': 'off',
    'typescript/no-unnecessary-type-arguments': 'off',
    'eslint/no-console': 'error',
    'eslint/eqeqeq': 'error',
    'eslint/no-shadow': 'off',
    'eslint/no-await-in-loop': 'off',
    'eslint/no-underscore-dangle': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'import/no-unassigned-import': 'off',
    'import/no-named-as-default-member': 'off',
    'promise/always-return': 'off',
  },
  overrides: [
    ...allFolders.map(directionRule),
    {
      files: ['src/cli/**/*.ts', 'examples/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts'],
      rules: { 'eslint/no-console': 'off' },
    },
  ],
  ignorePatterns: ['dist', 'node_modules', 'coverage'],
};

writeFileSync(new URL('../.oxlintrc.json', import.meta.url), `${JSON.stringify(config, null, 2)}\n`);
