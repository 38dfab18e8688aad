import { describe, expect, it } from 'vitest';
import { lexicalFacts } from '../../src/sql/index.ts';

const names = (sql: string): string[] => lexicalFacts(sql).tables.map((use) => use.name);

describe('lexicalFacts', () => {
  it.each<[name: string, sql: string, tables: string[]]>([
    ['one table', 'SELECT a FROM t', ['t']],
    [
      'three-part and back-quoted names',
      'SELECT a FROM `Main`.shop.`Order List` o',
      ['main.shop.order list'],
    ],
    ['joins of all kinds', 'SELECT 1 FROM a LEFT OUTER JOIN b ON a.x = b.x CROSS JOIN c', ['a', 'b', 'c']],
    ['comma joins', 'SELECT 1 FROM a x, b AS y, c WHERE x.k = y.k', ['a', 'b', 'c']],
    ['no CTE names', 'WITH x AS (SELECT 1 FROM t), y AS (SELECT * FROM x) SELECT * FROM x JOIN y', ['t']],
    [
      'the table behind a CTE of the same name',
      'WITH orders AS (SELECT * FROM orders) SELECT * FROM orders',
      ['orders'],
    ],
    ['nothing recursive', 'WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT * FROM r) SELECT * FROM r', []],
    [
      'no FROM inside EXTRACT',
      'SELECT EXTRACT(DAY FROM ts), TRIM(BOTH FROM x), SUBSTRING(y FROM 2) FROM t',
      ['t'],
    ],
    ['a subquery inside a call', 'SELECT COALESCE((SELECT MAX(a) FROM u), 0) FROM t', ['u', 't']],
    ['no IS DISTINCT FROM', 'SELECT 1 FROM t WHERE a IS NOT DISTINCT FROM b', ['t']],
    ['no words of literals and comments', "SELECT 'FROM x' /* FROM y */ FROM t -- FROM z", ['t']],
    ['parenthesised joins', 'SELECT 1 FROM (a JOIN b USING (k)) JOIN c USING (k)', ['a', 'b', 'c']],
    ['subqueries', 'SELECT 1 FROM (SELECT * FROM a) s WHERE x IN (SELECT y FROM b)', ['a', 'b']],
    [
      'table functions',
      "SELECT 1 FROM c.s.f(1, d => DATE '2024-01-01') JOIN TABLE(g(2)) ON true",
      ['c.s.f', 'g'],
    ],
    ['no generators', 'SELECT 1 FROM t LATERAL VIEW explode(a) x AS y, LATERAL posexplode(b)', ['t']],
    [
      'no columns after a select list that begins a union branch',
      'SELECT a FROM t UNION SELECT b, c FROM u',
      ['t', 'u'],
    ],
    ['no sort keys', 'SELECT a FROM t ORDER BY a, b', ['t']],
    ['identifier literals', "SELECT 1 FROM IDENTIFIER('c.s.t')", ['c.s.t']],
    ['targets of other statements', 'INSERT INTO c.s.t SELECT * FROM u', ['c.s.t', 'u']],
    ['described tables', 'DESCRIBE TABLE EXTENDED c.s.t', ['c.s.t']],
    ['pipes, which the parser does not know', 'FROM c.s.t |> WHERE a > 1 |> SELECT b', ['c.s.t']],
  ])('finds %s', (_name, sql, tables) => {
    expect(names(sql)).toEqual(tables);
  });

  it('reads the arguments of table functions', () => {
    expect(lexicalFacts("SELECT 1 FROM c.s.f(a => 'X', (1 + 2), :p) AS t").tables).toEqual([
      {
        name: 'c.s.f',
        alias: 't',
        kind: 'function',
        args: [
          { name: 'a', text: "'X'" },
          { name: null, text: '( 1 + 2 )' },
          { name: null, text: ':p' },
        ],
      },
    ]);
  });

  it('finds measures, functions, CTEs and set operations', () => {
    const facts = lexicalFacts(
      'WITH c (k) AS (SELECT CAST(a AS DECIMAL(10, 2)) k FROM t q(a, b)) SELECT MEASURE(`Net Sales`), measure(v.cnt), UPPER(k), COUNT(*) OVER () FROM c UNION SELECT 1, 2, a::date, 4',
    );
    expect(facts).toMatchObject({
      measures: ['net sales', 'cnt'],
      functions: ['cast', 'upper'],
      ctes: ['c'],
      setOperation: true,
    });
  });

  it('says that its other lists must not be compared', () => {
    expect(lexicalFacts('SELECT a FROM t WHERE b = 1')).toMatchObject({
      engine: 'lexical',
      degradedReason: expect.any(String),
      predicates: [],
      columns: [],
    });
  });

  it.each([
    '',
    ';',
    "SELECT 'open",
    'SELECT ((((',
    ')))',
    'FROM',
    'WITH',
    'SELECT * FROM (',
    'JOIN JOIN',
    'WITH x AS',
  ])('survives %j', (sql) => {
    expect(lexicalFacts(sql).engine).toBe('lexical');
  });
});
