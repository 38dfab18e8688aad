/**
 * Writes the tables of faults into `docs/clients.md`, from the data that their tests run on.
 *
 * `npm run docs:clients` writes; with `--check` it only tells whether the page is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { formatPage } from './format-page.ts';
import { withFaultTables } from './fault-tables.ts';

const page = new URL('../docs/clients.md', import.meta.url);
const text = readFileSync(page, 'utf8');
const updated = await formatPage(page, withFaultTables(text));
if (process.argv.includes('--check')) {
  if (updated !== text) console.error("docs/clients.md is out of date: run 'npm run docs:clients'.");
  process.exitCode = updated === text ? 0 : 1;
} else {
  writeFileSync(page, updated);
}
