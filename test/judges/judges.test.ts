import { describe, expect, it } from 'vitest';
import {
  arbiterJudge,
  assetRoutingJudge,
  classifyGenieError,
  completenessJudge,
  detectAsset,
  JUDGE_NAMES,
  resultCorrectnessJudge,
  runJudges,
  structuralJudges,
  syntaxValidityJudge,
  type ResultComparison,
} from '../../src/judges/index.ts';
import { EMPTY_CATALOG } from '../../src/ports/index.ts';
import { analyzeSql, lexicalFacts } from '../../src/sql/index.ts';
import { judgeInput, MATCH, MISMATCH, SHOP_CATALOG, SHOP_SPACE } from './shop.ts';

const COUNT = 'SELECT COUNT(*) FROM shop.orders';
const TIED: ResultComparison = { ...MISMATCH, matchType: 'tied_limit' };
const excludedFor = (exclusion: NonNullable<ResultComparison['exclusion']>): ResultComparison => ({
  ...MISMATCH,
  match: null,
  matchType: 'not_evaluated',
  exclusion,
});

describe('structuralJudges', () => {
  it('are the eight, in scoring order, with their targets', () => {
    const judges = structuralJudges();
    expect(judges.map(({ name }) => name)).toEqual([...JUDGE_NAMES]);
    expect(Object.fromEntries(judges.map(({ name, targetPct }) => [name, targetPct]))).toEqual({
      syntax_validity: 98,
      schema_accuracy: 95,
      logical_accuracy: 90,
      semantic_equivalence: 90,
      completeness: 90,
      asset_routing: 95,
      result_correctness: 85,
      arbiter: null,
    });
  });

  it.each(['both_empty', 'row_cap', 'infrastructure', 'ground_truth_failed'] as const)(
    'never fail a row excluded for %s',
    async (reason) => {
      const input = await judgeInput(COUNT, `${COUNT} WHERE channel = 'web'`, {
        comparison: excludedFor(reason),
      });
      const outcomes = await runJudges(structuralJudges(), input);
      expect(
        [...outcomes.values()].filter((outcome) => outcome.status === 'scored' && outcome.value === 'no'),
      ).toEqual([]);
      expect(outcomes.get('result_correctness')).toMatchObject({ status: 'excluded', reason });
    },
  );

  it('skip a statement that could not be parsed, and do not guess', async () => {
    const input = await judgeInput(COUNT, 'SELECT COUNT(*) FROM shop.items');
    const outcomes = await runJudges(structuralJudges(), {
      ...input,
      generatedFacts: lexicalFacts('SELECT COUNT(*) FROM main.shop.items'),
    });
    for (const name of ['schema_accuracy', 'logical_accuracy', 'semantic_equivalence', 'completeness']) {
      expect(outcomes.get(name)).toMatchObject({ status: 'skipped', reason: 'unparsed' });
    }
    expect(outcomes.get('result_correctness')).toMatchObject({
      value: 'no',
      asi: { failure_type: 'other', confidence: 0.4 },
    });
  });

  it('leave another kind of asset to the routing judge', async () => {
    const outcomes = await runJudges(
      structuralJudges(),
      await judgeInput('SELECT MEASURE(revenue) FROM shop.mv_sales', 'SELECT SUM(total) FROM shop.orders'),
    );
    expect(outcomes.get('schema_accuracy')).toMatchObject({ status: 'skipped', reason: 'not_applicable' });
    expect(outcomes.get('asset_routing')).toMatchObject({
      value: 'no',
      asi: { failure_type: 'asset_routing_error', blame_set: ['asset_routing:MV', 'main.shop.mv_sales'] },
    });
    expect(outcomes.get('result_correctness')).toMatchObject({
      asi: { failure_type: 'asset_routing_error' },
    });
  });

  it('join complaints of one kind and name every object', async () => {
    const input = await judgeInput(`${COUNT} WHERE status = 'done' AND channel = 'web'`, COUNT);
    const outcome = (await runJudges(structuralJudges(), input)).get('logical_accuracy');
    expect(outcome).toMatchObject({
      asi: {
        failure_type: 'missing_filter',
        wrong_clause: 'WHERE',
        blame_set: ['main.shop.orders.status', 'main.shop.orders.channel'],
        expected_value: "status = 'done' AND channel = 'web'",
        actual_value: null,
      },
    });
  });
});

describe('syntax_validity', () => {
  const judge = syntaxValidityJudge();
  it.each<[string, string, string, object]>([
    [
      'UNRESOLVED_COLUMN.WITH_SUGGESTION',
      'A column with name `o`.`totl` cannot be resolved. Did you mean `total`?',
      'wrong_column',
      { blame_set: ['main.shop.orders.total'], expected_value: 'main.shop.orders.total' },
    ],
    [
      'UNRESOLVED_COLUMN.WITH_SUGGESTION',
      'A column with name `x` in the JOIN condition cannot be resolved.',
      'wrong_join',
      { wrong_clause: 'JOIN' },
    ],
    [
      'TABLE_OR_VIEW_NOT_FOUND',
      'The table or view `main`.`shop`.`sales` cannot be found.',
      'wrong_table',
      { actual_value: 'main.shop.sales', blame_set: ['main.shop.orders'] },
    ],
    [
      'UNRESOLVABLE_TABLE_VALUED_FUNCTION',
      'Could not resolve `get_sales` to a table-valued function.',
      'tvf_parameter_error',
      {},
    ],
    [
      'WRONG_NUM_ARGS.WITHOUT_SUGGESTION',
      'The `main`.`shop`.`get_top_customers` requires 3 parameters.',
      'tvf_parameter_error',
      { blame_set: ['main.shop.get_top_customers'] },
    ],
    [
      'METRIC_VIEW_JOIN_NOT_SUPPORTED',
      'The metric view `main`.`shop`.`mv_sales` cannot be joined.',
      'wrong_join',
      { blame_set: ['main.shop.mv_sales'] },
    ],
    [
      'MISSING_AGGREGATION',
      'The expression `city` is not aggregated.',
      'wrong_aggregation',
      { wrong_clause: 'GROUP BY' },
    ],
    ['PARSE_SYNTAX_ERROR', "Syntax error at or near 'FORM'.", 'other', { failure_type_raw: 'syntax_error' }],
    ['DIVIDE_BY_ZERO', 'Division by zero.', 'other', {}],
  ])('%s: %s', async (errorClass, message, failure_type, more) => {
    const input = await judgeInput(
      'SELECT SUM(total) FROM shop.orders',
      'SELECT SUM(totl) FROM shop.orders o',
    );
    const outcome = await judge.judge({ ...input, explain: { ok: false, errorClass, message } });
    expect(outcome).toMatchObject({ value: 'no', asi: { failure_type, severity: 'critical', ...more } });
  });

  it.each([
    ['UNBOUND_SQL_PARAMETER', 'unbound parameter: year', 'parameterized_sql'],
    ['INSUFFICIENT_PERMISSIONS', 'User does not have SELECT on table x', 'permission_blocked'],
    [null, 'Please set the current catalog', 'infrastructure'],
    [null, 'connect ETIMEDOUT', 'infrastructure'],
  ] as const)('%s %s says nothing about the statement', async (errorClass, message, reason) => {
    const input = await judgeInput(COUNT, COUNT);
    expect(await judge.judge({ ...input, explain: { ok: false, errorClass, message } })).toMatchObject({
      status: 'excluded',
      reason,
    });
  });

  it('fails an answer without SQL', async () => {
    expect(await judge.judge(await judgeInput(COUNT, null))).toMatchObject({
      value: 'no',
      asi: { failure_type_raw: 'no_sql', confidence: 1, blame_set: ['main.shop.orders'] },
    });
  });

  it('finds the object that a message names', () => {
    expect(classifyGenieError(null, 'no names here').object).toBeNull();
    expect(classifyGenieError(null, 'see `A`.`B c`').object).toBe('a.b c');
  });
});

describe('asset detection', () => {
  it.each([
    ['SELECT budget_amount FROM main.shop.orders', 'TABLE'],
    ["SELECT get_json_object(status, '$.a') FROM main.shop.orders", 'TABLE'],
    ['SELECT * FROM main.shop.rmv_x', 'TABLE'],
    ['SELECT * FROM elsewhere.mv_unknown', 'MV'],
    ['SELECT MEASURE(revenue) FROM main.shop.mv_sales', 'MV'],
    ['SELECT region FROM mv_sales', 'MV'],
    ["SELECT * FROM main.shop.get_top_customers('a', 'b')", 'TVF'],
    ["SELECT * FROM get_top_customers('a', 'b')", 'TVF'],
    ["SELECT * FROM get_unheard_of('a')", 'TVF'],
    ['SELECT * FROM range(10)', 'TABLE'],
    [
      "SELECT c.name FROM main.shop.get_top_customers('a', 'b') t JOIN main.shop.customers c ON c.name = t.name",
      'TVF',
    ],
  ] as const)('%s reads %s', async (sql, asset) => {
    expect(detectAsset(await analyzeSql(sql), SHOP_SPACE, SHOP_CATALOG)).toBe(asset);
    expect(detectAsset(lexicalFacts(sql), SHOP_SPACE, EMPTY_CATALOG)).toBe(asset);
  });

  it('no SQL is NONE, not a table, and never passes', async () => {
    expect(detectAsset(null, SHOP_SPACE)).toBe('NONE');
    expect(await assetRoutingJudge().judge(await judgeInput(COUNT, null))).toMatchObject({
      value: 'no',
      asi: { actual_value: 'NONE' },
    });
  });

  it('lets a detour pass on demand where the results match', async () => {
    const input = await judgeInput(
      'SELECT MEASURE(revenue) FROM shop.mv_sales',
      'SELECT SUM(total) FROM shop.orders',
      { comparison: MATCH },
    );
    expect(await assetRoutingJudge().judge(input)).toMatchObject({ value: 'no' });
    expect(await assetRoutingJudge({ softRouting: true }).judge(input)).toMatchObject({ value: 'yes' });
  });
});

describe('result_correctness', () => {
  const judge = resultCorrectnessJudge();

  it('says how many rows there are where the numbers differ, and that the values do where they do not', async () => {
    const of = async (actualRows: number) =>
      judge.judge(
        await judgeInput(COUNT, `${COUNT} WHERE channel = 'web'`, {
          comparison: { ...MISMATCH, actualRows },
        }),
      );
    expect(await of(3)).toMatchObject({
      rationale: 'mismatch: 3 rows as in the answer key, with other values',
    });
    expect(await of(1)).toMatchObject({ rationale: 'mismatch: 1 row instead of 3' });
  });

  it.each([
    [
      'rows summed up where the key lists them',
      'SELECT order_date, total FROM shop.orders',
      "SELECT DATE_TRUNC('MONTH', order_date) AS month, SUM(total) AS total FROM shop.orders GROUP BY 1",
      'Say for main.shop.orders.order_date that such questions list the rows as they are, neither summed up nor grouped.',
    ],
    [
      'a row per value where the key has one figure',
      'SELECT SUM(total) AS total FROM shop.orders',
      'SELECT channel, SUM(total) AS total FROM shop.orders GROUP BY channel',
      'Say for main.shop.orders.channel that such questions want one figure over all rows, not a row for each value.',
    ],
    [
      'one figure where the key has a row per value',
      'SELECT channel, SUM(total) AS total FROM shop.orders GROUP BY channel',
      'SELECT SUM(total) AS total FROM shop.orders',
      'Say for main.shop.orders.channel that answers are grouped by “orders.channel”.',
    ],
  ])('says what to write down for %s', async (_, key, answer, fix) => {
    expect(await judge.judge(await judgeInput(key, answer))).toMatchObject({
      value: 'no',
      asi: { counterfactual_fix: fix },
    });
  });
  it('never claims a cause that it has not seen', async () => {
    const outcome = await judge.judge(await judgeInput(COUNT, COUNT));
    expect(outcome).toMatchObject({
      value: 'no',
      asi: {
        failure_type: 'other',
        confidence: 0.4,
        expected_value: 'rows=3, hash=aaaaaaaa',
        actual_value: 'rows=3, hash=bbbbbbbb',
      },
    });
  });

  it('classifies an error of Genie by its class', async () => {
    const error = {
      side: 'actual' as const,
      errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
      message: 'The table or view `x` cannot be found.',
    };
    expect(
      await judge.judge(await judgeInput(COUNT, COUNT, { comparison: { ...MISMATCH, error } })),
    ).toMatchObject({ value: 'no', asi: { failure_type: 'wrong_table' } });
  });

  it('never blames Genie for an answer key that fails', async () => {
    const error = { side: 'expected' as const, errorClass: null, message: 'boom' };
    expect(
      await judge.judge(await judgeInput(COUNT, COUNT, { comparison: { ...MISMATCH, match: null, error } })),
    ).toMatchObject({ status: 'excluded' });
  });
});

describe('completeness', () => {
  it('sees columns that the result lacks', async () => {
    const comparison = {
      ...MISMATCH,
      matchType: 'column_subset' as const,
      diff: { missingColumns: ['tax'], extraColumns: [], rowDelta: 0, firstDifference: null },
    };
    const input = await judgeInput('SELECT * FROM shop.orders', 'SELECT * FROM shop.orders', { comparison });
    expect(await completenessJudge().judge(input)).toMatchObject({
      value: 'no',
      asi: { failure_type: 'wrong_column', failure_type_raw: 'missing_column' },
    });
    const optional = await judgeInput('SELECT * FROM shop.orders', 'SELECT * FROM shop.orders', {
      comparison,
      benchmark: { optional_columns: ['TAX'] },
    });
    expect(await completenessJudge().judge(optional)).toMatchObject({ value: 'yes' });
  });

  it.each([
    [-2, 'no'],
    [0, 'yes'],
  ])('calls rows missing only where rows are missing (%d)', async (rowDelta, value) => {
    const comparison = {
      ...MISMATCH,
      diff: { missingColumns: [], extraColumns: [], rowDelta, firstDifference: null },
    };
    const input = await judgeInput(
      'SELECT name FROM shop.customers',
      "SELECT name FROM shop.customers WHERE country = 'DE'",
      { comparison },
    );
    expect(await completenessJudge().judge(input)).toMatchObject({ value });
  });
});

describe('arbiter', () => {
  const judge = arbiterJudge();
  it.each<[string, string | null, ResultComparison, object]>([
    ['matching results need none', COUNT, MATCH, { status: 'skipped', reason: 'results_match' }],
    [
      'differing results need a model',
      `${COUNT} WHERE is_gift`,
      MISMATCH,
      { status: 'skipped', reason: 'no_model' },
    ],
    [
      'a failing statement of Genie leaves the answer key right',
      COUNT,
      { ...MISMATCH, error: { side: 'actual', errorClass: null, message: 'x' } },
      { status: 'verdict', value: 'ground_truth_correct' },
    ],
    ['so does no statement', null, MISMATCH, { status: 'verdict', value: 'ground_truth_correct' }],
    [
      'excluded rows are not arbitrated',
      COUNT,
      excludedFor('both_empty'),
      { status: 'skipped', reason: 'not_applicable' },
    ],
    [
      'a mere tie at the LIMIT is right on both sides',
      COUNT,
      TIED,
      { status: 'verdict', value: 'both_correct', asi: null },
    ],
    [
      'a tie beside a real difference is not',
      `${COUNT} WHERE is_gift`,
      TIED,
      { status: 'skipped', reason: 'no_model' },
    ],
  ])('%s', async (_, generated, comparison, outcome) => {
    expect(await judge.judge(await judgeInput(COUNT, generated, { comparison }))).toMatchObject(outcome);
  });
});
