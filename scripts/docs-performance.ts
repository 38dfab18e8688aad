/**
 * Writes what the benches measured into `docs/performance.md`.
 *
 * `npm run docs:performance` runs all of them one after another, which takes some minutes;
 * `npm run docs:performance -- pareto sql` runs those and keeps the figures of the others.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { figureOf, type Row } from '../bench/measure.ts';
import { formatPage } from './format-page.ts';
import { fillSection } from './judge-corpus/page.ts';

/** Script of package.json, the file that keeps its figures, and what it measures. */
const BENCHES = [
  { script: 'bench:evaluation', file: 'evaluation', title: 'Evaluation' },
  { script: 'bench:waiting', file: 'waiting', title: 'Waiting for Genie, in simulated time' },
  { script: 'bench:comparison', file: 'comparison', title: 'Comparing results of 1,000,000 × 5 cells' },
  { script: 'bench:llm-judge', file: 'llm-judge', title: 'Verdicts of a model' },
  { script: 'bench:sql', file: 'sql-text', title: 'Equal spellings of a statement' },
  { script: 'bench:benchmarks', file: 'benchmarks', title: 'Reading golden queries' },
  {
    script: 'bench',
    file: 'patch-dsl',
    title: 'Patches, conflicts and canonical text, 200 tables × 100 columns',
  },
  { script: 'bench:clustering', file: 'clustering', title: 'Clustering failures' },
  { script: 'bench:pareto', file: 'pareto', title: 'Frontiers' },
  { script: 'bench:footprint', file: 'footprint', title: 'Importing the package' },
] as const;

interface Kept {
  readonly day: string;
  readonly node: string;
  readonly rows: readonly Row[];
}

const root = new URL('../', import.meta.url);
const keptFile = (file: string): URL => new URL(`.cache/bench/${file}.json`, root);
const nameOf = (script: string): string => script.replace('bench:', '');
const known = BENCHES.map(({ script }) => nameOf(script));
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !known.includes(name));
if (unknown !== undefined) {
  console.error(`There is no bench '${unknown}'. Known: ${known.join(', ')}.`);
  process.exit(1);
}

for (const { script, file } of BENCHES) {
  const isWanted = wanted.includes(nameOf(script));
  if (!isWanted && (wanted.length > 0 || existsSync(keptFile(file)))) continue;
  console.log(`npm run ${script}`);
  // A missed bar is a figure like any other here: the page shows it.
  spawnSync('npm', ['run', '--silent', script], { cwd: root, stdio: 'inherit' });
}

const lineOf = ({ what, ratio, bar }: Row): string =>
  `| ${what} | ${figureOf(ratio)} | ${bar === null ? '' : `≤ ${bar}`} | ${bar === null ? '' : ratio <= bar ? 'met' : `**missed by ${((ratio / bar - 1) * 100).toFixed(0)} %**`} |`;

const sections = BENCHES.map(({ script, file, title }) => {
  const command = `\`npm run ${script}\``;
  if (!existsSync(keptFile(file))) return `### ${title}\n\nNot measured yet: ${command}.`;
  const { day, node, rows } = JSON.parse(readFileSync(keptFile(file), 'utf8')) as Kept;
  return [
    `### ${title}`,
    `${command}, ${day}, Node ${node.slice(1)}:`,
    ['| Figure | Ratio | Bar | |', '| --- | --- | --- | --- |', ...rows.map(lineOf)].join('\n'),
  ].join('\n\n');
});

const page = new URL('docs/performance.md', root);
const machine = `Measured on ${cpus().length} cores.`;
const filled = fillSection(readFileSync(page, 'utf8'), 'figures', [machine, ...sections].join('\n\n'));
writeFileSync(page, await formatPage(page, filled));
console.log('docs/performance.md is written.');
