import { describe, expect, it } from 'vitest';
import { runJudges, selectJudges } from '../../src/judges/index.ts';
import { judgeInput } from './shop.ts';
import { RIGHT, WRONG, YES, NO, ScriptedModel, ModelDown } from './scripted-model.ts';

describe('selectJudges', () => {
  const kinds = (judges: ReturnType<typeof selectJudges>['judges']): string[] =>
    judges.map(({ kind }) => kind);

  it('is structural without a model, and needs one otherwise', () => {
    expect(kinds(selectJudges().judges)).toEqual(Array.from({ length: 8 }, () => 'code'));
    expect(() => selectJudges({ judges: 'llm' })).toThrow(/chatModel/);
    expect(() => selectJudges({ judges: 'both' })).toThrow(/structural/);
  });

  it('keeps the eight names in scoring order whatever is chosen', () => {
    const names = (judges: 'llm' | 'both') =>
      selectJudges({ judges, chatModel: new ScriptedModel(YES) }).judges.map(({ name }) => name);
    expect(names('llm')).toEqual(selectJudges().judges.map(({ name }) => name));
    expect(names('both')).toEqual(names('llm'));
    expect(kinds(selectJudges({ judges: 'llm', chatModel: new ScriptedModel(YES) }).judges)).toEqual([
      'code',
      'llm',
      'llm',
      'llm',
      'llm',
      'code',
      'code',
      'llm',
    ]);
  });

  it('counts the structural verdict and reports where the model disagrees', async () => {
    const selection = selectJudges({ judges: 'both', chatModel: new ScriptedModel(YES) });
    const outcomes = await runJudges(selection.judges, await judgeInput(RIGHT, WRONG));
    expect(outcomes.get('logical_accuracy')).toMatchObject({
      value: 'no',
      asi: { failure_type: 'missing_filter' },
    });
    const { agreement, disagreements } = selection.disagreementReport();
    expect(agreement.find(({ judge }) => judge === 'schema_accuracy')).toEqual({
      judge: 'schema_accuracy',
      both_scored: 1,
      agreed: 1,
      llm_unknown: 0,
    });
    expect(
      disagreements.map(({ judge, structural, llm, question_id }) => [judge, structural, llm, question_id]),
    ).toEqual([
      ['logical_accuracy', 'no', 'yes', 'q1'],
      ['semantic_equivalence', 'no', 'yes', 'q1'],
    ]);
  });

  it('goes on without the model when the model fails', async () => {
    const selection = selectJudges({ judges: 'both', chatModel: new ScriptedModel(new ModelDown(false)) });
    const outcomes = await runJudges(selection.judges, await judgeInput(RIGHT, WRONG));
    expect(outcomes.get('logical_accuracy')).toMatchObject({ value: 'no' });
    expect(selection.disagreementReport().agreement.map(({ llm_unknown }) => llm_unknown)).toEqual([
      1, 1, 1, 1,
    ]);
    expect(selection.disagreementReport().disagreements).toEqual([]);
  });

  it('takes the word of the model where no parser reads the statement', async () => {
    const input = await judgeInput(RIGHT, 'SELECT FROM WHERE ((');
    const selection = selectJudges({ judges: 'both', chatModel: new ScriptedModel(NO) });
    expect((await runJudges(selection.judges, input)).get('schema_accuracy')).toMatchObject({
      status: 'scored',
      value: 'no',
    });
  });
});
