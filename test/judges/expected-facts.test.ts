import { describe, expect, it } from 'vitest';
import { completenessJudge } from '../../src/judges/index.ts';
import { judgeInput, MATCH, MISMATCH } from './shop.ts';

const SQL = `SELECT name, city FROM shop.customers WHERE country = 'DE'`;
const sample = (columns: string[], ...rows: (string | null)[][]) => ({
  expected: null,
  actual: { columns, rows },
});

const judged = async (
  facts: string[],
  actualRows: number,
  resultSamples: ReturnType<typeof sample>,
  more: { readonly answerText?: string; readonly match?: boolean } = {},
) =>
  completenessJudge().judge(
    await judgeInput(SQL, SQL, {
      benchmark: { expected_facts: facts },
      comparison: { ...(more.match === true ? MATCH : MISMATCH), actualRows },
      input: { resultSamples, answerText: more.answerText ?? null },
    }),
  );

describe('expected facts without a model', () => {
  it.each([
    ['one number', 1, sample(['n', 'm'], ['1', '2'])],
    ['one number', 2, sample(['n'], ['1'], ['2'])],
    ['12 rows', 11, sample(['n'], ['1'])],
    ['"Bonn"', 1, sample(['city'], ['Berlin'])],
    ['one row per city, 3 rows', 2, sample(['n'], ['1'])],
  ])('“%s” is missed in an answer of %i rows without it', async (fact, actualRows, resultSamples) => {
    expect(await judged([fact], actualRows, resultSamples)).toMatchObject({
      status: 'scored',
      value: 'no',
      asi: { failure_type: 'wrong_column', failure_type_raw: 'partial_answer', expected_value: fact },
    });
  });

  it.each([
    ['one number', 1, sample(['n'], ['1']), undefined],
    ['3 rows', 3, sample(['n'], ['1'], ['2'], ['3']), undefined],
    ['“Bonn”', 1, sample(['city'], ['BONN']), undefined],
    ['"Bonn"', 900, sample(['city'], ['Berlin']), 'Most live in Bonn.'],
  ])('“%s” is found in an answer that holds it', async (fact, actualRows, resultSamples, answerText) => {
    const outcome = await judged(
      [fact],
      actualRows,
      resultSamples,
      answerText === undefined ? {} : { answerText },
    );
    expect(outcome).toMatchObject({ value: 'yes', rationale: expect.not.stringContaining('Not checked') });
  });

  it.each([
    ['current calendar month', 1, sample(['n'], ['1'])],
    ['"Bonn"', 900, sample(['city'], ['Berlin'])],
  ])('“%s” is left to a model, and said to be', async (fact, actualRows, resultSamples) => {
    expect(await judged([fact], actualRows, resultSamples)).toMatchObject({
      value: 'yes',
      rationale: expect.stringContaining(`Not checked without a model: ${fact}`),
    });
  });

  it('gives way to a result that matches', async () => {
    expect(await judged(['12 rows'], 3, sample(['n'], ['1']), { match: true })).toMatchObject({
      value: 'yes',
    });
  });
});
