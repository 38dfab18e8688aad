import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SqlEngine } from '../../src/local/index.ts';

let engine: SqlEngine;
const NAMES = { catalog: 'shop', schema: 'main' };
const run = (sql: string) => engine.execute(sql, NAMES);
const stock = async () => (await run('SELECT item, left_over, price FROM stock ORDER BY item')).rows;

beforeAll(async () => {
  engine = await SqlEngine.open('2026-03-15');
  for (const sql of ['CREATE CATALOG shop', 'CREATE SCHEMA shop.main']) await run(sql);
});
afterAll(() => engine.close());

const fresh = async () => {
  await run('CREATE OR REPLACE TABLE stock (item STRING NOT NULL, left_over INT, price DECIMAL(8,2))');
  await run("INSERT INTO stock VALUES ('bolt', 5, 0.10), ('nut', NULL, 0.20), ('screw', 9, 0.30)");
};

describe('UPDATE and DELETE', () => {
  it.each([
    ['DELETE FROM stock WHERE left_over > 5', '1', ['bolt', 'nut']],
    ['DELETE FROM shop.main.stock AS s WHERE s.left_over IS NULL;', '1', ['bolt', 'screw']],
    ['DELETE FROM stock s WHERE s.item IN (SELECT item FROM stock WHERE price < 0.25)', '2', ['screw']],
    ['DELETE FROM stock WHERE left_over < 0', '0', ['bolt', 'nut', 'screw']],
    ['DELETE FROM stock', '3', []],
  ])('%s', async (sql, count, items) => {
    await fresh();
    const { columns, rows } = await run(sql);
    expect([columns.map(({ name }) => name), rows]).toEqual([['num_affected_rows'], [[count]]]);
    expect((await stock()).map(([item]) => item)).toEqual(items);
  });

  it.each([
    [
      'UPDATE stock SET left_over = 0 WHERE left_over IS NULL',
      [
        ['bolt', '5', '0.10'],
        ['nut', '0', '0.20'],
        ['screw', '9', '0.30'],
      ],
    ],
    [
      "UPDATE stock AS s SET s.price = s.price * 2, left_over = CASE WHEN item = 'nut' THEN 1 ELSE 2 END WHERE item <> 'screw'",
      [
        ['bolt', '2', '0.20'],
        ['nut', '1', '0.40'],
        ['screw', '9', '0.30'],
      ],
    ],
    [
      'UPDATE stock SET left_over = left_over + 1',
      [
        ['bolt', '6', '0.10'],
        ['nut', null, '0.20'],
        ['screw', '10', '0.30'],
      ],
    ],
  ])('%s', async (sql, rows) => {
    await fresh();
    await run(sql);
    expect(await stock()).toEqual(rows);
  });

  it.each([
    ['UPDATE stock SET colour = 1', 'UNRESOLVED_COLUMN.WITH_SUGGESTION'],
    ['UPDATE stock SET left_over 1', 'PARSE_SYNTAX_ERROR'],
    ['UPDATE nothing SET a = 1', 'TABLE_OR_VIEW_NOT_FOUND'],
    ['DELETE stock', 'PARSE_SYNTAX_ERROR'],
    ['DELETE FROM stock WHERE colour = 1', 'UNRESOLVED_COLUMN.WITH_SUGGESTION'],
    ["UPDATE stock SET left_over = CAST('many' AS INT)", 'CAST_INVALID_INPUT'],
  ])('%s fails with %s and changes nothing', async (sql, errorClass) => {
    await fresh();
    const before = await stock();
    await expect(run(sql)).rejects.toMatchObject({ errorClass });
    expect(await stock()).toEqual(before);
  });

  it('keeps the old rows when a new one breaks a constraint', async () => {
    await fresh();
    const before = await stock();
    await expect(run('UPDATE stock SET item = NULL')).rejects.toThrow();
    expect(await stock()).toEqual(before);
  });

  it('refuses a view', async () => {
    await fresh();
    await run('CREATE OR REPLACE VIEW cheap AS SELECT * FROM stock WHERE price < 0.25');
    await expect(run('DELETE FROM cheap')).rejects.toMatchObject({
      errorClass: 'EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE',
    });
  });
});

describe('INSERT', () => {
  it('takes values from parameters, typed as they say', async () => {
    await fresh();
    const parameters = [
      { name: 'item', value: "hook's" },
      { name: 'left', value: '7', type: 'INT' },
      { name: 'price', value: null, type: 'DECIMAL(8,2)' },
    ];
    await engine.execute('INSERT INTO stock (item, left_over, price) VALUES (:item, :left, :price)', {
      ...NAMES,
      parameters,
    });
    expect(await stock()).toContainEqual(["hook's", '7', null]);
    await expect(run('INSERT INTO stock VALUES (:nobody, 1, 2)')).rejects.toMatchObject({
      errorClass: 'UNBOUND_SQL_PARAMETER',
    });
  });
});
