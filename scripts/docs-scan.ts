/** Writes the table of checks into `docs/guides/scan-a-space.md`: `npm run docs:scan`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { SCAN_CHECKS } from '../src/levers/index.ts';
import { formatPage } from './format-page.ts';

const page = new URL('../docs/guides/scan-a-space.md', import.meta.url);
const rows = SCAN_CHECKS.map(({ id, severity, explains }) => `| \`${id}\` | ${severity} | ${explains} |`);
const table = ['| Check | Severity | What it looks for |', '| --- | --- | --- |', ...rows].join('\n');
const text = readFileSync(page, 'utf8').replace(
  /(<!-- scan-checks -->)[\s\S]*?(<!-- \/scan-checks -->)/,
  (_, head: string, tail: string) => `${head}\n\n${table}\n\n${tail}`,
);
writeFileSync(page, await formatPage(page, text));
