import { describe, expect, it } from 'vitest';
import {
  configHash,
  createGenieModelVersion,
  modelName,
  PARAM_LIMIT,
  type UcMetadata,
} from '../../src/logged-models/index.ts';
import { OptimizerError } from '../../src/core/index.ts';
import type { SqlPort } from '../../src/ports/index.ts';
import { parseSpace, type Space } from '../../src/spaces/index.ts';
import { memoryMlflow } from './memory-mlflow.ts';
import { SPACE, warehouse, version, column, withColumns } from './model-world.ts';

describe('createGenieModelVersion', () => {
  it('makes its calls in the order that leaves nothing usable behind when one fails', async () => {
    const mlflow = memoryMlflow();
    await createGenieModelVersion(version({ patchSet: [{ id: 'P1', type: 'add_join', lever: 1 }] }), {
      mlflow,
      sql: warehouse().sql,
    });
    const steps = mlflow.calls.map((call) => call.replace(/^artifacts\.write:.*/, 'artifacts.write'));
    expect([...new Set(steps)]).toEqual([
      'runs.start',
      'runs.log:params',
      'models.create',
      'artifacts.write',
      'runs.log:metrics',
      'runs.logOutputs',
      'models.finalize:LOGGED_MODEL_READY',
      'runs.end:FINISHED',
    ]);
  });

  it.each(['runs.log:params', 'models.create', 'artifacts.write:patches/patch_set.json', 'runs.logOutputs'])(
    'fails whole when %s fails: the model is no good and the run is FAILED',
    async (call) => {
      const mlflow = memoryMlflow();
      mlflow.fail(call, 1);
      const patchSet = [{ id: 'P1', type: 'add_join' }];
      await expect(
        createGenieModelVersion(version({ patchSet }), { mlflow, sql: warehouse().sql }),
      ).rejects.toMatchObject({ code: 'MODEL_VERSION' });
      expect(mlflow.runList.map(({ status }) => status)).toEqual(['FAILED']);
      expect(mlflow.modelList.every(({ status }) => status === 'LOGGED_MODEL_UPLOAD_FAILED')).toBe(true);
    },
  );

  it('fails when one query of the metadata fails, and never takes that for "everything was removed"', async () => {
    const mlflow = memoryMlflow();
    const { sql } = warehouse();
    const broken: SqlPort = {
      ...sql,
      execute: (statement, options) =>
        statement.includes('column_tags')
          ? Promise.reject(new OptimizerError('Warehouse stopped.', { code: 'SQL' }))
          : sql.execute(statement, options),
    };
    await expect(createGenieModelVersion(version(), { mlflow, sql: broken })).rejects.toThrow(
      /Warehouse stopped/,
    );
    expect(mlflow.calls).toEqual([]);
  });

  it('counts assets and instructions from the decoded space, where the answer of the service keeps them', async () => {
    const mlflow = memoryMlflow();
    await createGenieModelVersion(version(), { mlflow, sql: warehouse().sql });
    expect(mlflow.modelList[0]?.params).toMatchObject({
      table_count: '2',
      mv_count: '1',
      tvf_count: '1',
      data_asset_count: '4',
      instruction_char_count: '33',
      instruction_preview: 'Answer in euro.\nUse fiscal years.',
      patch_types: 'none',
      patch_targets: 'none',
      prompt_versions: '{}',
      uc_schema: '',
    });
  });

  it('cuts every value at 250 characters and keeps the whole in the artifacts', async () => {
    const mlflow = memoryMlflow();
    const patchSet = Array.from({ length: 40 }, (_, at) => ({
      id: `P${at}`,
      type: 'update_column_description',
      table: `main.sales.${'t'.repeat(120)}${at}`,
    }));
    await createGenieModelVersion(version({ patchSet }), { mlflow, sql: warehouse().sql });
    const { params = {} } = mlflow.modelList[0] ?? {};
    expect(Object.values(params).every((value) => value.length <= PARAM_LIMIT)).toBe(true);
    expect(params['patch_types']).toMatch(/^update_column_description,.*…$/);
    expect(params['patch_count']).toBe('40');
    expect(JSON.parse(mlflow.files.get('run1/patches/patch_set.json') ?? '')).toEqual(patchSet);
  });

  it('binds the schemas, quotes the catalog and reads every schema that an asset lives in', async () => {
    const { sql, statements } = warehouse();
    await createGenieModelVersion(version({ ucSchema: 'my-lake.gold' }), { mlflow: memoryMlflow(), sql });
    expect(statements).toContainEqual({
      sql: 'SELECT table_catalog, table_schema, table_name, column_name, data_type, comment FROM `main`.information_schema.columns WHERE table_schema IN (:schema_0, :schema_1)',
      parameters: [
        { name: 'schema_0', value: 'metrics', type: 'STRING' },
        { name: 'schema_1', value: 'sales', type: 'STRING' },
      ],
    });
    expect(statements.some(({ sql: text }) => text.includes('`my-lake`.information_schema.routines'))).toBe(
      true,
    );
  });

  it('says that Unity Catalog was skipped when the space names no warehouse', async () => {
    const mlflow = memoryMlflow();
    const { config } = version();
    const { sql, statements } = warehouse();
    const { notes } = await createGenieModelVersion(version({ config: { ...config, warehouseId: null } }), {
      mlflow,
      sql,
    });
    expect(notes.map(({ code }) => code)).toEqual(['uc_snapshot_skipped']);
    expect(statements).toEqual([]);
    expect(mlflow.files.get('run1/model_state/uc_columns.json')).toBe('[]\n');
  });

  it('does not call a state unchanged in which only the comment of a table is new', async () => {
    const mlflow = memoryMlflow();
    const table = (comment: string) =>
      warehouse({
        tables: [
          {
            table_catalog: 'main',
            table_schema: 'sales',
            table_name: 'orders',
            table_type: 'MANAGED',
            comment,
          },
        ],
      }).sql;
    const parent = await createGenieModelVersion(version(), { mlflow, sql: table('Old.') });
    const child = await createGenieModelVersion(version({ parentModelId: parent.modelId }), {
      mlflow,
      sql: table('New.'),
    });
    expect(child.configHash).toBe(parent.configHash);
    expect(child.diff?.summary.objects_changed).toBe(1);
    expect(child.notes).toEqual([]);
  });

  it('never cuts a preview through a character', async () => {
    const mlflow = memoryMlflow();
    const { config } = version();
    const text = `${'a'.repeat(199)}😀 and more`;
    const serializedSpace = JSON.stringify({
      ...(JSON.parse(config.serializedSpace) as object),
      instructions: { text_instructions: [{ id: '0'.repeat(32), content: [text] }] },
    });
    await createGenieModelVersion(version({ config: { ...config, serializedSpace } }), {
      mlflow,
      sql: warehouse().sql,
    });
    expect(mlflow.modelList[0]?.params['instruction_preview']).toBe('a'.repeat(199));
  });

  it('tells an unreadable parent from one without changes', async () => {
    const mlflow = memoryMlflow();
    const { sql } = warehouse();
    const parent = await createGenieModelVersion(version(), { mlflow, sql });
    const child = await createGenieModelVersion(version({ parentModelId: parent.modelId }), { mlflow, sql });
    expect(child.diff?.summary).toEqual({
      columns_changed: 0,
      tags_changed: 0,
      routines_changed: 0,
      objects_changed: 0,
    });
    expect(child.notes.map(({ code }) => code)).toEqual(['config_unchanged']);
    mlflow.fail('artifacts.read');
    const orphan = await createGenieModelVersion(version({ parentModelId: parent.modelId }), { mlflow, sql });
    expect(orphan.diff).toBeNull();
    expect(orphan.notes.map(({ code }) => code)).toEqual(['uc_diff_failed']);
    const { params = {} } = mlflow.modelList.at(-1) ?? {};
    expect(params['uc_diff_status']).toBe('failed');
    expect(Object.keys(params).filter((key) => key.endsWith('_changed'))).toEqual([]);
  });
});

describe('configHash', () => {
  const metadata = withColumns(column('a'), column('b'));
  it.each<[string, Space, UcMetadata]>([
    ['the order of query results', parseSpace(SPACE), withColumns(column('b'), column('a'))],
    [
      'the order of lists in the space',
      {
        ...parseSpace(SPACE),
        data_sources: {
          tables: [{ identifier: 'main.sales.parts' }, { identifier: 'main.sales.orders' }],
          metric_views: [{ identifier: 'main.metrics.revenue' }],
        },
      },
      metadata,
    ],
  ])('does not depend on %s', (_what, space, rows) => {
    expect(configHash(space, rows)).toBe(configHash(parseSpace(SPACE), metadata));
  });

  it('depends on what Unity Catalog says, and is 12 hex', () => {
    const changed = configHash(parseSpace(SPACE), withColumns(column('a', { comment: 'x' }), column('b')));
    expect(changed).not.toBe(configHash(parseSpace(SPACE), metadata));
    expect(changed).toMatch(/^[0-9a-f]{12}$/);
  });

  it('names a model after domain, iteration and hash', () => {
    expect(modelName('Sales & Parts', 3, 'abc')).toBe('genie-sales---parts-iter3-abc');
  });
});
