import { describe, expect, it } from 'vitest';
import { CallFailed, FakeGenie, FakeSql, genieAnswer, question, rows, StatementFailed } from './fakes.ts';
import { KEY, OTHER, type Setup, run, only, firstFails } from './evaluate-setup.ts';

describe('what is lost is excluded with a reason, never a failure', () => {
  const one = 'SELECT n AS m FROM main.s.t';
  it.each<[string, Setup, string]>([
    [
      'the answer key fails',
      { sql: new FakeSql({ [KEY]: new StatementFailed('TABLE_OR_VIEW_NOT_FOUND', 'no such table') }) },
      'ground_truth_failed',
    ],
    [
      'the answer key may not be run',
      { sql: new FakeSql({ [KEY]: new StatementFailed('INSUFFICIENT_PERMISSIONS', 'no') }) },
      'permission_blocked',
    ],
    [
      'the answer key has a parameter',
      { sql: new FakeSql({ [KEY]: new StatementFailed('UNBOUND_SQL_PARAMETER', 'year') }) },
      'parameterized_sql',
    ],
    [
      'the warehouse is away for the answer key',
      { sql: new FakeSql({ [KEY]: new CallFailed('NETWORK_ERROR') }) },
      'infrastructure',
    ],
    [
      'the answer key has an unknown variable',
      { questions: [question('q1', { expected_sql: 'SELECT n FROM ${catalog}.s.t' }), question('q2')] },
      'unresolved_template',
    ],
    [
      'the answer key is only a comment',
      { questions: [question('q1', { expected_sql: '-- nothing' }), question('q2')] },
      'missing_expected_sql',
    ],
    [
      'the answer key writes',
      { questions: [question('q1', { expected_sql: 'DELETE FROM main.s.t' }), question('q2')] },
      'ground_truth_failed',
    ],
    [
      'the answer key holds two statements',
      { questions: [question('q1', { expected_sql: `${KEY}; ${OTHER}` }), question('q2')] },
      'ground_truth_failed',
    ],
    ['Genie cannot be reached', { genie: firstFails(new CallFailed('NETWORK_ERROR')) }, 'infrastructure'],
    ['the rate limit never lets up', { genie: firstFails(new CallFailed('RATE_LIMITED')) }, 'infrastructure'],
    [
      'Genie may not be asked',
      { genie: firstFails(new CallFailed('PERMISSION_DENIED')) },
      'permission_blocked',
    ],
    [
      'Genie answers too late twice',
      { genie: firstFails([null, { outcome: 'timeout', status: 'TIMEOUT' }]) },
      'infrastructure',
    ],
    [
      'both results are empty',
      { sql: new FakeSql({ [KEY]: rows(), [one]: rows() }), genie: firstFails([one]) },
      'both_empty',
    ],
    [
      "Genie's rows are gone and the warehouse is away",
      {
        sql: new FakeSql({ [one]: new CallFailed('NETWORK_ERROR') }),
        genie: firstFails([one, { statementId: 'st1' }]),
      },
      'genie_result_unavailable',
    ],
    [
      "Genie's statement has a parameter",
      {
        sql: new FakeSql({ [`EXPLAIN ${one}`]: new StatementFailed('UNBOUND_SQL_PARAMETER', 'year') }),
        genie: firstFails([one]),
      },
      'parameterized_sql',
    ],
    [
      "Genie's statement was cut off",
      {
        sql: new FakeSql({ [KEY]: rows('1', '2'), [one]: { ...rows('1', '2'), truncated: true } }),
        genie: firstFails([one]),
      },
      'row_cap',
    ],
  ])('%s', async (_, setup, reason) => {
    const { row, result } = await only({
      genie: new FakeGenie((text) => genieAnswer(text === 'Question q1?' ? KEY : OTHER)),
      ...setup,
    });
    expect(row).toMatchObject({ correct: null, exclusion: { reason_code: reason }, asi: [] });
    expect(
      Object.values(row?.verdicts ?? {}).filter(({ value }) => value === 'unknown' || value === 'no'),
    ).toEqual([]);
    expect(row?.verdicts['result_correctness']).toMatchObject({ value: 'excluded', reason });
    expect(result).toMatchObject({
      total_questions: 2,
      evaluated_count: 1,
      excluded_count: 1,
      correct_count: 1,
      overall_accuracy: 100,
      failures: [],
    });
    expect(result.rows).toHaveLength(2);
  });

  it('asks once more, in a new conversation, when an answer was cut short', async () => {
    const genie = new FakeGenie((_, time) =>
      genieAnswer(time === 0 ? null : KEY, time === 0 ? { outcome: 'cancelled', status: 'CANCELLED' } : {}),
    );
    expect((await run({ genie })).overall_accuracy).toBe(100);
    expect(genie.asked).toHaveLength(2);
  });

  it('does not ask Genie what could not be judged', async () => {
    const genie = new FakeGenie(() => genieAnswer(OTHER));
    await run({ genie, questions: [question('q1', { expected_sql: 'SELECT ${x}' }), question('q2')] });
    expect(genie.asked).toEqual(['Question q2?']);
  });

  it('has no score, not a zero, when the answer keys of all questions fail', async () => {
    const sql = new FakeSql({ [KEY]: new StatementFailed('PARSE_SYNTAX_ERROR', 'x') });
    expect(await run({ sql })).toMatchObject({
      overall_accuracy: null,
      adjusted_accuracy: null,
      evaluated_count: 0,
      excluded_count: 1,
    });
  });

  it('throws when every question was lost to infrastructure', async () => {
    await expect(
      run({ genie: new FakeGenie(() => new CallFailed('NETWORK_ERROR', 'no route')) }),
    ).rejects.toMatchObject({ code: 'EVALUATION_FAILED', message: expect.stringContaining('no route') });
  });

  it('stops at once with the error that every question would meet', async () => {
    const genie = new FakeGenie(() => new CallFailed('AUTHENTICATION_FAILED'));
    await expect(
      run({ genie, questions: [question('q1'), question('q2'), question('q3')], concurrency: 1 }),
    ).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' });
    expect(genie.asked).toHaveLength(1);
  });

  it('is empty, without a score, for no questions', async () => {
    expect(await run({ questions: [] })).toMatchObject({
      rows: [],
      overall_accuracy: null,
      total_questions: 0,
      scores: {},
    });
  });
});
