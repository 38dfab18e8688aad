/**
 * Speed of the text form under which spellings of one statement are equal: `npm run bench:sql`.
 *
 * Ratios within one run to MD5 of the raw texts; exit code 1 when a bar is missed. First checks that equal
 * spellings meet and that different statements do not, for us and for the shortcut that many take.
 */
import assert from 'node:assert/strict';
import { md5 } from '../src/core/index.ts';
import { canonicalSql, canonicalText } from '../src/sql/index.ts';
import { bestTimes, cpuMs, report } from './measure.ts';

/** The same statement in two spellings. */
const EQUAL: readonly (readonly [string, string])[] = [
  ['SELECT Name FROM Customers', 'select name from customers'],
  ['SELECT a,b FROM t', 'SELECT  a ,\n b\tFROM t'],
  ['SELECT a FROM t', '-- x\nSELECT /*+ BROADCAST(t) */ a /* y */ FROM t -- z'],
  ['SELECT `a` FROM `c`.`s`.`t`', 'SELECT a FROM c.s.t'],
  ['SELECT a FROM t;', 'SELECT a FROM t'],
  ['SELECT a FROM t WHERE a <> 1', 'SELECT a FROM t WHERE a != 1'],
  ["SELECT a FROM t WHERE a = 'it''s'", 'SELECT a FROM t WHERE a = "it\'s"'],
];
/** Different statements that a careless form merges. */
const DIFFERENT: readonly (readonly [string, string])[] = [
  ["SELECT a FROM t WHERE c = 'US'", "SELECT a FROM t WHERE c = 'us'"],
  ["SELECT a FROM t WHERE c = 'a  b'", "SELECT a FROM t WHERE c = 'a b'"],
  ["SELECT a FROM t WHERE c = '-- x'", "SELECT a FROM t WHERE c = ''"],
  ['SELECT raw:Address FROM t', 'SELECT raw:address FROM t'],
  ['SELECT `order date` FROM t', 'SELECT order date FROM t'],
];

const lowered = (sql: string): string => sql.toLowerCase().replace(/\s+/g, ' ').trim();
for (const [a, b] of EQUAL) assert.equal(canonicalText(a), canonicalText(b));
for (const [a, b] of DIFFERENT) assert.notEqual(canonicalText(a), canonicalText(b));
const wrongOf = (form: (sql: string) => string): number =>
  EQUAL.filter(([a, b]) => form(a) !== form(b)).length +
  DIFFERENT.filter(([a, b]) => form(a) === form(b)).length;
assert.equal(wrongOf(canonicalText), 0);

/** Statements as Genie writes them, no two alike. */
const STATEMENTS = Array.from(
  { length: 200 },
  (_, at) => `
SELECT
  \`n\`.\`n_name\` AS \`nation\`,
  SUM(\`l\`.\`l_extendedprice\` * (1 - \`l\`.\`l_discount\`)) AS \`revenue_${at}\`
FROM \`samples\`.\`tpch\`.\`lineitem\` \`l\`
JOIN \`samples\`.\`tpch\`.\`orders\` \`o\` ON \`l\`.\`l_orderkey\` = \`o\`.\`o_orderkey\` -- orders of the year
JOIN \`samples\`.\`tpch\`.\`nation\` \`n\` ON \`n\`.\`n_nationkey\` = ${at}
WHERE \`o\`.\`o_orderdate\` >= DATE '1995-01-01' AND \`o\`.\`o_orderstatus\` = 'F' AND l.l_quantity < ${at + 7}
GROUP BY \`n\`.\`n_name\`
ORDER BY \`revenue_${at}\` DESC
LIMIT 10;`,
);
const all = (form: (sql: string) => string) => () => STATEMENTS.map(form);
const times = await bestTimes({
  raw: all(md5),
  lowered: all((sql) => md5(lowered(sql))),
  ours: all((sql) => md5(canonicalText(sql))),
});

// The form that also knows aliases and the order of conditions parses, so it is not asked for on every row.
const started = cpuMs();
for (const sql of STATEMENTS) await canonicalSql(sql);
const structural = cpuMs() - started;

const isMet = report([
  {
    what: `canonical text and its MD5 ÷ MD5 of the raw text (${wrongOf(canonicalText)} of ${EQUAL.length + DIFFERENT.length} pairs wrong)`,
    ratio: times.ours / times.raw,
    bar: 5,
    why: 'every token is looked at once; MD5 is native code',
  },
  {
    what: `lower case, one space, MD5 ÷ MD5 of the raw text (${wrongOf(lowered)} pairs wrong)`,
    ratio: times.lowered / times.raw,
    bar: null,
  },
  { what: 'parsed form (struct) ÷ MD5 of the raw text', ratio: structural / times.raw, bar: null },
]);
if (!isMet) process.exitCode = 1;
