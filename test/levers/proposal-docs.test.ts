import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { leverTable } from '../../scripts/lever-table.ts';
import { GENERATORS, REVIEW_REASONS } from '../../src/levers/index.ts';

const page = readFileSync(new URL('../../docs/guides/from-verdict-to-proposal.md', import.meta.url), 'utf8');
const cells = (line: string): string[] => line.split('|').map((cell) => cell.trim());

const shown = page.slice(page.indexOf('<!-- levers -->'), page.indexOf('<!-- /levers -->'));

it('shows for every failure type the lever that the data give it', () => {
  const rows = shown.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows.map(cells)).toEqual(leverTable().split('\n').slice(2).map(cells));
});

it.each(Object.keys(GENERATORS))('explains the generator %s', (name) => {
  expect(page).toContain(`\`${name}\``);
});

it.each(REVIEW_REASONS)('explains the reason %s', (reason) => {
  expect(page).toContain(`\`${reason}\``);
});
