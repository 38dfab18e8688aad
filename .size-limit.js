/** What an importer of one subpath pays, dependencies included, minified and gzipped. */
const node = (config) => ({
  ...config,
  platform: 'node',
  external: ['@polyglot-sql/sdk', '@duckdb/node-api'],
});

export default [
  { name: 'patch-dsl', path: 'dist/patch-dsl.js', limit: '120 kB', gzip: true, modifyEsbuildConfig: node },
  { name: 'asi', path: 'dist/asi.js', limit: '80 kB', gzip: true, modifyEsbuildConfig: node },
  { name: 'pareto', path: 'dist/pareto.js', limit: '5 kB', gzip: true, modifyEsbuildConfig: node },
];
