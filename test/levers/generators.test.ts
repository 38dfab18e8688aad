import { describe, expect, it } from 'vitest';
import { changesOf, harborSpace, propose, type Asked } from './harbor.ts';
import { calls, ships, CASES } from './generator-cases.ts';

describe('proposals from the difference of two statements', () => {
  it.each(CASES)('$name', async ({ asked, changes }) => {
    expect(changesOf(await propose(asked))).toEqual(expect.arrayContaining([...changes]));
  });

  it('proposes nothing when every answer is right', async () => {
    const asked: Asked[] = [
      {
        question: 'How many ships per flag?',
        expected: 'SELECT flag, COUNT(*) FROM ships GROUP BY flag',
        generated: 'same',
      },
      { question: 'Total dues', expected: 'SELECT SUM(dues) FROM calls', generated: 'same' },
    ];
    expect(await propose(asked)).toMatchObject({ proposals: [], review: [], limits: [], evictions: [] });
  });

  it('does not blame words that right answers use without the element', async () => {
    const asked: Asked[] = [
      {
        question: 'Busy ships per registry',
        expected: 'SELECT flag, COUNT(*) FROM ships GROUP BY flag',
        generated: 'SELECT grp, COUNT(*) FROM ships GROUP BY grp',
      },
      {
        question: 'Busy berths per basin',
        expected: 'SELECT basin, COUNT(*) FROM berths GROUP BY basin',
        generated: 'same',
      },
      { question: 'Busy berths', expected: 'SELECT label FROM berths', generated: 'same' },
    ];
    const synonyms = changesOf(await propose(asked)).filter((change) => change['type'] === 'add_synonym');
    expect(synonyms).toEqual([{ type: 'add_synonym', table: ships, column: 'flag', synonym: 'registry' }]);
  });

  it('corrects a stated join only when no answer key relies on it', async () => {
    const space = harborSpace();
    const join = (sql: string) => ({
      id: 'b'.repeat(32),
      left: { identifier: calls, alias: 'calls' },
      right: { identifier: ships, alias: 'ships' },
      sql: [sql, '--rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE--'],
    });
    const asked: Asked[] = [
      {
        question: 'Total dues by flag',
        expected:
          'SELECT s.flag, SUM(c.dues) FROM ships s JOIN calls c ON s.ship_no = c.ship_no GROUP BY s.flag',
        generated:
          'SELECT s.flag, SUM(c.dues) FROM ships s JOIN calls c ON s.ship_no = c.call_no GROUP BY s.flag',
      },
    ];
    Object.assign(space.instructions ?? {}, { join_specs: [join('`calls`.`call_no` = `ships`.`ship_no`')] });
    expect(changesOf(await propose(asked, { space }))).toEqual([
      {
        type: 'update_join_condition',
        join_id: 'b'.repeat(32),
        old_sql: '`calls`.`call_no` = `ships`.`ship_no`',
        new_sql: '`calls`.`ship_no` = `ships`.`ship_no`',
        relationship_type: 'MANY_TO_ONE',
      },
    ]);
    const relied: Asked[] = [
      ...asked,
      {
        question: 'Flags',
        expected: 'SELECT s.flag FROM ships s JOIN calls c ON s.ship_no = c.call_no',
        generated: 'same',
      },
    ];
    const types = changesOf(await propose(relied, { space })).map((change) => change['type']);
    expect(types).not.toContain('update_join_condition');
  });

  it('shows a hidden column that answers need', async () => {
    const space = harborSpace();
    const table = space.data_sources?.tables?.find((item) => item.identifier === ships);
    Object.assign(table ?? {}, { column_configs: [{ column_name: 'flag', exclude: true }] });
    const asked: Asked[] = [
      {
        question: 'How many ships per flag?',
        expected: 'SELECT flag, COUNT(*) FROM ships GROUP BY flag',
        generated: 'SELECT grp, COUNT(*) FROM ships GROUP BY grp',
      },
    ];
    expect(changesOf(await propose(asked, { space }))).toContainEqual({
      type: 'unhide_column',
      table: ships,
      column: 'flag',
    });
  });
});
