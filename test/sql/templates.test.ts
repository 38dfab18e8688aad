import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  resolveSql,
  templateVariables,
  templatizeSql,
  UnresolvedTemplateError,
} from '../../src/sql/index.ts';

const VARIABLES = { catalog: 'prod', gold_schema: 'gold' };

describe('resolveSql', () => {
  it.each<[sql: string, resolved: string]>([
    ['SELECT 1 FROM ${catalog}.${gold_schema}.t', 'SELECT 1 FROM prod.gold.t'],
    ['SELECT 1 FROM ${catalog}.${schema}.t', 'SELECT 1 FROM prod.gold.t'],
    ['SELECT 1 FROM `${catalog}`.${ gold_schema }.t', 'SELECT 1 FROM `prod`.gold.t'],
    ["SELECT '${catalog}'", "SELECT 'prod'"],
    ['SELECT 1', 'SELECT 1'],
  ])('turns %s into %s', (sql, resolved) => {
    expect(resolveSql(sql, VARIABLES)).toBe(resolved);
  });

  it('takes any variable, and prefers a value of its own for schema', () => {
    expect(resolveSql('${ml_schema}.${schema}', { ...VARIABLES, ml_schema: 'ml', schema: 'silver' })).toBe(
      'ml.silver',
    );
  });

  it('inserts values with $ signs as they are', () => {
    expect(resolveSql('${a}', { a: "$&$'" })).toBe("$&$'");
  });

  it.each([
    ['${unknown}', {}, 'unknown'],
    ['${catalog}', { catalog: '' }, 'catalog'],
    ['${schema}', { catalog: 'c' }, 'schema'],
    ['${toString}', {}, 'toString'],
    ['${}', VARIABLES, ''],
  ])('refuses %s with %j', (sql, variables, variable) => {
    expect(() => resolveSql(sql, variables)).toThrowError(
      expect.objectContaining({
        code: 'UNRESOLVED_TEMPLATE',
        details: { variable, known: Object.keys(variables) },
      }),
    );
  });

  it('names the variable, the near one and the known ones', () => {
    expect(() => resolveSql('${catalgo}.t', VARIABLES)).toThrowError(UnresolvedTemplateError);
    expect(() => resolveSql('${catalgo}.t', VARIABLES)).toThrowError(
      /\$\{catalgo\}.*\$\{catalog\}.*catalog, gold_schema/,
    );
  });
});

describe('templateVariables', () => {
  it('lists each variable once, in order', () => {
    expect(templateVariables('${b}.${a} ${b}')).toEqual(['b', 'a']);
  });
});

describe('templatizeSql', () => {
  it.each<[sql: string, templated: string]>([
    ['SELECT 1 FROM prod.gold.orders', 'SELECT 1 FROM ${catalog}.${gold_schema}.orders'],
    ['SELECT 1 FROM `prod`.`gold`.orders', 'SELECT 1 FROM `${catalog}`.`${gold_schema}`.orders'],
    ['SELECT 1 FROM gold.orders', 'SELECT 1 FROM ${gold_schema}.orders'],
    [
      'SELECT prod.gold.orders.id FROM prod.gold.orders',
      'SELECT ${catalog}.${gold_schema}.orders.id FROM ${catalog}.${gold_schema}.orders',
    ],
    ['SELECT * FROM prod.gold.top(1)', 'SELECT * FROM ${catalog}.${gold_schema}.top(1)'],
    [
      "SELECT 'prod.gold.t' AS gold FROM prod.gold.t",
      "SELECT 'prod.gold.t' AS gold FROM ${catalog}.${gold_schema}.t",
    ],
    [
      'SELECT gold.x FROM prod.gold.gold_sales gold',
      'SELECT gold.x FROM ${catalog}.${gold_schema}.gold_sales gold',
    ],
    ['SELECT 1 FROM prod2.goldfish.gold', 'SELECT 1 FROM prod2.goldfish.gold'],
    [
      'SELECT 1 -- FROM prod.gold.t\nFROM prod.gold.t',
      'SELECT 1 -- FROM prod.gold.t\nFROM ${catalog}.${gold_schema}.t',
    ],
  ])('turns %s into %s', (sql, templated) => {
    expect(templatizeSql(sql, VARIABLES)).toBe(templated);
  });

  it('tells catalog and schema apart when both have the same value', () => {
    const variables = { catalog: 'main', gold_schema: 'main' };
    expect(templatizeSql('SELECT 1 FROM main.main.main', variables)).toBe(
      'SELECT 1 FROM ${catalog}.${gold_schema}.main',
    );
  });

  it('is undone by resolveSql', () => {
    const name = fc.constantFrom('prod', 'gold', 'orders', '`prod`', 'x');
    const chain = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(chain, chain, (table, other) => {
        const sql = `SELECT ${other}, 'prod' FROM ${table} JOIN ${other} gold ON 1 = 1 WHERE gold.x = 2`;
        expect(resolveSql(templatizeSql(sql, VARIABLES), VARIABLES)).toBe(sql);
      }),
    );
  });
});
