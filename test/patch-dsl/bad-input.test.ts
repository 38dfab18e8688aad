import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import {
  applyPlan,
  applyPlanToCatalog,
  findConflicts,
  invertPlan,
  makePatch,
  parsePatchSet,
  planPatchSet,
  validatePatchSet,
} from '../../src/patch-dsl/index.ts';
import type { PatchPayload, PatchType, Snapshot } from '../../src/patch-dsl/index.ts';
import { EMPTY_CATALOG } from '../../src/ports/index.ts';
import { parseSpace, serializeSpace } from '../../src/spaces/index.ts';
import { sampleOf, SNAPSHOT } from './sample-world.ts';

const codesOf = (patches: readonly unknown[], snapshot: Snapshot = SNAPSHOT) =>
  validatePatchSet(patches, snapshot).errors.map(({ code }) => code);
const messageOf = (patches: readonly unknown[], snapshot: Snapshot = SNAPSHOT) =>
  validatePatchSet(patches, snapshot)
    .errors.map(({ message }) => message)
    .join('\n');

describe('what people get wrong', () => {
  it.each([
    ['add_synonim', 'add_synonym'],
    ['Add_Join', 'add_join'],
    ['hide_colum', 'hide_column'],
    ['update_instructions', 'update_instruction'],
  ])('an unknown type %s is answered with %s', (type, near) => {
    expect(messageOf([{ ...sampleOf('add_synonym'), type }])).toContain(`Did you mean '${near}'?`);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', ''])(
    'a type %j is unknown, not inherited',
    (type) => {
      expect(codesOf([{ ...sampleOf('add_synonym'), type }])).toEqual(['UNKNOWN_TYPE']);
    },
  );

  it.each<[string, unknown]>([
    ['null', null],
    ['a number', 7],
    ['a text', 'add_synonym'],
    ['a list', []],
    ['an object without a type', {}],
  ])('%s is no patch', (_name, patch) => {
    expect(codesOf([patch])).toEqual(['SCHEMA']);
  });

  it('a missing table is answered with the nearest one, a missing column too', () => {
    const patch = sampleOf('add_synonym');
    expect(messageOf([{ ...patch, table: 'main.sales.order' }])).toContain(
      "Did you mean 'main.sales.orders'?",
    );
    expect(messageOf([{ ...patch, column: 'o_totalprize' }])).toContain("Did you mean 'o_totalprice'?");
  });
});

describe('names', () => {
  it.each(['sales.orders', 'orders', 'MAIN.Sales.ORDERS', '`main`.`sales`.`orders`', ' main.sales.orders '])(
    '%j means main.sales.orders',
    (table) => {
      const result = planPatchSet(SNAPSHOT, [{ ...sampleOf('add_synonym'), table }]);
      expect(result).toMatchObject({
        ok: true,
        plan: { touched: ['main.sales.orders', 'main.sales.orders.o_totalprice'] },
      });
    },
  );

  it('a name of two parts that fits two tables is refused, and says which ones', () => {
    const space = parseSpace({
      version: 2,
      data_sources: { tables: [{ identifier: 'a.sales.orders' }, { identifier: 'b.sales.orders' }] },
    });
    const snapshot = { space, catalog: EMPTY_CATALOG };
    expect(codesOf([{ ...sampleOf('add_synonym'), table: 'sales.orders' }], snapshot)).toEqual([
      'TARGET_AMBIGUOUS',
    ]);
  });

  it('a table to be added needs three parts', () => {
    const patch = { ...sampleOf('add_table'), asset: { identifier: 'sales.orders', kind: 'table' } };
    expect(codesOf([patch])).toContain('SCHEMA');
  });

  it('backticks and dots inside a part stay part of it, in the space and in statements', () => {
    const identifier = 'main.sales.`odd.na``me`';
    const column = { name: 'net.amount`', type: 'INT', comment: null, tags: {} };
    const table = { ...SNAPSHOT.catalog.tables[0]!, name: identifier, columns: [column] };
    const snapshot: Snapshot = {
      space: parseSpace({ version: 2, data_sources: { tables: [{ identifier }] } }),
      catalog: { tables: [table], functions: [] },
    };
    const patch = makePatch(
      'update_column_description',
      { table: identifier, column: '`net.amount```', new_text: 'x' },
      { snapshot },
    );
    const result = planPatchSet(snapshot, [patch], { descriptionsIn: 'both' });
    expect(result.ok && result.plan.statements.map(({ sql }) => sql)).toEqual([
      "ALTER TABLE `main`.`sales`.`odd.na``me` ALTER COLUMN `net.amount``` COMMENT 'x'",
    ]);
    expect(
      result.ok && applyPlan(snapshot.space, result.plan).data_sources?.tables?.[0]?.column_configs,
    ).toEqual([{ column_name: 'net.amount`', description: ['x'] }]);
  });
});

describe('texts', () => {
  const texts = [
    '💶👩‍👩‍👧 family',
    'סכום כולל ‏(ILS)',
    'مجموع المبيعات',
    'O\'Brien \\ "x"',
    'a\u0000b',
    '$$ end',
    '\ud800 lone',
  ];

  it.each(texts)('%j is written, described and taken back to the byte', (text) => {
    const patches = [
      makePatch('update_column_description', {
        table: 'main.sales.orders',
        column: 'o_clerk',
        new_text: text,
      }),
      makePatch('add_instruction', { text }, { id: 'P002' }),
    ];
    const result = planPatchSet(SNAPSHOT, patches, { descriptionsIn: 'both' });
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    const changed = applyPlan(SNAPSHOT.space, result.plan);
    expect(JSON.stringify(changed)).toContain(JSON.stringify(text).slice(1, -1));
    expect(serializeSpace(applyPlan(changed, invertPlan(result.plan)))).toBe(serializeSpace(SNAPSHOT.space));
  });

  it('survive JSON and YAML', () => {
    const patches = texts
      .filter((text) => !text.includes('\ud800'))
      .map((text, index) => makePatch('add_instruction', { text }, { id: `P${index}` }));
    expect(parsePatchSet(JSON.stringify(patches))).toEqual(patches);
    expect(parsePatchSet(stringify(patches))).toEqual(patches);
  });

  it.each<[PatchType, object]>([
    ['add_instruction', { text: 'x'.repeat(1_000_000) }],
    ['add_synonym', { table: 'main.sales.orders', column: 'o_clerk', synonym: "'".repeat(1_000_000) }],
    [
      'add_default_filter',
      { target: 'main.sales.orders', condition: `o_clerk = '${'('.repeat(1_000_000)}'` },
    ],
    ['add_example_sql', { question: 'why '.repeat(250_000), sql: 'SELECT 1' }],
  ])('a megabyte in %s is refused as too long, also beside protected texts', (type, payload) => {
    const patch = makePatch(type, payload as PatchPayload<PatchType>, { lever: 1 });
    const { errors } = validatePatchSet([patch], SNAPSHOT, {
      forbiddenTexts: ['why why why why why why why why'],
    });
    expect(errors.map(({ code }) => code)).toContain('STRING_TOO_LONG');
    expect(errors.every(({ message }) => message.length < 2_000)).toBe(true);
  });
});

describe('hostile values', () => {
  it.each(['__proto__', 'constructor', 'prototype'])('a member %s is refused and pollutes nothing', (key) => {
    const text = JSON.stringify([sampleOf('add_synonym')]).replace(
      '"column"',
      `"${key}":{"polluted":1},"column"`,
    );
    expect(() => parsePatchSet(text)).toThrow(expect.objectContaining({ code: 'PATCH_FORMAT' }));
    expect(codesOf(JSON.parse(text) as unknown[])).toEqual(['SCHEMA']);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('names that are members of every object are names like others', () => {
    const payload = {
      entity: 'table',
      table: 'main.sales.orders',
      tag_key: '__proto__',
      tag_value: 'x',
    } as const;
    const patch = makePatch('add_compliance_tag', payload, { snapshot: SNAPSHOT });
    const result = planPatchSet(SNAPSHOT, [patch]);
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    const catalog = applyPlanToCatalog(SNAPSHOT.catalog, result.plan);
    const tags = catalog.tables.find(({ name }) => name === 'main.sales.orders')?.tags;
    expect(Object.entries(tags ?? {})).toEqual([['__proto__', 'x']]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('cycles are refused wherever they stand', () => {
    const patch: Record<string, unknown> = { ...sampleOf('add_synonym') };
    patch['synonym'] = patch;
    expect(() => parsePatchSet([patch])).toThrow(/cycle/);
    expect(codesOf([patch])).toEqual(['SCHEMA']);
    expect(codesOf([{ ...sampleOf('add_table'), asset: patch }])).toEqual(['SCHEMA']);
  });

  it('ids that look like members of objects keep patches apart', () => {
    const patches = ['__proto__', 'constructor'].map((id) => sampleOf('update_column_description', id));
    expect(findConflicts([patches[0]!, { ...patches[1]!, new_text: 'other' }])).toMatchObject([
      { patchIds: ['__proto__', 'constructor'] },
    ]);
  });

  it('a set from a newer version says so, one without a version is read', () => {
    expect(() => parsePatchSet({ schema_version: 99, patches: [] })).toThrow(/reads up to 1/);
    expect(() => parsePatchSet({ schema_version: 'one', patches: [] })).toThrow(/schema_version "one"/);
    expect(parsePatchSet({ patches: [] })).toEqual([]);
    expect(
      parsePatchSet({ schema_version: 0, patches: [{ type: 'add_instruction', new_text: 'Be brief.' }] }),
    ).toMatchObject([{ id: 'P001', text: 'Be brief.', lever: 6 }]);
  });
});
