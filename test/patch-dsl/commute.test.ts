import { describe, expect, it } from 'vitest';
import {
  commute,
  findConflicts,
  makePatch,
  planPatchSet,
  validatePatchSet,
} from '../../src/patch-dsl/index.ts';
import type { Patch, PatchType, Snapshot } from '../../src/patch-dsl/index.ts';
import { EMPTY_CATALOG } from '../../src/ports/index.ts';
import { parseSpace, serializeSpace } from '../../src/spaces/index.ts';
import { ANYTHING_GOES, patchesOf, SNAPSHOT } from './sample-world.ts';

const fn = 'main.sales.top_customers';
const mv = 'main.sales.daily_sales';
type Entry = readonly [PatchType, object];

describe('commute, in a space whose general instruction is one line', () => {
  const space = parseSpace({
    version: 2,
    instructions: { text_instructions: [{ id: '1'.padStart(32, '0'), content: ['Only line.'] }] },
  });
  const add = makePatch('add_instruction', { text: 'New.' }, { id: 'P001' });
  const remove = makePatch('remove_instruction', { old_text: 'Only line.' }, { id: 'P002' });

  it('is denied to adding a line and removing the only one: the instruction would be made anew', () => {
    expect(commute(add, remove, { snapshot: { space, catalog: EMPTY_CATALOG } })).toBe(false);
    expect(commute(remove, add, { snapshot: { space, catalog: EMPTY_CATALOG } })).toBe(false);
  });
});

describe('commute', () => {
  it.each<[string, boolean, Entry, Entry]>([
    [
      'two synonyms',
      true,
      ['add_synonym', { table: 'main.sales.orders', column: 'o_clerk', synonym: 'b' }],
      ['add_synonym', { table: 'orders', column: 'o_clerk', synonym: 'a' }],
    ],
    [
      'two passages of the instruction',
      true,
      ['update_instruction', { old_text: 'USD', new_text: 'EUR' }],
      ['remove_instruction', { old_text: 'Always answer in rhymes.' }],
    ],
    [
      'a new line and an edited passage',
      true,
      ['add_instruction', { text: 'New.' }],
      ['update_instruction', { old_text: 'USD', new_text: 'EUR' }],
    ],
    ['two new lines', false, ['add_instruction', { text: 'One.' }], ['add_instruction', { text: 'Two.' }]],
    [
      'two new parameters',
      false,
      ['add_tvf_parameter', { function: fn, param: { name: 'a', type: 'INT' } }],
      ['add_tvf_parameter', { function: fn, param: { name: 'b', type: 'INT' } }],
    ],
    [
      'two new measures',
      false,
      ['add_mv_measure', { mv, measure: { name: 'a', expr: 'COUNT(1)' } }],
      ['add_mv_measure', { mv, measure: { name: 'b', expr: 'COUNT(1)' } }],
    ],
    [
      'a new measure and a new dimension',
      true,
      ['add_mv_measure', { mv, measure: { name: 'a', expr: 'COUNT(1)' } }],
      ['add_mv_dimension', { mv, dimension: { name: 'b', expr: 'o_clerk' } }],
    ],
    [
      'two descriptions of one table',
      false,
      ['update_description', { target: 'orders', new_text: 'a' }],
      ['update_description', { target: 'orders', new_text: 'b' }],
    ],
  ])('%s: %j', (_name, expected, ...entries) => {
    const [first, second] = patchesOf(...entries);
    expect(commute(first!, second!, { snapshot: SNAPSHOT })).toBe(expected);
    expect(commute(second!, first!, { snapshot: SNAPSHOT })).toBe(expected);
  });

  it('lines that are added together stand in the order of their ids, however the set is listed', () => {
    const patches = patchesOf(['add_instruction', { text: 'One.' }], ['add_instruction', { text: 'Two.' }]);
    expect(findConflicts(patches)).toEqual([]);
    expect(planPatchSet(SNAPSHOT, patches.toReversed())).toEqual(planPatchSet(SNAPSHOT, patches));
  });
});

describe('passages that meet where no key shows it', () => {
  const codes = (...entries: Entry[]) =>
    validatePatchSet(patchesOf(...entries), SNAPSHOT, ANYTHING_GOES).errors.map(({ code }) => code);

  it.each<[string, Entry[]]>([
    [
      'one quotes what the other writes',
      [
        ['update_instruction', { old_text: 'Amounts', new_text: 'Sums' }],
        ['update_instruction', { old_text: 'Sums', new_text: 'Totals' }],
      ],
    ],
    [
      'a new line repeats a quoted passage',
      [
        ['add_instruction', { text: 'Amounts are in USD, always.' }],
        ['update_instruction', { old_text: 'Amounts are in USD', new_text: 'Amounts are in EUR' }],
      ],
    ],
    [
      'two edits of one word',
      [
        ['update_instruction', { old_text: 'Amounts are', new_text: 'Sums are' }],
        ['update_instruction', { old_text: 'are in USD', new_text: 'stand in USD' }],
      ],
    ],
  ])('are refused when %s', (_name, entries) => {
    const found = codes(...entries);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((code) => ['CONFLICT', 'STALE_TEXT', 'TARGET_AMBIGUOUS'].includes(code))).toBe(true);
    expect(codes(...entries.toReversed()).length).toBeGreaterThan(0);
  });

  it('are fine when they stay apart', () => {
    expect(
      codes(
        ['update_instruction', { old_text: 'USD', new_text: 'EUR' }],
        ['update_instruction', { old_text: 'calendar years', new_text: 'fiscal years' }],
        ['remove_instruction', { old_text: 'Always answer in rhymes.' }],
        ['add_instruction', { text: 'Be brief.' }],
      ),
    ).toEqual([]);
  });
});

it('a space that passes a limit already can be edited, as long as it does not get worse', () => {
  const snapshot: Snapshot = {
    space: parseSpace({
      version: 2,
      data_sources: {
        tables: Array.from({ length: 160 }, (_, index) => ({
          identifier: `a.b.t${index}`,
          description: ['x'.repeat(24_000)],
        })),
      },
    }),
    catalog: EMPTY_CATALOG,
  };
  expect(serializeSpace(snapshot.space).length).toBeGreaterThan(3_500_000);
  const describe = (new_text: string): Patch =>
    makePatch(
      'update_description',
      { target: 'a.b.t1', new_text },
      {
        snapshot,
      },
    );
  expect(validatePatchSet([describe('Short.')], snapshot).errors).toEqual([]);
  expect(validatePatchSet([describe('x'.repeat(24_500))], snapshot).errors.map(({ code }) => code)).toEqual([
    'SPACE_INVALID',
  ]);
});
