import { describe, expect, it } from 'vitest';
import { evaluateSuite, toArtifactRow } from '../../src/evaluation/index.ts';
import { JUDGE_NAMES } from '../../src/judges/index.ts';
import { CATALOG, FakeGenie, FakeSql, genieAnswer, question, rows, SPACE, StatementFailed } from './fakes.ts';
import { KEY, OTHER, run, only, firstFails } from './evaluate-setup.ts';

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
