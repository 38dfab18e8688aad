import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkReadOnly, sanitizeSql, splitStatements } from '../../src/sql/index.ts';

const sqlText = fc
  .array(
    fc.constantFrom(
      'SELECT',
      ' ',
      '1',
      ';',
      "'a;b'",
      '-- c; d\n',
      '/* e; */',
      '/* f /* g */ h */',
      '/*+ HINT */',
      '\n',
      'x',
      '"y"',
      '`z;`',
      '/',
      '*',
      '-',
      "'",
      '`',
      '--',
      '/*',
    ),
  )
  .map((parts) => parts.join(''));

describe('sanitizeSql', () => {
  it.each<[input: string, sql: string, statements: number, comments: number]>([
    ['SELECT 1; SELECT 2;', 'SELECT 1', 2, 0],
    ["SELECT ';' AS x FROM t", "SELECT ';' AS x FROM t", 1, 0],
    ['-- a; b\nSELECT 1', 'SELECT 1', 1, 1],
    ['/* c; */ SELECT 1', 'SELECT 1', 1, 1],
    ['SELECT 1 -- trailing; note', 'SELECT 1', 1, 1],
    [';', '', 0, 0],
    ['', '', 0, 0],
    ['-- nothing', '', 0, 1],
    ['-- first\n; SELECT 2', 'SELECT 2', 1, 1],
    ['/* a /* nested; */ b */ SELECT 1', 'SELECT 1', 1, 1],
    ['SELECT /*+ BROADCAST(t) */ a FROM t', 'SELECT /*+ BROADCAST(t) */ a FROM t', 1, 0],
    ['SELECT/* no blank */1', 'SELECT 1', 1, 1],
    ['SELECT a  -- x\n  FROM t', 'SELECT a  \n  FROM t', 1, 1],
    ['SELECT \'-- no comment\', `a;b`, "/*"', 'SELECT \'-- no comment\', `a;b`, "/*"', 1, 0],
    ["SELECT r'\\' ; SELECT 2", "SELECT r'\\'", 2, 0],
    ["SELECT 'it\\'s; fine'", "SELECT 'it\\'s; fine'", 1, 0],
    ['SELECT a -/* x */- b', 'SELECT a - - b', 1, 1],
  ])('turns %j into %j', (input, sql, statementCount, removedComments) => {
    expect(sanitizeSql(input)).toEqual({ sql, statementCount, removedComments });
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(sqlText, (text) => {
        const { sql } = sanitizeSql(text);
        expect(sanitizeSql(sql).sql).toBe(sql);
      }),
    );
  });
});

describe('splitStatements', () => {
  it('splits at semicolons outside literals, names and comments', () => {
    expect(splitStatements("SELECT ';'; -- a;\nSELECT `;` ;; /* ; */")).toEqual([
      "SELECT ';'",
      '-- a;\nSELECT `;`',
    ]);
  });
});

describe('checkReadOnly', () => {
  it.each([
    'SELECT 1',
    'select 1;',
    'WITH x AS (SELECT 1) SELECT * FROM x',
    'WITH a (c) AS (SELECT 1), b AS (SELECT 2) SELECT * FROM a, b',
    'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r',
    'FROM t SELECT a',
    'VALUES (1), (2)',
    'TABLE t',
    'SHOW TABLES',
    'DESCRIBE TABLE t',
    '(SELECT 1) UNION (SELECT 2)',
    '-- DROP TABLE x;\nSELECT 1',
    "SELECT 'DELETE FROM t; DROP TABLE t'",
    'SELECT update, t.delete FROM t',
    'SELECT `insert` FROM t',
  ])('accepts %s', (sql) => {
    expect(checkReadOnly(sql)).toEqual({ readOnly: true });
  });

  it.each([
    ['DROP TABLE t', 'DROP'],
    ['INSERT INTO t VALUES (1)', 'INSERT'],
    ['WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x', 'INSERT'],
    ['WITH x AS (SELECT 1) DELETE FROM t', 'DELETE'],
    ['WITH x AS (SELECT 1), y AS (SELECT 2) MERGE INTO t USING x ON true', 'MERGE'],
    ['FROM s INSERT INTO t SELECT a', 'INSERT'],
    ['FROM s INSERT OVERWRITE t SELECT a', 'INSERT'],
    ['(DELETE FROM t)', 'DELETE'],
    ['/* SELECT */ TRUNCATE TABLE t', 'TRUNCATE'],
    ['SELECT 1; DROP TABLE t', 'DROP'],
    ['SELECT 1; SELECT 2', 'SELECT'],
    ['EXPLAIN SELECT 1', 'EXPLAIN'],
    ['SET x = 1', 'SET'],
    ['', ''],
    ['-- only a comment', ''],
  ])('refuses %s', (sql, keyword) => {
    expect(checkReadOnly(sql)).toMatchObject({ readOnly: false, keyword });
  });
});
