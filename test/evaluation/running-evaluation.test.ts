import { describe, expect, it } from 'vitest';
import {
  AskPool,
  GroundTruthCache,
  nativeEvaluator,
  type EvaluationProgress,
} from '../../src/evaluation/index.ts';
import { defineJudge, JUDGE_NAMES } from '../../src/judges/index.ts';
import { CATALOG, FakeGenie, FakeSql, genieAnswer, question, rows, SPACE, StatementFailed } from './fakes.ts';
import { KEY, OTHER, run } from './evaluate-setup.ts';

describe('judges inside an evaluation', () => {
  it('a judge that throws is unknown, scores nothing and is reported', async () => {
    const broken = defineJudge({
      name: 'broken',
      kind: 'llm',
      judge: () => {
        throw new TypeError('no quota');
      },
    });
    const result = await run({ judges: [broken] });
    expect(result.rows[0]?.verdicts['broken']).toMatchObject({
      value: 'unknown',
      source: 'LLM_JUDGE',
      rationale: expect.stringContaining('no quota'),
    });
    expect(result).toMatchObject({ scores: {}, degraded_judges: ['broken'], overall_accuracy: 100 });
    expect(result.rows[0]?.asi).toEqual([]);
  });

  it('keeps complaints about a right answer as soft signals', async () => {
    const picky = defineJudge({
      name: 'picky',
      kind: 'code',
      judge: () => ({
        status: 'scored',
        value: 'no',
        rationale: 'ugly',
        asi: { failure_type: 'other' } as never,
      }),
    });
    const {
      rows: [row],
    } = await run({ judges: [picky] });
    expect(row).toMatchObject({ correct: true, soft_signals: ['picky'] });
  });

  it('counts the arbiter only in the adjusted accuracy', async () => {
    const arbiter = defineJudge({
      name: 'arbiter',
      kind: 'llm',
      judge: () => ({ status: 'verdict', value: 'genie_correct', rationale: 'the key is old', asi: null }),
    });
    const result = await run({
      judges: [arbiter],
      sql: new FakeSql({ [KEY]: rows('1'), [OTHER]: rows('2') }),
      genie: new FakeGenie(() => genieAnswer(OTHER)),
    });
    expect(result).toMatchObject({ overall_accuracy: 0, adjusted_accuracy: 100, failures: ['q1'] });
    expect(result.rows[0]?.asi).toEqual([]);
  });
});

describe('running', () => {
  it('runs an answer key once a day, over evaluations, and again when it failed', async () => {
    const sql = new FakeSql();
    const groundTruth = new GroundTruthCache();
    const day = (text: string) => ({ now: () => new Date(text) });
    await run({ sql, groundTruth, clock: day('2026-01-01T10:00:00Z') });
    await run({ sql, groundTruth, clock: day('2026-01-01T20:00:00Z') });
    expect(sql.executed.filter((text) => text === KEY)).toHaveLength(1);
    await run({ sql, groundTruth, clock: day('2026-01-02T10:00:00Z') });
    expect(sql.executed.filter((text) => text === KEY)).toHaveLength(2);
    const failing = new FakeSql({ [KEY]: new StatementFailed('X', 'x') });
    await run({ sql: failing, groundTruth, clock: day('2026-01-03T10:00:00Z') });
    await run({ sql: failing, groundTruth, clock: day('2026-01-03T10:00:00Z') });
    expect(failing.executed.filter((text) => text === KEY)).toHaveLength(2);
  });

  it('keeps the order of the questions whatever finishes first, and stays within its concurrency', async () => {
    let [active, most] = [0, 0];
    const genie = new FakeGenie(async (text) => {
      most = Math.max(most, ++active);
      for (let turn = 0; turn < (text === 'Question q1?' ? 50 : 1); turn++) await Promise.resolve();
      active--;
      return genieAnswer(`SELECT n FROM main.s.t WHERE id = ${/\d+/.exec(text)?.[0] ?? ''}`);
    });
    const questions = Array.from({ length: 8 }, (_, index) => question(`q${index + 1}`));
    const progress: EvaluationProgress[] = [];
    const result = await run({ genie, questions, concurrency: 3, onProgress: (step) => progress.push(step) });
    expect(result.rows.map(({ question_id }) => question_id)).toEqual(questions.map(({ id }) => id));
    expect(most).toBeLessThanOrEqual(3);
    expect(progress.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(progress.at(-1)).toMatchObject({ total: 8, correctSoFar: 8, evaluatedSoFar: 8, excludedSoFar: 0 });
  });

  it('stops when told to', async () => {
    const controller = new AbortController();
    const genie = new FakeGenie(() => {
      controller.abort();
      return genieAnswer(KEY);
    });
    const questions = [question('q1'), question('q2'), question('q3')];
    await expect(run({ genie, questions, signal: controller.signal, concurrency: 1 })).rejects.toMatchObject({
      code: 'ABORTED_BY_CALLER',
    });
    expect(genie.asked).toHaveLength(1);
  });

  it('records every ask, numbered per space and question', async () => {
    const askPool = new AskPool();
    await run({ askPool, configHash: 'c1' });
    await run({ askPool, configHash: 'c1', genie: new FakeGenie(() => genieAnswer(null)) });
    await run({ askPool, configHash: 'c2' });
    expect(askPool.records('c1')).toEqual([
      { config_hash: 'c1', question_id: 'q1', ask_index: 0, verdict: 'pass' },
      { config_hash: 'c1', question_id: 'q1', ask_index: 1, verdict: 'fail' },
    ]);
    expect(new AskPool(askPool.records()).records()).toEqual(askPool.records());
  });

  it.each([
    [{ concurrency: 0 }, 'concurrency'],
    [{ maxRows: 1.5 }, 'maxRows'],
    [{ questions: [question('q1'), question('q1')] }, 'questions'],
  ])('refuses %j', async (bad, option) => {
    await expect(run(bad)).rejects.toThrow(`Option '${option}'`);
  });

  it('resolves variables and lets optional columns be absent', async () => {
    const benchmark = question('q1', {
      expected_sql: 'SELECT id, n FROM ${catalog}.${gold_schema}.t',
      optional_columns: ['id'],
    });
    const full = 'SELECT id, n FROM main.s.t';
    const two = {
      ...rows(),
      columns: ['id', 'n'].map((name) => ({ name, typeName: 'BIGINT', typeText: 'BIGINT' })),
      rows: [['1', '5']],
    };
    const sql = new FakeSql({ [full]: two, 'SELECT n FROM main.s.t': rows('5') });
    const result = await run({
      questions: [benchmark],
      sql,
      variables: { catalog: 'main', gold_schema: 's' },
      genie: new FakeGenie(() => genieAnswer('SELECT n FROM main.s.t')),
    });
    expect(result.rows[0]).toMatchObject({ correct: true, expected_sql: full });
  });

  it('has a native evaluator that tells what it can', async () => {
    const genie = new FakeGenie(() => genieAnswer(KEY));
    const sql = new FakeSql();
    const evaluator = nativeEvaluator({ workspace: { genie, sql } });
    expect(evaluator).toMatchObject({
      name: 'native',
      capabilities: { judges: [...JUDGE_NAMES], emitsAsi: true, honoursScope: true, rerun: true },
    });
    const request = {
      spaceId: 'x',
      questions: [question('q1')],
      scope: 'p0',
      iteration: 2,
      space: SPACE,
      catalog: CATALOG,
    } as const;
    expect(await evaluator.evaluate(request)).toMatchObject({
      evaluator: 'native',
      scope: 'p0',
      iteration: 2,
      overall_accuracy: 100,
    });
    await evaluator.evaluate(request);
    expect(sql.executed.filter((text) => text === KEY)).toHaveLength(1);
    expect(evaluator.askPool.records()).toHaveLength(2);
  });
});
