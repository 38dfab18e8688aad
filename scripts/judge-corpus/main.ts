/**
 * Measures the structural judges on statements with one known damage and on equivalent rewrites.
 *
 * `npm run docs:judges` writes the figures into docs/judges.md; with `--check` it only tells whether they are out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { measure } from './measure.ts';
import { fillSection } from './page.ts';
import { headlineTable, renderReport } from './render-report.ts';
import { FULL, SMALL } from './settings.ts';

const page = new URL('../../docs/judges.md', import.meta.url);
const text = readFileSync(page, 'utf8');
const full = fillSection(text, 'corpus', renderReport(await measure(FULL)));
const filled = fillSection(full, 'small-corpus', headlineTable(await measure(SMALL)));
const updated = await format(filled, { parser: 'markdown', printWidth: 110, singleQuote: true });
const isCheck = process.argv.includes('--check');
if (updated === text) process.stdout.write('docs/judges.md is up to date.\n');
else if (isCheck) {
  process.stderr.write("docs/judges.md is out of date: run 'npm run docs:judges'.\n");
  process.exitCode = 1;
} else {
  writeFileSync(page, updated);
  process.stdout.write('docs/judges.md is written.\n');
}
