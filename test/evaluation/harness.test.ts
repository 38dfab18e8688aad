import { describe, expect, it } from 'vitest';
import {
  evaluate,
  evaluateWith,
  evaluationArtifacts,
  type EvaluationRow,
} from '../../src/evaluation/index.ts';
import { defineJudge, structuralJudges, type JudgeOutcome } from '../../src/judges/index.ts';
import { CATALOG, FakeGenie, FakeSql, genieAnswer, question, rows, SPACE } from './fakes.ts';

const shared = {
  spaceId: 's'.repeat(32),
  scope: 'full' as const,
  iteration: 2,
  space: SPACE,
  catalog: CATALOG,
};
const KEY = 'SELECT n FROM main.s.t WHERE id = 1';
const yes: JudgeOutcome = { status: 'scored', value: 'yes', rationale: 'fine' };

describe('judges that fail', () => {
  it('are asked once more at the end, one after another, and only they', async () => {
    const calls: string[] = [];
    let down = true;
    const flaky = defineJudge({
      name: 'flaky',
      kind: 'llm',
      judge: async ({ benchmark }) => {
        calls.push(`flaky ${benchmark.id}`);
        if (down) throw new Error('the endpoint is away');
        return yes;
      },
    });
    const steady = defineJudge({
      name: 'steady',
      kind: 'code',
      judge: ({ benchmark }) => {
        calls.push(`steady ${benchmark.id}`);
        // From the last question on the endpoint answers again.
        if (benchmark.id === 'q3') down = false;
        return yes;
      },
    });
    const reported: EvaluationRow[] = [];
    const result = await evaluate({
      ...shared,
      workspace: { genie: new FakeGenie(() => genieAnswer(KEY)), sql: new FakeSql() },
      questions: ['q1', 'q2', 'q3'].map((id) => question(id)),
      judges: [flaky, steady],
      concurrency: 1,
      onRow: (row) => reported.push(row),
    });
    expect(calls.filter((call) => call.startsWith('steady'))).toHaveLength(3);
    expect(calls.slice(-3)).toEqual(['flaky q1', 'flaky q2', 'flaky q3']);
    expect(result.rows.map(({ verdicts }) => verdicts['flaky']?.value)).toEqual(['yes', 'yes', 'yes']);
    expect(result.degraded_judges).toEqual([]);
    // A row judged anew is reported again, so that whoever stores rows has the last word.
    expect(reported).toHaveLength(6);
    expect(reported.at(-1)?.verdicts['flaky']?.value).toBe('yes');
  });

  it('stay unknown when they fail again, and never say no', async () => {
    const broken = defineJudge({
      name: 'broken',
      kind: 'code',
      judge: () => {
        throw new TypeError('bug');
      },
    });
    const result = await evaluate({
      ...shared,
      workspace: { genie: new FakeGenie(() => genieAnswer(KEY)), sql: new FakeSql() },
      questions: [question('q1')],
      judges: [broken],
    });
    expect(result.rows[0]?.verdicts['broken']).toMatchObject({ value: 'unknown' });
    expect(result).toMatchObject({ degraded_judges: ['broken'], overall_accuracy: 100, scores: {} });
  });
});

describe('evaluateWith', () => {
  it('judges answers from anywhere', async () => {
    const { rows: evaluated } = await evaluate({
      ...shared,
      workspace: { genie: new FakeGenie(() => genieAnswer(KEY)), sql: new FakeSql() },
      questions: [question('q1')],
    });
    const [known] = evaluated;
    const result = await evaluateWith({
      ...shared,
      configHash: 'elsewhere',
      questions: [question('q1'), question('q2')],
      judges: structuralJudges(),
      predict: (benchmark) => ({
        asked: false,
        status: 'DONE',
        conversationId: null,
        statementId: null,
        timing: { genie: 0, sql: 0 },
        input: {
          benchmark,
          expectedSql: benchmark.expected_sql,
          generatedSql: benchmark.expected_sql,
          answerText: null,
          expectedFacts: known?.facts.expected ?? expect.fail(),
          generatedFacts: known?.facts.expected ?? null,
          explain: { ok: true, errorClass: null, message: null },
          comparison: { ...(known?.comparison ?? expect.fail()), match: benchmark.id === 'q1' },
          expectedAsset: 'TABLE',
          actualAsset: 'TABLE',
          space: SPACE,
          catalog: CATALOG,
        },
      }),
    });
    expect(result).toMatchObject({
      evaluator: 'custom',
      config_hash: 'elsewhere',
      overall_accuracy: 50,
      failures: ['q2'],
    });
  });
});

describe('the artifacts of an evaluation', () => {
  it('hold rows, failures, soft signals, arbiter actions and a summary that adds up', async () => {
    const arbiter = defineJudge({
      name: 'arbiter',
      kind: 'llm',
      judge: ({ benchmark }) =>
        benchmark.id === 'q2'
          ? { status: 'verdict', value: 'genie_correct', rationale: 'the key is stale', asi: null }
          : { status: 'skipped', reason: 'results_match', rationale: 'equal' },
    });
    const sql = new FakeSql({
      'SELECT n FROM main.s.t WHERE id = 2': rows('7'),
      'SELECT n FROM main.s.t WHERE id = 3': new Error('socket closed'),
    });
    const result = await evaluate({
      ...shared,
      workspace: { genie: new FakeGenie(() => genieAnswer(KEY)), sql },
      questions: ['q1', 'q2', 'q3'].map((id) => question(id)),
      judges: [...structuralJudges().slice(0, 7), arbiter],
    });
    const files = new Map(
      evaluationArtifacts(result, { confirmations: new Map([['q2', 2]]) }).map(({ path, text }) => [
        path,
        JSON.parse(text) as Record<string, unknown>[] & Record<string, unknown>,
      ]),
    );
    const ids = (path: string) => files.get(path)?.map((row) => row['inputs/question_id']);
    expect([...files.keys()]).toEqual(
      ['eval_results', 'failures', 'soft_signals', 'arbiter_actions', 'summary'].map(
        (name) => `evaluation/${name}.json`,
      ),
    );
    expect(ids('evaluation/eval_results.json')).toEqual(['q1', 'q2', 'q3']);
    expect(ids('evaluation/failures.json')).toEqual(['q2']);
    expect(files.get('evaluation/arbiter_actions.json')).toMatchObject([
      { question_id: 'q2', verdict: 'genie_correct', action: 'update_benchmark', confirmations: 2 },
    ]);
    const summary = files.get('evaluation/summary.json');
    expect(summary).toMatchObject({
      overall_accuracy: 50,
      adjusted_accuracy: 100,
      correct_count: 1,
      adjusted_correct_count: 2,
      evaluated_count: 2,
      excluded_count: 1,
      total_questions: 3,
      arbiter_overridden_ids: ['q2'],
      gt_correction_threshold_reached: false,
      thresholds_passed: false,
    });
    expect(summary).not.toHaveProperty('rows');
    expect(summary?.['exclusions']).toMatchObject([{ question_id: 'q3' }]);
  });
});
