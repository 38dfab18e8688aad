import { describe, expect, it } from 'vitest';
import type { CatalogSnapshot } from '../../src/ports/index.ts';
import { changesOf, harborCatalog, propose, type Asked } from './harbor.ts';

/** The harbor whose metric view has two dates more. */
const withDates = (day: string, month: string): { catalog: CatalogSnapshot } => ({
  catalog: {
    ...harborCatalog,
    tables: harborCatalog.tables.map((table) =>
      table.kind !== 'metric_view'
        ? table
        : {
            ...table,
            columns: [
              ...table.columns,
              ...['day', 'month'].map((name) => ({ name, type: 'DATE', comment: null, tags: {} })),
            ],
            definition: String(table.definition).replace(
              'measures:',
              `  - name: day\n    expr: ${day}\n  - name: month\n    expr: ${month}\nmeasures:`,
            ),
          },
    ),
  },
});

const moored = (year: number): Asked => ({
  question: `Dues of ships that moored in ${year}`,
  expected: `SELECT MEASURE(gross_dues) FROM call_metrics WHERE call_metrics.day >= DATE'${year}-01-01' AND call_metrics.day < DATE'${year + 1}-01-01'`,
  generated: 'SELECT MEASURE(gross_dues) FROM call_metrics',
  expectedAsset: 'MV',
});

describe('words of an event', () => {
  const wordsGiven = async (day: string, month: string) =>
    changesOf(await propose([moored(2022), moored(2023)], withDates(day, month))).flatMap((change) =>
      change['type'] === 'add_synonym' && change['column'] === 'day' ? [change['synonym']] : [],
    );

  it('tell a date of a metric view from another one', async () => {
    expect(await wordsGiven('arr', "DATE_TRUNC('MONTH', dep)")).toContain('moored');
  });

  it.each([
    ['arr', "CAST(DATE_TRUNC('MONTH', arr) AS DATE)"],
    ['CAST(source.arr AS DATE)', 'trunc(`arr`, "MM")'],
  ])('are no synonyms of a date whose only company is cut from itself: %s, %s', async (day, month) => {
    expect(await wordsGiven(day, month)).toEqual([]);
  });
});

describe('a period', () => {
  const since = (column: string) => `${column} >= date_trunc('year', current_date())`;
  const asked = (question: string, column: string): Asked => ({
    question,
    expected: `SELECT SUM(dues) FROM calls WHERE ${since(column)}`,
    generated: 'SELECT SUM(dues) FROM calls',
  });
  const rules = async (...questions: Asked[]) =>
    changesOf(await propose(questions)).flatMap((change) =>
      change['type'] === 'add_instruction' && String(change['text']).includes('this year')
        ? [String(change['text'])]
        : [],
    );

  it('is bound to the event that means the date, where the table has several', async () => {
    const found = await rules(
      asked('Dues of calls that left this year', 'dep'),
      asked('Dues in this year', 'arr'),
    );
    expect(found).toEqual([
      "For questions about 'left' in 'this year', filter by calls.dep >= DATE_TRUNC('year', CURRENT_DATE()).",
    ]);
  });

  it('is never a rule by itself', async () => {
    expect(await rules(asked('Dues this year', 'arr'), asked('All dues this year', 'dep'))).toEqual([]);
  });
});
