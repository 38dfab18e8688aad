import { defineConfig } from 'tsup';

/** One entry per subpath export; shared code goes to chunks, so two subpaths never carry two copies. */
const library = {
  index: 'src/index.ts',
  'patch-dsl': 'src/patch-dsl/index.ts',
  asi: 'src/asi/index.ts',
  judges: 'src/judges/index.ts',
  pareto: 'src/pareto/index.ts',
  clients: 'src/clients/index.ts',
  local: 'src/local/index.ts',
  testing: 'src/testing/index.ts',
};

export default defineConfig({
  entry: { ...library, cli: 'src/cli/main.ts' },
  format: 'esm',
  target: 'node22',
  platform: 'node',
  splitting: true,
  sourcemap: true,
  clean: true,
  dts: { entry: library },
  external: ['@duckdb/node-api', '@polyglot-sql/sdk'],
});
