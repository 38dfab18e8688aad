import { describe, expect, it } from 'vitest';
import { buildBlameIndex, isGenericFix, judgeQualityFeedback, buildAsi } from '../../src/asi/index.ts';
import { clinicCatalog, clinicSpace } from './clinic.ts';

const index = buildBlameIndex(clinicSpace, clinicCatalog);

describe('resolving blame', () => {
  it.each([
    ['vet.care.animals', 'table', 'asset:vet.care.animals', null],
    ['ANIMALS', 'table', 'asset:vet.care.animals', null],
    ['`vet`.`care`.`visits`', 'table', 'asset:vet.care.visits', null],
    ['visit_metrics', 'metric_view', 'asset:vet.care.visit_metrics', null],
    ['visits.fee', 'column', 'column:vet.care.visits#fee', 'DECIMAL(10,2)'],
    ['vet.care.visits#fee', 'column', 'column:vet.care.visits#fee', 'DECIMAL(10,2)'],
    ['species', 'column', 'column:vet.care.animals#species', 'STRING'],
    ['visit_metrics.visit_day', 'mv_member', 'column:vet.care.visit_metrics#visit_day', 'DATE'],
    ['get_visits', 'function', 'function:vet.care.get_visits', null],
    ['get_visits.from_day', 'parameter', 'function:vet.care.get_visits#from_day', 'STRING'],
    ['asset_routing:MV', 'asset_routing', 'asset_routing:mv', null],
  ])('finds %s as a %s', (raw, kind, key, dataType) => {
    expect(index.resolve(raw)).toMatchObject({ kind, key, dataType });
  });

  it.each(['animal_id', 'nobody', 'visits.nothing', '', '['])(
    'leaves %j unresolved: nothing or several things are meant',
    (raw) => {
      expect(index.resolve(raw)).toBeNull();
    },
  );
});

describe('generic fixes', () => {
  it.each([
    ['', true],
    ['Review the column metadata.', true],
    ['Check that the table is right', true],
    ['The query is wrong. Improve it.', true],
    ['Describe visits.fee', true],
    ["Add synonym 'bill' to visits.fee", false],
    ["State that visits.updated_col = 'x' marks closed visits", false],
    ["Check that 'bill' is a synonym of visits.fee", false],
  ])('%j is generic: %s', (fix, expected) => {
    expect(isGenericFix(fix, index)).toBe(expected);
  });

  it('are counted per judge, most first, with the most common example', () => {
    const record = (judge: string, fix: string) => ({
      question_id: 'q',
      judge,
      rationale: '',
      asi: buildAsi({ failure_type: 'wrong_column', counterfactual_fix: fix }),
    });
    const feedback = judgeQualityFeedback(
      [
        record('a', 'Review it.'),
        record('b', 'Check the columns.'),
        record('b', 'Check the columns.'),
        record('b', 'Verify.'),
        record('c', "Add synonym 'bill' to visits.fee"),
      ],
      index,
    );
    expect(feedback.map(({ judge_name, count, example }) => [judge_name, count, example])).toEqual([
      ['b', 3, 'Check the columns.'],
      ['a', 1, 'Review it.'],
    ]);
  });
});
