import type { CorpusCase } from './corpus.ts';

const one = (expression: string, value: string | null): CorpusCase => ({
  about: expression,
  sql: `SELECT ${expression}`,
  rows: [[value]],
});

const SCALARS: readonly CorpusCase[] = [
  one('zip_with(array(1, 2, 3), array(10, 20), (x, y) -> x + coalesce(y, 0))', '[11,22,3]'),
  one(`map_filter(map('a', 1, 'b', 2), (k, v) -> v > 1)`, '{"b":2}'),
  one(`transform_values(map('a', 1, 'b', 2), (k, v) -> v * 10)`, '{"a":10,"b":20}'),
  one(`transform_keys(map('a', 1, 'b', 2), (k, v) -> concat(k, v))`, '{"a1":1,"b2":2}'),
  one('aggregate(array(1, 2, 3), 0, (a, x) -> a + x, a -> a * 10)', '60'),
  one(`from_json('{"a": 1, "c": [5, 6]}', 'a INT, c ARRAY<INT>').c[1]`, '6'),
  one(`from_json('{"a": {"d": "2026-01-01"}}', 'STRUCT<a: STRUCT<d: DATE>>').a.d`, '2026-01-01'),
  one(`from_json('{"a": {"x": 7}}', 'a MAP<STRING, INT>').a['x']`, '7'),
  one(`from_json('no json', 'a INT').a`, null),
  one(`overlay('Spark SQL' PLACING '_' FROM 6)`, 'Spark_SQL'),
  one(`overlay('Spark SQL' PLACING 'ANSI ' FROM 7 FOR 0)`, 'Spark ANSI SQL'),
  one(`overlay('Spark SQL', 'CORE', 7)`, 'Spark CORE'),
  one('bit_count(7)', '3'),
  one(`bit_length('ab')`, '16'),
  one(`octet_length('é')`, '2'),
  one(`hex('A') || hex(255)`, '41FF'),
  one('factorial(5)', '120'),
  one('hypot(3, 4)', '5.0'),
  one(`find_in_set('b', 'a,b,c')`, '2'),
  one(`find_in_set('x', 'a,b,c')`, '0'),
  one(`elt(2, 'a', 'b')`, 'b'),
  one(`elt(3, 'a', 'b')`, null),
  one(`url_encode('a b&c')`, 'a+b%26c'),
  one(`url_decode('a+b%26c')`, 'a b&c'),
  one('rint(2.5)', '2.0'),
  one('log1p(0)', '0.0'),
  one('shiftleft(1, 3)', '8'),
  one('shiftright(8, 2)', '2'),
  one('bin(5)', '101'),
  one('array_compact(array(1, NULL, 2))', '[1,2]'),
  one('array_prepend(array(2), 1)', '[1,2]'),
  one('array_insert(array(1, 3), 2, 2)', '[1,2,3]'),
  one('forall(array(1, 2), x -> x > 0)', 'true'),
  one('forall(array(1, -2), x -> x > 0)', 'false'),
  one(`map_concat(map('a', 1), map('b', 2))['b']`, '2'),
  one(`map_contains_key(map('a', 1), 'b')`, 'false'),
  one(`map_from_arrays(array('a'), array(7))['a']`, '7'),
  one(`size(map_entries(map('a', 1, 'b', 2)))`, '2'),
  one(`str_to_map('a:1,b:2')['b']`, '2'),
  one(`str_to_map('a=1;b=2', ';', '=')['a']`, '1'),
  one(`regexp_substr('ab12', '[0-9]+')`, '12'),
  one(`regexp_substr('ab', '[0-9]+')`, null),
  one(`mask('AbC-12')`, 'XxX-nn'),
  one(`format_string('%s has %d', 'a', 3)`, 'a has 3'),
  one(`from_utc_timestamp('2026-01-01 00:00:00', 'Europe/Berlin')`, '2026-01-01T01:00:00.000Z'),
  one(`to_utc_timestamp('2026-07-01 02:00:00', 'Europe/Berlin')`, '2026-07-01T00:00:00.000Z'),
  one(
    `convert_timezone('UTC', 'America/New_York', TIMESTAMP '2026-01-01 00:00:00')`,
    '2025-12-31T19:00:00.000Z',
  ),
  one(`TIMESTAMP '2026-01-31 00:00:00' + make_interval(0, 1, 0, 1, 2, 30, 15)`, '2026-03-01T02:30:15.000Z'),
  one(`TIMESTAMP '2026-01-31 00:00:00' + make_interval(1)`, '2027-01-31T00:00:00.000Z'),
  one(`DATE '2026-01-31' + make_ym_interval(0, 1)`, '2026-02-28T00:00:00.000Z'),
  one(`parse_json('{"a":[1,2]}'):a[1]::int`, '2'),
  one(`try_parse_json('{') IS NULL`, 'true'),
  one(`struct(1, 'a').col2`, 'a'),
  one(`current_catalog() || '.' || current_schema() || '.' || current_database()`, 'town.library.library'),
];

const FORMS: readonly CorpusCase[] = [
  {
    about: 'TABLE as a query',
    sql: 'TABLE branches',
    rows: [
      ['1', 'Harbour', '1998-04-01'],
      ['2', 'Hill', '2005-09-15'],
      ['3', 'Mill', null],
    ],
  },
  { about: 'TABLE in brackets', sql: 'SELECT COUNT(*) FROM (TABLE books)', rows: [['5']] },
  {
    about: 'VALUES as a query',
    sql: "VALUES (1, 'a'), (2, 'b')",
    rows: [
      ['1', 'a'],
      ['2', 'b'],
    ],
  },
  {
    about: 'IDENTIFIER of a literal',
    sql: "SELECT COUNT(*) FROM IDENTIFIER('town.library.books')",
    rows: [['5']],
  },
  {
    about: 'posexplode in the select list',
    sql: "SELECT posexplode(array('a', 'b'))",
    rows: [
      ['0', 'a'],
      ['1', 'b'],
    ],
  },
  {
    about: 'posexplode in FROM',
    sql: "SELECT * FROM posexplode(array('x', 'y'))",
    rows: [
      ['0', 'x'],
      ['1', 'y'],
    ],
  },
  {
    about: 'LATERAL VIEW posexplode',
    sql: 'SELECT book_id, p.i, p.s FROM books LATERAL VIEW posexplode(subjects) p AS i, s WHERE book_id IN (1, 5) ORDER BY 1, 2',
    rows: [
      ['1', '0', 'sea'],
      ['1', '1', 'moon'],
    ],
  },
  {
    about: 'LATERAL VIEW OUTER posexplode keeps rows without items',
    sql: 'SELECT book_id, i, s FROM books LATERAL VIEW OUTER posexplode(subjects) p AS i, s WHERE book_id IN (1, 5) ORDER BY 1, 2',
    rows: [
      ['1', '0', 'sea'],
      ['1', '1', 'moon'],
      ['5', null, null],
    ],
  },
  {
    about: 'LATERAL VIEW OUTER explode keeps rows without items',
    sql: 'SELECT book_id, s FROM books LATERAL VIEW OUTER explode(subjects) p AS s WHERE book_id IN (2, 5) ORDER BY 1',
    rows: [
      ['2', 'garden'],
      ['5', null],
    ],
  },
  {
    about: 'two LATERAL VIEWs, the second after posexplode',
    sql: 'SELECT i, t FROM books LATERAL VIEW posexplode(subjects) p AS i, s LATERAL VIEW explode(array(s, upper(s))) q AS t WHERE book_id = 2 ORDER BY t',
    rows: [
      ['0', 'GARDEN'],
      ['0', 'garden'],
    ],
  },
  {
    about: 'LATERAL posexplode after a comma',
    sql: "SELECT b.book_id, t.pos FROM books b, LATERAL posexplode(b.subjects) AS t(pos, item) WHERE item = 'sea' ORDER BY 1",
    rows: [
      ['1', '0'],
      ['4', '0'],
    ],
  },
  {
    about: 'explode_outer of nothing',
    sql: 'SELECT explode_outer(subjects) FROM books WHERE book_id = 5',
    rows: [[null]],
  },
  {
    about: 'inline',
    sql: "SELECT a, b FROM inline(array(named_struct('a', 1, 'b', 'x'), named_struct('a', 2, 'b', 'y'))) ORDER BY a",
    rows: [
      ['1', 'x'],
      ['2', 'y'],
    ],
  },
  {
    about: 'stack in FROM',
    sql: "SELECT col0, col1 FROM stack(2, 1, 'a', 2, 'b') ORDER BY 1",
    rows: [
      ['1', 'a'],
      ['2', 'b'],
    ],
  },
  {
    about: 'stack in the select list',
    sql: "SELECT stack(2, 1, 'a', 2, 'b') AS (n, t)",
    rows: [
      ['1', 'a'],
      ['2', 'b'],
    ],
  },
  {
    about: 'ILIKE ANY',
    sql: "SELECT member_id FROM members WHERE full_name ILIKE ANY ('%ADA%', 'ben%') ORDER BY 1",
    rows: [['1'], ['2']],
  },
  {
    about: 'LIKE ALL',
    sql: "SELECT member_id FROM members WHERE full_name LIKE ALL ('%a%', '%d%')",
    rows: [['1']],
  },
  {
    about: 'NOT LIKE ANY means one pattern at least does not fit',
    sql: "SELECT member_id FROM members WHERE full_name NOT LIKE ANY ('%a%', '%e%') ORDER BY 1",
    rows: [['1'], ['2'], ['4'], ['5']],
  },
  {
    about: 'NOT ILIKE ALL means no pattern fits',
    sql: "SELECT member_id FROM members WHERE full_name NOT ILIKE ALL ('%a%', '%b%')",
    rows: [['5']],
  },
  {
    about: 'NOT around LIKE ANY in brackets',
    sql: "SELECT member_id FROM members WHERE NOT (full_name LIKE ANY ('%a%', '%e%')) ORDER BY 1",
    rows: [],
  },
  {
    about: 'a struct has the names of its columns',
    sql: 'SELECT collect_list(struct(book_id, title AS t)) FROM books WHERE book_id = 1',
    rows: [['[{"book_id":1,"t":"Tides"}]']],
  },
  { about: 'SHOW CATALOGS', sql: 'SHOW CATALOGS', rows: [['town']] },
  { about: 'SHOW SCHEMAS', sql: 'SHOW SCHEMAS IN town', rows: [['library']] },
  {
    about: 'SHOW TABLES with a pattern',
    sql: "SHOW TABLES IN town.library LIKE 'b*|visits'",
    rows: [
      ['library', 'books', 'false'],
      ['library', 'branches', 'false'],
      ['library', 'visits', 'false'],
    ],
  },
  {
    about: 'SHOW VIEWS',
    sql: 'SHOW VIEWS',
    rows: [
      ['library', 'loan_metrics', 'false'],
      ['library', 'open_loans', 'false'],
    ],
  },
  {
    about: 'SHOW COLUMNS',
    sql: 'SHOW COLUMNS IN branches',
    rows: [['branch_id'], ['branch_name'], ['opened']],
  },
  {
    about: 'SHOW FUNCTIONS',
    sql: 'SHOW USER FUNCTIONS IN library',
    rows: [['town.library.busiest_members'], ['town.library.loan_fine']],
  },
  {
    about: 'DESCRIBE TABLE',
    sql: 'DESCRIBE TABLE branches',
    rows: [
      ['branch_id', 'bigint', 'Number of the branch; one per building'],
      ['branch_name', 'string', 'Name on the door'],
      ['opened', 'date', null],
    ],
  },
  {
    about: 'DESCRIBE EXTENDED',
    sql: 'DESC EXTENDED visits',
    rows: [
      ['branch_id', 'bigint', null],
      ['day', 'date', null],
      ['visitors', 'int', null],
      ['', '', ''],
      ['# Detailed Table Information', '', ''],
      ['Catalog', 'town', ''],
      ['Database', 'library', ''],
      ['Table', 'visits', ''],
      ['Type', 'MANAGED', ''],
    ],
  },
  {
    about: 'DESCRIBE FUNCTION',
    sql: 'DESCRIBE FUNCTION town.library.loan_fine',
    rows: [
      ['Function: town.library.loan_fine'],
      ['Type:     SCALAR'],
      ['Input:    days INT'],
      ['Returns:  DECIMAL(8,2)'],
      ['Comment:  Ten cents a day'],
    ],
  },
];

/** Statements over the same fixture that go beyond the plain query: other forms, generators, the catalog. */
export const FORMS_CORPUS: readonly CorpusCase[] = [...SCALARS, ...FORMS];
