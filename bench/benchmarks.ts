/**
 * Speed of reading golden queries, validation and splits included: `npx node bench/benchmarks.ts`.
 *
 * Ratios within one run; exit code 1 when a bar is missed. First checks that the answers agree.
 */
import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { parseBenchmarks } from '../src/benchmarks/index.ts';
import { bestTimes, report, type Row } from './measure.ts';

const CATEGORIES = ['aggregation', 'ranking', 'list', 'detail'];

/** Questions as people write them: a block of SQL, a dozen fields, a comment here and there. */
const questionText = (at: number): string => `
  # Asked by the sales team, number ${at}.
  - id: sales_${String(at).padStart(3, '0')}
    question: How much revenue did region ${at} make with product ${at % 17}?
    expected_sql: |
      SELECT r.region_name, SUM(s.amount) AS revenue
      FROM \${catalog}.\${gold_schema}.sales AS s
      JOIN \${catalog}.\${gold_schema}.regions AS r ON r.region_id = s.region_id
      WHERE s.region_id = ${at} AND s.product_id = ${at % 17}
      GROUP BY r.region_name
      ORDER BY revenue DESC, r.region_name
    expected_asset: TABLE
    category: ${CATEGORIES[at % 4]}
    source: ${at % 3 === 0 ? 'synthetic' : 'user'}
    priority: ${at % 10 === 0 ? 'P0' : 'P1'}
    required_tables: [sales, regions]
    required_columns: [region_id, product_id, amount]
    expected_facts: ["one row"]
`;
const textOf = (count: number): string =>
  `sales:${Array.from({ length: count }, (_, at) => questionText(at + 1)).join('')}`;

const rows: Row[] = [];
for (const count of [30, 300]) {
  const yaml = textOf(count);
  const plain = parse(yaml) as { readonly sales: readonly { readonly id: string }[] };
  const json = JSON.stringify(plain);
  const ours = parseBenchmarks(yaml, { domain: 'sales' });
  assert.equal(ours.suite.questions.length, count);
  assert.deepEqual(
    ours.suite.questions.map(({ id, expected_sql }) => ({ id, expected_sql })),
    (parse(yaml) as { sales: { id: string; expected_sql: string }[] }).sales.map(({ id, expected_sql }) => ({
      id,
      expected_sql,
    })),
  );
  assert.deepEqual(parseBenchmarks(json, { domain: 'sales' }), ours, 'JSON says the same as YAML');
  const times = await bestTimes({
    ours: () => parseBenchmarks(yaml, { domain: 'sales' }),
    plain: () => parse(yaml) as unknown,
    oursJson: () => parseBenchmarks(json, { domain: 'sales' }),
  });
  rows.push({
    what: `${count} questions, read, checked and split ÷ yaml.parse`,
    ratio: times.ours / times.plain,
    bar: 1.15,
    why: 'schema, duplicates and splits come on top of the same parser',
  });
  rows.push({
    what: `${count} questions as JSON text ÷ yaml.parse`,
    ratio: times.oursJson / times.plain,
    bar: 0.5,
    why: 'JSON text must go through JSON.parse, never through the YAML parser',
  });
}

if (!report(rows)) process.exitCode = 1;
