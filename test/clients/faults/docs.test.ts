import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faultTables } from '../../../scripts/fault-tables.ts';

/** The words of a table without the padding that formatting adds. */
const rowsOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|') || line.startsWith('¹'))
    .map((line) => line.replaceAll(/-{3,}/g, '---').replaceAll(/ {2,}/g, ' '));

describe('docs/clients.md', () => {
  const page = readFileSync(new URL('../../../docs/clients.md', import.meta.url), 'utf8');
  const shown = /<!-- generated:faults:start -->([\s\S]*)<!-- generated:faults:end -->/.exec(page)?.[1] ?? '';

  it('shows the faults as they are tested (npm run docs:clients)', () => {
    expect(rowsOf(shown)).toEqual(rowsOf(faultTables()));
  });
});
