import { describe, expect, it } from 'vitest';
import { changesOf, harborCatalog, propose, type Asked } from './harbor.ts';

const asked = (question: string, more: Partial<Asked> = {}): Asked => ({
  question,
  expected: 'SELECT st, COUNT(*) FROM calls GROUP BY st',
  generated: 'SELECT call_state, MEASURE(gross_dues) FROM call_metrics GROUP BY call_state',
  actualAsset: 'MV',
  ...more,
});

const measuresOf = async (...questions: Asked[]) =>
  changesOf(await propose(questions)).filter(({ type }) =>
    ['add_mv_measure', 'add_sql_snippet_measure'].includes(String(type)),
  );

describe('things by a group, answered without counting them', () => {
  it('become a measure of the metric view that was asked and cannot count', async () => {
    expect(await measuresOf(asked('Visits by state'))).toContainEqual({
      type: 'add_mv_measure',
      mv: 'harbor.ops.call_metrics',
      measure: { name: 'number_of_visits', expr: 'COUNT(*)', synonyms: ['visits', 'number of visits'] },
    });
  });

  it('become a figure of the table that has a key', async () => {
    const fleet = asked('Fleet by flag', {
      expected: 'SELECT flag, COUNT(*) FROM ships GROUP BY flag',
      generated: 'SELECT flag FROM ships',
      actualAsset: 'TABLE',
    });
    expect(await measuresOf(fleet)).toContainEqual({
      type: 'add_sql_snippet_measure',
      display_name: 'number of fleet',
      sql: 'COUNT(ships.ship_no)',
      alias: 'number_of_fleet',
      synonyms: ['fleet'],
    });
  });

  it('are told by the name of the table where the key counts its key', async () => {
    const counted = asked('How many are there?', {
      expected: 'SELECT COUNT(ship_no) FROM ships',
      generated: 'SELECT MAX(ship_no) FROM ships',
      actualAsset: 'TABLE',
    });
    expect(await measuresOf(counted)).toMatchObject([
      { display_name: 'number of ships', sql: 'COUNT(ships.ship_no)' },
    ]);
  });

  it('are those of the table that is not looked up by its key', async () => {
    const visits = asked('Visits by flag', {
      expected: 'SELECT s.flag, COUNT(*) FROM calls c JOIN ships s ON c.ship_no = s.ship_no GROUP BY s.flag',
    });
    expect(await measuresOf(visits)).toMatchObject([
      { type: 'add_mv_measure', measure: { expr: 'COUNT(*)' } },
    ]);
  });

  it.each([
    [
      'another key means something else by the word',
      [
        asked('Visits by state'),
        asked('Visits by berth', { expected: 'SELECT berth_no, SUM(dues) FROM calls GROUP BY berth_no' }),
      ],
    ],
    ['the word is the name of a column', [asked('Rebate by state')]],
    [
      'the answer counted, however it went wrong',
      [asked('Visits by state', { generated: 'SELECT dep, COUNT(*) FROM calls GROUP BY dep' })],
    ],
  ])('are left alone when %s', async (_, questions) => {
    expect(JSON.stringify(await measuresOf(...questions))).not.toContain('number_of');
  });

  it('are left alone where the metric view counts its rows already', async () => {
    const catalog = {
      ...harborCatalog,
      tables: harborCatalog.tables.map((table) => ({
        ...table,
        definition:
          table.definition === null ? null : `${table.definition}  - name: rows_held\n    expr: count( * )\n`,
      })),
    };
    expect(JSON.stringify(changesOf(await propose([asked('Visits by state')], { catalog })))).not.toContain(
      'COUNT(*)',
    );
  });
});
