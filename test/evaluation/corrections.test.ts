import { describe, expect, it } from 'vitest';
import { benchmarkFingerprint } from '../../src/benchmarks/index.ts';
import {
  arbiterFindings,
  correctKeys,
  evaluate,
  formatQualityReport,
  qualityReport,
  type CorrectKeysOptions,
  type EvaluationResult,
} from '../../src/evaluation/index.ts';
import { CATALOG, FakeGenie, FakeSql, genieAnswer, question, rows, SPACE } from './fakes.ts';

const clock = { now: () => new Date('2026-11-01T12:00:00Z'), sleep: () => Promise.resolve() };
const QUESTIONS = ['q1', 'q2', 'q3'].map((id) => question(id));
const KEY2 = 'SELECT n FROM main.s.t WHERE id = 2';
const BETTER = "SELECT n FROM main.s.t WHERE id = 2 AND kind = 'x'";

/** Genie answers q2 in another way than its key; the arbiter says who is right. */
async function evaluation(
  iteration: number,
  verdict: string,
  better: string = BETTER,
): Promise<EvaluationResult> {
  const genie = new FakeGenie((text) =>
    genieAnswer(text.includes('q2') ? better : `SELECT n FROM main.s.t WHERE id = ${/\d/.exec(text)?.[0]}`),
  );
  const result = await evaluate({
    questions: QUESTIONS,
    workspace: { genie, sql: new FakeSql({ [KEY2]: rows('7') }) },
    spaceId: 'space',
    scope: 'full',
    iteration,
    space: SPACE,
    catalog: CATALOG,
    configHash: `config-${iteration}`,
  });
  return {
    ...result,
    rows: result.rows.map((row) =>
      row.question_id === 'q2'
        ? {
            ...row,
            verdicts: { ...row.verdicts, arbiter: { value: verdict, rationale: 'because', reason: null } },
          }
        : row,
    ),
  };
}

const correcting = (more: Partial<CorrectKeysOptions> = {}): CorrectKeysOptions => ({
  sql: new FakeSql({ [KEY2]: rows('7') }),
  catalog: CATALOG,
  variables: { catalog: 'main', gold_schema: 's' },
  clock,
  rescoring: { space: SPACE },
  ...more,
});

describe('correctKeys', () => {
  it('only proposes by default, whatever the arbiter says', async () => {
    const history = [await evaluation(0, 'genie_correct'), await evaluation(1, 'genie_correct')];
    const result = await correctKeys(history, QUESTIONS, correcting());
    expect(result.questions).toEqual(QUESTIONS);
    expect(result.history).toEqual([]);
    expect(result.proposed).toMatchObject([
      {
        question_id: 'q2',
        confirmations: 2,
        confirmed: true,
        disputed: false,
        new_gt: "SELECT n FROM ${catalog}.${gold_schema}.t WHERE id = 2 AND kind = 'x'",
      },
    ]);
  });

  it('applies what a person confirms as a new version of the key and scores the history again without Genie', async () => {
    const history = [await evaluation(0, 'ground_truth_correct'), await evaluation(1, 'genie_correct')];
    expect(history.map(({ overall_accuracy }) => Math.round(overall_accuracy ?? 0))).toEqual([67, 67]);
    const result = await correctKeys(
      history,
      QUESTIONS,
      correcting({ confirm: () => Promise.resolve(true), runId: 'run-7' }),
    );
    expect(result.questions[1]).toMatchObject({
      expected_sql: result.proposed[0]?.new_gt ?? result.records[0]?.new_gt,
      key_version: 2,
      source: 'arbiter_corrected',
      origin_source: 'user',
      previous_expected_sql: KEY2,
      corrected_at: '2026-11-01T12:00:00.000Z',
      correction_run_id: 'run-7',
    });
    expect(result.records).toMatchObject([
      { question_id: 'q2', old_gt: KEY2, key_version: 2, arbiter_run_id: 'run-7' },
    ]);
    expect(result.history.map(({ evaluation: one }) => one.overall_accuracy)).toEqual([100, 100]);
    expect(result.history.map(({ correctionGainPp }) => Math.round(correctionGainPp ?? 0))).toEqual([33, 33]);
    expect(result.history[0]?.evaluation.rescored).toEqual(['q2']);
    expect(result.history[0]?.evaluation.rows[0]).toBe(history[0]?.rows[0]);
    expect(benchmarkFingerprint(result.questions)).not.toBe(benchmarkFingerprint(QUESTIONS));
  });

  it.each([
    ['one confirmation', ['genie_correct'], [BETTER], 0],
    ['two', ['genie_correct', 'genie_correct'], [BETTER, BETTER], 1],
    [
      'two for the same result in other words',
      ['genie_correct', 'genie_correct'],
      [BETTER, `${BETTER} AND 1 = 1`],
      1,
    ],
    [
      'two that a third contradicts by another answer',
      ['genie_correct', 'genie_correct', 'genie_correct'],
      [BETTER, BETTER, 'SELECT 8 AS n FROM main.s.t'],
      0,
    ],
  ])('on its own after %s', async (_, verdicts, statements, applied) => {
    const history = await Promise.all(verdicts.map((verdict, at) => evaluation(at, verdict, statements[at])));
    const disagreeing = history.map((one) => ({
      ...one,
      rows: one.rows.map((row) =>
        row.generated_sql?.startsWith('SELECT 8') === true
          ? { ...row, comparison: { ...row.comparison, actualHash: 'other' } }
          : row,
      ),
    }));
    const result = await correctKeys(disagreeing, QUESTIONS, correcting({ mode: 'auto' }));
    expect(result.records).toHaveLength(applied);
    expect(result.proposed).toHaveLength(1 - applied);
  });

  it.each([
    ['writes', 'DELETE FROM main.s.t', rows('1')],
    ['returns nothing', BETTER, rows()],
  ])('takes no answer that %s', async (_, statement, result) => {
    const history = (await Promise.all([0, 1].map((at) => evaluation(at, 'genie_correct')))).map((one) => ({
      ...one,
      rows: one.rows.map((row) => (row.question_id === 'q2' ? { ...row, generated_sql: statement } : row)),
    }));
    const sql = new FakeSql({ [KEY2]: rows('7'), [BETTER]: result });
    const { records, rejected } = await correctKeys(history, QUESTIONS, correcting({ sql, mode: 'auto' }));
    expect(records).toEqual([]);
    expect(rejected).toHaveLength(1);
    expect(sql.executed.join('\n')).not.toContain('DELETE');
  });

  it('forgets verdicts on an older version of the key', async () => {
    const history = [await evaluation(0, 'genie_correct'), await evaluation(1, 'genie_correct')];
    const newer = QUESTIONS.map((one) =>
      one.id === 'q2' ? { ...one, expected_sql: 'SELECT 5 AS n FROM main.s.t' } : one,
    );
    expect(arbiterFindings(history, newer).candidates).toEqual([]);
  });

  it('repairs after two wrong on both sides, quarantines after three and queues the question', async () => {
    const history = await Promise.all([0, 1, 2].map((at) => evaluation(at, 'neither_correct')));
    expect(arbiterFindings(history.slice(0, 2), QUESTIONS).doubtful).toMatchObject([
      { question_id: 'q2', action: 'repair' },
    ]);
    const result = await correctKeys(history, QUESTIONS, correcting());
    expect(result.questions[1]).toMatchObject({ quarantined_at: '2026-11-01T12:00:00.000Z' });
    expect(result.remediation).toMatchObject([{ id: 'q2', error_type: 'neither_correct', attempts: 3 }]);
  });
});

describe('qualityReport', () => {
  it('finds what makes a suite a poor measure, and says how small a gain it can show', async () => {
    const history = await Promise.all([0, 1, 2].map((at) => evaluation(at, 'both_correct')));
    const flipped: EvaluationResult = {
      ...history[0]!,
      rows: history[0]!.rows.map((row) => (row.question_id === 'q3' ? { ...row, correct: false } : row)),
    };
    const questions = [
      ...QUESTIONS,
      question('q4', { question: 'Question q1?', expected_sql: 'SELECT 4' }),
      question('q5', {
        question: 'Sales last month?',
        expected_sql: "SELECT 1 FROM main.s.t WHERE d > '2026-01-01'",
      }),
      question('q6', { question: 'Who is best?', expected_sql: 'SELECT 6' }),
      question('q7', { question: 'Shown?', expected_sql: 'SELECT 7', quarantined_at: '' }),
      question('q8', { quarantined_at: '2026-11-01' }),
    ];
    const space = { ...SPACE, config: { sample_questions: [{ id: 'a'.repeat(32), question: ['Shown?'] }] } };
    const report = qualityReport(questions, { space, history: [...history, flipped] });
    const found = report.findings.map(({ kind, question_ids }) => `${kind}: ${question_ids.join(' ')}`);
    expect(found).toEqual(
      expect.arrayContaining([
        'duplicate: q1 q4',
        'too_easy: q1',
        'impossible: q2',
        'unstable: q3',
        'ambiguous: q2',
        'stale: q5',
        'ambiguous: q6',
        'too_easy: q7',
      ]),
    );
    expect(found.filter((one) => one.includes('q8'))).toEqual([]);
    expect(report).toMatchObject({ questions: 7, quarantined: 1, effect: { questions: report.families } });
    expect(formatQualityReport(report)).toMatch(
      /7 questions in \d families, 1 in quarantine\.[^]*### impossible \(1\)\n\n- q2: It was never right/,
    );
  });

  it('counts the members of a family once', () => {
    const family = Array.from({ length: 8 }, (_, at) =>
      question(`q${at}`, { question: `Wording ${at} of it?`, expected_sql: 'SELECT 1' }),
    );
    const report = qualityReport(family);
    expect(report).toMatchObject({ families: 1, effect: { questions: 1, smallestGainPp: null } });
    expect(report.findings).toMatchObject([
      { kind: 'duplicate', advice: expect.stringContaining('one split') as string },
    ]);
    expect(formatQualityReport(report)).toContain('too small to show any gain');
  });
});
