import { describe, expect, it } from 'vitest';
import {
  AskPool,
  evaluate,
  evaluateSuite,
  GroundTruthCache,
  nativeEvaluator,
  toArtifactRow,
  type EvaluateOptions,
  type EvaluationProgress,
} from '../../src/evaluation/index.ts';
import { defineJudge, JUDGE_NAMES } from '../../src/judges/index.ts';
import {
  CallFailed,
  CATALOG,
  FakeGenie,
  FakeSql,
  genieAnswer,
  question,
  rows,
  SPACE,
  StatementFailed,
} from './fakes.ts';

const KEY = 'SELECT n FROM main.s.t WHERE id = 1';
const OTHER = 'SELECT n FROM main.s.t WHERE id = 2';

interface Setup extends Partial<EvaluateOptions> {
  readonly genie?: FakeGenie;
  readonly sql?: FakeSql;
}

const run = ({ genie = new FakeGenie(() => genieAnswer(KEY)), sql = new FakeSql(), ...more }: Setup = {}) =>
  evaluate({
    workspace: { genie, sql },
    spaceId: 's'.repeat(32),
    questions: [question('q1')],
    scope: 'full',
    iteration: 0,
    space: SPACE,
    catalog: CATALOG,
    ...more,
  });

const only = async (setup: Setup) => {
  const result = await run({ ...setup, questions: setup.questions ?? [question('q1'), question('q2')] });
  const [row] = result.rows;
  return { result, row };
};

/** The second question is answered right, so that the evaluation as a whole is valid. */
const firstFails = (reply: Parameters<typeof genieAnswer> | Error) =>
  new FakeGenie((text) =>
    text === 'Question q1?' ? (reply instanceof Error ? reply : genieAnswer(...reply)) : genieAnswer(OTHER),
  );

describe('evaluate', () => {
  it('counts the same result as correct and explains nothing away', async () => {
    const { row, result } = await only({
      genie: new FakeGenie(() => genieAnswer('select n as x from main.s.t where 1 = id')),
    });
    expect(row).toMatchObject({
      correct: true,
      exclusion: null,
      asi: [],
      status: 'COMPLETED',
      actual_asset: 'TABLE',
    });
    expect(row?.comparison.matchType).toBe('exact');
    expect(Object.keys(row?.verdicts ?? {})).toEqual([...JUDGE_NAMES]);
    expect(row?.verdicts['arbiter']).toMatchObject({ value: 'skipped', reason: 'results_match' });
    expect(result).toMatchObject({
      overall_accuracy: 100,
      adjusted_accuracy: 100,
      evaluated_count: 2,
      excluded_count: 0,
      failures: [],
    });
  });

  it('counts another result as wrong, with the reason', async () => {
    const sql = new FakeSql({ [KEY]: rows('7'), [`${KEY} AND kind = 'x'`]: rows('8') });
    const { row, result } = await only({ sql, genie: firstFails([`${KEY} AND kind = 'x'`]) });
    expect(row).toMatchObject({ correct: false, exclusion: null });
    expect(row?.asi.map(({ judge, asi }) => [judge, asi.failure_type_raw, asi.blame_set])).toEqual(
      ['logical_accuracy', 'semantic_equivalence', 'result_correctness'].map((judge) => [
        judge,
        'extra_filter',
        ['main.s.t.kind'],
      ]),
    );
    expect(result).toMatchObject({ overall_accuracy: 50, failures: ['q1'] });
    expect(result.scores['result_correctness']).toBe(50);
  });

  it('takes the same statement as right without running it again', async () => {
    const sql = new FakeSql({ [KEY]: rows() });
    const {
      rows: [row],
    } = await run({ sql });
    expect(row).toMatchObject({ correct: true, comparison: { matchType: 'identical_sql' } });
    expect(sql.executed.filter((statement) => statement === KEY)).toHaveLength(1);
  });

  it.each([
    ['a question in words', [null, { text: 'Which year do you mean?' }], 'COMPLETED'],
    ['FAILED', [null, { outcome: 'failed', status: 'FAILED' }], 'FAILED'],
    ['blank SQL', [' ; '], 'COMPLETED'],
  ] as const)('counts an answer without SQL as wrong: %s', async (_, reply, status) => {
    const { row } = await only({ genie: firstFails([...reply] as Parameters<typeof genieAnswer>) });
    expect(row).toMatchObject({
      correct: false,
      exclusion: null,
      generated_sql: null,
      actual_asset: 'NONE',
      status,
    });
    expect(row?.verdicts).toMatchObject({
      syntax_validity: { value: 'no' },
      asset_routing: { value: 'no' },
      result_correctness: { value: 'no' },
      schema_accuracy: { value: 'skipped', reason: 'no_sql' },
      completeness: { value: 'skipped', reason: 'no_sql' },
      arbiter: { value: 'ground_truth_correct' },
    });
  });

  it('counts a failing statement of Genie as wrong, by its error class', async () => {
    const bad = 'SELECT m FROM main.s.t';
    const sql = new FakeSql({
      [`EXPLAIN ${bad}`]: new StatementFailed(
        'UNRESOLVED_COLUMN.WITH_SUGGESTION',
        'A column with name `m` cannot be resolved. Did you mean `n`?',
      ),
    });
    const { row } = await only({ sql, genie: firstFails([bad]) });
    expect(row).toMatchObject({
      correct: false,
      exclusion: null,
      comparison: { match: false, error: { side: 'actual' } },
    });
    expect(row?.asi.find(({ judge }) => judge === 'syntax_validity')?.asi).toMatchObject({
      failure_type: 'wrong_column',
      actual_value: 'm',
      blame_set: ['main.s.t.n'],
    });
    expect(sql.executed).not.toContain(bad);
  });

  it('reads the failure that EXPLAIN hides in its result', async () => {
    const bad = 'SELECT n FROM main.s.nothing';
    const plan = {
      ...rows(
        'Error occurred during query planning:\n[TABLE_OR_VIEW_NOT_FOUND] The table or view `main`.`s`.`nothing` cannot be found.',
      ),
      columns: [],
    };
    const { row } = await only({ sql: new FakeSql({ [`EXPLAIN ${bad}`]: plan }), genie: firstFails([bad]) });
    expect(row).toMatchObject({ correct: false, verdicts: { syntax_validity: { value: 'no' } } });
    expect(row?.asi[0]?.asi.failure_type).toBe('wrong_table');
  });

  it.each(['DROP TABLE main.s.t', 'INSERT INTO main.s.t VALUES (1)'])(
    'never executes %s',
    async (statement) => {
      const sql = new FakeSql();
      const { row } = await only({ sql, genie: firstFails([statement]) });
      expect(row).toMatchObject({ correct: false, comparison: { error: { errorClass: 'NOT_READ_ONLY' } } });
      expect(sql.executed.filter((text) => text.includes(statement))).toEqual([]);
    },
  );

  it('runs the first of several statements', async () => {
    const { row } = await only({ genie: firstFails([`${KEY}; DROP TABLE main.s.t;`]) });
    expect(row).toMatchObject({ correct: true, generated_sql: KEY });
  });

  it('uses the rows that Genie itself saw, and runs its statement only when they are gone', async () => {
    const text = 'SELECT n AS m FROM main.s.t WHERE id = 1';
    const seen = new FakeSql({ [KEY]: rows('5') }, { st1: rows('5') });
    const first = await only({ sql: seen, genie: firstFails([text, { statementId: 'st1' }]) });
    expect(first.row?.correct).toBe(true);
    expect(seen.executed).not.toContain(text);
    const gone = new FakeSql({ [KEY]: rows('5'), [text]: rows('5') });
    const second = await only({ sql: gone, genie: firstFails([text, { statementId: 'st1' }]) });
    expect(second.row?.correct).toBe(true);
    expect(gone.fetched).toEqual(['st1']);
    expect(gone.executed).toContain(text);
  });
});

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

describe('evaluateSuite', () => {
  it.each([
    ['full', ['Question q1?']],
    ['held_out', ['Question q2?']],
    ['p0', []],
    ['slice', []],
  ] as const)('asks what is in scope %s and nothing else', async (scope, asked) => {
    const genie = new FakeGenie(() => genieAnswer(KEY));
    const suite = {
      domain: 'd',
      questions: [
        { ...question('q1'), split: 'train' },
        { ...question('q2'), split: 'held_out' },
      ],
    } as const;
    const workspace = { genie, sql: new FakeSql() };
    await evaluateSuite({
      workspace,
      suite,
      scope,
      spaceId: 'x',
      iteration: 0,
      space: SPACE,
      catalog: CATALOG,
    });
    expect(genie.asked).toEqual(asked);
  });
});

describe('toArtifactRow', () => {
  it('writes the keys that other tools read', async () => {
    const sql = new FakeSql({ [KEY]: rows('7'), [OTHER]: rows('8') });
    const {
      rows: [row],
    } = await run({ sql, genie: new FakeGenie(() => genieAnswer(OTHER)) });
    expect(row).toBeDefined();
    const artifact = toArtifactRow(row as NonNullable<typeof row>);
    expect(artifact).toMatchObject({
      'inputs/question_id': 'q1',
      'inputs/expected_sql': KEY,
      'outputs/response': OTHER,
      'outputs/comparison': {
        match: false,
        match_type: 'mismatch',
        gt_rows: 1,
        genie_rows: 1,
        error_side: null,
      },
      'logical_accuracy/value': 'no',
      'logical_accuracy/source': 'CODE',
      'metadata/logical_accuracy/failure_type': 'missing_filter',
      'metadata/logical_accuracy/blame_set': ['main.s.t.id'],
      'syntax_validity/metadata': null,
      correct: false,
      adjusted_correct: false,
      exclusion: null,
    });
    expect(JSON.parse(JSON.stringify(artifact))).toEqual(artifact);
  });
});
