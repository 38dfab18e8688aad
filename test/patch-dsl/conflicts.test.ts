import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/index.ts';
import {
  applyPlan,
  applyPlanToCatalog,
  CONFLICT_RULES,
  EXTENDED_CONFLICT_RULES,
  findConflicts,
  makePatch,
  planPatchSet,
  validatePatchSet,
} from '../../src/patch-dsl/index.ts';
import type { Patch, PatchType, PlanResult, Snapshot } from '../../src/patch-dsl/index.ts';
import { serializeSpace } from '../../src/spaces/index.ts';
import { ANYTHING_GOES, patchesOf, SNAPSHOT } from './sample-world.ts';

type Entry = readonly [PatchType, object];
const col = (column: string) => ({ table: 'main.sales.orders', column });
const join = (right: string) => ({
  join_spec: {
    left: { identifier: 'main.sales.orders' },
    right: { identifier: `main.sales.${right}` },
    sql: [`orders.o_custkey = ${right}.id`, '--rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE--'],
  },
});
const filter = (condition: string) => ({ target: 'main.sales.orders', condition });
const param = (name: string) => ({ function: 'main.sales.top_customers', param: { name, type: 'INT' } });
const mv = 'main.sales.daily_sales';
const member = (name: string) => ({ name, expr: 'COUNT(1)' });
const tag = (tag_key: string) => ({ entity: 'table', table: 'main.sales.orders', tag_key, tag_value: 'x' });

/** Per rule: two patches on one object, and the second one again on another object. */
const PAIRS: Readonly<Record<number, readonly [Entry, Entry, Entry]>> = {
  1: [
    ['add_table', { asset: { identifier: 'main.sales.nations', kind: 'table' } }],
    ['remove_table', { target: 'main.sales.nations' }],
    ['remove_table', { target: 'main.sales.old_orders' }],
  ],
  2: [
    ['add_synonym', { ...col('o_totalprice'), synonym: 'a' }],
    ['remove_synonym', { ...col('o_totalprice'), synonym: 'a' }],
    ['remove_synonym', { ...col('o_clerk'), synonym: 'b' }],
  ],
  3: [
    ['add_instruction', { text: 'Same.' }],
    ['remove_instruction', { old_text: 'Same.' }],
    ['remove_instruction', { old_text: 'Other.' }],
  ],
  4: [
    ['add_instruction', { text: 'Same.' }],
    ['update_instruction', { old_text: 'Same.', new_text: 'New.' }],
    ['update_instruction', { old_text: 'Other.', new_text: 'New.' }],
  ],
  5: [
    ['update_instruction', { old_text: 'Same.', new_text: 'New.' }],
    ['remove_instruction', { old_text: 'Same.' }],
    ['remove_instruction', { old_text: 'Other.' }],
  ],
  6: [
    ['add_join', join('nations')],
    ['remove_join', { left: 'main.sales.nations', right: 'main.sales.orders' }],
    ['remove_join', { left: 'main.sales.customers', right: 'main.sales.orders' }],
  ],
  7: [
    ['add_default_filter', filter('a = 1')],
    ['remove_default_filter', filter('A  =  1')],
    ['remove_default_filter', filter('a = 2')],
  ],
  8: [
    ['add_tvf_parameter', param('p')],
    ['remove_tvf_parameter', { function: 'main.sales.top_customers', param_name: 'P' }],
    ['remove_tvf_parameter', { function: 'main.sales.top_customers', param_name: 'q' }],
  ],
  9: [
    ['add_tvf', { function: 'main.sales.f' }],
    ['remove_tvf', { function: 'MAIN.sales.`f`' }],
    ['remove_tvf', { function: 'main.sales.g' }],
  ],
  10: [
    ['add_mv_measure', { mv, measure: member('m') }],
    ['remove_mv_measure', { mv, measure_name: 'm' }],
    ['remove_mv_measure', { mv, measure_name: 'n' }],
  ],
  11: [
    ['add_mv_dimension', { mv, dimension: member('m') }],
    ['remove_mv_dimension', { mv, dimension_name: 'm' }],
    ['remove_mv_dimension', { mv, dimension_name: 'n' }],
  ],
  12: [
    ['add_compliance_tag', tag('k')],
    ['remove_compliance_tag', tag('k')],
    ['remove_compliance_tag', tag('l')],
  ],
  13: [
    ['hide_column', col('o_clerk')],
    ['unhide_column', col('`O_CLERK`')],
    ['unhide_column', col('o_comment')],
  ],
  14: [
    ['add_column_description', { ...col('o_clerk'), text: 'a' }],
    ['update_column_description', { ...col('o_clerk'), new_text: 'b' }],
    ['update_column_description', { ...col('o_comment'), new_text: 'b' }],
  ],
  15: [
    ['add_description', { target: 'main.sales.orders', text: 'a' }],
    ['update_description', { target: 'main.sales.orders', new_text: 'b' }],
    ['update_description', { target: 'main.sales.nations', new_text: 'b' }],
  ],
  16: [
    ['update_mv_measure', { mv, measure_name: 'm', set: { expr: 'COUNT(2)' } }],
    ['remove_mv_measure', { mv, measure_name: 'm' }],
    ['remove_mv_measure', { mv, measure_name: 'n' }],
  ],
};

it('has exactly sixteen pairs, fifteen of them between core types', () => {
  expect(CONFLICT_RULES.map(({ number }) => number)).toEqual(Object.keys(PAIRS).map(Number));
  expect(CONFLICT_RULES.filter(({ first }) => first.includes('compliance'))).toHaveLength(1);
  expect(new Set([...CONFLICT_RULES, ...EXTENDED_CONFLICT_RULES].map(({ number }) => number)).size).toBe(
    CONFLICT_RULES.length + EXTENDED_CONFLICT_RULES.length,
  );
});

describe.each(CONFLICT_RULES)('rule $number: $first × $second', ({ number, first, second }) => {
  const [a, b, elsewhere] = PAIRS[number]!;

  it.each([
    ['as listed', [a, b]],
    ['reversed', [b, a]],
  ] as const)('is reported on one object, %s, in both modes', (_name, entries) => {
    const patches = patchesOf(...entries);
    expect(new Set(patches.map(({ type }) => type))).toEqual(new Set([first, second]));
    for (const parity of ['strict', 'extended'] as const) {
      const found = findConflicts(patches, { parity }).filter(({ severity }) => severity === 'error');
      expect(found.map((conflict) => [conflict.rule, conflict.patchIds.toSorted()])).toEqual([
        [number, ['P001', 'P002']],
      ]);
    }
  });

  it.each([
    ['as listed', [a, elsewhere]],
    ['reversed', [elsewhere, a]],
  ] as const)('is not reported on two objects, %s', (_name, entries) => {
    expect(findConflicts(patchesOf(...entries))).toEqual([]);
  });
});

describe.each(CONFLICT_RULES)('rule $number: $first × $second', ({ number }) => {
  it('has a witness: in some state the order shows, or one order cannot be planned', () => {
    const [a, b] = PAIRS[number]!;
    expect(orderMatters(a, b)).toBe(true);
  });
});

function orderMatters(a: Entry, b: Entry): boolean {
  const [there, back] = [runInOrder([a, b]), runInOrder([b, a])];
  return there === null || back === null || there !== back;
}

/** The state after one patch after the other, as text; `null` when one of them has no plan where it stands. */
function runInOrder(entries: readonly Entry[]): string | null {
  let state: Snapshot = SNAPSHOT;
  for (const patch of patchesOf(...entries)) {
    const result: PlanResult = planPatchSet(state, [patch], ANYTHING_GOES);
    if (!result.ok) return null;
    const space = applyPlan(state.space, result.plan);
    state = { space, catalog: applyPlanToCatalog(state.catalog, result.plan) };
  }
  return `${serializeSpace(state.space)} ${canonicalJson(state.catalog)}`;
}

describe('rules beyond the sixteen', () => {
  it.each<[string, number | null, Entry, Entry]>([
    [
      'a table is removed that another patch edits',
      17,
      ['remove_table', { target: 'main.sales.orders' }],
      ['add_synonym', { ...col('o_clerk'), synonym: 'x' }],
    ],
    [
      'a table is removed that a new join needs',
      null,
      ['remove_table', { target: 'main.sales.nations' }],
      ['add_join', join('nations')],
    ],
    [
      'a function is removed that another patch edits',
      18,
      ['remove_tvf', { function: 'main.sales.top_customers' }],
      ['add_tvf_parameter', param('p')],
    ],
    [
      'a whole definition meets an edit of it',
      20,
      ['update_mv_yaml', { mv, new_yaml: 'version: "1.1"' }],
      ['add_mv_measure', { mv, measure: member('m') }],
    ],
    [
      'a whole function meets an edit of it',
      25,
      ['update_tvf_sql', { function: 'main.sales.top_customers', new_sql: 'x' }],
      ['add_tvf_parameter', param('p')],
    ],
    [
      'a whole function meets a new comment',
      27,
      ['update_tvf_sql', { function: 'main.sales.top_customers', new_sql: 'x' }],
      ['update_tvf_comment', { function: 'main.sales.top_customers', comment: 'y' }],
    ],
    [
      'two patches write one description',
      null,
      ['update_column_description', { ...col('o_clerk'), new_text: 'a' }],
      ['update_column_description', { ...col('O_CLERK'), new_text: 'b' }],
    ],
    [
      'two spellings of one table meet',
      null,
      ['update_description', { target: 'orders', new_text: 'a' }],
      ['update_table_comment', { target: '`main`.`sales`.`ORDERS`', new_text: 'b' }],
    ],
    [
      'one synonym is spelled in two ways',
      null,
      ['add_synonym', { ...col('o_clerk'), synonym: 'Seller' }],
      ['add_synonym', { ...col('o_clerk'), synonym: 'seller' }],
    ],
    [
      'two filters become one',
      null,
      [
        'update_filter_condition',
        { target: 'main.sales.orders', old_condition: 'a = 1', new_condition: 'b = 1' },
      ],
      ['add_default_filter', filter('b = 1')],
    ],
  ])('%s', (_name, rule, a, b) => {
    for (const entries of [
      [a, b],
      [b, a],
    ]) {
      const found = findConflicts(patchesOf(...entries), { snapshot: SNAPSHOT }).filter(
        ({ severity }) => severity === 'error',
      );
      expect(found.map((conflict) => conflict.rule)).toEqual([rule]);
      expect(found[0]?.patchIds.toSorted()).toEqual(['P001', 'P002']);
    }
    expect(orderMatters(a, b)).toBe(true);
  });

  it.each<[string, readonly Entry[]]>([
    [
      'several synonyms of one column',
      [
        ['add_synonym', { ...col('o_clerk'), synonym: 'b' }],
        ['add_synonym', { ...col('o_clerk'), synonym: 'a' }],
      ],
    ],
    [
      'hide one column and show another of the same table',
      [
        ['hide_column', col('o_comment')],
        ['unhide_column', col('o_clerk')],
      ],
    ],
    [
      'several instructions',
      [
        ['add_instruction', { text: 'One.' }],
        ['add_instruction', { text: 'Two.' }],
      ],
    ],
    [
      'a new table and a patch on it',
      [
        ['add_table', { asset: { identifier: 'main.sales.suppliers', kind: 'table' } }],
        ['add_description', { target: 'main.sales.suppliers', text: 'x' }],
      ],
    ],
    [
      'two measures of one metric view',
      [
        ['add_mv_measure', { mv, measure: member('a') }],
        ['add_mv_measure', { mv, measure: member('b') }],
      ],
    ],
    [
      'an exact repetition',
      [
        ['hide_column', col('o_comment')],
        ['hide_column', col('o_comment')],
      ],
    ],
  ])('allows %s', (_name, entries) => {
    expect(findConflicts(patchesOf(...entries), { snapshot: SNAPSHOT })).toEqual([]);
    expect(validatePatchSet(patchesOf(...entries), SNAPSHOT, ANYTHING_GOES).errors).toEqual([]);
  });

  it('only warns of texts for a column that is being hidden', () => {
    const patches = patchesOf(
      ['hide_column', col('o_comment')],
      ['add_synonym', { ...col('o_comment'), synonym: 'x' }],
    );
    expect(findConflicts(patches)).toMatchObject([{ severity: 'warning', rule: 31 }]);
  });

  it('finds a patch that quotes what another one writes', () => {
    const patches = patchesOf(
      ['update_instruction', { old_text: 'Amounts', new_text: 'Sums' }],
      ['update_instruction', { old_text: 'Sums', new_text: 'Totals' }],
    );
    expect(validatePatchSet(patches, SNAPSHOT, ANYTHING_GOES).errors.map(({ code }) => code)).toEqual([
      'CONFLICT',
    ]);
  });

  it('reports one conflict for any number of patches on one place', () => {
    const patches = Array.from({ length: 500 }, (_, index) =>
      makePatch(
        'update_description',
        { target: 'main.sales.orders', new_text: `text ${index}` },
        { id: `P${index}` },
      ),
    ) as Patch[];
    const found = findConflicts(patches);
    expect(found).toHaveLength(1);
    expect(found[0]?.patchIds).toHaveLength(500);
  });
});
