import { describe, expect, it } from 'vitest';
import {
  benchmarkFingerprint,
  CATEGORIES,
  lintBenchmarks,
  type LintOptions,
} from '../../src/benchmarks/index.ts';
import { questionOf, suiteOf } from './questions.ts';

const good = suiteOf(
  ...Array.from({ length: 12 }, (_, index) =>
    questionOf(`t_${100 + index}`, {
      category: CATEGORIES[index % 5] ?? '',
      required_tables: [index % 2 === 0 ? 'orders' : 'mv_orders'],
      expected_asset: index % 2 === 0 ? 'TABLE' : 'MV',
      priority: index === 0 ? 'P0' : 'P1',
      ...(index > 9 && { split: 'held_out' as const }),
    }),
  ),
);
const codes = (suite = good, options: LintOptions = {}): string[] =>
  lintBenchmarks(suite, options).warnings.map((warning) => warning.code);

describe('lintBenchmarks', () => {
  it('reports sizes, assets and splits of a good suite without complaint', () => {
    const report = lintBenchmarks(good, { metricViews: ['main.s.mv_orders'] });
    expect(report).toMatchObject({
      domainSize: 'small',
      questions: 10,
      required: { questions: 10, categories: 4 },
      assets: { MV: 5, TVF: 0, TABLE: 5 },
      uncoveredAssets: [],
      p0Count: 1,
      heldOutCount: 2,
      warnings: [],
    });
    expect(report.categories).toEqual({
      aggregation: 2,
      ranking: 2,
      'time-series': 2,
      comparison: 2,
      list: 2,
    });
    expect(report.missingCategories).toEqual(['detail', 'threshold', 'prediction', 'multi-table']);
  });

  it.each([
    [3, 'small', 10, 4],
    [4, 'medium', 15, 6],
    [8, 'medium', 15, 6],
    [9, 'large', 20, 8],
  ])(
    'asks of a domain with %i tables (%s) for %i questions in %i categories',
    (count, domainSize, questions, categories) => {
      const tables = Array.from({ length: count }, (_, index) => `t${index}`);
      expect(lintBenchmarks(good, { tables })).toMatchObject({
        domainSize,
        required: { questions, categories },
      });
    },
  );

  it('never asks for more categories than the space can answer', () => {
    const tables = Array.from({ length: 12 }, (_, index) => `t${index}`);
    expect(
      lintBenchmarks(good, { tables, answerableCategories: ['list', 'ranking'] }).required.categories,
    ).toBe(2);
  });

  it.each<[string, string, () => string[]]>([
    ['TOO_FEW_QUESTIONS', 'a small suite', () => codes(suiteOf(questionOf('t_001')))],
    ['TOO_FEW_CATEGORIES', 'one category', () => codes(suiteOf(questionOf('t_001')))],
    ['UNCOVERED_ASSETS', 'a function nobody asks for', () => codes(good, { functions: ['main.s.get_top'] })],
    ['NO_P0', 'no P0', () => codes(suiteOf(questionOf('t_001')))],
    ['NO_HELD_OUT', 'no held-out question', () => codes(suiteOf(questionOf('t_001')))],
    ['ID_FORMAT', 'a free id', () => codes(suiteOf(questionOf('first')))],
    [
      'TEMPORAL_STALE',
      'fixed dates',
      () =>
        codes(
          suiteOf(questionOf('t_001', { question: 'Sales today?', expected_sql: "SELECT '2025-01-01'" })),
        ),
    ],
    [
      'UNRESOLVED_TEMPLATE',
      'an unknown variable',
      () =>
        codes({
          ...suiteOf(questionOf('t_001', { expected_sql: 'SELECT * FROM ${schema}.t' })),
          variables: {},
        }),
    ],
  ])('warns with %s of %s', (code, _, run) => {
    expect(run()).toContain(code);
  });
});

describe('benchmarkFingerprint', () => {
  const [a, b] = [questionOf('t_001'), questionOf('t_002')];
  it('ignores order, split and notes', () => {
    expect(benchmarkFingerprint([b, { ...a, split: 'val', guidelines: 'x' }])).toBe(
      benchmarkFingerprint([a, b]),
    );
  });
  it.each([
    { id: 't_003' },
    { question: 'Other?' },
    { expected_sql: 'SELECT 9' },
    { expected_asset: 'MV' as const },
  ])('changes with %o', (change) => {
    expect(benchmarkFingerprint([a, { ...b, ...change }])).not.toBe(benchmarkFingerprint([a, b]));
  });
});
