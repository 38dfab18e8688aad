import { describe, expect, it } from 'vitest';
import { runJudges, structuralJudges } from '../../src/judges/index.ts';
import type { CatalogSnapshot } from '../../src/ports/index.ts';
import { judgeInput, SHOP_CATALOG } from './shop.ts';

/** The shop whose metric view has the day of a sale and its month. */
const catalog: CatalogSnapshot = {
  ...SHOP_CATALOG,
  tables: SHOP_CATALOG.tables.map((table) =>
    table.kind !== 'metric_view'
      ? table
      : {
          ...table,
          columns: [...table.columns, { name: 'day', type: 'DATE', comment: null, tags: {} }],
          definition: `version: "1.1"
source: main.shop.items
dimensions:
  - name: day
    expr: CAST(sold_on AS DATE)
  - name: month
    expr: CAST(DATE_TRUNC('MONTH', source.sold_on) AS DATE)
measures:
  - name: revenue
    expr: SUM(price)
`,
        },
  ),
};

const complaints = async (expected: string, generated: string) => {
  const outcomes = await runJudges(
    structuralJudges(),
    await judgeInput(expected, generated, { input: { catalog } }),
  );
  return [...outcomes.values()].flatMap((outcome) =>
    outcome.status === 'scored' && outcome.value === 'no' ? [outcome.asi.failure_type] : [],
  );
};

const byPeriod = (period: string, filter = '') =>
  `SELECT ${period} AS p, MEASURE(revenue) AS r FROM shop.mv_sales ${filter} GROUP BY ${period}`;
const WEB = "WHERE channel = 'web'";

describe('a dimension that is cut to a period', () => {
  it.each([
    "date_trunc('MONTH', day)",
    "CAST(date_trunc('month', day) AS DATE)",
    "trunc(day, 'MM')",
    "date_trunc('MONTH', month)",
  ])('is the same as %s: only what else is missing is blamed', async (period) => {
    const found = await complaints(byPeriod(period, WEB), byPeriod('month'));
    expect(new Set(found)).toEqual(new Set(['missing_filter']));
  });

  it.each(["date_trunc('YEAR', day)", "date_trunc('YEAR', month)", 'day'])('is not %s', async (period) => {
    const found = await complaints(byPeriod(period), byPeriod('month'));
    expect(found).not.toEqual([]);
    expect(found).not.toContain('missing_filter');
  });
});
