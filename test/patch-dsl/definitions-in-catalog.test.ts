import { describe, expect, it } from 'vitest';
import {
  createFunctionSql,
  metricViewProblem,
  parseComment,
  parseCreateFunction,
  planPatchSet,
  renderComment,
} from '../../src/patch-dsl/index.ts';
import type { PatchPlan, PatchType, ValidateOptions } from '../../src/patch-dsl/index.ts';
import { ANYTHING_GOES, CATALOG, METRIC_VIEW_YAML, patchesOf, SNAPSHOT } from './sample-world.ts';

const mv = 'main.sales.daily_sales';

const planOf = (
  entries: readonly (readonly [PatchType, object])[],
  options: ValidateOptions = {},
): PatchPlan => {
  const result = planPatchSet(SNAPSHOT, patchesOf(...entries), { ...ANYTHING_GOES, ...options });
  if (!result.ok) throw new TypeError(result.errors.map(({ message }) => message).join('\n'));
  return result.plan;
};
const sqlOf = (type: PatchType, payload: object, options: ValidateOptions = {}) =>
  planOf([[type, payload]], options).statements.map(({ sql }) => sql);
const yamlOf = (...entries: readonly (readonly [PatchType, object])[]) =>
  /\$\$\n([\s\S]*)\$\$/.exec(planOf(entries).statements.at(-1)?.sql ?? '')?.[1];

/** Lines of `after` that `before` does not have, and the other way round. */
const lineDiff = (before: string, after: string) => ({
  added: after.split('\n').filter((line) => !before.split('\n').includes(line)),
  removed: before.split('\n').filter((line) => !after.split('\n').includes(line)),
});

describe('edits of a metric view', () => {
  it.each<[string, PatchType, object, { added: string[]; removed: string[] }]>([
    [
      'adds a measure behind the last one',
      'add_mv_measure',
      {
        mv,
        measure: {
          name: 'orders',
          expr: 'COUNT(DISTINCT o_orderkey)',
          comment: 'Number: all.',
          synonyms: ['n'],
        },
      },
      {
        added: [
          '  - name: orders',
          '    expr: COUNT(DISTINCT o_orderkey)',
          '    comment: "Number: all."',
          '    synonyms: ["n"]',
        ],
        removed: [],
      },
    ],
    [
      'adds a dimension and keeps the blank lines',
      'add_mv_dimension',
      { mv, dimension: { name: 'd', expr: 'x' } },
      { added: ['  - name: d', '    expr: x'], removed: [] },
    ],
    [
      'changes one value and keeps the comment beside another',
      'update_mv_measure',
      { mv, measure_name: 'Revenue', set: { expr: 'SUM(x)' } },
      { added: ['    expr: SUM(x)'], removed: ['    expr: SUM(o_totalprice)'] },
    ],
    [
      'replaces a list',
      'update_mv_measure',
      { mv, measure_name: 'revenue', set: { synonyms: ['a'] } },
      { added: ['      ["a"]'], removed: ['      - sales', '      - turnover'] },
    ],
    [
      'replaces a block text',
      'update_mv_measure',
      { mv, measure_name: 'net_revenue', set: { expr: 'SUM(1)' } },
      { added: ['    expr: SUM(1)'], removed: ['    expr: |', '      SUM(o_totalprice * (1 - o_discount))'] },
    ],
    [
      'adds a key that was not there',
      'update_mv_measure',
      { mv, measure_name: 'net_revenue', set: { comment: 'Net.' } },
      { added: ['    comment: Net.'], removed: [] },
    ],
    [
      'removes a dimension, not the comment above it',
      'remove_mv_dimension',
      { mv, dimension_name: 'order_month' },
      { added: [], removed: ['  - name: order_month', `    expr: "date_trunc('MONTH', o_orderdate)"`] },
    ],
  ])('%s', (_name, type, payload, expected) => {
    const yaml = yamlOf([type, payload]) ?? '';
    expect(lineDiff(METRIC_VIEW_YAML, yaml)).toEqual(expected);
    expect(metricViewProblem(yaml)).toBeNull();
  });

  it('keeps earlier edits of one set, and undoes all of them in reverse', () => {
    const plan = planOf([
      ['add_mv_measure', { mv, measure: { name: 'a', expr: 'COUNT(1)' } }],
      ['add_mv_measure', { mv, measure: { name: 'b', expr: 'COUNT(2)' } }],
      ['update_mv_measure', { mv, measure_name: 'revenue', set: { name: 'sales_total', comment: 'x' } }],
    ]);
    expect(plan.statements).toHaveLength(3);
    expect(plan.statements[0]?.inverse_sql).toContain(METRIC_VIEW_YAML);
    expect(plan.statements[2]?.sql).toMatch(/name: a\n[\s\S]*name: b\n/);
    expect(plan.statements[2]?.sql).toContain('- name: sales_total     # the one everybody asks for');
  });

  it('replaces the view in place, so that grants stay', () => {
    expect(sqlOf('remove_mv_measure', { mv, measure_name: 'net_revenue' })[0]).toMatch(
      /^ALTER VIEW `main`\.`sales`\.`daily_sales` AS \$\$\nversion/,
    );
  });

  it.each([
    ['anchors', 'version: "1.1"\nsource: &s a.b.c\nmeasures:\n  - name: m\n    expr: x\n'],
    ['merge keys', 'version: "1.1"\nsource: a.b.c\nmeasures:\n  - <<: {name: m}\n    expr: x\n'],
    ['dollar quotes', 'version: "1.1"\nsource: a$$b\n'],
    ['broken YAML', 'version: "1.1\n'],
    ['a list at the top', '- a\n'],
  ])('refuses %s instead of guessing', (_name, definition) => {
    const tables = CATALOG.tables.map((table) => (table.name === mv ? { ...table, definition } : table));
    const result = planPatchSet(
      { ...SNAPSHOT, catalog: { ...CATALOG, tables } },
      patchesOf(['add_mv_measure', { mv, measure: { name: 'n', expr: 'x' } }]),
    );
    expect(result).toMatchObject({ ok: false, errors: [{ code: 'INVALID_YAML' }] });
  });

  it.each([
    'version: 0.1\nsource: a.b.c\nmeasures: [{name: m, expr: x}]\n',
    'version: "0.1"\nsource: a.b.c\n',
  ])('refuses keys that version 0.1 does not know (%#)', (definition) => {
    const tables = CATALOG.tables.map((table) => (table.name === mv ? { ...table, definition } : table));
    const result = planPatchSet(
      { ...SNAPSHOT, catalog: { ...CATALOG, tables } },
      patchesOf(['add_mv_measure', { mv, measure: { name: 'n', expr: 'x', comment: 'c' } }]),
    );
    expect(result).toMatchObject({ ok: false, errors: [{ code: 'INVALID_YAML' }] });
  });

  it('makes a list that was missing', () => {
    const tables = CATALOG.tables.map((table) =>
      table.name === mv ? { ...table, definition: 'version: "0.1"\nsource: a.b.c' } : table,
    );
    const result = planPatchSet(
      { ...SNAPSHOT, catalog: { ...CATALOG, tables } },
      patchesOf(['add_mv_measure', { mv, measure: { name: 'n', expr: 'x' } }]),
    );
    expect(result).toMatchObject({
      ok: true,
      plan: {
        statements: [
          { sql: expect.stringContaining('source: a.b.c\nmeasures:\n  - name: n\n    expr: x\n$$') },
        ],
      },
    });
  });
});

describe('comments and tags', () => {
  const text = `O'Brien\\ said:\n"hi" 🙂`;
  const literal = String.raw`'O\'Brien\\ said:\n"hi" 🙂'`;

  it('keeps descriptions in the space unless Unity Catalog is asked for', () => {
    expect(sqlOf('update_description', { target: 'orders', new_text: 'x' })).toEqual([]);
    const plan = planOf([['update_description', { target: 'orders', new_text: 'x' }]], {
      descriptionsIn: 'both',
    });
    expect(plan.statements.map(({ sql }) => sql)).toEqual([
      "COMMENT ON TABLE `main`.`sales`.`orders` IS 'x'",
    ]);
    expect(plan.diff).toHaveLength(1);
  });

  it('escapes quotes, backslashes and line feeds, and clears what was empty before', () => {
    const plan = planOf([['add_column_description', { table: 'orders', column: 'o_totalprice', text }]], {
      descriptionsIn: 'catalog',
    });
    expect(plan.statements).toMatchObject([
      {
        sql: `ALTER TABLE \`main\`.\`sales\`.\`orders\` ALTER COLUMN \`o_totalprice\` COMMENT ${literal}`,
        inverse_sql: "ALTER TABLE `main`.`sales`.`orders` ALTER COLUMN `o_totalprice` COMMENT ''",
      },
    ]);
    expect(plan.diff).toEqual([]);
  });

  it('never alters a metric view as a table: its column comments go into the YAML', () => {
    const sql = sqlOf(
      'update_column_description',
      { table: mv, column: 'revenue', new_text: 'All sales.' },
      { descriptionsIn: 'catalog' },
    );
    expect(sql).toHaveLength(1);
    expect(sql[0]).toMatch(/^ALTER VIEW .*AS \$\$[\s\S]*comment: All sales\./);
    expect(sql[0]).not.toContain('ALTER TABLE');
  });

  it('replaces a description whole when no passage is quoted, neither appending nor prepending', () => {
    const plan = planOf([
      [
        'update_column_description',
        { table: 'orders', column: 'o_orderstatus', old_text: '', new_text: 'New.' },
      ],
    ]);
    expect(plan.diff).toMatchObject([{ kind: 'changed', before: ['One letter.'], after: ['New.'] }]);
  });

  it('restores the value that a tag had', () => {
    const tag = { entity: 'table', table: 'customers', tag_key: 'retention', tag_value: '1y' };
    expect(planOf([['add_compliance_tag', tag]]).statements).toMatchObject([
      {
        sql: "ALTER TABLE `main`.`sales`.`customers` SET TAGS ('retention' = '1y')",
        inverse_sql: "ALTER TABLE `main`.`sales`.`customers` SET TAGS ('retention' = '10y')",
      },
    ]);
    expect(planOf([['add_compliance_tag', { ...tag, tag_key: 'new' }]]).statements[0]?.inverse_sql).toBe(
      "ALTER TABLE `main`.`sales`.`customers` UNSET TAGS ('new')",
    );
  });
});

describe('functions', () => {
  const top = CATALOG.functions[0]!;

  it('are written and read back alike', () => {
    for (const fn of CATALOG.functions) expect(parseCreateFunction(createFunctionSql(fn))).toEqual(fn);
  });

  it('keep quotes, line feeds and defaults with commas', () => {
    const odd = {
      ...top,
      comment: "It's\n\\ odd",
      parameters: [
        {
          name: 'a b',
          type: 'ARRAY<STRUCT<X: INT, Y: STRING>>',
          defaultValue: "array(1, 2, ')')",
          comment: "o'c",
        },
        { name: 'c', type: 'DECIMAL(12,2)', defaultValue: 'NULL', comment: null },
      ],
    };
    expect(parseCreateFunction(createFunctionSql(odd))).toEqual(odd);
  });

  it.each([
    ['SELECT 1', /CREATE/],
    ['CREATE FUNCTION a.b(x INT) RETURNS TABLE (y INT) RETURN SELECT 1', /three parts/],
    ['CREATE FUNCTION a.b.c(x INT RETURNS TABLE (y INT) RETURN SELECT 1', /not closed/],
    ['CREATE FUNCTION a.b.c(x INT) RETURNS INT RETURN 1', /table-valued/],
    ['CREATE FUNCTION a.b.c() RETURNS TABLE (y INT) RETURN ;', /query are missing/],
  ])('refuses %s', (sql, problem) => {
    expect(parseCreateFunction(sql)).toMatchObject({ problem: expect.stringMatching(problem) });
  });

  it('are replaced whole when only a section of the comment changes', () => {
    const plan = planOf([
      [
        'update_tvf_comment',
        { function: 'top_customers', sections: { not_for: 'One nation.', best_for: '' } },
      ],
    ]);
    const [statement] = plan.statements;
    expect(statement?.sql).toContain(
      String.raw`COMMENT '- PURPOSE: Customers by value.\n- NOT FOR: One nation.'`,
    );
    expect(statement?.sql).toContain(`RETURN ${top.body}`);
    expect(parseCreateFunction(statement?.inverse_sql ?? '')).toEqual(top);
  });

  it('do not lose a parameter that the body still uses', () => {
    const result = planPatchSet(
      SNAPSHOT,
      patchesOf(['remove_tvf_parameter', { function: 'top_customers', param_name: 'min_total' }]),
    );
    expect(result).toMatchObject({ ok: false, errors: [{ code: 'INVALID_SQL' }] });
  });

  it('get no parameter without default behind one with a default', () => {
    const result = planPatchSet(
      SNAPSHOT,
      patchesOf(['add_tvf_parameter', { function: 'top_customers', param: { name: 'x', type: 'INT' } }]),
    );
    expect(result).toMatchObject({ ok: false, errors: [{ code: 'INVALID_SQL' }] });
  });

  it('that do not exist are made, and dropped again on revert', () => {
    const create_sql = 'CREATE FUNCTION main.sales.fresh() RETURNS TABLE (x INT) RETURN SELECT 1 AS x';
    const plan = planOf([['add_tvf', { function: 'main.sales.fresh', create_sql }]]);
    expect(plan.statements).toMatchObject([
      { sql: create_sql, inverse_sql: 'DROP FUNCTION IF EXISTS `main`.`sales`.`fresh`' },
    ]);
    expect(plan.patches[0]?.risk).toBe('high');
    expect(plan.diff).toMatchObject([{ kind: 'added', what: 'function' }]);
  });
});

describe('structured comments', () => {
  const comment = 'Free text first.\n• PURPOSE: Top list.\n• BEST FOR: a | b\n  continued\n• NOTE: end';

  it('are read into sections, with what stands before them kept', () => {
    expect(parseComment(comment)).toEqual({
      preamble: 'Free text first.',
      bullet: '• ',
      sections: { purpose: 'Top list.', best_for: 'a | b\n  continued', note: 'end' },
    });
  });

  it.each([comment, '', 'plain', 'NOTE: late\nPURPOSE: early', '- purpose: lower case'])(
    'are written alike from then on: %j',
    (text) => {
      const once = renderComment(parseComment(text));
      expect(renderComment(parseComment(once))).toBe(once);
    },
  );
});
