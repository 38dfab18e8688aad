import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sqlTables } from '../../scripts/local-tables.ts';
import { functionStatuses } from '../../src/local/engine/function-status.ts';
import { LOCAL_WORKSPACE_DEFAULTS } from '../../src/local/index.ts';

/** The words of a table without the padding that formatting adds. */
const rowsOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.replaceAll(/-{3,}/g, '---').replaceAll(/ {2,}/g, ' '));

describe('docs/local-workspace.md', () => {
  const page = readFileSync(new URL('../../docs/local-workspace.md', import.meta.url), 'utf8');
  const shown = /<!-- generated:sql:start -->([\s\S]*)<!-- generated:sql:end -->/.exec(page)?.[1] ?? '';

  it('shows constructs and functions as they are tested (npm run docs:local)', () => {
    expect(rowsOf(shown)).toEqual(rowsOf(sqlTables()));
  });

  it('says that the answers come from a simulator', () => {
    expect(page).toMatch(/simulator/i);
  });

  it.each(Object.entries(LOCAL_WORKSPACE_DEFAULTS).filter(([name]) => name !== 'maxBodyBytes'))(
    'states the default of %s as it is',
    (name, value) => {
      const line = page.split('\n').find((each) => each.startsWith(`| \`${name}\``));
      expect(line).toContain(`\`${String(value)}\``);
    },
  );

  it('lists every function once', () => {
    const names = functionStatuses().map(({ name }) => name);
    expect(names.length).toBe(new Set(names).size);
  });
});
