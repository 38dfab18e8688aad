import { describe, expect, it } from 'vitest';
import { LeakDetector, makePatch, planPatchSet, validatePatchSet } from '../../src/patch-dsl/index.ts';
import type { PatchProblemCode, PatchType, ValidateOptions } from '../../src/patch-dsl/index.ts';
import { parseSpace, serializeSpace } from '../../src/spaces/index.ts';
import { ANYTHING_GOES, patchesOf, sampleOf, SNAPSHOT } from './sample-world.ts';

type Entry = readonly [PatchType, object];
const codes = (patches: readonly unknown[], options: ValidateOptions = {}) =>
  validatePatchSet(patches, SNAPSHOT, options).errors.map(({ code }) => code);
const orders = { table: 'main.sales.orders', column: 'o_totalprice' };

describe('validatePatchSet', () => {
  it('accepts the empty set', () => {
    expect(validatePatchSet([], SNAPSHOT)).toMatchObject({
      ok: true,
      errors: [],
      warnings: [],
      stats: { patches: 0, objects: [] },
    });
  });

  it.each<[PatchProblemCode, RegExp, readonly Entry[]]>([
    [
      'UNKNOWN_TARGET',
      /Did you mean 'main\.sales\.orders'\?/,
      [['add_description', { target: 'main.sales.order', text: 'x' }]],
    ],
    [
      'UNKNOWN_TARGET',
      /Did you mean 'o_totalprice'\?/,
      [['add_synonym', { ...orders, column: 'o_totalprise', synonym: 'x' }]],
    ],
    [
      'UNKNOWN_TARGET',
      /no measure/,
      [['update_mv_measure', { mv: 'daily_sales', measure_name: 'nope', set: { expr: 'COUNT(1)' } }]],
    ],
    [
      'UNKNOWN_TARGET',
      /holds no function/,
      [['update_tvf_comment', { function: 'main.sales.nope', comment: 'x' }]],
    ],
    [
      'UNKNOWN_TARGET',
      /is a table, not a metric view/,
      [['update_mv_yaml', { mv: 'main.sales.orders', new_yaml: 'x: 1' }]],
    ],
    [
      'TARGET_EXISTS',
      /Use the update type/,
      [['add_description', { target: 'main.sales.orders', text: 'x' }]],
    ],
    [
      'TARGET_EXISTS',
      /another measure called/,
      [['add_sql_snippet_measure', { display_name: 'revenue', sql: 'AVG(orders.o_totalprice)' }]],
    ],
    [
      'STALE_TEXT',
      /Quote it exactly|quote it exactly/,
      [['update_instruction', { old_text: 'Amounts are in EUR.', new_text: 'x' }]],
    ],
    [
      'TARGET_AMBIGUOUS',
      /contains "are" 2 times/,
      [['update_instruction', { old_text: 'are', new_text: 'were' }]],
    ],
    [
      'INVALID_SQL',
      /starts with WHERE/,
      [['add_default_filter', { target: 'orders', condition: 'WHERE o_clerk = 1' }]],
    ],
    [
      'INVALID_SQL',
      /semicolon/,
      [['add_default_filter', { target: 'orders', condition: '1 = 1; DROP TABLE x' }]],
    ],
    ['INVALID_SQL', /parentheses/, [['add_sql_snippet_measure', { display_name: 'x', sql: 'SUM(orders.a' }]]],
    [
      'INVALID_SQL',
      /does not use 'orders'/,
      [
        [
          'add_join',
          {
            join_spec: {
              left: { identifier: 'main.sales.orders' },
              right: { identifier: 'main.sales.nations' },
              sql: ['o_nationkey = n_nationkey', '--rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE--'],
            },
          },
        ],
      ],
    ],
    [
      'INVALID_YAML',
      /version must be/,
      [['update_mv_yaml', { mv: 'daily_sales', new_yaml: 'version: 1\nsource: a.b.c\n' }]],
    ],
    [
      'INVALID_YAML',
      /\$\$/,
      [['update_mv_yaml', { mv: 'daily_sales', new_yaml: 'version: "1.1"\nsource: a$$b\n' }]],
    ],
    [
      'GOVERNANCE_REMOVAL',
      /allowGovernanceRemoval/,
      [['remove_compliance_tag', { entity: 'table', table: 'customers', tag_key: 'retention' }]],
    ],
    [
      'STRING_TOO_LONG',
      /25001 characters/,
      [['add_column_description', { ...orders, text: 'x'.repeat(25_001) }]],
    ],
    ['INSTRUCTION_BUDGET', /4000/, [['add_instruction', { text: 'word '.repeat(900) }]]],
    ['SCHEMA', /either join_id, or left and right/, [['remove_join', { left: 'main.sales.orders' }]]],
    [
      'SCHEMA',
      /needs catalog, schema and name/,
      [['add_table', { asset: { identifier: 'sales.x', kind: 'table' } }]],
    ],
    ['SCHEMA', /Unrecognized key|unrecognized/i, [['add_synonym', { ...orders, synonym: 'x', surprise: 1 }]]],
    ['SCHEMA', /must not be blank/, [['add_synonym', { ...orders, synonym: '  ' }]]],
  ])('reports %s (%s)', (code, message, entries) => {
    const { ok, errors } = validatePatchSet(patchesOf(...entries), SNAPSHOT);
    expect(ok).toBe(false);
    expect(errors.map((error) => error.code)).toContain(code);
    expect(errors.find((error) => error.code === code)?.message).toMatch(message);
    expect(errors.find((error) => error.code === code)?.patchIds).toEqual(['P001']);
  });

  it('names the nearest type, and reports malformed patches by their place', () => {
    const { errors } = validatePatchSet(
      [{ ...sampleOf('add_synonym'), type: 'add_synonim' }, null, { id: 'X' }, 'text'],
      SNAPSHOT,
    );
    expect(errors.map(({ code }) => code)).toEqual(['UNKNOWN_TYPE', 'SCHEMA', 'SCHEMA', 'SCHEMA']);
    expect(errors[0]?.message).toContain("Did you mean 'add_synonym'?");
    expect(errors[1]?.message).toContain('index 1');
  });

  it('reports two patches with one id', () => {
    expect(codes([sampleOf('add_synonym', 'A'), sampleOf('hide_column', 'A')])).toEqual(['DUPLICATE_ID']);
  });

  it('drops an exact repetition with a warning', () => {
    const result = validatePatchSet([sampleOf('add_synonym', 'A'), sampleOf('add_synonym', 'B')], SNAPSHOT);
    expect(result.warnings.map(({ code, patchIds }) => [code, patchIds])).toEqual([
      ['DUPLICATE_PATCH', ['B']],
    ]);
    expect(result.stats.patches).toBe(1);
  });

  it('returns everything it finds at once', () => {
    const patches = [
      ...patchesOf(
        ['add_description', { target: 'nope.a.b', text: 'x' }],
        ['hide_column', { table: 'main.sales.orders', column: 'o_clerk' }],
        ['unhide_column', { table: 'main.sales.orders', column: 'o_clerk' }],
      ),
      { id: 'P009', type: 'nonsense' },
    ];
    expect(new Set(codes(patches, { maxPatches: 1 }))).toEqual(
      new Set(['UNKNOWN_TYPE', 'CONFLICT', 'SET_SIZE', 'UNKNOWN_TARGET']),
    );
  });

  it('counts containers, not columns, and allows five of them', () => {
    const hide = (table: string, column: string): Entry => ['hide_column', { table, column }];
    const five: Entry[] = [
      hide('main.sales.orders', 'o_comment'),
      hide('main.sales.orders', 'o_nationkey'),
      hide('main.sales.customers', 'c_phone'),
      hide('main.sales.nations', 'n_name'),
      hide('main.sales.old_orders', 'o_custkey'),
      ['add_instruction', { text: 'x' }],
    ];
    expect(codes(patchesOf(...five))).toEqual([]);
    expect(codes(patchesOf(...five, ['add_tvf', { function: 'main.sales.monthly_sales' }]))).toEqual([
      'BLAST_RADIUS',
    ]);
  });

  it('refuses what would take more slots than a space has', () => {
    const example_question_sqls = Array.from({ length: 100 }, (_, n) => ({
      id: (n + 1).toString(16).padStart(32, '0'),
      question: [`q${n}`],
      sql: ['SELECT 1'],
    }));
    const full = { ...SNAPSHOT, space: parseSpace({ version: 2, instructions: { example_question_sqls } }) };
    const result = validatePatchSet([sampleOf('add_example_sql')], full);
    expect(result.errors.map(({ code }) => code)).toEqual(['SLOT_LIMIT']);
  });

  it('warns of a lever that is not the target’s, and of patches without effect', () => {
    const patch = {
      ...makePatch('add_synonym', { table: 'main.sales.orders', column: 'o_orderstatus', synonym: 'STATE' }),
      lever: 6,
    };
    expect(validatePatchSet([patch], SNAPSHOT).warnings.map(({ code }) => code)).toEqual([
      'LEVER_MISMATCH',
      'NO_EFFECT',
    ]);
  });

  it('plans nothing for a rejected set and leaves the space as it was', () => {
    const before = serializeSpace(SNAPSHOT.space);
    const result = planPatchSet(
      SNAPSHOT,
      [sampleOf('add_synonym'), sampleOf('remove_compliance_tag', 'P002')],
      { maxObjects: 5 },
    );
    expect(result).toMatchObject({ ok: false, errors: [{ code: 'GOVERNANCE_REMOVAL' }] });
    expect(result).not.toHaveProperty('plan');
    expect(serializeSpace(SNAPSHOT.space)).toBe(before);
  });

  it('takes names with backticks and dots, emoji and right-to-left text, and keeps them', () => {
    const result = planPatchSet(
      SNAPSHOT,
      patchesOf([
        'add_synonym',
        { table: '`main`.sales.`Orders`', column: '`o_totalprice`', synonym: '💶 סכום' },
      ]),
      ANYTHING_GOES,
    );
    expect(result).toMatchObject({
      ok: true,
      plan: { touched: ['main.sales.orders', 'main.sales.orders.o_totalprice'] },
    });
    expect(JSON.stringify(result)).toContain('💶 סכום');
  });
});

describe('leaks', () => {
  const question = 'What was the total revenue per nation in the last quarter of 2025?';
  const sql =
    "SELECT n_name, SUM(o_totalprice) FROM main.sales.orders JOIN main.sales.nations ON o_nationkey = n_nationkey WHERE o_orderdate >= '2025-10-01' GROUP BY n_name";
  const forbiddenTexts = [question, { text: sql, label: 'the answer key of Q7' }];

  it.each<[string, Entry]>([
    ['the question itself', ['add_example_sql', { question, sql: 'SELECT 1' }]],
    [
      'the question with other case and punctuation',
      ['add_sample_question', { question: question.toUpperCase().replaceAll(' ', '  ') }],
    ],
    [
      'the question inside a longer text',
      ['add_instruction', { text: `When asked "${question}", use nations.` }],
    ],
    [
      'the question with a word changed',
      ['add_instruction', { text: 'What was the total revenue per nation in the last quarter of 2024?' }],
    ],
    ['the answer key', ['add_example_sql', { question: 'Sums by country', sql }]],
    [
      'the answer key reformatted',
      ['add_example_sql', { question: 'Sums by country', sql: sql.toLowerCase().replaceAll(' ', '\n') }],
    ],
  ])('finds %s', (_name, entry) => {
    const { errors } = validatePatchSet(patchesOf(entry), SNAPSHOT, { forbiddenTexts });
    expect(errors.map(({ code }) => code)).toEqual(['LEAK']);
    expect(errors[0]?.message).not.toContain('last quarter');
  });

  it.each<[string, Entry]>([
    ['a phrase that the question also uses', ['add_synonym', { ...orders, synonym: 'total revenue' }]],
    [
      'a join that the key also uses',
      [
        'add_join',
        {
          join_spec: {
            left: { identifier: 'main.sales.orders' },
            right: { identifier: 'main.sales.nations' },
            sql: ['orders.o_nationkey = nations.n_nationkey', '--rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE--'],
          },
        },
      ],
    ],
    [
      'a measure that the key also uses',
      ['add_sql_snippet_measure', { display_name: 'Total', sql: 'SUM(o_totalprice)' }],
    ],
    [
      'a rule',
      [
        'add_instruction',
        { text: 'Revenue per nation counts orders by the nation of the order, not of the customer.' },
      ],
    ],
  ])('lets pass %s', (_name, entry) => {
    expect(validatePatchSet(patchesOf(entry), SNAPSHOT, { forbiddenTexts }).errors).toEqual([]);
  });

  it('reads the rationale too', () => {
    expect(
      codes([{ ...sampleOf('hide_column'), rationale: `Answers: ${question}` }], { forbiddenTexts }),
    ).toEqual(['LEAK']);
  });

  it('finds short questions as a whole only', () => {
    const detector = new LeakDetector(['How many orders?', 'Sales']);
    expect(detector.find('how many orders')?.kind).toBe('equal');
    expect(detector.find('Asked how many orders there are, count them.')?.kind).toBe('contained');
    expect(detector.find('orders')).toBeNull();
    expect(detector.find('Sales')).toBeNull();
  });
});
