/** Writes the table of failure types into `docs/guides/from-verdict-to-proposal.md`; `--check` only compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { formatPage } from './format-page.ts';
import { leverTable } from './lever-table.ts';

const page = new URL('../docs/guides/from-verdict-to-proposal.md', import.meta.url);
const old = readFileSync(page, 'utf8');
const text = old.replace(
  /(<!-- levers -->)[\s\S]*?(<!-- \/levers -->)/,
  (_, head: string, tail: string) => `${head}\n\n${leverTable()}\n\n${tail}`,
);
const wanted = await formatPage(page, text);
if (process.argv.includes('--check')) {
  if (wanted !== old) {
    console.error('The table of levers is out of date: run `npx node scripts/docs-proposals.ts`.');
    process.exitCode = 1;
  }
} else writeFileSync(page, wanted);
