/**
 * What importing costs: `npm run bench:footprint` (builds first).
 *
 * Every import runs in a process of its own; the best of several counts. Exit code 1 when a bar is missed. What an
 * import weighs, dependencies included, is checked by `npm run check:package`.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { leastOf, report, type Row } from './measure.ts';

const ROUNDS = 9;
const PACKAGES = ['ky', 'p-limit', 'p-retry', 'yaml', 'zod'];
const run = promisify(execFile);

/** Processor time of one import, ms, and what the process used before it. */
async function importMs(modules: readonly string[]): Promise<number> {
  const imports = modules.map((name) => `await import(${JSON.stringify(name)});`).join('');
  const script = `const before = process.cpuUsage();${imports}const { user, system } = process.cpuUsage(before);console.log((user + system) / 1000);`;
  const root = new URL('../', import.meta.url);
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: root });
  return Number(stdout);
}

const times = await leastOf(ROUNDS, {
  packages: () => importMs(PACKAGES),
  main: () => importMs(['./dist/index.js']),
  'patch-dsl': () => importMs(['./dist/patch-dsl.js']),
  asi: () => importMs(['./dist/asi.js']),
  pareto: () => importMs(['./dist/pareto.js']),
});
console.log(
  Object.entries(times)
    .map(([name, ms]) => `${name} ${ms.toFixed(0)} ms`)
    .join(', '),
);
const rows: Row[] = [
  {
    what: `import of genie-optimizer ÷ import of ${PACKAGES.join(', ')}`,
    ratio: times.main / times.packages,
    bar: 0.75,
    why: 'ky and yaml must be loaded on first use',
  },
  ...(['patch-dsl', 'asi', 'pareto'] as const).map((name) => ({
    what: `import of genie-optimizer/${name} ÷ 25 ms`,
    ratio: times[name] / 25,
    bar: 1,
    why: 'a pure subpath has zod to load and nothing else',
  })),
];
if (!report(rows)) process.exitCode = 1;
