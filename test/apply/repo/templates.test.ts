import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileTemplates } from '../../../src/apply/index.ts';

const VARIABLES = { catalog: 'main', gold_schema: 'gold', mart_schema: 'gold_sales', home: 'lake.raw' };
const ALL_USED = '${catalog} ${gold_schema} ${mart_schema} ${home}';

const written = (live: string, fileText = ALL_USED, kind: 'text' | 'sql' = 'text'): string =>
  new FileTemplates(fileText, VARIABLES).write(live, undefined, kind);

describe('putting placeholders in place of live names', () => {
  it.each([
    ['main.gold.orders', '${catalog}.${gold_schema}.orders'],
    ['`main`.`gold`.`orders`', '`${catalog}`.`${gold_schema}`.`orders`'],
    ['main.gold_sales.orders', '${catalog}.${mart_schema}.orders'],
    ['lake.raw.events', '${home}.events'],
    ['All tables of main.gold are daily.', 'All tables of ${catalog}.${gold_schema} are daily.'],
    ['See main.gold.orders.', 'See ${catalog}.${gold_schema}.orders.'],
    ['main.gold.orders.amount', '${catalog}.${gold_schema}.orders.amount'],
    ['main.other.orders', '${catalog}.other.orders'],
  ])('%s', (live, expected) => expect(written(live)).toBe(expected));

  it.each([
    'Ask the main office about gold customers.',
    'golden.rule.gold',
    'maintenance.gold.x',
    'main.py',
    'gold.orders',
    'Main.Gold.Orders',
    'https://main.gold.orders',
    'my-main.gold.orders',
    'x_main.gold.orders',
    'o.gold.amount',
  ])('leaves %s alone', (text) => expect(written(text)).toBe(text));

  it('knows a schema in front of a table from an alias in front of a column, in a statement', () => {
    const sql = 'SELECT gold.amount, x.main FROM gold.orders AS x JOIN main.gold.items AS gold';
    expect(written(sql, ALL_USED, 'sql')).toBe(
      'SELECT gold.amount, x.main FROM ${gold_schema}.orders AS x JOIN ${catalog}.${gold_schema}.items AS gold',
    );
  });

  it('gives a file only the placeholders that it has, in its own spelling', () => {
    expect(written('main.gold.orders', 'no placeholder')).toBe('main.gold.orders');
    expect(written('main.gold.orders', 'main.${gold_schema}.x')).toBe('main.${gold_schema}.orders');
    expect(written('main.gold.orders', '${var.catalog}.${schema}.x')).toBe('${var.catalog}.${schema}.orders');
  });

  it('keeps what the file spells out, or has as a placeholder, where nothing changes', () => {
    const templates = new FileTemplates(ALL_USED, VARIABLES);
    const old = 'gold: ${gold_schema}.orders and main.gold.items';
    expect(templates.write('gold: gold.orders and main.gold.items, main.gold.new', old)).toBe(
      'gold: ${gold_schema}.orders and main.gold.items, ${catalog}.${gold_schema}.new',
    );
  });

  it('refuses a live text that holds a placeholder, which the file would resolve', () => {
    expect(() => written('write ${catalog} here')).toThrow(/literally/);
    expect(written('write ${nobody_knows} here')).toBe('write ${nobody_knows} here');
  });
});

const name = fc.constantFrom(
  'main',
  'gold',
  'gold_sales',
  'lake',
  'raw',
  'orders',
  'Main',
  'maingold',
  '`my-x`',
  '`gold`',
);
const chain = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
const noise = fc.constantFrom(
  ' ',
  '. ',
  ', ',
  '\n',
  "'",
  '(',
  ')',
  ' FROM ',
  ' SELECT ',
  '-',
  '/',
  '$',
  '{',
  '}',
  '`',
  ' AS ',
  '…',
  ';',
);
const text = fc.array(fc.oneof(chain, noise), { maxLength: 14 }).map((parts) => parts.join(''));
const kind = fc.constantFrom('text' as const, 'sql' as const);

describe('for any text', () => {
  const templates = new FileTemplates(ALL_USED, VARIABLES);

  it('resolving what was written gives the live text', () => {
    fc.assert(
      fc.property(text, kind, (live, as) => {
        expect(templates.resolve(templates.write(live, undefined, as))).toBe(live);
      }),
    );
  });

  it('the same holds when something was there before', () => {
    fc.assert(
      fc.property(text, text, kind, (old, live, as) => {
        expect(templates.resolve(templates.write(live, templates.write(old), as))).toBe(live);
      }),
    );
  });

  it('writing another text and the old one again gives the old file', () => {
    fc.assert(
      fc.property(text, text, (old, live) => {
        const file = templates.write(old);
        expect(templates.write(old, templates.write(live, file))).toBe(file);
      }),
    );
  });
});
