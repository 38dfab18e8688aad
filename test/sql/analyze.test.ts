import { describe, expect, it } from 'vitest';
import { analyzeSql, PARSE_LIMITS, type SqlFacts, type SqlFactsCache } from '../../src/sql/index.ts';
import { describeFacts } from './describe-facts.ts';

const TABLES = [
  { name: 'main.shop.orders', columns: ['order_id', 'customer_id', 'amount', 'status'] },
  { name: 'main.shop.customers', columns: ['customer_id', 'Name', 'region'] },
];

const predicateTexts = async (sql: string): Promise<string[]> =>
  (await analyzeSql(sql)).predicates.map((fact) => fact.text);

describe('columns', () => {
  it('are placed by the schema where several tables are joined', async () => {
    const sql =
      'SELECT name, amount FROM main.shop.orders o JOIN main.shop.customers c ON o.customer_id = c.customer_id';
    expect(describeFacts(await analyzeSql(sql, { tables: TABLES })).columns).toEqual(
      expect.arrayContaining(['main.shop.customers.name@select', 'main.shop.orders.amount@select']),
    );
  });

  it('stay without a table when nothing decides', async () => {
    const { columns } = await analyzeSql('SELECT name FROM orders o JOIN customers c ON o.cid = c.id');
    expect(columns).toContainEqual({ table: null, column: 'name', clause: 'select' });
  });

  it('belong to the only table, known or not, even when misspelt', async () => {
    const { columns } = await analyzeSql('SELECT amout FROM main.shop.orders', { tables: TABLES });
    expect(columns).toEqual([{ table: 'main.shop.orders', column: 'amout', clause: 'select' }]);
  });

  it('belong to the one table without a schema when the others lack them', async () => {
    const sql =
      'SELECT color FROM main.shop.orders JOIN main.shop.customers USING (customer_id) JOIN paints p ON p.id = order_id';
    expect(describeFacts(await analyzeSql(sql, { tables: TABLES })).columns).toContain('paints.color@select');
  });

  it('belong to the outer query when the inner tables lack them', async () => {
    const sql =
      'SELECT name FROM main.shop.customers WHERE EXISTS (SELECT 1 FROM main.shop.orders WHERE amount > 5 AND region = status)';
    const found = describeFacts(await analyzeSql(sql, { tables: TABLES })).columns;
    expect(found).toEqual(
      expect.arrayContaining([
        'main.shop.orders.amount@where',
        'main.shop.customers.region@where',
        'main.shop.orders.status@where',
      ]),
    );
  });

  it('prefer a column that surely exists to an alias of that name', async () => {
    const sql = 'SELECT SUM(amount) AS status, COUNT(*) FROM main.shop.orders GROUP BY status';
    expect((await analyzeSql(sql, { tables: TABLES })).groupBy.map((item) => item.text)).toEqual([
      'orders.status',
    ]);
  });

  it('of a known table are all read by *', async () => {
    expect(
      describeFacts(
        await analyzeSql('SELECT c.* EXCEPT (region) FROM main.shop.customers c', { tables: TABLES }),
      ).columns,
    ).toEqual(['main.shop.customers.customer_id@select', 'main.shop.customers.name@select']);
  });

  it('of a computed column are those it is made of', async () => {
    const { columns } = await analyzeSql(
      'WITH x AS (SELECT a + b AS c FROM t) SELECT MAX(c) FROM x ORDER BY c',
    );
    expect(columns).toEqual(
      expect.arrayContaining([
        { table: 't', column: 'a', clause: 'order_by' },
        { table: 't', column: 'b', clause: 'order_by' },
      ]),
    );
  });

  it('of both branches of a union are found behind its name', async () => {
    const sql = 'WITH u AS (SELECT a AS k FROM t1 UNION ALL SELECT b FROM t2) SELECT 1 FROM u WHERE k = 3';
    expect(describeFacts(await analyzeSql(sql)).columns).toEqual(
      expect.arrayContaining(['t1.a@where', 't2.b@where']),
    );
  });

  it('renamed in FROM are told apart from those of the table', async () => {
    const sql = 'SELECT m FROM main.shop.customers AS c(k, m, r)';
    expect(describeFacts(await analyzeSql(sql, { tables: TABLES })).columns).toEqual([
      'main.shop.customers.name@select',
    ]);
  });
});

describe('predicates', () => {
  it.each<[what: string, a: string, b: string]>([
    ['aliases', "SELECT 1 FROM s.orders o WHERE o.status = 'x'", "SELECT 1 FROM s.orders WHERE status = 'x'"],
    ['flipped sides', 'SELECT 1 FROM t WHERE 5 <= a', 'SELECT 1 FROM t WHERE a >= 5'],
    ['order of IN', 'SELECT 1 FROM t WHERE a IN (2, 1)', 'SELECT 1 FROM t WHERE a IN (1, 2)'],
    ['IN of one value', "SELECT 1 FROM t WHERE a IN ('x')", "SELECT 1 FROM t WHERE a = 'x'"],
    [
      'a CTE in between',
      "WITH w AS (SELECT a AS z FROM t) SELECT 1 FROM w WHERE z = 'x'",
      "SELECT 1 FROM t WHERE a = 'x'",
    ],
    [
      'HAVING or a filter around a subquery',
      'SELECT s FROM (SELECT a, SUM(b) AS s FROM t GROUP BY a) WHERE s > 5',
      'SELECT SUM(b) FROM t GROUP BY a HAVING SUM(b) > 5',
    ],
    [
      'date spelling',
      "SELECT 1 FROM t WHERE d >= DATE '2024-01-01'",
      "SELECT 1 FROM t WHERE d >= CAST('2024-01-01' AS DATE)",
    ],
    ['NOT', 'SELECT 1 FROM t WHERE NOT (a > 3)', 'SELECT 1 FROM t WHERE a <= 3'],
  ])('are equal in spite of %s', async (_what, a, b) => {
    expect(await predicateTexts(a)).toEqual(await predicateTexts(b));
  });

  it.each<[what: string, a: string, b: string]>([
    ['case of a literal', "SELECT 1 FROM t WHERE a = 'web'", "SELECT 1 FROM t WHERE a = 'WEB'"],
    ['column', 'SELECT 1 FROM t WHERE a = 1', 'SELECT 1 FROM t WHERE b = 1'],
    ['direction', 'SELECT 1 FROM t WHERE a > 1', 'SELECT 1 FROM t WHERE a < 1'],
    [
      'role of a self join',
      "SELECT 1 FROM t a JOIN t b ON a.p = b.id WHERE a.k = 'x'",
      "SELECT 1 FROM t a JOIN t b ON a.p = b.id WHERE b.k = 'x'",
    ],
  ])('differ by %s', async (_what, a, b) => {
    expect(await predicateTexts(a)).not.toEqual(await predicateTexts(b));
  });

  it.each<[condition: string, operator: string, literals: string[], temporal: boolean]>([
    ["a = 'X'", '=', ['X'], false],
    ['a <> -5', '<>', ['-5'], false],
    ['a NOT IN (1, 2)', 'not in', ['1', '2'], false],
    ['a NOT BETWEEN 1 AND 2', 'not between', ['1', '2'], false],
    ['a IS NULL', 'is null', [], false],
    ['a IS NOT NULL', 'is not null', [], false],
    ["a LIKE 'x%'", 'like', ['x%'], false],
    ["a RLIKE 'x+'", 'rlike', ['x+'], false],
    ["NOT a RLIKE 'x+'", 'not rlike', ['x+'], false],
    ['a <=> 3', '<=>', ['3'], false],
    ['a = 1 OR b = 2', 'or', ['1', '2'], false],
    ['active', 'other', [], false],
    ['COALESCE(a, 0) = 7', '=', ['7'], false],
    ["date_trunc('MONTH', d) = DATE '2024-02-01'", '=', ['2024-02-01'], true],
    ["d >= '2024-02-01'", '>=', ['2024-02-01'], true],
    ['QUARTER(d) = 2', '=', ['2'], true],
    ['d > current_date() - INTERVAL 7 DAYS', '>', ['7'], true],
    ['CAST(d AS DATE) = :day', '=', [], true],
    ["a = '2024'", '=', ['2024'], false],
  ])('read %s', async (condition, operator, literals, temporal) => {
    const { predicates } = await analyzeSql(`SELECT 1 FROM t WHERE ${condition}`);
    expect(predicates).toHaveLength(1);
    expect(predicates[0]).toMatchObject({ operator, literals, temporal, clause: 'where' });
  });

  it('keep the text as it was written', async () => {
    const sql = `SELECT 1 FROM t x WHERE x.a  =  'It''s' AND ('b' = x.b AND x.c BETWEEN 1 AND 2) AND CASE WHEN d AND e THEN 1 END = 1 AND (f OR g)
      GROUP BY 1 HAVING COUNT( * ) > 2 QUALIFY ROW_NUMBER() OVER (ORDER BY a) = 1`;
    const { predicates } = await analyzeSql(sql);
    expect(predicates.map((fact) => fact.source)).toEqual([
      "x.a  =  'It''s'",
      "'b' = x.b",
      'x.c BETWEEN 1 AND 2',
      'CASE WHEN d AND e THEN 1 END = 1',
      'f OR g',
      'COUNT( * ) > 2',
      'ROW_NUMBER() OVER (ORDER BY a) = 1',
    ]);
  });
});

describe('source texts', () => {
  it('of projections leave the alias out', async () => {
    const { projections } = await analyzeSql(
      'WITH c AS (SELECT a  x, b+1 AS `y z` FROM t) SELECT DISTINCT SUM( x ) AS s, COUNT(*) n, `y z` FROM c GROUP BY ALL',
    );
    expect(projections.map((fact) => fact.source)).toEqual(['SUM( x )', 'COUNT(*)', '`y z`']);
  });

  it('of aggregates hold FILTER and OVER', async () => {
    const { aggregates } = await analyzeSql(
      "SELECT Sum(a) FILTER (WHERE b = 'x'), sum( a ) OVER (PARTITION BY c), MEASURE(`M`) FROM t",
    );
    expect(aggregates.map((fact) => fact.source)).toEqual([
      "Sum(a) FILTER (WHERE b = 'x')",
      'sum( a ) OVER (PARTITION BY c)',
      'MEASURE(`M`)',
    ]);
  });

  it('of join conditions are those of their own join', async () => {
    const { predicates } = await analyzeSql(
      "SELECT 1 FROM a JOIN b ON a.k = b.k AND b.s = 'B' LEFT JOIN c ON c.k = a.k AND 'C' = c.s",
    );
    expect(predicates.map((fact) => fact.source)).toEqual(["b.s = 'B'", "'C' = c.s"]);
  });
});

describe('joins', () => {
  it('state the same pairs and condition however they are written', async () => {
    const statements = [
      'SELECT 1 FROM s.a JOIN s.b ON a.k = b.k',
      'SELECT 1 FROM s.a x JOIN s.b y ON y.k = x.k',
      'SELECT 1 FROM s.a JOIN s.b USING (k)',
      'SELECT 1 FROM s.a, s.b WHERE b.k = a.k',
    ];
    const joins = await Promise.all(statements.map(async (sql) => (await analyzeSql(sql)).joins));
    for (const [join] of joins) {
      expect(join).toMatchObject({
        left: 's.a',
        right: 's.b',
        condition: 'a.k = b.k',
        pairs: [
          [
            { table: 's.a', column: 'k' },
            { table: 's.b', column: 'k' },
          ],
        ],
      });
    }
  });

  it.each(['SELECT 1 FROM a JOIN b ON a_id = b_id', 'SELECT 1 FROM a, b WHERE a_id = b_id'])(
    'have pairs without tables when nothing places the columns: %s',
    async (sql) => {
      const { joins, predicates } = await analyzeSql(sql);
      expect(joins).toMatchObject([
        {
          pairs: [
            [
              { table: null, column: 'a_id' },
              { table: null, column: 'b_id' },
            ],
          ],
        },
      ]);
      expect(predicates).toEqual([]);
      const tables = [
        { name: 'c.s.a', columns: ['a_id'] },
        { name: 'c.s.b', columns: ['b_id'] },
      ];
      const placed = await analyzeSql(sql, { tables });
      expect(placed.joins).toMatchObject([
        {
          pairs: [
            [
              { table: 'a', column: 'a_id' },
              { table: 'b', column: 'b_id' },
            ],
          ],
        },
      ]);
    },
  );

  it('have no pairs and no condition when they are crossed', async () => {
    expect((await analyzeSql('SELECT 1 FROM a CROSS JOIN b')).joins).toEqual([
      { type: 'cross', left: 'a', right: 'b', pairs: [], condition: '' },
    ]);
    expect((await analyzeSql('SELECT 1 FROM a, b')).joins).toEqual([
      { type: 'implicit', left: 'a', right: 'b', pairs: [], condition: '' },
    ]);
  });

  it('do not name a side that is made of several tables', async () => {
    const { joins } = await analyzeSql(
      'SELECT 1 FROM t JOIN (SELECT COUNT(*) AS n FROM a CROSS JOIN b) s ON s.n = t.n',
    );
    expect(joins.at(-1)).toMatchObject({ right: null });
  });
});

describe('degradation', () => {
  it.each<[what: string, sql: string, reason: RegExp]>([
    ['no SQL at all', 'this is not sql', /parse error/],
    ['a misspelt keyword', 'SELEC a FROM t', /parse error/],
    ['a clause without content', 'SELECT a FROM t WHERE', /parse error/],
    ['two tables without a comma', 'SELECT FROM WHERE', /parse error/],
    ['unbalanced parentheses', 'SELECT (a FROM t', /parse error/],
    ['pipe syntax', 'FROM t |> WHERE a > 1', /parse error/],
    ['a lone comma', 'SELECT a,, b FROM t', /parse error/],
    ['an expression', 'a + 1', /parse error/],
    ['a string that never ends', "SELECT 'open FROM t", /ends inside a string/],
    ['a template variable', 'SELECT a FROM ${catalog}.s.t', /\$\{catalog\} is not resolved/],
    ['nothing', '  ;', /no statement/],
    ['a statement that is no query', 'DESCRIBE TABLE c.s.t', /no query but describe/],
    [
      'too many set branches',
      Array.from({ length: PARSE_LIMITS.setBranches + 1 }, () => 'SELECT 1').join(' UNION ALL '),
      /set branches.*31.*30/,
    ],
    ['too many bytes', `SELECT '${'x'.repeat(PARSE_LIMITS.bytes)}'`, /bytes, limit 20480/],
    ['too many tokens', `SELECT ${'1,'.repeat(PARSE_LIMITS.tokens / 2)} 1`, /tokens, limit 2000/],
    ['too deep nesting', `SELECT ${'('.repeat(40)}1${')'.repeat(40)}`, /nested too deeply.*40.*32/],
    [
      'depth that only the parser counts',
      `SELECT ${'CASE WHEN a THEN '.repeat(60)}1${' END'.repeat(60)} FROM t`,
      /parse error.*DEPTH/,
    ],
  ])('names the reason for %s', async (_what, sql, reason) => {
    const facts = await analyzeSql(sql);
    expect(facts.engine).toBe('lexical');
    expect(facts.degradedReason).toMatch(reason);
    expect(facts.sql).toBe(sql);
  });

  it('still finds tables, functions and measures', async () => {
    const facts = await analyzeSql('FROM c.s.sales |> AGGREGATE MEASURE(total), UPPER(region) |> WHERE');
    expect(facts).toMatchObject({
      engine: 'lexical',
      measures: ['total'],
      functions: ['upper'],
      tables: [{ name: 'c.s.sales' }],
    });
  });

  it('reads the first of several statements', async () => {
    expect(
      (await analyzeSql('-- two; of them\nSELECT a FROM t; SELECT b FROM u')).tables.map((use) => use.name),
    ).toEqual(['t']);
  });

  it('survives a chain of CTEs that doubles at each step', async () => {
    const steps = Array.from(
      { length: 25 },
      (_, index) => `c${index + 1} AS (SELECT x + x AS x FROM c${index})`,
    );
    const facts = await analyzeSql(
      `WITH c0 AS (SELECT a + 1 AS x FROM t), ${steps.join(', ')} SELECT x FROM c25 WHERE x > 1`,
    );
    expect(facts.engine).toBe('ast');
    expect(facts.tables.map((use) => use.name)).toEqual(['t']);
  });

  it.each([
    ['unions of the same CTE', (n: number) => `SELECT x FROM c${n} UNION ALL SELECT x FROM c${n}`],
    ['joins of a CTE with itself', (n: number) => `SELECT l.* FROM c${n} l JOIN c${n} r USING (x)`],
    ['two columns that mix', (n: number) => `SELECT x + y AS x, x - y AS y FROM c${n}`],
  ])('survives a chain of %s', async (_what, step) => {
    const steps = Array.from({ length: 25 }, (_, index) => `c${index + 1} AS (${step(index)})`);
    const facts = await analyzeSql(
      `WITH c0 AS (SELECT x, y FROM t), ${steps.join(', ')} SELECT x FROM c25 WHERE x > 1`,
    );
    expect(facts.engine).toBe('ast');
    expect(facts.columns).toContainEqual({ table: 't', column: 'x', clause: 'where' });
  });

  it('survives a chain of aliases that doubles at each step', async () => {
    const items = Array.from({ length: 40 }, (_, index) => `a${index} + a${index} AS a${index + 1}`);
    const facts = await analyzeSql(`SELECT x AS a0, ${items.join(', ')} FROM t GROUP BY ALL ORDER BY a40`);
    expect(facts.engine).toBe('ast');
    expect(facts.projections).toHaveLength(41);
  });

  it('survives aliases that name each other', async () => {
    const facts = await analyzeSql(
      'SELECT b + 1 AS a, a + 1 AS b FROM t GROUP BY a, b HAVING a > b ORDER BY a, b',
    );
    expect(facts.engine).toBe('ast');
  });
});

describe('cache', () => {
  it('belongs to the caller, and tells schemas apart', async () => {
    const cache: SqlFactsCache = new Map<string, SqlFacts>();
    const sql =
      'SELECT name FROM main.shop.orders o JOIN main.shop.customers c ON o.customer_id = c.customer_id';
    const first = await analyzeSql(sql, { cache });
    expect(await analyzeSql(sql, { cache })).toBe(first);
    expect(await analyzeSql(sql, { cache, tables: TABLES })).not.toEqual(first);
    expect(cache.size).toBe(2);
    expect(await analyzeSql(sql)).not.toBe(first);
  });
});
