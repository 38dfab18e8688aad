import { describe, expect, it } from 'vitest';
import {
  defineScanCheck,
  lintInstructions,
  newLintFindings,
  scanSpace,
  SCAN_CHECKS,
} from '../../src/levers/index.ts';
import { applyPlan, applyPlanToCatalog, makePatch, planPatchSet } from '../../src/patch-dsl/index.ts';
import type { CatalogSnapshot, CatalogTable } from '../../src/ports/index.ts';
import { spaceSchema, type Space } from '../../src/spaces/index.ts';

const ORDERS = 'main.shop.orders';
const CUSTOMERS = 'main.shop.customers';
const KPIS = 'main.shop.sales_kpis';

const column = (name: string, type: string, comment: string | null) => ({ name, type, comment, tags: {} });

const table = (
  name: string,
  columns: CatalogTable['columns'],
  more: Partial<CatalogTable> = {},
): CatalogTable => ({
  name,
  kind: 'table',
  comment: `What ${name.split('.').at(-1)} hold.`,
  tags: {},
  columns,
  primaryKey: [],
  foreignKeys: [],
  definition: null,
  ...more,
});

const catalog: CatalogSnapshot = {
  tables: [
    table(
      ORDERS,
      [
        column('order_id', 'BIGINT', 'Number of the order.'),
        column('buyer_id', 'BIGINT', 'Who ordered.'),
        column('net_total', 'DECIMAL(12,2)', 'Price without tax, in EUR.'),
        column('gross_total', 'DECIMAL(12,2)', 'Price with tax, in EUR.'),
        column('status', 'STRING', 'A is active, C is cancelled.'),
      ],
      {
        primaryKey: ['order_id'],
        foreignKeys: [
          { columns: ['buyer_id'], referencedTable: CUSTOMERS, referencedColumns: ['customer_id'] },
        ],
      },
    ),
    table(
      CUSTOMERS,
      [
        column('customer_id', 'BIGINT', 'Number of the customer.'),
        column('region', 'STRING', 'Sales region.'),
      ],
      { primaryKey: ['customer_id'] },
    ),
    table(
      KPIS,
      [column('month', 'DATE', 'First day.'), column('revenue', 'DECIMAL(12,2)', 'Sum of prices.')],
      {
        kind: 'metric_view',
        comment: 'Monthly figures of the whole company.',
      },
    ),
  ],
  functions: [
    {
      name: 'main.shop.top_buyers',
      comment: '- PURPOSE: Ranks customers.\n- BEST FOR: best buyers\n- SYNTAX: SELECT * FROM top_buyers(10)',
      parameters: [{ name: 'n', type: 'INT', defaultValue: null, comment: 'How many.' }],
      returns: [{ name: 'customer_id', type: 'BIGINT' }],
      body: 'SELECT 1',
    },
  ],
};

const id = (n: number): string => n.toString(16).padStart(32, '0');
const example = (n: number, question: string, sql: string) => ({
  id: id(n),
  question: [question],
  sql: [sql],
});
const join = (n: number, left: string, right: string, predicate: string) => ({
  id: id(n),
  left: { identifier: left, alias: left.split('.').at(-1) ?? '' },
  right: { identifier: right, alias: right.split('.').at(-1) ?? '' },
  sql: [predicate, '--rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE--'],
});
const matched = (column_name: string) => ({
  column_name,
  enable_format_assistance: true,
  enable_entity_matching: true,
});

/** A space in which every check finds nothing. */
const cleanSpace = (): Space =>
  spaceSchema.parse({
    version: 2,
    config: { sample_questions: [{ id: id(1), question: ['How many orders are active?'] }] },
    data_sources: {
      tables: [
        { identifier: CUSTOMERS, column_configs: [matched('region')] },
        { identifier: ORDERS, column_configs: [matched('status')] },
      ],
      metric_views: [{ identifier: KPIS }],
    },
    instructions: {
      text_instructions: [
        {
          id: id(2),
          content: [
            'Amounts are in EUR.\n',
            'For monthly revenue use sales_kpis. Do not use it for single orders.\n',
            '"active" means orders.status = \'A\'.',
          ],
        },
      ],
      example_question_sqls: ['active', 'cancelled', 'large', 'small', 'recent'].map((word, at) =>
        example(10 + at, `How many ${word} orders?`, `SELECT count(order_id) AS ${word} FROM ${ORDERS}`),
      ),
      sql_functions: [{ id: id(20), identifier: 'main.shop.top_buyers' }],
      join_specs: [join(30, ORDERS, CUSTOMERS, '`orders`.`buyer_id` = `customers`.`customer_id`')],
    },
    benchmarks: {
      questions: Array.from({ length: 10 }, (_, at) => ({
        id: id(40 + at),
        question: [`Question ${at}?`],
        answer: [{ format: 'SQL', content: [`SELECT ${at}`] }],
      })),
    },
  });

type Draft = Space;

/** The clean space with one thing changed. */
function changed(change: (space: Draft) => unknown): Space {
  const space = cleanSpace();
  change(space);
  return spaceSchema.parse(space);
}

const tablesOf = (space: Draft) => space.data_sources?.tables ?? [];
const instructionsOf = (space: Draft) => space.instructions ?? {};
const addLine = (line: string) => (space: Draft) =>
  instructionsOf(space).text_instructions?.[0]?.content.push(`\n${line}`);

const PLANTED: readonly [check: string, change: (space: Draft) => unknown, catalog?: CatalogSnapshot][] = [
  ['invalid_space', (space) => tablesOf(space).push({ identifier: 'orders' })],
  ['missing_in_catalog', (space) => tablesOf(space).push({ identifier: 'main.shop.order' })],
  [
    'broken_examples',
    (space) =>
      instructionsOf(space).example_question_sqls?.push(
        example(15, 'What was refunded?', `SELECT refund_total FROM ${ORDERS}`),
      ),
  ],
  [
    'metric_view_joins',
    (space) =>
      instructionsOf(space).join_specs?.push(
        join(31, ORDERS, KPIS, '`orders`.`order_id` = `sales_kpis`.`month`'),
      ),
  ],
  ['conflicting_definitions', addLine("Active means status = 'O'.")],
  ['conflicting_routes', addLine('Never use sales_kpis.')],
  [
    'conflicting_examples',
    (space) =>
      instructionsOf(space).example_question_sqls?.push(
        example(16, 'How many active orders?', `SELECT count(*) FROM ${CUSTOMERS}`),
      ),
  ],
  [
    'conflicting_examples',
    (space) =>
      instructionsOf(space).example_question_sqls?.push(
        example(17, 'how many ACTIVE order', `select count(order_id) as active from ${ORDERS}`),
      ),
  ],
  [
    'synonym_against_instruction',
    (space) => {
      tablesOf(space)[1]?.column_configs?.unshift({ column_name: 'gross_total', synonyms: ['turnover'] });
      addLine('"Turnover" means orders.net_total.')(space);
    },
  ],
  [
    'duplicate_synonyms',
    (space) =>
      tablesOf(space)[1]?.column_configs?.unshift(
        { column_name: 'gross_total', synonyms: ['price'] },
        { column_name: 'net_total', synonyms: ['Prices'] },
      ),
  ],
  [
    'duplicate_synonyms',
    (space) =>
      tablesOf(space)[1]?.column_configs?.unshift({ column_name: 'gross_total', synonyms: ['net total'] }),
  ],
  ['missing_joins', (space) => (instructionsOf(space).join_specs = [])],
  [
    'hidden_joins',
    (space) => tablesOf(space)[1]?.column_configs?.unshift({ column_name: 'buyer_id', exclude: true }),
  ],
  [
    'missing_table_descriptions',
    () => undefined,
    {
      ...catalog,
      tables: catalog.tables.map((item) => (item.name === ORDERS ? { ...item, comment: null } : item)),
    },
  ],
  [
    'missing_column_descriptions',
    () => undefined,
    {
      ...catalog,
      tables: catalog.tables.map((item) =>
        item.name === ORDERS
          ? { ...item, columns: item.columns.map((one) => ({ ...one, comment: null })) }
          : item,
      ),
    },
  ],
  [
    'cryptic_columns',
    () => undefined,
    {
      ...catalog,
      tables: catalog.tables.map((item) =>
        item.name === ORDERS
          ? { ...item, columns: [...item.columns, column('o_dscnt', 'DOUBLE', 'Discount')] }
          : item,
      ),
    },
  ],
  [
    'undescribed_functions',
    () => undefined,
    { ...catalog, functions: catalog.functions.map((fn) => ({ ...fn, comment: null })) },
  ],
  [
    'competing_assets',
    (space) => tablesOf(space).push({ identifier: 'main.shop.orders_copy' }),
    {
      ...catalog,
      tables: [
        ...catalog.tables,
        ...catalog.tables
          .filter(({ name }) => name === ORDERS)
          .map((item) => ({ ...item, name: 'main.shop.orders_copy' })),
      ],
    },
  ],
  ['route_without_exclusion', addLine('For questions on buyers use top_buyers.')],
  ['unknown_names', addLine('The date of an order is orders.order_dat.')],
  ['sql_in_instruction', addLine(`For totals run SELECT sum(net_total) FROM ${ORDERS}.`)],
  ['repeated_instruction', addLine('"active" means orders.status = \'A\'.')],
  ['missing_examples', (space) => (instructionsOf(space).example_question_sqls = [])],
  ['missing_instruction', (space) => (instructionsOf(space).text_instructions = [])],
  [
    'unqualified_snippets',
    (space) =>
      (instructionsOf(space).sql_snippets = {
        filters: [{ id: id(60), display_name: 'live', sql: ["status = 'A'"] }],
      }),
  ],
  [
    'hidden_tables',
    (space) => {
      const orders = tablesOf(space)[1];
      if (orders !== undefined)
        orders.column_configs = ['order_id', 'buyer_id', 'net_total', 'gross_total', 'status'].map(
          (column_name) => ({
            column_name,
            exclude: true,
          }),
        );
    },
  ],
  [
    'limits_near',
    (space) => {
      space.benchmarks = {
        questions: Array.from({ length: 450 }, (_, at) => ({
          id: id(1000 + at),
          question: [`Question ${at}?`],
          answer: [{ format: 'SQL', content: [`SELECT ${at}`] }],
        })),
      };
    },
  ],
  ['unmatched_values', (space) => (tablesOf(space)[1] ?? { column_configs: [] }).column_configs?.splice(0)],
  ['few_benchmarks', (space) => (space.benchmarks = {})],
  ['no_sample_questions', (space) => (space.config = {})],
];

describe('scanning a space', () => {
  it('finds nothing in a space where nothing is wrong', async () => {
    expect((await scanSpace(cleanSpace(), { catalog })).findings).toEqual([]);
  });

  it.each(PLANTED)('finds %s where it was planted', async (check, change, known = catalog) => {
    const { findings } = await scanSpace(changed(change), { catalog: known });
    const found = findings.filter((finding) => finding.check === check);
    expect(found).not.toEqual([]);
    for (const { where, message, advice } of found) {
      expect(where.length).toBeGreaterThan(0);
      expect(message).not.toBe('');
      expect(advice).not.toBe('');
    }
  });

  it('has a planted case for every check', () => {
    expect(new Set(PLANTED.map(([check]) => check))).toEqual(new Set(SCAN_CHECKS.map((check) => check.id)));
  });

  it.each(PLANTED)(
    'offers for %s only patches that mend what they belong to',
    async (check, change, known = catalog) => {
      const space = changed(change);
      const { findings } = await scanSpace(space, { catalog: known });
      for (const finding of findings.filter((item) => item.check === check && item.patches.length > 0)) {
        const plan = planPatchSet({ space, catalog: known }, finding.patches, {
          maxObjects: null,
          maxPatches: null,
        });
        expect(plan).toMatchObject({ ok: true });
        const mended = plan.ok
          ? await scanSpace(applyPlan(space, plan.plan), { catalog: applyPlanToCatalog(known, plan.plan) })
          : null;
        expect(mended?.findings.map(({ message }) => message)).not.toContain(finding.message);
      }
    },
  );

  it('has ready patches for the defects that need no human to decide', async () => {
    const mendable = await Promise.all(
      PLANTED.map(async ([check, change, known = catalog]) => {
        const { findings } = await scanSpace(changed(change), { catalog: known });
        return findings.some((finding) => finding.check === check && finding.patches.length > 0)
          ? [check]
          : [];
      }),
    );
    expect([...new Set(mendable.flat())].sort()).toEqual([
      'conflicting_examples',
      'cryptic_columns',
      'duplicate_synonyms',
      'hidden_joins',
      'metric_view_joins',
      'missing_in_catalog',
      'missing_joins',
      'repeated_instruction',
      'synonym_against_instruction',
      'unmatched_values',
    ]);
  });

  it('puts the worst first and counts every severity', async () => {
    const space = changed((draft) => {
      addLine('Never use sales_kpis.')(draft);
      draft.config = {};
    });
    const report = await scanSpace(space, { catalog });
    expect(report.findings.map(({ severity }) => severity)).toEqual(['error', 'info']);
    expect(report.counts).toEqual({ error: 1, warning: 0, info: 1 });
    expect(report.checks).toEqual(SCAN_CHECKS.map((check) => check.id));
  });

  it('does not claim that objects are missing when it was given no catalog', async () => {
    const { findings } = await scanSpace(cleanSpace());
    const checks = findings.map(({ check }) => check);
    for (const check of ['missing_in_catalog', 'unknown_names', 'broken_examples', 'undescribed_functions'])
      expect(checks).not.toContain(check);
  });

  it('runs a check of one’s own beside the shipped ones', async () => {
    const shouting = defineScanCheck({
      id: 'shouting',
      severity: 'info',
      explains: 'An instruction in capitals.',
      find: ({ statements }) =>
        statements
          .filter(({ text }) => text === text.toUpperCase())
          .map(({ where }) => ({
            where: [where],
            message: 'Capitals.',
            advice: 'Write it in small letters.',
          })),
    });
    const { findings } = await scanSpace(changed(addLine('ALWAYS ROUND.')), {
      catalog,
      checks: [...SCAN_CHECKS, shouting],
    });
    expect(findings).toMatchObject([{ check: 'shouting', where: ['general instruction, line 4'] }]);
  });
});

describe('linting instructions', () => {
  it.each([
    ['two conditions that can both hold', "Active means orders.status = 'A' and customers.region = 'EU'."],
    ['a definition in other words', 'Active means that the order is running.'],
    ['a rule for some questions', 'Do not use top_buyers for monthly revenue; only sales_kpis has it.'],
    ['a dotted word that is no name', 'Use short labels, e.g.EU or example.com, in answers.'],
    ['a range', "An early order means orders.status = 'A' and orders.status = 'B'."],
  ])('finds nothing wrong in %s', (_, line) => {
    expect(lintInstructions(changed(addLine(line)), catalog)).toEqual([]);
  });

  it('sees that a snippet and an instruction give one word two meanings', () => {
    const space = changed((draft) => {
      instructionsOf(draft).sql_snippets = {
        filters: [{ id: id(60), display_name: 'active', sql: ["orders.status = 'X'"] }],
      };
    });
    expect(lintInstructions(space, catalog)).toMatchObject([
      { check: 'conflicting_definitions', where: ['general instruction, line 3', 'filters snippet active'] },
    ]);
  });

  it('tells what a change brings, not what was wrong before', () => {
    const before = changed(addLine('Never use sales_kpis.'));
    const plan = planPatchSet({ space: before, catalog }, [
      makePatch('add_instruction', { text: 'For questions on buyers use top_buyers.' }),
    ]);
    expect(plan).toMatchObject({ ok: true });
    const after = plan.ok ? applyPlan(before, plan.plan) : before;
    expect(newLintFindings(before, after, catalog)).toMatchObject([{ check: 'route_without_exclusion' }]);
  });
});
