import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  addBenchmarks,
  BenchmarkEditError,
  benchmarkSchema,
  editBenchmark,
  nextQuestionIds,
  parseBenchmarks,
  writtenFields,
} from '../../src/benchmarks/index.ts';
import { questionOf } from './questions.ts';

/** Every field that a file may hold, each with a value that is not its default. */
const FIELDS = {
  id: 'bikes_001',
  question: 'How many rides?',
  expected_sql: 'SELECT COUNT(*)\nFROM ${catalog}.${gold_schema}.rides\n',
  expected_asset: 'MV',
  category: 'aggregation',
  source: 'augmented',
  priority: 'P0',
  split: 'val',
  required_tables: ['rides'],
  required_columns: ['ride_id'],
  required_joins: ['a.x = b.y'],
  required_business_logic: ['completed rides only'],
  optional_columns: ['code'],
  expected_facts: ['one number'],
  guidelines: 'The count, nothing else.',
  variant_of: 'bikes_000',
  space_id: '01ef',
  parameters: [{ name: 'zone', default_value: 'A' }],
  routing_sensitive: true,
  quarantined_at: '2026-11-01T00:00:00Z',
  quarantine_reason: 'both wrong',
  validated_at: '2026-11-02T00:00:00Z',
  validation_status: 'invalid',
  validation_reason_code: 'unknown_column',
  gt_validation_status: 'failed',
  temporal_stale: true,
  expected_result_hash: '0123456789abcdef0123456789abcdef',
  expected_result_sample: '[{"n":"1"}]',
  expected_row_count: 1,
  expected_columns: ['n'],
  key_version: 2,
  origin_source: 'user',
  previous_expected_sql: 'SELECT 1',
  corrected_at: '2026-11-03T00:00:00Z',
  correction_run_id: 'run-1',
};

const WRONG: Readonly<Record<string, unknown>> = {
  expected_asset: 'VIEW',
  priority: 'P3',
  split: 'test',
  required_tables: 'rides',
  expected_facts: [1],
  guidelines: ['a'],
  parameters: [{ default_value: 1 }],
  routing_sensitive: 'yes',
  validation_status: 'ok',
  gt_validation_status: 'done',
  temporal_stale: 'no',
  expected_row_count: -1,
  expected_columns: 'n',
  key_version: 0,
  previous_expected_sql: 1,
};

describe('the fields of a question', () => {
  it('are all known, and all come back from a file as they were written', () => {
    expect(Object.keys(FIELDS).sort()).toEqual(Object.keys(benchmarkSchema.shape).sort());
    const text = addBenchmarks('', [benchmarkSchema.parse(FIELDS)], { domain: 'bikes' });
    expect(parseBenchmarks(text, { domain: 'bikes' }).suite.questions[0]).toEqual(FIELDS);
  });

  it.each(Object.entries(WRONG))('are checked: %s', (field, value) => {
    const wrong = { ...FIELDS, id: 'bikes_002', question: 'Other?', [field]: value };
    const lines = Object.entries(wrong).map(([key, one]) => `"${key}": ${JSON.stringify(one)}`);
    const text = `{"bikes": [{\n${lines.join(',\n')}\n},\n${JSON.stringify(FIELDS)}]}`;
    const { suite, problems } = parseBenchmarks(text, { domain: 'bikes', file: 'g.json' });
    expect(suite.questions.map(({ id }) => id)).toEqual(['bikes_001']);
    const error = problems.find(({ severity }) => severity === 'error');
    expect(error?.path).toMatch(new RegExp(`^bikes\\[0\\]\\.${field}`));
    const line = text.split('\n').findIndex((one) => one.startsWith(`"${field}"`)) + 1;
    expect(error?.details).toMatchObject({ line });
  });

  it('warn of a source nobody knows', () => {
    const text = JSON.stringify([{ ...FIELDS, source: 'syntetic' }]);
    const { problems } = parseBenchmarks(text, { domain: 'bikes' });
    expect(problems.find(({ code }) => code === 'UNKNOWN_SOURCE')?.message).toContain(
      "did you mean 'synthetic'",
    );
  });

  it('are written without defaults and run-time keys', () => {
    const question = { ...questionOf('bikes_001'), _run: 1, expected_row_count_sample: 3, owner: 'ann' };
    expect(Object.keys(writtenFields(question))).toEqual([
      'id',
      'question',
      'expected_sql',
      'expected_asset',
      'category',
      'source',
      'priority',
      'owner',
    ]);
    expect(() =>
      editBenchmark('bikes: [{id: a, question: b, expected_sql: c}]', 'a', { expected_row_count_sample: 1 }),
    ).toThrow(/run-time key/);
  });
});

describe('addBenchmarks', () => {
  const added = [questionOf('tpch_900', { expected_sql: 'SELECT 1\nFROM t\n' }), questionOf('tpch_901')];

  it('leaves every byte of a real file as it is and appends to its list', () => {
    const before = readFileSync(new URL('../../samples/tpch/golden-queries.yaml', import.meta.url), 'utf8');
    const after = addBenchmarks(before, added, { domain: 'tpch' });
    expect(after.startsWith(before)).toBe(true);
    const ids = (parse(after) as { tpch: { id: string }[] }).tpch.map(({ id }) => id);
    expect(ids.slice(-2)).toEqual(['tpch_900', 'tpch_901']);
  });

  it.each([
    ['comments behind the list', 'a:\n  - id: a_001\n    question: x\n# end of a\nb: []\n'],
    ['a list without indentation', 'a:\n- id: a_001\n  question: x\nb: 1\n'],
    ['Windows line ends', 'a:\r\n  - id: a_001\r\n    question: x # why\r\nb: 1\r\n'],
    ['no line end', 'a:\n  - id: a_001\n    question: x'],
    ['flow style', '{a: [{id: a_001, question: x}], b: 1}\n'],
    ['JSON', '{\n  "a": [\n    {"id": "a_001", "question": "x"}\n  ],\n  "b": 1\n}\n'],
    ['a list at the top', '# all\n- id: a_001\n  question: x\n'],
    ['another domain only', 'z:\n  - id: z_001\n'],
    ['nothing', ''],
  ])('copes with %s', (_, text) => {
    const after = addBenchmarks(text, added, { domain: 'a' });
    const value = parse(after) as { a: { id: string }[]; b?: unknown; z?: unknown };
    const list = Array.isArray(value) ? (value as { id: string }[]) : value.a;
    expect(list.map(({ id }) => id).slice(-2)).toEqual(['tpch_900', 'tpch_901']);
    for (const line of text.split(/\r?\n/).filter((one) => /^#|^[bz]:|# why/.test(one)))
      expect(after).toContain(line);
  });

  it.each([
    ['an id that is in use', 'a:\n  - id: tpch_900\n', /'tpch_900' already/],
    ['an empty list', 'a: []\n', /no list of questions/],
  ])('refuses %s', (_, text, message) => {
    const run = () => addBenchmarks(text, added, { domain: 'a' });
    expect(run).toThrow(BenchmarkEditError);
    expect(run).toThrow(message);
  });
});

describe('nextQuestionIds', () => {
  it.each([
    ['behind the highest', ['a_001', 'a_007'], ['a_008', 'a_009']],
    ['never into gaps or other domains', ['a_002', 'b_100', 'x'], ['a_003', 'a_004']],
    ['from one in an empty suite', [], ['a_001', 'a_002']],
    ['beyond three digits', ['a_999'], ['a_1000', 'a_1001']],
  ])('goes on %s', (_, taken, expected) => {
    expect(nextQuestionIds('a', taken, 2)).toEqual(expected);
  });
});
