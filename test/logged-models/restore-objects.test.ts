import { describe, expect, it } from 'vitest';
import { OptimizerError } from '../../src/core/index.ts';
import { createGenieModelVersion, rollbackToModel } from '../../src/logged-models/index.ts';
import type {
  CatalogEditorPort,
  CatalogFunction,
  CatalogSnapshot,
  CatalogTable,
} from '../../src/ports/index.ts';
import { memoryWorkspace } from '../../src/testing/index.ts';
import { memoryMlflow } from './memory-mlflow.ts';

const table = (changes: Partial<CatalogTable> = {}): CatalogTable => ({
  name: 'main.sales.orders',
  kind: 'table',
  comment: 'One row per order',
  tags: { domain: 'sales' },
  columns: [{ name: 'total', type: 'DECIMAL(12,2)', comment: 'In euro', tags: {} }],
  primaryKey: [],
  foreignKeys: [],
  definition: null,
  ...changes,
});
const view = (definition: string): CatalogTable =>
  table({ name: 'main.sales.revenue', kind: 'metric_view', definition });
const fn = (body: string): CatalogFunction => ({
  name: 'main.sales.top_parts',
  comment: null,
  parameters: [],
  returns: [{ name: 'part', type: 'STRING' }],
  body,
});
const THEN: CatalogSnapshot = { tables: [table(), view('version: 1')], functions: [fn('SELECT 1')] };

const SPACE = JSON.stringify({
  version: 2,
  data_sources: { tables: [{ identifier: 'main.sales.orders' }] },
});

/** Records `then`, lets Unity Catalog be `now`, rolls back these objects, and tells what was written. */
async function rolledBack(now: CatalogSnapshot, objects: readonly string[], broken: readonly string[] = []) {
  const mlflow = memoryMlflow();
  const { genie, sql } = memoryWorkspace({
    spaces: { s1: SPACE },
    answer: () => null,
    rows: () => ({ columns: [], rows: [] }),
  });
  const { modelId } = await createGenieModelVersion(
    {
      experimentId: '1',
      sessionId: 'r',
      spaceId: 's1',
      config: await genie.getSpace('s1'),
      iteration: 0,
      domain: 'sales',
      lever: 0,
      objects: THEN,
    },
    { mlflow, sql },
  );
  const written: unknown[][] = [];
  const write =
    (what: string) =>
    (target: unknown, ...rest: unknown[]): Promise<void> => {
      if (broken.includes(what))
        return Promise.reject(new OptimizerError('You may not.', { code: 'DENIED' }));
      const {
        table: of,
        column,
        name,
      } = target as {
        table?: { name: string };
        column?: string;
        name?: string;
      };
      const place =
        typeof target === 'string' ? target : (name ?? [of?.name, column].filter(Boolean).join('#'));
      written.push([what, place, ...rest.slice(0, what === 'function' ? 0 : 1)]);
      return Promise.resolve();
    };
  const editor: CatalogEditorPort = {
    setComment: write('comment'),
    setTags: write('tags'),
    replaceMetricView: write('view'),
    replaceTableFunction: write('function'),
  };
  const catalog = {
    snapshot: (names: { readonly tables: readonly string[]; readonly functions: readonly string[] }) =>
      Promise.resolve({
        tables: now.tables.filter(({ name }) => names.tables.includes(name)),
        functions: now.functions.filter(({ name }) => names.functions.includes(name)),
      }),
  };
  const result = await rollbackToModel(
    { modelId, spaceId: 's1', objects },
    { mlflow, genie, catalog, editor },
  );
  return { result, written };
}

describe('objects of Unity Catalog on a rollback', () => {
  it.each<[string, CatalogSnapshot, string, unknown[][]]>([
    [
      'comment of a table',
      { ...THEN, tables: [table({ comment: 'Changed' })] },
      'main.sales.orders',
      [['comment', 'main.sales.orders', 'One row per order']],
    ],
    [
      'comment of a column',
      {
        ...THEN,
        tables: [table({ columns: [{ name: 'TOTAL', type: 'DECIMAL(12,2)', comment: null, tags: {} }] })],
      },
      'main.sales.orders',
      [['comment', 'main.sales.orders#total', 'In euro']],
    ],
    [
      'tags: those it had come back, those it got go away',
      { ...THEN, tables: [table({ tags: { genie_role: 'ml' } })] },
      'main.sales.orders',
      [['tags', 'main.sales.orders', { genie_role: null, domain: 'sales' }]],
    ],
    [
      'definition of a metric view',
      { ...THEN, tables: [view('version: 2')] },
      'main.sales.revenue',
      [['view', 'main.sales.revenue', 'version: 1']],
    ],
    [
      'whole of a function',
      { ...THEN, functions: [fn('SELECT 2')] },
      'main.sales.top_parts',
      [['function', 'main.sales.top_parts']],
    ],
  ])('gives back the %s', async (_what, now, object, expected) => {
    const { result, written } = await rolledBack(now, [object]);
    expect(written).toEqual(expected);
    expect(result).toMatchObject({ status: 'restored', objects_restored: ['space:s1', object] });
  });

  it('leaves objects alone that are as they were, and those that are not named', async () => {
    const now = { ...THEN, tables: [table({ comment: 'Changed' }), view('version: 2')] };
    expect((await rolledBack(THEN, ['main.sales.orders', 'main.sales.top_parts'])).written).toEqual([]);
    expect((await rolledBack(now, [])).written).toEqual([]);
  });

  it('goes on after one that cannot be restored, and names it with the reason', async () => {
    const now = { tables: [table({ comment: 'Changed' })], functions: [fn('SELECT 2')] };
    const { result } = await rolledBack(now, ['main.sales.orders', 'main.sales.top_parts'], ['comment']);
    expect(result).toMatchObject({
      status: 'partial',
      objects_restored: ['space:s1', 'main.sales.top_parts'],
      objects_failed: [{ object: 'main.sales.orders', reason: 'You may not.' }],
    });
  });
});

describe('the space on a rollback', () => {
  const setUp = async (conflicts: number) => {
    const mlflow = memoryMlflow();
    const place = memoryWorkspace({
      spaces: { s1: SPACE },
      answer: () => null,
      rows: () => ({ columns: [], rows: [] }),
    });
    const { modelId } = await createGenieModelVersion(
      {
        experimentId: '1',
        sessionId: 'r',
        spaceId: 's1',
        config: await place.genie.getSpace('s1'),
        iteration: 0,
        domain: 'sales',
        lever: 0,
      },
      { mlflow, sql: null },
    );
    place.editElsewhere('s1', JSON.stringify({ version: 2 }));
    let left = conflicts;
    const genie = {
      ...place.genie,
      updateSpace: (...args: Parameters<typeof place.genie.updateSpace>) =>
        left-- > 0
          ? Promise.reject(new OptimizerError('Changed meanwhile.', { code: 'SPACE_CONFLICT' }))
          : place.genie.updateSpace(...args),
    };
    return rollbackToModel({ modelId, spaceId: 's1' }, { mlflow, genie });
  };

  it('is written again with a fresh etag when somebody else was quicker', async () => {
    expect((await setUp(2)).status).toBe('restored');
  });

  it('is given up when somebody else is always quicker', async () => {
    await expect(setUp(10)).rejects.toMatchObject({ code: 'SPACE_CONFLICT' });
  });
});
