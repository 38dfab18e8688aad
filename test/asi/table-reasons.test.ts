import { describe, expect, it } from 'vitest';
import { buildAsi, withTableReasons, type StoredAsi } from '../../src/asi/index.ts';

const own = (judge: string) => ({
  question_id: 'q1',
  judge,
  rationale: 'As the judge said it.',
  asi: buildAsi({ failure_type: 'wrong_column', quoted_metadata_text: 'quoted' }),
});
const row = {
  question_id: 'q1',
  correct: false as boolean | null,
  verdicts: {
    schema_accuracy: { value: 'no' },
    completeness: { value: 'no' },
    asset_routing: { value: 'yes' },
  },
  asi: [own('completeness'), own('schema_accuracy')],
};
const stored = (judge: string, value: string, failure_type = 'wrong_join'): StoredAsi => ({
  iteration: 0,
  question_id: 'q1',
  judge,
  value,
  record:
    value === 'no' ? { question_id: 'q1', judge, rationale: '', asi: buildAsi({ failure_type }) } : null,
});
const reasons = (from: typeof row, table: readonly StoredAsi[]) =>
  withTableReasons([from], table)[0]?.asi.map(({ judge, asi, asi_source }) => [
    judge,
    asi.failure_type,
    asi_source,
  ]);

describe('reasons of the table of verdicts', () => {
  it('stand in the place of those of the row, judge by judge', () => {
    expect(reasons(row, [stored('schema_accuracy', 'no')])).toEqual([
      ['completeness', 'wrong_column', 'row_metadata'],
      ['schema_accuracy', 'wrong_join', 'uc_table'],
    ]);
  });

  it('keep what only the row knows', () => {
    const [first] = withTableReasons([row], [stored('completeness', 'no')]);
    expect(first?.asi[0]).toMatchObject({
      rationale: 'As the judge said it.',
      asi: { failure_type: 'wrong_join', quoted_metadata_text: 'quoted' },
    });
  });

  it.each([
    ['the verdict there is another one, reached under another key', row, [stored('asset_routing', 'no')]],
    ['the verdict there is no failure', row, [stored('completeness', 'yes')]],
    ['the row passed', { ...row, correct: true }, [stored('completeness', 'no')]],
    ['the row is excluded', { ...row, correct: null }, [stored('completeness', 'no')]],
    ['they are of another question', row, [{ ...stored('completeness', 'no'), question_id: 'q2' }]],
  ])('do not count when %s', (_, from, table) => {
    expect(reasons(from, table)).toEqual([
      ['completeness', 'wrong_column', 'row_metadata'],
      ['schema_accuracy', 'wrong_column', 'row_metadata'],
    ]);
  });
});
