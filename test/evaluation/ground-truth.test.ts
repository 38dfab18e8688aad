import { describe, expect, it, vi } from 'vitest';
import { benchmarkSchema } from '../../src/benchmarks/index.ts';
import {
  formatQueue,
  parseQueue,
  remediationEntries,
  repairFields,
  updateQueue,
  validateGroundTruth,
  validationFields,
  withFields,
  type GroundTruthOptions,
} from '../../src/evaluation/index.ts';
import type { ChatModel, StatementResult } from '../../src/ports/index.ts';
import { CallFailed, CATALOG, FakeSql, question, rows, StatementFailed } from './fakes.ts';

const NOW = new Date('2026-11-01T12:00:00Z');
const clock = { now: () => NOW, sleep: () => Promise.resolve() };
const validate = (
  one: Parameters<typeof question>[1],
  sql: FakeSql,
  more: Partial<GroundTruthOptions> = {},
) =>
  validateGroundTruth([question('q1', one)], {
    sql,
    catalog: CATALOG,
    clock,
    variables: { catalog: 'main', gold_schema: 's' },
    ...more,
  }).then(({ details }) => details[0]!);

const unknownColumn = new StatementFailed(
  'UNRESOLVED_COLUMN.WITH_SUGGESTION',
  'A column with name `a`.`kindd` cannot be resolved. Did you mean one of the following? [`a`.`kind`, `a`.`id`].',
);
const missingTable = (name: string) =>
  new StatementFailed('TABLE_OR_VIEW_NOT_FOUND', `The table or view ${name} cannot be found.`);

describe('validateGroundTruth', () => {
  it('runs a key once and keeps digest, sample, count and columns, also with repeated names', async () => {
    const twice: StatementResult = {
      ...rows('1', 'NaN'),
      columns: [...rows().columns, ...rows().columns],
      rows: [
        ['1', '2'],
        ['NaN', null],
      ],
    };
    const sql = new FakeSql({ 'SELECT n, n FROM main.s.t': twice });
    const check = await validate({ expected_sql: 'SELECT n, n FROM ${catalog}.${gold_schema}.t' }, sql);
    expect(check).toMatchObject({
      status: 'valid',
      row_count: 2,
      columns: ['n', 'n#2'],
      final_sql: 'SELECT n, n FROM main.s.t',
      findings: [],
    });
    expect(check.sample).toBe('[{"n":"1","n#2":"2"},{"n":"NaN","n#2":null}]');
    expect(check.result_hash).toMatch(/^[0-9a-f]{32}$/);
    expect(sql.executed).toHaveLength(1);
    const stored = withFields(question('q1'), validationFields(check));
    expect(benchmarkSchema.parse(stored)).toMatchObject({
      validation_status: 'valid',
      expected_row_count: 2,
      validated_at: NOW.toISOString(),
    });
    expect(stored).not.toHaveProperty('gt_validation_status');
  });

  it.each([
    ['a key that writes', 'DELETE FROM main.s.t', 'not_read_only', 0],
    ['several statements', 'SELECT 1; DROP TABLE main.s.t', 'multiple_statements', 1],
    ['nothing but a comment', '-- later', 'missing_ground_truth', 0],
    ['a variable without value', 'SELECT 1 FROM ${nope}.t', 'unresolved_template', 0],
  ])('refuses %s and never runs the harmful part', async (_, expected_sql, reason_code, runs) => {
    const sql = new FakeSql();
    const check = await validate({ expected_sql }, sql);
    expect(check.status).not.toBe('valid');
    expect(check.reason_code).toBe(reason_code);
    expect(sql.executed).toHaveLength(runs);
    expect(sql.executed.join('\n')).not.toMatch(/DELETE|DROP/);
    expect(validationFields(check)).toMatchObject({
      validation_status: 'invalid',
      gt_validation_status: 'failed',
    });
  });

  it.each([
    ['PARSE_SYNTAX_ERROR', 'syntax_error', 'SYNTAX'],
    ['INSUFFICIENT_PERMISSIONS', 'permission_blocked', 'PERMISSION'],
    ['METRIC_VIEW_JOIN_NOT_SUPPORTED', 'metric_view_join', 'RESOLUTION'],
    ['MISSING_AGGREGATION', 'sql_compile_error', 'RESOLUTION'],
    ['WRONG_NUM_ARGS', 'tvf_arguments', 'RESOLUTION'],
    ['DIVIDE_BY_ZERO', 'runtime_error', 'RUNTIME'],
  ])('names %s', async (errorClass, reason_code, error_class) => {
    const sql = new FakeSql({ 'SELECT 1 FROM main.s.t': new StatementFailed(errorClass, 'no') });
    expect(await validate({ expected_sql: 'SELECT 1 FROM main.s.t' }, sql)).toMatchObject({
      status: 'invalid',
      reason_code,
      error_class,
      proposals: [],
    });
  });

  it.each([
    [
      'an unknown column',
      "SELECT a.kindd FROM ${catalog}.s.t AS a WHERE a.kindd = 'kindd'",
      "SELECT a.kindd FROM main.s.t AS a WHERE a.kindd = 'kindd'",
      unknownColumn,
      'rename_column',
      "SELECT a.kind FROM ${catalog}.${gold_schema}.t AS a WHERE a.kind = 'kindd'",
    ],
    [
      'a moved table',
      'SELECT n FROM ${catalog}.old.t',
      'SELECT n FROM main.old.t',
      missingTable('`main`.`old`.`t`'),
      'rename_object',
      'SELECT n FROM ${catalog}.${gold_schema}.t',
    ],
    [
      'a misspelt table',
      'SELECT n FROM main.s.tt',
      'SELECT n FROM main.s.tt',
      missingTable('`main`.`s`.`tt`'),
      'rename_object',
      'SELECT n FROM ${catalog}.${gold_schema}.t',
    ],
  ])('proposes a repair that ran for %s', async (_, expected_sql, failing, failure, kind, repaired) => {
    const sql = new FakeSql({ [failing]: failure });
    const check = await validate({ expected_sql }, sql);
    expect(check.status).toBe('invalid');
    expect(check.proposals[0]).toMatchObject({ kind, row_count: 1 });
    expect(check.proposals[0]?.expected_sql.replace('${gold_schema}', 's')).toBe(
      repaired.replace('${gold_schema}', 's'),
    );
  });

  it('drops repairs that fail or return nothing', async () => {
    const sql = new FakeSql({
      'SELECT n FROM main.s.tt': missingTable('`main`.`s`.`tt`'),
      'SELECT n FROM main.s.t': rows(),
    });
    const check = await validate({ expected_sql: 'SELECT n FROM main.s.tt' }, sql);
    expect(check).toMatchObject({
      proposals: [],
      attempts: 2,
      last_candidate_sql: 'SELECT n FROM ${catalog}.${gold_schema}.t',
    });
  });

  it('binds default values of parameters', async () => {
    const sql = new FakeSql({
      'SELECT n FROM main.s.t WHERE kind = :k': new StatementFailed('UNBOUND_SQL_PARAMETER', 'k'),
    });
    const check = await validate(
      {
        expected_sql: 'SELECT n FROM main.s.t WHERE kind = :k',
        parameters: [{ name: 'k', default_value: "o'x" }],
      },
      sql,
    );
    expect(check.reason_code).toBe('parameterized_sql');
    expect(check.proposals[0]?.expected_sql).toBe(String.raw`SELECT n FROM main.s.t WHERE kind = 'o\'x'`);
  });

  it('notes a limit without order and proposes one', async () => {
    const check = await validate({ expected_sql: 'SELECT n FROM main.s.t LIMIT 3' }, new FakeSql());
    expect(check.status).toBe('valid');
    expect(check.findings.map(({ code }) => code)).toEqual(['LIMIT_WITHOUT_ORDER']);
    expect(check.proposals).toMatchObject([
      { kind: 'add_order', expected_sql: 'SELECT n FROM main.s.t ORDER BY 1\nLIMIT 3' },
    ]);
  });

  it.each([
    ['empty', 'Rides?', rows(), ['EMPTY_RESULT']],
    ['only null', 'Rides?', rows(null), ['EMPTY_RESULT']],
    ['empty for a relative period', 'Rides last month?', rows(), ['EMPTY_RESULT', 'TEMPORAL_STALE']],
    ['another one than stored', 'Rides?', rows('9'), ['GROUND_TRUTH_CHANGED']],
  ])('notes a result that is %s', async (_, text, result, codes) => {
    const stored = codes.includes('GROUND_TRUTH_CHANGED') ? { expected_result_hash: '0'.repeat(32) } : {};
    const check = await validate(
      { question: text, expected_sql: 'SELECT n FROM main.s.t', ...stored },
      new FakeSql({ 'SELECT n FROM main.s.t': result }),
    );
    expect(check.findings.map(({ code }) => code)).toEqual(codes);
  });

  it('calls a result of too many rows invalid', async () => {
    const sql = new FakeSql({ 'SELECT n FROM main.s.t': { ...rows('1'), truncated: true } });
    const check = await validate({ expected_sql: 'SELECT n FROM main.s.t' }, sql, { maxRows: 100_000 });
    expect(check).toMatchObject({
      status: 'invalid',
      reason_code: 'too_many_rows',
      error: expect.stringContaining('100000') as string,
    });
  });

  it('stops when the warehouse stays away and goes on when it comes back', async () => {
    const away = new CallFailed('HTTP_ERROR');
    const expected_sql = 'SELECT n FROM main.s.t';
    await expect(validate({ expected_sql }, new FakeSql({ [expected_sql]: away }))).rejects.toMatchObject({
      code: 'GROUND_TRUTH_UNAVAILABLE',
      retryable: true,
    });
    const replies: (StatementResult | Error)[] = [away, away, rows('1')];
    const sql = new FakeSql();
    vi.spyOn(sql, 'execute').mockImplementation(async () => {
      const reply = replies.shift();
      if (reply === undefined || reply instanceof Error) throw reply ?? away;
      return reply;
    });
    expect(await validate({ expected_sql }, sql)).toMatchObject({ status: 'valid' });
  });

  describe('with a model', () => {
    const failing = 'SELEC n FROM main.s.t';
    const broken = 'SELECT n FRM main.s.t';
    const model = (...answers: unknown[]): ChatModel & { prompts: string[] } => ({
      name: 'scripted',
      prompts: [],
      async generateJson(prompt) {
        this.prompts.push(prompt);
        return answers.shift();
      },
    });
    const sql = () => new FakeSql({ [broken]: new StatementFailed('PARSE_SYNTAX_ERROR', 'near FRM') });

    it('proposes what it wrote, if that runs, and tells it what was wrong', async () => {
      const chatModel = model('Sure! Here is your SQL', { sql: 'SELECT n FROM main.s.t' });
      const check = await validate({ expected_sql: broken }, sql(), { chatModel });
      expect(check.proposals).toMatchObject([
        { kind: 'model', expected_sql: 'SELECT n FROM ${catalog}.${gold_schema}.t' },
      ]);
      expect(check.status).toBe('invalid');
      expect(chatModel.prompts[1]).toContain('text instead of a JSON object');
    });

    it('never runs what writes, gives up after two attempts', async () => {
      const chatModel = model(
        { sql: 'DROP TABLE main.s.t' },
        { sql: 'DELETE FROM main.s.t' },
        { sql: 'SELECT 1' },
      );
      const runs = sql();
      const check = await validate({ expected_sql: broken }, runs, { chatModel });
      expect(check).toMatchObject({ proposals: [], attempts: 3, last_candidate_sql: 'DELETE FROM main.s.t' });
      expect(runs.executed).toEqual([broken]);
    });

    it('never shows it a held-out question', async () => {
      const chatModel = model({ sql: 'SELECT 1' });
      await validate({ expected_sql: failing, split: 'held_out' }, sql(), { chatModel });
      expect(chatModel.prompts).toEqual([]);
    });
  });

  it('makes an accepted repair a new version of the key', () => {
    const changes = repairFields(
      question('q1', { expected_result_hash: 'x' }),
      { expected_sql: 'SELECT 2' },
      NOW,
    );
    expect(changes).toMatchObject({
      key_version: 2,
      source: 'auto_corrected_structural',
      origin_source: 'user',
      previous_expected_sql: 'SELECT n FROM main.s.t WHERE id = 1',
      expected_result_hash: null,
    });
  });
});

describe('the remediation queue', () => {
  it('keeps what waits for a person, loses what was repaired, and survives its file', async () => {
    const sql = new FakeSql({
      'SELECT 1 FROM main.s.t': new StatementFailed('DIVIDE_BY_ZERO', 'x'.repeat(900)),
    });
    const failed = await validate({ expected_sql: 'SELECT 1 FROM main.s.t' }, sql);
    const queue = remediationEntries([failed]);
    expect(queue).toMatchObject([
      { id: 'q1', error_type: 'runtime_error', attempts: 1, queued_at: NOW.toISOString() },
    ]);
    expect(queue[0]?.error).toHaveLength(500);
    expect(parseQueue(formatQueue(queue))).toEqual(queue);
    const later = { ...failed, checked_at: '2027-01-01T00:00:00.000Z' };
    expect(updateQueue(queue, [later], [{ id: 'q1' }])).toEqual(queue);
    expect(updateQueue(queue, [], [{ id: 'q1' }])).toEqual(queue);
    expect(updateQueue(queue, [], [])).toEqual([]);
    expect(updateQueue(queue, [{ ...failed, status: 'valid' }], [{ id: 'q1' }])).toEqual([]);
    expect(parseQueue('')).toEqual([]);
    expect(() => parseQueue('- id: 1')).toThrow(/gt_remediation_queue\.yaml cannot be read/);
  });
});
