import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { headline, measure, type Measurement } from '../../scripts/judge-corpus/measure.ts';
import { fillSection, plainTable, sectionOf } from '../../scripts/judge-corpus/page.ts';
import { readQuery } from '../../scripts/judge-corpus/read-query.ts';
import { renderQuery } from '../../scripts/judge-corpus/render-query.ts';
import { BARS, headlineTable } from '../../scripts/judge-corpus/render-report.ts';
import { SMALL } from '../../scripts/judge-corpus/settings.ts';
import { SHOP_CATALOG } from './shop.ts';

const page = readFileSync(new URL('../../docs/judges.md', import.meta.url), 'utf8');

describe('the small corpus of damaged and rewritten statements', () => {
  let measurement: Measurement;
  beforeAll(async () => {
    measurement = await measure(SMALL);
  }, 120_000);

  it('holds many damages of most kinds, and rewrites', () => {
    expect(new Set(measurement.mutants.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(14);
    expect(measurement.mutants.length).toBeGreaterThan(150);
    expect(measurement.rewrites.length).toBeGreaterThan(60);
    expect(measurement.mutants.filter(({ right, wrong }) => right === wrong)).toEqual([]);
    expect(measurement.rewrites.filter(({ right, other }) => right === other)).toEqual([]);
  });

  it('is judged above every bar', () => {
    const { flagged, rightType, rightBlame, falseAlarms } = headline(measurement);
    const pct = ({ hits, of }: { hits: number; of: number }): number => (100 * hits) / of;
    expect(pct(flagged)).toBeGreaterThanOrEqual(BARS.flagged);
    expect(pct(rightType)).toBeGreaterThanOrEqual(BARS.rightType);
    expect(pct(rightBlame)).toBeGreaterThanOrEqual(BARS.rightBlame);
    expect(pct(falseAlarms)).toBeLessThanOrEqual(BARS.falseAlarms);
  });

  it('has the figures that docs/judges.md shows', () => {
    expect(plainTable(headlineTable(measurement))).toBe(sectionOf(page, 'small-corpus'));
  });
});

describe('the reader of golden queries', () => {
  it('gives a plain statement back with its columns found', () => {
    const sql = `SELECT c.segment, SUM(o.total) AS revenue FROM main.shop.orders AS o JOIN main.shop.customers AS c ON o.customer_id = c.customer_id
      WHERE o.status IN ('done', 'open') AND o.order_date BETWEEN '2025-01-01' AND '2025-12-31' GROUP BY c.segment ORDER BY revenue DESC LIMIT 5`;
    const query = readQuery(sql, SHOP_CATALOG);
    expect(query?.where).toEqual([
      { kind: 'in', subject: '{o.status}', values: ["'done'", "'open'"], negated: false },
      { kind: 'range', subject: '{o.order_date}', low: "'2025-01-01'", high: "'2025-12-31'", closed: true },
    ]);
    expect(query).toMatchObject({
      limit: 5,
      groupBy: ['{c.segment}'],
      orderBy: [{ text: 'revenue', descending: true }],
    });
    expect(query === null ? '' : renderQuery(query)).toContain(
      'FROM main.shop.orders AS o\nJOIN main.shop.customers AS c',
    );
  });

  it.each([
    'WITH a AS (SELECT 1) SELECT * FROM a',
    'SELECT 1 FROM a UNION SELECT 2 FROM b',
    'SELECT 1 FROM (SELECT 2) AS x',
  ])('refuses %s', (sql) => {
    expect(readQuery(sql, SHOP_CATALOG)).toBeNull();
  });
});

describe('a generated section', () => {
  it('is replaced between its marks and nowhere else', () => {
    const text = 'a\n<!-- generated:x:start -->\nold\n<!-- generated:x:end -->\nb';
    expect(fillSection(text, 'x', '| 1 |')).toBe(
      'a\n<!-- generated:x:start -->\n\n| 1 |\n\n<!-- generated:x:end -->\nb',
    );
    expect(() => fillSection(text, 'y', '')).toThrow(RangeError);
  });
});
