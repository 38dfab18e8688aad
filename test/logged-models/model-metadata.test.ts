import { describe, expect, it } from 'vitest';
import {
  diffMetadata,
  EMPTY_METADATA,
  readMetadata,
  schemasOf,
  summarizePatches,
  type MetadataRow,
  type UcMetadata,
} from '../../src/logged-models/index.ts';
import { warehouse, column, withColumns } from './model-world.ts';

describe('diffMetadata', () => {
  const diff = (before: UcMetadata, after: UcMetadata) => diffMetadata(before, after, 'm-1');
  it('of equal sides has zeros', () => {
    expect(diff(withColumns(column('a')), withColumns(column('a'))).summary).toMatchObject({
      columns_changed: 0,
      objects_changed: 0,
    });
  });

  it('has one entry per field, and counts the object once', () => {
    const { columns, summary } = diff(
      withColumns(column('a')),
      withColumns(column('a', { data_type: 'STRING', comment: 'Key' })),
    );
    expect(columns.modified).toEqual([
      { key: 'main.sales.orders.a', field: 'data_type', old: 'BIGINT', new: 'STRING' },
      { key: 'main.sales.orders.a', field: 'comment', old: null, new: 'Key' },
    ]);
    expect(summary).toMatchObject({ columns_changed: 2, objects_changed: 1 });
  });

  it('takes a missing comment and an empty one for the same', () => {
    const none = withColumns(column('a', { comment: '' }));
    expect(diff(withColumns(column('a')), none).summary.columns_changed).toBe(0);
  });

  it('lists added and removed rows by key, and keeps schemas apart', () => {
    const { columns } = diff(
      withColumns(column('a'), column('b')),
      withColumns(column('b'), column('a', { table_schema: 'other' })),
    );
    expect(columns.added).toEqual([column('a', { table_schema: 'other' })]);
    expect(columns.removed).toEqual([column('a')]);
  });

  it('keeps overloads of a function apart', () => {
    const routine = (specific_name: string, routine_definition: string) => ({
      routine_catalog: 'main',
      routine_schema: 'sales',
      routine_name: 'top',
      specific_name,
      routine_definition,
      return_type: 'TABLE',
    });
    const of = (...routines: MetadataRow[]): UcMetadata => ({ ...EMPTY_METADATA, routines });
    const changed = diff(
      of(routine('top_1', 'A'), routine('top_2', 'B')),
      of(routine('top_1', 'A'), routine('top_2', 'C')),
    );
    expect(changed.routines.modified).toMatchObject([{ key: 'main.sales.top_2', old: 'B', new: 'C' }]);
    expect(changed.summary.routines_changed).toBe(1);
  });

  it('counts tags of tables and of columns', () => {
    const tag = { catalog_name: 'main', schema_name: 'sales', table_name: 'orders', tag_name: 'pii' };
    const { summary } = diff(
      { ...EMPTY_METADATA, tags: [{ ...tag, tag_value: 'no' }] },
      {
        ...EMPTY_METADATA,
        tags: [{ ...tag, tag_value: 'yes' }],
        column_tags: [{ ...tag, column_name: 'a', tag_value: 'x' }],
      },
    );
    expect(summary).toMatchObject({ tags_changed: 2, objects_changed: 2 });
  });
});

describe('readMetadata', () => {
  it('reads nothing for no schema, and takes only full names for objects of one', async () => {
    const { sql, statements } = warehouse();
    expect(await readMetadata(sql, schemasOf(['orders', 'sales.orders']))).toEqual(EMPTY_METADATA);
    expect(statements).toEqual([]);
    expect(schemasOf(['Main.Sales.Orders', '`main`.sales.parts', 'main.x.y'])).toEqual([
      'main.sales',
      'main.x',
    ]);
  });
});

describe('summarizePatches', () => {
  it('names unknown levers and risks, and leaves out empty targets', () => {
    expect(
      summarizePatches(4, [
        {
          id: 'P1',
          type: 'add_join',
          lever: 1,
          risk_level: 'low',
          object_id: 'main.a.b',
          change_description: 'Joins.',
        },
        { id: 'P2', type: 'of_our_own', description: 'Ours.' },
      ]),
    ).toEqual({
      iteration: 4,
      patch_count: 2,
      by_type: { add_join: 1, of_our_own: 1 },
      by_lever: { '1': 1, unknown: 1 },
      by_risk: { low: 1, unknown: 1 },
      targets: ['main.a.b'],
      patches: [
        { type: 'add_join', target: 'main.a.b', lever: '1', risk: 'low', description: 'Joins.' },
        { type: 'of_our_own', target: '', lever: 'unknown', risk: 'unknown', description: 'Ours.' },
      ],
    });
  });
});
