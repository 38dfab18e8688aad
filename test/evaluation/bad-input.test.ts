import { describe, expect, it } from 'vitest';
import {
  AnswerCache,
  evaluateSuite,
  type EvaluateOptions,
  type EvaluateSuiteOptions,
} from '../../src/evaluation/index.ts';
import { selectJudges, structuralJudges } from '../../src/judges/index.ts';
import type { StatementResult } from '../../src/ports/index.ts';
import { KEY, OTHER, run as evaluateWith } from './evaluate-setup.ts';
import { CATALOG, FakeGenie, FakeSql, genieAnswer, question, rows, SPACE } from './fakes.ts';

const run = (sql: FakeSql, generated: string | null, more: Partial<EvaluateOptions> = {}) =>
  evaluateWith({ genie: new FakeGenie(() => genieAnswer(generated)), sql, ...more });

const table = (types: readonly (readonly [string, string])[], cells: readonly (string | null)[][]) =>
  ({
    statementId: null,
    columns: types.map(([name, typeText]) => ({ name, typeText, typeName: typeText.replace(/<.*/, '') })),
    rows: cells,
    truncated: false,
  }) satisfies StatementResult;

describe('an evaluation of bad input', () => {
  it('does not decide on 100,000 rows that are cut off, and says why', async () => {
    const many = rows(...Array.from({ length: 100_000 }, (_, at) => String(at)));
    const cut = { ...many, rows: many.rows.slice(0, 5000), truncated: true };
    const sql = new FakeSql({ [KEY]: cut }, { theirs: many });
    const genie = new FakeGenie(() => genieAnswer(OTHER, { statementId: 'theirs' }));
    const { rows: judged } = await run(sql, null, { workspace: { genie, sql } });
    expect(judged[0]).toMatchObject({
      correct: null,
      exclusion: { reason_code: 'row_cap' },
      comparison: { expectedRows: 5000, actualRows: 5000, truncated: true },
    });
  });

  it('compares 100,000 rows when it may fetch them', async () => {
    const many = rows(...Array.from({ length: 100_000 }, (_, at) => String(at)));
    const sql = new FakeSql({ [KEY]: many, [OTHER]: { ...many, rows: [...many.rows].reverse() } });
    const { rows: judged } = await run(sql, OTHER, { maxRows: 200_000 });
    expect(judged[0]).toMatchObject({ correct: true, comparison: { matchType: 'exact' } });
  });

  it.each<[string, StatementResult, StatementResult, boolean]>([
    [
      'columns of the same name',
      table(
        [
          ['n', 'INT'],
          ['n', 'INT'],
        ],
        [['1', '2']],
      ),
      table(
        [
          ['n', 'INT'],
          ['n', 'INT'],
        ],
        [['2', '1']],
      ),
      false,
    ],
    [
      'NaN and Infinity',
      table([['n', 'DOUBLE']], [['NaN'], ['Infinity']]),
      table([['n', 'DOUBLE']], [['Infinity'], ['NaN']]),
      true,
    ],
    [
      'Infinity for a number',
      table([['n', 'DOUBLE']], [['1']]),
      table([['n', 'DOUBLE']], [['Infinity']]),
      false,
    ],
    ['binary', table([['n', 'BINARY']], [['AQI=']]), table([['n', 'BINARY']], [['AQI=']]), true],
    [
      'nested values',
      table([['n', 'STRUCT<a: INT, b: ARRAY<DOUBLE>>']], [['{"a":1,"b":[1.0,null]}']]),
      table([['n', 'STRUCT<b: ARRAY<DOUBLE>, a: INT>']], [['{"b":["1",null],"a":"1"}']]),
      true,
    ],
  ])('judges %s', async (_what, expected, actual, correct) => {
    const sql = new FakeSql({ [KEY]: expected, [OTHER]: actual });
    const { rows: judged } = await run(sql, OTHER, { judges: structuralJudges() });
    expect(judged[0]).toMatchObject({ correct, exclusion: null });
    const values = Object.values(judged[0]?.verdicts ?? {}).map(({ value }) => value);
    expect(values).not.toContain('unknown');
  });

  it('never runs SQL that writes, on either side', async () => {
    const sql = new FakeSql();
    const { rows: judged } = await run(sql, 'DELETE FROM main.s.t');
    expect(judged[0]).toMatchObject({ correct: false });
    const key = question('q1', { expected_sql: 'DELETE FROM main.s.t' });
    const good = question('q2');
    const { rows: keyed } = await run(sql, KEY, { questions: [key, good] });
    expect(keyed[0]).toMatchObject({ correct: null, exclusion: { reason_code: 'ground_truth_failed' } });
    expect(sql.executed.filter((statement) => statement.includes('DELETE'))).toEqual([]);
  });

  it('takes prose of a model for no verdict', async () => {
    const chatModel = { name: 'chatty', generateJson: async () => 'It looks fine to me, no problem at all.' };
    const { judges } = selectJudges({ judges: 'llm', chatModel });
    const sql = new FakeSql({ [OTHER]: rows('7') });
    const result = await run(sql, OTHER, { judges });
    const unknown = Object.entries(result.rows[0]?.verdicts ?? {}).flatMap(([judge, { value }]) =>
      value === 'unknown' ? [judge] : [],
    );
    expect(unknown).toEqual([
      'schema_accuracy',
      'logical_accuracy',
      'semantic_equivalence',
      'completeness',
      'arbiter',
    ]);
    expect(result.degraded_judges).toEqual(unknown);
    expect(result.rows[0]?.asi.map(({ judge }) => judge)).toEqual(['result_correctness']);
  });

  it('refuses two questions of one id', async () => {
    await expect(
      run(new FakeSql(), KEY, { questions: [question('q1'), question('q1')] }),
    ).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('questions by id', () => {
  const genie = new FakeGenie(() => genieAnswer(KEY));
  const some = (ids: readonly string[], scope: EvaluateSuiteOptions['scope'] = 'full') =>
    evaluateSuite({
      workspace: { genie, sql: new FakeSql() },
      suite: {
        domain: 'd',
        questions: [
          { ...question('sales_001'), split: 'train' },
          { ...question('sales_002'), split: 'train' },
          { ...question('sales_003'), split: 'held_out' },
        ],
      },
      ids,
      scope,
      spaceId: 'x',
      iteration: 0,
      space: SPACE,
      catalog: CATALOG,
    });

  it('are asked alone', async () => {
    expect((await some(['sales_002'])).rows.map(({ question_id }) => question_id)).toEqual(['sales_002']);
  });

  it.each([
    [['sales_02'], /did you mean 'sales_002'/],
    [['sales_003'], /scope 'full'/],
  ])('must be in the scope: %j', async (ids, message) => {
    await expect(some(ids)).rejects.toThrow(message);
  });
});

describe('the answer cache', () => {
  it('spares a question to the same space, and not to another one', async () => {
    const answers = new AnswerCache();
    const genie = new FakeGenie(() => genieAnswer(KEY));
    const workspace = { genie, sql: new FakeSql() };
    const first = await run(workspace.sql, null, { workspace, answers });
    const second = await run(workspace.sql, null, { workspace, answers });
    expect(genie.asked).toHaveLength(1);
    expect(second.rows[0]?.verdicts).toEqual(first.rows[0]?.verdicts);
    await run(workspace.sql, null, { workspace, answers, configHash: 'another space' });
    expect(genie.asked).toHaveLength(2);
    expect(answers.size).toBe(2);
  });
});
