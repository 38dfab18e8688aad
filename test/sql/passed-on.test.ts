import { describe, expect, it } from 'vitest';
import { analyzeSql } from '../../src/sql/index.ts';

const shape = async (sql: string) => {
  const { limit, orderBy, distinct } = await analyzeSql(sql);
  return {
    limit,
    distinct,
    order: orderBy.map(({ text, descending }) => (descending ? `${text} desc` : text)),
  };
};
const TOP = 'SELECT x, SUM(y) AS s FROM t GROUP BY x ORDER BY SUM(y) DESC LIMIT 5';

describe('a SELECT that only picks columns of one query', () => {
  it.each([
    ['a CTE', `WITH answer AS (${TOP}) SELECT x, s FROM answer`],
    ['a subquery', `SELECT s, x FROM (${TOP}) AS q`],
    ['all its columns', `WITH answer AS (${TOP}) SELECT * FROM answer`],
    ['two steps', `WITH a AS (${TOP}), b AS (SELECT * FROM a) SELECT x FROM b`],
    ['parentheses', `SELECT x FROM ((${TOP})) AS q`],
  ])('has the limit of that query and the order it goes by: %s', async (_what, sql) => {
    expect(await shape(sql)).toEqual({ limit: 5, distinct: false, order: ['sum(t.y) desc'] });
  });

  it('has an order of its own before that of the query', async () => {
    expect(await shape(`SELECT x FROM (${TOP}) AS q ORDER BY x`)).toEqual({
      limit: 5,
      distinct: false,
      order: ['t.x'],
    });
  });

  it.each([
    ['filters', `SELECT x FROM (${TOP}) AS q WHERE s > 1`],
    ['groups', `SELECT x FROM (${TOP}) AS q GROUP BY x`],
    ['counts', `SELECT COUNT(*) FROM (${TOP}) AS q`],
    ['joins', `SELECT q.x FROM (${TOP}) AS q JOIN u ON u.x = q.x`],
    ['works out', `SELECT s + 1 FROM (${TOP}) AS q`],
  ])('but not when it %s', async (_what, sql) => {
    expect(await shape(sql)).toMatchObject({ limit: null, order: [] });
  });

  it('keeps its own limit, and no order that nothing keeps', async () => {
    expect((await shape(`SELECT x FROM (${TOP}) AS q LIMIT 2`)).limit).toBe(2);
    expect((await shape('SELECT x FROM (SELECT x FROM t ORDER BY x) AS q')).order).toEqual([]);
  });

  it.each([
    ['SELECT x, y FROM (SELECT DISTINCT x, y FROM t) AS q', true],
    ['SELECT * FROM (SELECT DISTINCT x, y FROM t) AS q', true],
    ['WITH a AS (SELECT DISTINCT x FROM t) SELECT x AS name FROM a', true],
    ['SELECT y FROM (SELECT DISTINCT x, y FROM t) AS q', false],
    ['SELECT x, x AS again FROM (SELECT DISTINCT x, y FROM t) AS q', false],
    ['SELECT x FROM (SELECT DISTINCT * FROM t) AS q', false],
  ])('is distinct when no column is left out: %s', async (sql, distinct) => {
    expect((await shape(sql)).distinct).toBe(distinct);
  });
});
