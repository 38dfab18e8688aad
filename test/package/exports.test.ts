import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = new URL('../../', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  name: string;
  exports: Record<string, unknown>;
  dependencies: Record<string, string>;
};
const subpaths = Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'));
const importName = (subpath: string) => `${manifest.name}${subpath.slice(1)}`;

/** Runs a script in a fresh process inside the package, where its own name resolves to `dist`. */
const node = async (...args: string[]): Promise<string> =>
  (await run(process.execPath, args, { cwd: root, env: { ...process.env, NODE_OPTIONS: '' } })).stdout.trim();

describe('the published package', () => {
  it.each(subpaths)('%s exports names', async (subpath) => {
    const script = `import(${JSON.stringify(importName(subpath))}).then((m) => console.log(Object.keys(m).length))`;
    expect(Number(await node('-e', script))).toBeGreaterThan(0);
  });

  it.each(subpaths)('%s can be required from CommonJS', async (subpath) => {
    const script = `console.log(typeof require(${JSON.stringify(importName(subpath))}))`;
    expect(await node('-e', script)).toBe('object');
  });

  it.each(['./patch-dsl', './asi', './pareto', './judges'])(
    '%s loads neither the SQL parser nor DuckDB nor ky',
    async (subpath) => {
      const script = [
        `import { registerHooks } from 'node:module';`,
        `const seen = [];`,
        `registerHooks({ resolve: (name, context, next) => { seen.push(name); return next(name, context); } });`,
        `await import(${JSON.stringify(importName(subpath))});`,
        `console.log(seen.filter((name) => /polyglot|duckdb|^ky$/.test(name)).join());`,
      ].join('\n');
      expect(await node('--input-type=module', '-e', script)).toBe('');
    },
  );

  it('has the runtime dependencies that were decided on, and no more', () => {
    expect(Object.keys(manifest.dependencies).sort()).toEqual([
      '@polyglot-sql/sdk',
      'ky',
      'p-limit',
      'p-retry',
      'yaml',
      'zod',
    ]);
  });

  it('starts its command line', async () => {
    expect(await node('dist/cli.js', '--version')).toMatch(/^\d+\.\d+\.\d+/);
  });
});
