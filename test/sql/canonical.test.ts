import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalSql, canonicalText, lexSql, type CanonicalLevel } from '../../src/sql/index.ts';
import { CORPUS } from './corpus.ts';

/** Pairs that are equal at a level and at all later ones. */
const EQUAL: readonly [level: CanonicalLevel, what: string, a: string, b: string][] = [
  ['text', 'case of keywords and names', 'SELECT Name FROM Customers', 'select name from customers'],
  ['text', 'white space', 'SELECT a,b FROM t', 'SELECT  a ,\n b\tFROM t'],
  ['text', 'comments and hints', 'SELECT a FROM t', '-- x\nSELECT /*+ BROADCAST(t) */ a /* y */ FROM t -- z'],
  ['text', 'backticks', 'SELECT `a` FROM `c`.`s`.`t`', 'SELECT a FROM c.s.t'],
  ['text', 'a final semicolon', 'SELECT a FROM t;', 'SELECT a FROM t'],
  ['text', 'AS', 'SELECT a AS x FROM t AS q', 'SELECT a x FROM t q'],
  ['text', '<> and !=', 'SELECT a FROM t WHERE a <> 1', 'SELECT a FROM t WHERE a != 1'],
  [
    'text',
    'INNER and OUTER',
    'SELECT a FROM t INNER JOIN u ON t.x = u.x LEFT OUTER JOIN v ON v.x = u.x',
    'SELECT a FROM t JOIN u ON t.x = u.x LEFT JOIN v ON v.x = u.x',
  ],
  ['text', 'ASC', 'SELECT a FROM t ORDER BY a ASC', 'SELECT a FROM t ORDER BY a'],
  [
    'text',
    'redundant parentheses',
    'SELECT (a) FROM t WHERE ((a = 1) AND (b = 2))',
    'SELECT a FROM t WHERE a = 1 AND b = 2',
  ],
  ['text', ':: and CAST', 'SELECT a::date FROM t', 'SELECT CAST(a AS DATE) FROM t'],
  [
    'text',
    'date literals and casts',
    "SELECT a FROM t WHERE d > DATE '2024-01-01'",
    "SELECT a FROM t WHERE d > CAST('2024-01-01' AS DATE)",
  ],
  ['text', 'interval spelling', 'SELECT d - INTERVAL 5 DAYS FROM t', "SELECT d - INTERVAL '5' DAY FROM t"],
  [
    'text',
    'interval in one literal',
    "SELECT d - INTERVAL '5 days' FROM t",
    'SELECT d - INTERVAL 5 DAY FROM t',
  ],
  ['text', 'string quotes', "SELECT a FROM t WHERE a = 'it''s'", 'SELECT a FROM t WHERE a = "it\'s"'],
  ['text', 'a statement in parentheses', '(SELECT a FROM t)', 'SELECT a FROM t'],
  [
    'struct',
    'order of AND',
    "SELECT a FROM t WHERE a = 1 AND b = 'x'",
    "SELECT a FROM t WHERE b = 'x' AND a = 1",
  ],
  [
    'struct',
    'order of OR inside AND',
    'SELECT a FROM t WHERE c = 3 AND (a = 1 OR b = 2)',
    'SELECT a FROM t WHERE (b = 2 OR a = 1) AND c = 3',
  ],
  ['struct', 'flipped equality', 'SELECT a FROM t WHERE 1 = a', 'SELECT a FROM t WHERE a = 1'],
  ['struct', 'flipped inequality', 'SELECT a FROM t WHERE 5 < a', 'SELECT a FROM t WHERE a > 5'],
  [
    'struct',
    'flipped join condition',
    'SELECT t.a FROM t JOIN u ON t.x = u.x',
    'SELECT t.a FROM t JOIN u ON u.x = t.x',
  ],
  ['struct', 'order of a sum', 'SELECT a + b FROM t', 'SELECT b + a FROM t'],
  [
    'struct',
    'table aliases',
    'SELECT o.a FROM orders o WHERE o.b = 1',
    'SELECT orders.a FROM orders WHERE b = 1',
  ],
  [
    'struct',
    'aliases of a self join',
    'SELECT e.n, m.n FROM emp e JOIN emp m ON e.mid = m.id',
    'SELECT x.n, y.n FROM emp x JOIN emp y ON x.mid = y.id',
  ],
  [
    'struct',
    'CTE names',
    'WITH x AS (SELECT a FROM t) SELECT a FROM x',
    'WITH y AS (SELECT a FROM t) SELECT a FROM y',
  ],
  [
    'struct',
    'CTE columns',
    'WITH x AS (SELECT a AS p, b AS q FROM t) SELECT q FROM x WHERE p = 1',
    'WITH x AS (SELECT a AS m, b AS n FROM t) SELECT n FROM x WHERE m = 1',
  ],
  [
    'struct',
    'CTE column lists',
    'WITH x (p) AS (SELECT a FROM t) SELECT p FROM x',
    'WITH x AS (SELECT a AS p FROM t) SELECT p FROM x',
  ],
  [
    'struct',
    'subquery aliases',
    'SELECT s.n FROM (SELECT COUNT(*) AS n FROM t) s',
    'SELECT z.m FROM (SELECT COUNT(*) AS m FROM t) AS z',
  ],
  ['struct', 'output names', 'SELECT SUM(a) AS total FROM t', 'SELECT SUM(a) AS revenue FROM t'],
  ['struct', 'GROUP BY ordinal', 'SELECT a, SUM(b) FROM t GROUP BY 1', 'SELECT a, SUM(b) FROM t GROUP BY a'],
  [
    'struct',
    'GROUP BY alias',
    'SELECT UPPER(a) AS u, SUM(b) FROM t GROUP BY u',
    'SELECT UPPER(a), SUM(b) FROM t GROUP BY UPPER(a)',
  ],
  [
    'struct',
    'GROUP BY ALL',
    'SELECT a, b, SUM(c) FROM t GROUP BY ALL',
    'SELECT a, b, SUM(c) FROM t GROUP BY b, a',
  ],
  [
    'struct',
    'ORDER BY ordinal',
    'SELECT a, SUM(b) FROM t GROUP BY a ORDER BY 2 DESC',
    'SELECT a, SUM(b) AS s FROM t GROUP BY a ORDER BY s DESC',
  ],
  [
    'struct',
    'ORDER BY ordinal of a union',
    'SELECT a FROM t UNION SELECT b FROM u ORDER BY 1',
    'SELECT a FROM t UNION SELECT b FROM u ORDER BY a',
  ],
  ['struct', 'order of IN', 'SELECT a FROM t WHERE a IN (3, 1, 2)', 'SELECT a FROM t WHERE a IN (1, 2, 3)'],
  [
    'struct',
    'lambda parameters',
    'SELECT transform(a, x -> x + 1) FROM t',
    'SELECT transform(a, el -> el + 1) FROM t',
  ],
  [
    'struct',
    'HAVING alias',
    'SELECT a, COUNT(*) AS n FROM t GROUP BY a HAVING n > 1',
    'SELECT a, COUNT(*) FROM t GROUP BY a HAVING COUNT(*) > 1',
  ],
  [
    'struct',
    'alias inside a correlated subquery',
    'SELECT a FROM t x WHERE EXISTS (SELECT 1 FROM u y WHERE y.k = x.k)',
    'SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE t.k = u.k)',
  ],
  [
    'sem',
    'BETWEEN',
    'SELECT a FROM t WHERE a BETWEEN 1 AND 2 AND b = 3',
    'SELECT a FROM t WHERE a >= 1 AND a <= 2 AND b = 3',
  ],
  [
    'sem',
    'BETWEEN alone',
    'SELECT a FROM t WHERE a BETWEEN 1 AND 2',
    'SELECT a FROM t WHERE a >= 1 AND a <= 2',
  ],
  ['sem', 'IN of one', "SELECT a FROM t WHERE a IN ('x')", "SELECT a FROM t WHERE a = 'x'"],
  ['sem', 'NVL', 'SELECT NVL(a, 0) FROM t', 'SELECT COALESCE(a, 0) FROM t'],
  ['sem', 'IFNULL', 'SELECT IFNULL(a, 0) FROM t', 'SELECT COALESCE(a, 0) FROM t'],
  ['sem', 'IF', 'SELECT IF(a > 1, 2, 3) FROM t', 'SELECT CASE WHEN a > 1 THEN 2 ELSE 3 END FROM t'],
  [
    'sem',
    'date_sub',
    'SELECT a FROM t WHERE d > date_sub(current_date(), 7)',
    'SELECT a FROM t WHERE d > current_date() - INTERVAL 7 DAYS',
  ],
  ['sem', 'YEAR', 'SELECT YEAR(d) FROM t', 'SELECT EXTRACT(YEAR FROM d) FROM t'],
  ['sem', 'COUNT(1)', 'SELECT COUNT(1) FROM t', 'SELECT COUNT(*) FROM t'],
  [
    'sem',
    'NOT in front of a comparison',
    'SELECT a FROM t WHERE NOT (a = 1)',
    'SELECT a FROM t WHERE a <> 1',
  ],
];

/** Pairs that differ at every level. */
const UNEQUAL: readonly [what: string, a: string, b: string][] = [
  ['case of a literal', "SELECT a FROM t WHERE c = 'web'", "SELECT a FROM t WHERE c = 'WEB'"],
  ['blanks in a literal', "SELECT a FROM t WHERE c = 'a b'", "SELECT a FROM t WHERE c = 'a  b'"],
  ['a comment mark in a literal', "SELECT a FROM t WHERE c = '--x'", "SELECT a FROM t WHERE c = ''"],
  ['text and number', "SELECT a FROM t WHERE c = '1'", 'SELECT a FROM t WHERE c = 1'],
  ['order of the select list', 'SELECT a, b FROM t', 'SELECT b, a FROM t'],
  ['DISTINCT', 'SELECT DISTINCT a FROM t', 'SELECT a FROM t'],
  ['COUNT DISTINCT', 'SELECT COUNT(DISTINCT a) FROM t', 'SELECT COUNT(a) FROM t'],
  ['join type', 'SELECT t.a FROM t LEFT JOIN u ON t.x = u.x', 'SELECT t.a FROM t JOIN u ON t.x = u.x'],
  ['AND and OR', 'SELECT a FROM t WHERE a = 1 AND b = 2', 'SELECT a FROM t WHERE a = 1 OR b = 2'],
  [
    'grouping of AND and OR',
    'SELECT a FROM t WHERE a = 1 AND (b = 2 OR c = 3)',
    'SELECT a FROM t WHERE (a = 1 AND b = 2) OR c = 3',
  ],
  ['direction of a comparison', 'SELECT a FROM t WHERE a < b', 'SELECT a FROM t WHERE b < a'],
  ['strict and not strict', 'SELECT a FROM t WHERE a > 1', 'SELECT a FROM t WHERE a >= 1'],
  ['sort direction', 'SELECT a FROM t ORDER BY a', 'SELECT a FROM t ORDER BY a DESC'],
  ['place of nulls', 'SELECT a FROM t ORDER BY a', 'SELECT a FROM t ORDER BY a NULLS LAST'],
  ['LIMIT', 'SELECT a FROM t LIMIT 5', 'SELECT a FROM t LIMIT 10'],
  ['table', 'SELECT a FROM s1.t', 'SELECT a FROM s2.t'],
  [
    'UNION and UNION ALL',
    'SELECT a FROM t UNION SELECT a FROM u',
    'SELECT a FROM t UNION ALL SELECT a FROM u',
  ],
  ['order of a difference', 'SELECT a - b FROM t', 'SELECT b - a FROM t'],
  ['grouping of a difference', 'SELECT a - (b - c) FROM t', 'SELECT a - b - c FROM t'],
  ['CAST and TRY_CAST', 'SELECT CAST(a AS INT) FROM t', 'SELECT TRY_CAST(a AS INT) FROM t'],
  [
    'side of a self join',
    'SELECT e.n FROM emp e JOIN emp m ON e.mid = m.id',
    'SELECT m.n FROM emp e JOIN emp m ON e.mid = m.id',
  ],
  [
    'direction of a self join',
    'SELECT 1 FROM emp e JOIN emp m ON e.mid = m.id',
    'SELECT 1 FROM emp e JOIN emp m ON m.mid = e.id',
  ],
  [
    'side of a correlated subquery',
    'SELECT 1 FROM t x WHERE EXISTS (SELECT 1 FROM t y WHERE y.a = x.b)',
    'SELECT 1 FROM t x WHERE EXISTS (SELECT 1 FROM t y WHERE y.b = x.a)',
  ],
  [
    'column of a CTE',
    'WITH x AS (SELECT a, b FROM t) SELECT a FROM x',
    'WITH x AS (SELECT a, b FROM t) SELECT b FROM x',
  ],
  ['function', 'SELECT dayofweek(d) FROM t', 'SELECT weekday(d) FROM t'],
  ['unit', 'SELECT d - INTERVAL 5 DAYS FROM t', 'SELECT d - INTERVAL 5 MONTHS FROM t'],
  ['extracted field', 'SELECT EXTRACT(QUARTER FROM d) FROM t', 'SELECT EXTRACT(WEEK FROM d) FROM t'],
  ['case of a path', 'SELECT raw:Name FROM t', 'SELECT raw:name FROM t'],
  [
    'window frame',
    'SELECT SUM(a) OVER (ORDER BY b ROWS 6 PRECEDING) FROM t',
    'SELECT SUM(a) OVER (ORDER BY b ROWS 3 PRECEDING) FROM t',
  ],
  ['LIKE and ILIKE', "SELECT a FROM t WHERE a LIKE 'x'", "SELECT a FROM t WHERE a ILIKE 'x'"],
  ['negation', "SELECT a FROM t WHERE a LIKE 'x'", "SELECT a FROM t WHERE a NOT LIKE 'x'"],
  ['FILTER', "SELECT SUM(a) FILTER (WHERE b = 'x') FROM t", 'SELECT SUM(a) FROM t'],
  [
    'order of PIVOT values',
    "SELECT * FROM t PIVOT (SUM(a) FOR b IN ('x', 'y'))",
    "SELECT * FROM t PIVOT (SUM(a) FOR b IN ('y', 'x'))",
  ],
  ['decimal type', 'SELECT CAST(a AS DECIMAL(10, 2)) FROM t', 'SELECT CAST(a AS DECIMAL(12, 2)) FROM t'],
  ['ROLLUP', 'SELECT a, SUM(b) FROM t GROUP BY a WITH ROLLUP', 'SELECT a, SUM(b) FROM t GROUP BY a'],
  ['argument of a table function', 'SELECT * FROM f(a => 1)', 'SELECT * FROM f(b => 1)'],
  ['version of a table', 'SELECT a FROM t VERSION AS OF 3', 'SELECT a FROM t VERSION AS OF 4'],
  ['parameter', 'SELECT a FROM t WHERE a = :x', 'SELECT a FROM t WHERE a = :y'],
  [
    'nested outer join',
    'SELECT 1 FROM a LEFT JOIN (b JOIN c ON b.x = c.x) ON a.x = b.x',
    'SELECT 1 FROM a LEFT JOIN b ON a.x = b.x JOIN c ON b.x = c.x',
  ],
  [
    'grouping of set operations',
    'SELECT a FROM t UNION (SELECT b FROM u EXCEPT SELECT c FROM v)',
    'SELECT a FROM t UNION SELECT b FROM u EXCEPT SELECT c FROM v',
  ],
];

const LEVELS: readonly CanonicalLevel[] = ['text', 'struct', 'sem'];
const from = (level: CanonicalLevel): readonly CanonicalLevel[] => LEVELS.slice(LEVELS.indexOf(level));
const before = (level: CanonicalLevel): readonly CanonicalLevel[] => LEVELS.slice(0, LEVELS.indexOf(level));

/** Line breaks where there was white space, nothing where there was none. */
const gapBefore = (sql: string, start: number): string => (/\s$/.test(sql.slice(0, start)) ? '\n\t ' : '');

describe('canonicalSql', () => {
  it.each(EQUAL)('%s: %s does not matter', async (level, _what, a, b) => {
    for (const equal of from(level)) {
      const [left, right] = [await canonicalSql(a, equal), await canonicalSql(b, equal)];
      expect(left).toMatchObject({ engine: 'ast', degradedReason: null });
      expect(right.text).toBe(left.text);
      expect(right.hash).toBe(left.hash);
    }
  });

  it.each(EQUAL.filter(([level]) => level !== 'text'))('below %s: %s matters', async (level, _what, a, b) => {
    for (const different of before(level)) {
      expect((await canonicalSql(a, different)).hash).not.toBe((await canonicalSql(b, different)).hash);
    }
  });

  it.each(UNEQUAL)('%s matters', async (_what, a, b) => {
    for (const level of LEVELS) {
      expect((await canonicalSql(a, level)).hash).not.toBe((await canonicalSql(b, level)).hash);
    }
  });

  it('compares by structure unless told otherwise', async () => {
    const sql = 'SELECT o.a FROM orders o WHERE 1 = o.b';
    expect(await canonicalSql(sql)).toEqual(await canonicalSql(sql, 'struct'));
  });

  it('places bare columns of a join when the schema is known', async () => {
    const tables = [
      { name: 'c.s.orders', columns: ['Amount', 'k'] },
      { name: 'c.s.items', columns: ['sku', 'k'] },
    ];
    const bare = 'SELECT amount FROM c.s.orders JOIN c.s.items USING (k)';
    const qualified = 'SELECT o.amount FROM c.s.orders o JOIN c.s.items i USING (k)';
    expect((await canonicalSql(bare)).hash).not.toBe((await canonicalSql(qualified)).hash);
    expect((await canonicalSql(bare, 'struct', { tables })).hash).toBe(
      (await canonicalSql(qualified, 'struct', { tables })).hash,
    );
  });

  it.each(CORPUS)('does not depend on white space and comments: $name', async ({ sql }) => {
    const respaced = lexSql(sql)
      .filter((token) => token.kind !== 'comment')
      .reduce(
        (text, token, index) =>
          `${text}${gapBefore(sql, token.start)}${index % 3 === 0 ? '/* x; */' : ''}${token.text}`,
        '',
      );
    const plain = await canonicalSql(sql, 'text');
    expect(plain.engine).toBe('ast');
    expect((await canonicalSql(respaced, 'text')).hash).toBe(plain.hash);
  });

  it.each(CORPUS)('is its own text form: $name', async ({ sql }) => {
    const once = await canonicalSql(sql, 'text');
    const twice = await canonicalSql(once.text, 'text');
    expect(twice).toEqual(once);
  });

  it('does not depend on the names of aliases and CTEs', async () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}_$/);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(word, { minLength: 6, maxLength: 6 }), async ([a, b, c, d, e, f]) => {
        const statement = (
          alias: string,
          other: string,
          cte: string,
          column: string,
          total: string,
          sub: string,
        ): string => `
          WITH ${cte} AS (SELECT ${alias}.customer_id AS ${column}, SUM(${alias}.amount) AS ${total} FROM s.orders ${alias} WHERE ${alias}.status IN ('b', 'a') GROUP BY ${column})
          SELECT ${other}.name, ${total} FROM ${cte} JOIN s.customers AS ${other} ON ${other}.id = ${cte}.${column}
          WHERE ${total} > (SELECT AVG(${sub}.amount) FROM s.orders ${sub} WHERE ${sub}.customer_id = ${other}.id) ORDER BY ${total} DESC`;
        const renamed = await canonicalSql(statement(a ?? '', b ?? '', c ?? '', d ?? '', e ?? '', f ?? ''));
        const reference = await canonicalSql(statement('o', 'cu', 'totals', 'cid', 'total', 'o2'));
        expect(renamed.engine).toBe('ast');
        expect(renamed.hash).toBe(reference.hash);
      }),
      { numRuns: 40 },
    );
  });

  it('does not depend on the order of conditions', async () => {
    const conditions = [
      'a = 1',
      "b IN ('x', 'y')",
      'c > 5',
      "d LIKE 'z%'",
      '(e = 2 OR f = 3)',
      'g IS NOT NULL',
    ];
    const reference = await canonicalSql(`SELECT a FROM t WHERE ${conditions.join(' AND ')}`);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(conditions, { minLength: conditions.length }),
        async (shuffled) => {
          expect((await canonicalSql(`SELECT a FROM t WHERE ${shuffled.join(' AND ')}`)).hash).toBe(
            reference.hash,
          );
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('canonicalText', () => {
  it.each([
    ['SELECT  A , `B c`\nFROM T -- x\n;', 'select a , `b c` from t'],
    ['SELECT \'Web\' != "Web"', "select 'Web' <> 'Web'"],
    ['SELECT raw:Name.First', 'select raw : Name . first'],
    ['', ''],
  ])('turns %j into %j', (sql, text) => {
    expect(canonicalText(sql)).toBe(text);
  });

  it('keeps literals apart that differ in case', () => {
    expect(canonicalText("SELECT 'web'")).not.toBe(canonicalText("SELECT 'WEB'"));
  });

  it('keeps a quoted keyword apart from the keyword', () => {
    expect(canonicalText('SELECT `distinct` FROM t')).not.toBe(canonicalText('SELECT distinct FROM t'));
  });

  it.each(UNEQUAL)('never merges statements that differ: %s', (_what, a, b) => {
    expect(canonicalText(a)).not.toBe(canonicalText(b));
  });

  it('changes nothing the second time', () => {
    const pieces = fc.constantFrom(
      'SELECT',
      'a',
      '`B c`',
      "'it''s'",
      '"x"',
      ',',
      '(',
      ')',
      '!=',
      '1.50',
      ':p',
      '-- c\n',
      '/* d */',
      ' ',
      '\n',
      ';',
      'raw:Path',
      '${v}',
    );
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const once = canonicalText(parts.join(' '));
        expect(canonicalText(once)).toBe(once);
      }),
    );
  });

  it.each(CORPUS)('is stable for: $name', ({ sql }) => {
    expect(canonicalText(canonicalText(sql))).toBe(canonicalText(sql));
  });
});
