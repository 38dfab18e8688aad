/**
 * Writes the tables of constructs and functions into `docs/local-workspace.md`.
 *
 * `npm run docs:local` writes; with `--check` it only tells whether the page is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { formatPage } from './format-page.ts';
import { withSqlTables } from './local-tables.ts';

const page = new URL('../docs/local-workspace.md', import.meta.url);
const text = readFileSync(page, 'utf8');
const updated = await formatPage(page, withSqlTables(text));
if (process.argv.includes('--check')) {
  if (updated !== text) console.error("docs/local-workspace.md is out of date: run 'npm run docs:local'.");
  process.exitCode = updated === text ? 0 : 1;
} else {
  writeFileSync(page, updated);
}
