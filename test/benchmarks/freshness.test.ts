import { describe, expect, it } from 'vitest';
import { checkTemporalFreshness } from '../../src/benchmarks/index.ts';
import { questionOf } from './questions.ts';

const datesIn = (question: string, expected_sql: string): readonly string[] =>
  checkTemporalFreshness([questionOf('q_001', { question, expected_sql })]).flatMap(
    (stale) => stale.hardcoded_dates,
  );

const FIXED = "SELECT * FROM t WHERE d >= '2025-01-01'";

describe('checkTemporalFreshness', () => {
  it('reports id, question, phrases and dates', () => {
    expect(
      checkTemporalFreshness([questionOf('q_001', { question: 'Sales last month?', expected_sql: FIXED })]),
    ).toEqual([
      {
        question_id: 'q_001',
        question: 'Sales last month?',
        phrases: ['last month'],
        hardcoded_dates: ["'2025-01-01'"],
      },
    ]);
  });

  it.each([
    'this year',
    'LAST YEAR',
    'this quarter',
    'last quarter',
    'this month',
    'last month',
    'last 3 months',
    'last 1 month',
    'last 30 days',
    'year to date',
    'YTD',
    'today',
    'yesterday',
    'this week',
    'last week',
    'last 2 weeks',
    'last 4 quarters',
    'last 2 years',
    'past 30 days',
    'previous 6 months',
    'trailing 12 months',
    'trailing twelve months',
    'current month',
    'current quarter',
    'month-to-date',
    'quarter to date',
    'mtd',
    'qtd',
    'year-to-date',
    'rolling',
    'so far',
  ])('sees "%s" as relative', (phrase) => {
    expect(datesIn(`Show revenue ${phrase} by store`, FIXED)).toEqual(["'2025-01-01'"]);
  });

  it.each([
    ['a period of a named year', 'Sales in the last quarter of 2025'],
    ['a month with its year', 'Sales this month, 2025'],
    ['no period', 'Sales by store'],
    ['a word that only contains a period', 'Breakfast months and blast years'],
    ['a date that the question names', 'Sales since 2025-01-01 and last month'],
    ['a year that the question names', 'Sales so far compared with 2025'],
  ])('does not flag %s', (_, question) => {
    expect(datesIn(question, FIXED)).toEqual([]);
  });

  it.each([
    ["TIMESTAMP '2025-01-01 00:00:00'", "'2025-01-01 00:00:00'"],
    ["DATE '2025-01-01'", "'2025-01-01'"],
    ['"2025-01-01"', '"2025-01-01"'],
    ["'2025-01-01T10:00:00Z'", "'2025-01-01T10:00:00Z'"],
    ['year = 2025', 'year = 2025'],
    ['YEAR(d) = 2025', 'YEAR(d) = 2025'],
    ['year(o.d) IN (2024, 2025)', 'year(o.d) IN (2024, 2025'],
    ['order_year >= 2025', 'order_year >= 2025'],
    ['EXTRACT(YEAR FROM d) = 2025', 'EXTRACT(YEAR FROM d) = 2025'],
    ['date_key = 20250131', '20250131'],
    ['make_date(2025, 1, 1)', 'make_date(2025,'],
  ])('finds the fixed date in %s', (condition, expected) => {
    expect(datesIn('Sales last month?', `SELECT 1 FROM t WHERE x < ${condition}`)).toEqual([expected]);
  });

  it.each([
    ['comments', "SELECT 1 -- since '2025-01-01'\nFROM t /* year = 2025 */"],
    ['relative expressions', "SELECT 1 FROM t WHERE d >= add_months(current_date(), -1) AND x = 'last 2025'"],
    ['end marks of open periods', "SELECT 1 FROM t WHERE valid_to = DATE '9999-12-31'"],
    ['numbers that are no dates', 'SELECT 1 FROM t WHERE n = 20251399 OR year(d) = year(current_date())'],
  ])('overlooks %s', (_, sql) => {
    expect(datesIn('Sales last month?', sql)).toEqual([]);
  });
});
