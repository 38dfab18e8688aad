/**
 * Databricks statements over the fixture library and the rows that a real warehouse answers.
 *
 * The expected rows were worked out by hand from test/fixtures/local-sample/catalog.sql; today is
 * Sunday 2026-03-15. Loan n (1 to 12) goes out on 2025-12-01 plus 10n days, is of book n % 4 + 1 and
 * member n % 3 + 1, and is still out when n is a multiple of 3.
 */
export interface CorpusCase {
  readonly about: string;
  readonly sql: string;
  readonly rows: readonly (readonly (string | null)[])[];
}

const one = (about: string, expression: string, value: string | null): CorpusCase => ({
  about,
  sql: `SELECT ${expression}`,
  rows: [[value]],
});

const EXPRESSIONS: readonly CorpusCase[] = [
  // dates
  one('dayofweek counts from Sunday as 1', `dayofweek(DATE '2026-03-15')`, '1'),
  one('weekday counts from Monday as 0', `weekday(DATE '2026-03-15')`, '6'),
  one('datediff of two dates is end minus start', `datediff(DATE '2026-03-15', DATE '2026-03-01')`, '14'),
  one('datediff(MONTH) counts whole months', `datediff(MONTH, DATE '2026-01-31', DATE '2026-02-28')`, '0'),
  one(
    'timestampdiff(MONTH) counts a month once it is full',
    `timestampdiff(MONTH, DATE '2026-01-15', DATE '2026-03-15')`,
    '2',
  ),
  one('add_months stays at the end of a short month', `add_months(DATE '2026-01-31', 1)`, '2026-02-28'),
  one('add_months goes back with a negative number', `add_months(DATE '2026-03-31', -1)`, '2026-02-28'),
  one('date_add adds days and stays a DATE', `date_add(DATE '2026-02-27', 3)`, '2026-03-02'),
  one('date_sub', `date_sub(DATE '2026-03-01', 1)`, '2026-02-28'),
  one(
    'dateadd with a unit answers a TIMESTAMP',
    `dateadd(DAY, 2, DATE '2026-02-27')`,
    '2026-03-01T00:00:00.000Z',
  ),
  one('DATE plus months is a DATE', `DATE '2026-01-31' + INTERVAL 1 MONTH`, '2026-02-28'),
  one('DATE plus hours is a TIMESTAMP', `DATE '2026-01-31' + INTERVAL 5 HOURS`, '2026-01-31T05:00:00.000Z'),
  one('trunc by month', `trunc(DATE '2026-03-15', 'MM')`, '2026-03-01'),
  one(
    'date_trunc answers a TIMESTAMP',
    `date_trunc('QUARTER', DATE '2026-03-15')`,
    '2026-01-01T00:00:00.000Z',
  ),
  one(
    'date_trunc week begins on Monday',
    `date_trunc('week', DATE '2026-03-15')`,
    '2026-03-09T00:00:00.000Z',
  ),
  one('last_day', `last_day(DATE '2024-02-10')`, '2024-02-29'),
  one('next_day', `next_day(DATE '2026-03-15', 'Monday')`, '2026-03-16'),
  one(
    'months_between of two ends of month is whole',
    `months_between(DATE '2026-03-31', DATE '2026-02-28')`,
    '1.0',
  ),
  one('months_between in 31sts', `months_between(DATE '2026-03-16', DATE '2026-02-28')`, '0.61290323'),
  one('date_format with names', `date_format(DATE '2026-03-15', 'EEE d MMMM yyyy')`, 'Sun 15 March 2026'),
  one('date_format with a quarter and quoted text', `date_format(DATE '2026-03-15', "yyyy-'Q'Q")`, '2026-Q1'),
  one('to_date with a pattern', `to_date('15.03.2026', 'dd.MM.yyyy')`, '2026-03-15'),
  one(
    'to_timestamp with a pattern',
    `to_timestamp('2026-03-15 08:30', 'yyyy-MM-dd HH:mm')`,
    '2026-03-15T08:30:00.000Z',
  ),
  one('from_unixtime writes UTC', `from_unixtime(0)`, '1970-01-01 00:00:00'),
  one('unix_timestamp', `unix_timestamp(TIMESTAMP '1970-01-02 00:00:00')`, '86400'),
  one('weekofyear', `weekofyear(DATE '2026-03-15')`, '11'),
  one(
    'extract reads fields',
    `extract(YEAR FROM DATE '2026-03-15') * 100 + extract(MONTH FROM DATE '2026-03-15')`,
    '202603',
  ),
  one('current_date follows the sample', 'current_date()', '2026-03-15'),
  one('current_date without parentheses', 'current_date - INTERVAL 15 DAYS', '2026-02-28'),
  one('make_date', 'make_date(2026, 2, 28)', '2026-02-28'),
  // numbers
  one('a whole number divided is a double', '7 / 2', '3.5'),
  one('DIV cuts the fraction', '-7 DIV 2', '-3'),
  one('CAST to INT cuts the fraction', 'CAST(2.7 AS INT)', '2'),
  one('CAST of an aggregate cuts the fraction', 'CAST(avg(x) AS INT) FROM VALUES (2), (3), (3) AS t(x)', '2'),
  one('BIGINT keeps all digits', 'CAST(9007199254740993 AS BIGINT)', '9007199254740993'),
  one('round of a decimal keeps the scale asked for', 'round(2.345, 2)', '2.35'),
  one('pmod is never negative', 'pmod(-7, 3)', '2'),
  one('bround rounds half to even', 'bround(2.5)', '2.0'),
  one('try_divide by zero is NULL', 'try_divide(1, 0)', null),
  one('NULLIF guards a division', '1 / nullif(0, 0)', null),
  one('floor answers a whole number', 'floor(-2.5)', '-3'),
  one('large doubles print as Java prints them', 'CAST(12345678.5 AS DOUBLE)', '1.23456785E7'),
  one('format_number', 'format_number(1234567.891, 2)', '1,234,567.89'),
  // texts
  one('concat with NULL is NULL', `concat('a', NULL)`, null),
  one('concat_ws leaves NULL out', `concat_ws('-', 'a', NULL, 'b')`, 'a-b'),
  one('double quotes make a text', `"it's"`, "it's"),
  one('backslash escapes', `'it\\'s'`, "it's"),
  one('regexp_replace replaces all', `regexp_replace('a1b22', '[0-9]+', '#')`, 'a#b#'),
  one('regexp_extract takes the first group', `regexp_extract('id-42', '([a-z]+)-([0-9]+)', 2)`, '42'),
  one('split and index from 0', `split('a,b,c', ',')[0]`, 'a'),
  one('element_at counts from 1', `element_at(array('a', 'b'), 2)`, 'b'),
  one('array index counts from 0', `array(10, 20)[1]`, '20'),
  one('substring_index', `substring_index('a.b.c', '.', 2)`, 'a.b'),
  one('initcap', `initcap('ada HOLM')`, 'Ada Holm'),
  one('instr', `instr('library', 'bra')`, '3'),
  one('lpad', `lpad('7', 3, '0')`, '007'),
  one('ILIKE', `'Tides' ILIKE 'tI%'`, 'true'),
  one('LIKE with an escaped sign', `'50%' LIKE '50\\%' AND NOT '50x' LIKE '50\\%'`, 'true'),
  one('RLIKE finds anywhere', `'Night Bus' RLIKE 'B.s'`, 'true'),
  one('IF', `IF(1 > 2, 'x', 'y')`, 'y'),
  one('decode compares NULL too', `decode(NULL, 1, 'one', NULL, 'none', 'other')`, 'none'),
  one('null-safe equality', 'NULL <=> NULL', 'true'),
  one(
    'lists and functions over them',
    `transform(filter(array(1, 2, 3), x -> x > 1), x -> x * 10)`,
    '[20,30]',
  ),
  one('aggregate over a list', `aggregate(array(1, 2, 3), 0, (acc, x) -> acc + x)`, '6'),
  one('exists over a list', `exists(array(1, 2), x -> x = 2)`, 'true'),
  one('array_join', `array_join(array('a', 'b'), '/')`, 'a/b'),
  one('size', `size(array(1, 2, 3))`, '3'),
  one('sequence of dates', `size(sequence(DATE '2026-03-01', DATE '2026-03-15'))`, '15'),
  one('map by key', `map('a', 1, 'b', 2)['b']`, '2'),
  one('named_struct', `named_struct('a', 1, 'b', 'x').b`, 'x'),
  one('JSON path', `get_json_object('{"a":{"b":"c"}}', '$.a.b')`, 'c'),
  one('semi-structured access', `j:a.b FROM VALUES ('{"a":{"b":"c"}}') AS t(j)`, 'c'),
  one('try_cast of nonsense is NULL', `try_cast('x' AS INT)`, null),
];

const QUERIES: readonly CorpusCase[] = [
  {
    about: 'decimals print with their scale',
    sql: 'SELECT yearly_fee FROM members WHERE member_id <= 2 ORDER BY member_id',
    rows: [['25.00'], ['12.50']],
  },
  { about: 'sum of decimals', sql: 'SELECT SUM(yearly_fee) FROM members', rows: [['62.50']] },
  {
    about: 'NULL sorts first ascending',
    sql: 'SELECT yearly_fee FROM members ORDER BY yearly_fee LIMIT 2',
    rows: [[null], ['0.00']],
  },
  {
    about: 'NULL sorts last descending',
    sql: 'SELECT home_branch FROM members ORDER BY home_branch DESC',
    rows: [['2'], ['2'], ['1'], ['1'], [null]],
  },
  {
    about: 'NULLS LAST is obeyed',
    sql: 'SELECT genre FROM books ORDER BY genre NULLS LAST',
    rows: [['craft'], ['nature'], ['nature'], ['novel'], [null]],
  },
  {
    about: 'GROUP BY ALL with HAVING',
    sql: 'SELECT member_id, COUNT(*) AS loans FROM loans WHERE back_on IS NOT NULL GROUP BY ALL HAVING COUNT(*) > 3 ORDER BY member_id',
    rows: [
      ['2', '4'],
      ['3', '4'],
    ],
  },
  {
    about: 'join, alias and ordinals',
    sql: 'SELECT b.branch_name, COUNT(m.member_id) FROM branches b LEFT JOIN members m ON m.home_branch = b.branch_id GROUP BY 1 ORDER BY 2 DESC, 1',
    rows: [
      ['Harbour', '2'],
      ['Hill', '2'],
      ['Mill', '0'],
    ],
  },
  {
    about: 'LEFT SEMI JOIN',
    sql: 'SELECT branch_name FROM branches b LEFT SEMI JOIN members m ON m.home_branch = b.branch_id ORDER BY 1',
    rows: [['Harbour'], ['Hill']],
  },
  {
    about: 'LEFT ANTI JOIN',
    sql: 'SELECT branch_name FROM branches b LEFT ANTI JOIN members m ON m.home_branch = b.branch_id',
    rows: [['Mill']],
  },
  {
    about: 'USING',
    sql: "SELECT COUNT(*) FROM loans JOIN books USING (book_id) WHERE genre = 'nature'",
    rows: [['6']],
  },
  {
    about: 'CTE read twice',
    sql: 'WITH o AS (SELECT * FROM loans WHERE back_on IS NULL) SELECT (SELECT COUNT(*) FROM o), MIN(loan_id) FROM o',
    rows: [['4', '3']],
  },
  {
    about: 'QUALIFY',
    sql: 'SELECT member_id, loan_id FROM loans QUALIFY ROW_NUMBER() OVER (PARTITION BY member_id ORDER BY out_on DESC) = 1 ORDER BY member_id',
    rows: [
      ['1', '12'],
      ['2', '10'],
      ['3', '11'],
    ],
  },
  {
    about: 'running sum over a frame',
    sql: 'SELECT SUM(loan_id) OVER (ORDER BY loan_id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM loans ORDER BY loan_id LIMIT 3',
    rows: [['1'], ['3'], ['5']],
  },
  {
    about: 'lag',
    sql: 'SELECT loan_id - LAG(loan_id) OVER (ORDER BY loan_id) FROM loans ORDER BY loan_id LIMIT 2',
    rows: [[null], ['1']],
  },
  {
    about: 'count_if and FILTER',
    sql: 'SELECT count_if(back_on IS NULL), COUNT(*) FILTER (WHERE member_id = 2) FROM loans',
    rows: [['4', '4']],
  },
  {
    about: 'COUNT DISTINCT of two columns',
    sql: 'SELECT COUNT(DISTINCT book_id, member_id) FROM loans',
    rows: [['12']],
  },
  {
    about: 'collect_set without NULL',
    sql: 'SELECT array_sort(collect_set(genre)) FROM books',
    rows: [['["craft","nature","novel"]']],
  },
  { about: 'percentile', sql: 'SELECT percentile(price, 0.5) FROM books', rows: [['21.75']] },
  { about: 'median of decimals', sql: 'SELECT median(yearly_fee) FROM members', rows: [['18.75']] },
  { about: 'max_by', sql: 'SELECT max_by(title, price) FROM books', rows: [['Stone Walls']] },
  {
    about: 'listagg',
    sql: "SELECT listagg(branch_name, ', ') WITHIN GROUP (ORDER BY branch_name) FROM branches",
    rows: [['Harbour, Hill, Mill']],
  },
  {
    about: 'first without NULL',
    sql: 'SELECT first(home_branch, true) FROM (SELECT home_branch FROM members ORDER BY member_id DESC)',
    rows: [['2']],
  },
  {
    about: 'relative period',
    sql: "SELECT COUNT(*) FROM loans WHERE out_on >= date_trunc('MONTH', current_date()) AND out_on < add_months(date_trunc('MONTH', current_date()), 1)",
    rows: [['4']],
  },
  {
    about: 'last quarter',
    sql: "SELECT COUNT(*) FROM loans WHERE out_on >= date_trunc('QUARTER', current_date()) - INTERVAL 3 MONTHS AND out_on < date_trunc('QUARTER', current_date())",
    rows: [['3']],
  },
  {
    about: 'year over text date',
    sql: "SELECT COUNT(*) FROM loans WHERE out_on BETWEEN '2026-01-01' AND '2026-01-31'",
    rows: [['3']],
  },
  {
    about: 'month of a date in GROUP BY',
    sql: 'SELECT month(out_on) AS m, COUNT(*) FROM loans WHERE year(out_on) = 2026 GROUP BY month(out_on) ORDER BY m',
    rows: [
      ['1', '3'],
      ['2', '2'],
      ['3', '4'],
    ],
  },
  {
    about: 'LATERAL VIEW explode',
    sql: 'SELECT s, COUNT(*) FROM books LATERAL VIEW explode(subjects) x AS s GROUP BY s HAVING COUNT(*) > 1',
    rows: [['sea', '2']],
  },
  {
    about: 'explode in the select list',
    sql: 'SELECT explode(subjects) FROM books WHERE book_id = 1',
    rows: [['sea'], ['moon']],
  },
  {
    about: 'PIVOT',
    sql: "SELECT * FROM (SELECT status, yearly_fee FROM members) PIVOT (SUM(yearly_fee) FOR status IN ('A', 'P'))",
    rows: [['37.50', '25.00']],
  },
  {
    about: 'UNPIVOT',
    sql: 'SELECT k, v FROM (SELECT 1 AS a, 2 AS b) UNPIVOT (v FOR k IN (a, b)) ORDER BY k',
    rows: [
      ['a', '1'],
      ['b', '2'],
    ],
  },
  {
    about: 'WITH ROLLUP',
    sql: 'SELECT status, COUNT(*) FROM members GROUP BY status WITH ROLLUP ORDER BY status',
    rows: [
      [null, '5'],
      ['A', '3'],
      ['P', '2'],
    ],
  },
  {
    about: 'CUBE',
    sql: 'SELECT COUNT(*) FROM (SELECT status, home_branch FROM members GROUP BY CUBE (status, home_branch))',
    rows: [['10']],
  },
  {
    about: 'some and every',
    sql: 'SELECT some(price > 25), every(price > 10) FROM books',
    rows: [['true', 'false']],
  },
  {
    about: 'a text date plus a month',
    sql: "SELECT COUNT(*) FROM loans WHERE out_on >= '2026-01-01' AND out_on < '2026-01-01' + INTERVAL 1 MONTH",
    rows: [['3']],
  },
  {
    about: 'WITH RECURSIVE',
    sql: 'WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT SUM(n) FROM t',
    rows: [['15']],
  },
  {
    about: 'an aggregate over a window of aggregates',
    sql: 'SELECT genre, SUM(SUM(price)) OVER () FROM books GROUP BY genre ORDER BY genre LIMIT 1',
    rows: [[null, '83.49']],
  },
  {
    about: 'EXCEPT',
    sql: 'SELECT book_id FROM books EXCEPT SELECT book_id FROM loans',
    rows: [['5']],
  },
  {
    about: 'IN with a query',
    sql: 'SELECT COUNT(*) FROM members WHERE member_id NOT IN (SELECT member_id FROM loans)',
    rows: [['2']],
  },
  {
    about: 'correlated EXISTS',
    sql: 'SELECT full_name FROM members m WHERE EXISTS (SELECT 1 FROM loans l WHERE l.member_id = m.member_id AND l.back_on IS NULL)',
    rows: [['Ada Holm']],
  },
  {
    about: 'names with three parts',
    sql: 'SELECT town.library.members.full_name FROM town.library.members WHERE members.member_id = 3',
    rows: [["Cleo O'Hara"]],
  },
  {
    about: 'back-quoted names in any case',
    sql: 'SELECT `Full_Name` FROM TOWN.`LIBRARY`.Members WHERE MEMBER_ID = 1',
    rows: [['Ada Holm']],
  },
  {
    about: 'a view reads through',
    sql: 'SELECT full_name, COUNT(*) FROM open_loans GROUP BY full_name',
    rows: [['Ada Holm', '4']],
  },
  {
    about: 'timestamps print in ISO 8601',
    sql: 'SELECT scanned_at FROM loans WHERE loan_id = 1',
    rows: [['2025-12-11T09:00:00.000Z']],
  },
  {
    about: 'the latest date plus days is a DATE',
    sql: 'SELECT MAX(out_on) + INTERVAL 1 DAY, MAX(scanned_at) - INTERVAL 1 DAY FROM loans',
    rows: [['2026-04-01', '2026-03-30T09:00:00.000Z']],
  },
  {
    about: 'loans of the last 30 days before the latest',
    sql: 'SELECT COUNT(*) FROM loans WHERE out_on > (SELECT MAX(out_on) - INTERVAL 30 DAYS FROM loans)',
    rows: [['3']],
  },
  {
    about: 'ORDER BY ALL',
    sql: 'SELECT status, member_id FROM members ORDER BY ALL LIMIT 2',
    rows: [
      ['A', '1'],
      ['A', '2'],
    ],
  },
  {
    about: 'percentile_cont WITHIN GROUP',
    sql: 'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price) FROM books',
    rows: [['21.75']],
  },
  {
    about: 'LATERAL query',
    sql: 'SELECT b.branch_name, t.n FROM branches b, LATERAL (SELECT COUNT(*) AS n FROM members m WHERE m.home_branch = b.branch_id) t WHERE t.n = 0',
    rows: [['Mill', '0']],
  },
  {
    about: 'LATERAL table function',
    sql: 'SELECT b.branch_id, t.member_name FROM branches b, LATERAL town.library.busiest_members(1, b.opened) t ORDER BY 1',
    rows: [
      ['1', 'Ada Holm'],
      ['2', 'Ada Holm'],
    ],
  },
  { about: 'comments and a semicolon', sql: '-- all\nSELECT /* one */ COUNT(*) FROM books; ', rows: [['5']] },
  { about: 'range as a table', sql: 'SELECT SUM(id) FROM range(1, 4)', rows: [['6']] },
  {
    about: 'VALUES with default names',
    sql: "SELECT col2 FROM VALUES (1, 'a'), (2, 'b') WHERE col1 = 2",
    rows: [['b']],
  },
  {
    about: 'SELECT * EXCEPT',
    sql: 'SELECT * EXCEPT (opened) FROM branches WHERE branch_id = 3',
    rows: [['3', 'Mill']],
  },
];

const FUNCTIONS_AND_METRICS: readonly CorpusCase[] = [
  {
    about: 'table function by position',
    sql: 'SELECT * FROM busiest_members(2)',
    rows: [
      ['Ada Holm', '4'],
      ['Ben Okoye', '4'],
    ],
  },
  {
    about: 'table function by name, text as date',
    sql: "SELECT member_name, loans FROM town.library.busiest_members(since => '2026-03-01', top_n => 5) ORDER BY 1",
    rows: [
      ['Ada Holm', '2'],
      ['Ben Okoye', '1'],
      ["Cleo O'Hara", '1'],
    ],
  },
  {
    about: 'table function joined',
    sql: 'SELECT m.member_id FROM busiest_members(1) b JOIN members m ON m.full_name = b.member_name',
    rows: [['1']],
  },
  {
    about: 'scalar function',
    sql: 'SELECT loan_fine(12), town.library.loan_fine(days => 3)',
    rows: [['1.20', '0.30']],
  },
  { about: 'MEASURE without grouping', sql: 'SELECT MEASURE(loan_count) FROM loan_metrics', rows: [['11']] },
  {
    about: 'MEASURE by a dimension of a join',
    sql: 'SELECT genre, MEASURE(loan_count) AS n FROM loan_metrics GROUP BY genre ORDER BY n DESC, genre',
    rows: [
      ['nature', '6'],
      ['novel', '3'],
      ['craft', '2'],
    ],
  },
  {
    about: 'measure of measures',
    sql: "SELECT MEASURE(`open share`) FROM loan_metrics WHERE genre = 'nature'",
    rows: [['0.3333333333333333']],
  },
  {
    about: 'dimension of a nested join',
    sql: 'SELECT `branch name`, MEASURE(distinct_members) FROM loan_metrics GROUP BY ALL ORDER BY 1',
    rows: [
      ['Harbour', '2'],
      ['Hill', '1'],
    ],
  },
  {
    about: 'dimension over a dimension',
    sql: 'SELECT is_nature, MEASURE(open_loans) FROM loan_metrics GROUP BY 1 ORDER BY 1',
    rows: [
      ['false', '2'],
      ['true', '2'],
    ],
  },
  {
    about: 'HAVING and ORDER BY with MEASURE',
    sql: 'SELECT out_month FROM loan_metrics GROUP BY out_month HAVING MEASURE(loan_count) >= 3 ORDER BY MEASURE(loan_count) DESC, out_month',
    rows: [['2026-03-01T00:00:00.000Z'], ['2026-01-01T00:00:00.000Z']],
  },
  {
    about: 'metric view in a CTE, joined after',
    sql: 'WITH g AS (SELECT genre, MEASURE(loan_count) AS n FROM loan_metrics GROUP BY genre) SELECT COUNT(*) FROM g JOIN books b ON b.genre = g.genre',
    rows: [['4']],
  },
];

export const CORPUS: readonly CorpusCase[] = [...EXPRESSIONS, ...QUERIES, ...FUNCTIONS_AND_METRICS];
