import { describe, expect, it } from 'vitest';
import {
  configHash,
  createGenieModelVersion,
  diffMetadata,
  EMPTY_METADATA,
  guardedTracker,
  linkEvalScoresToModel,
  MAX_TRACKING_FAILURES,
  MODEL_FILTERS,
  modelName,
  noTracker,
  openExperiment,
  PARAM_LIMIT,
  promoteBestModel,
  readMetadata,
  rollbackToModel,
  schemasOf,
  summarizePatches,
  type MetadataRow,
  type NewModelVersion,
  type UcMetadata,
} from '../../src/logged-models/index.ts';
import { OptimizerError } from '../../src/core/index.ts';
import type { SpaceUpdate, SqlPort, StatementResult } from '../../src/ports/index.ts';
import { parseSpace, type Space } from '../../src/spaces/index.ts';
import { memoryWorkspace } from '../../src/testing/index.ts';
import { trackedEvaluation } from '../contracts/tracked-evaluation.ts';
import { memoryMlflow, type MemoryMlflow } from './memory-mlflow.ts';

const SPACE = JSON.stringify({
  version: 2,
  data_sources: {
    tables: [{ identifier: 'main.sales.orders' }, { identifier: 'main.sales.parts' }],
    metric_views: [{ identifier: 'main.metrics.revenue' }],
  },
  instructions: {
    text_instructions: [{ id: '0'.repeat(32), content: ['Answer in euro.\n', 'Use fiscal years.'] }],
    sql_functions: [{ id: '1'.repeat(32), identifier: 'main.sales.top_parts' }],
  },
});

/** A warehouse that answers from lists, one per view of the information schema. */
function warehouse(rows: Readonly<Record<string, readonly Record<string, string | null>[]>> = {}) {
  const statements: { sql: string; parameters: unknown }[] = [];
  const sql: SqlPort = {
    execute: async (statement, options) => {
      statements.push({ sql: statement, parameters: options?.parameters });
      const view = /information_schema\.(\w+)/.exec(statement)?.[1] ?? '';
      const found = rows[view] ?? [];
      const names = Object.keys(found[0] ?? { none: null });
      return {
        statementId: null,
        truncated: false,
        columns: names.map((name) => ({ name, typeName: 'STRING', typeText: 'STRING' })),
        rows: found.map((row) => names.map((name) => row[name] ?? null)),
      } satisfies StatementResult;
    },
    resultOf: () => Promise.reject(new OptimizerError('No statement.', { code: 'NOT_FOUND' })),
  };
  return { sql, statements };
}

const version = (changes: Partial<NewModelVersion> = {}): NewModelVersion => ({
  experimentId: '1',
  sessionId: 'run_1',
  spaceId: 's1',
  config: {
    spaceId: 's1',
    title: 'Sales',
    description: null,
    warehouseId: 'w1',
    serializedSpace: SPACE,
    etag: 'e1',
  },
  iteration: 2,
  domain: 'Sales & Parts',
  lever: 1,
  ...changes,
});

const column = (name: string, changes: Partial<MetadataRow> = {}): MetadataRow => ({
  table_catalog: 'main',
  table_schema: 'sales',
  table_name: 'orders',
  column_name: name,
  data_type: 'BIGINT',
  comment: null,
  ...changes,
});
const withColumns = (...columns: MetadataRow[]): UcMetadata => ({ ...EMPTY_METADATA, columns });

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

async function evaluated(mlflow: MemoryMlflow) {
  const { modelId } = await createGenieModelVersion(version(), { mlflow, sql: warehouse().sql });
  const { runId } = await mlflow.runs.start({ experimentId: '1' });
  return { modelId, runId };
}

describe('linkEvalScoresToModel', () => {
  it('logs under the evaluation run, never a run of its own', async () => {
    const mlflow = memoryMlflow();
    const { modelId, runId } = await evaluated(mlflow);
    const runsBefore = mlflow.runList.length;
    await linkEvalScoresToModel(
      {
        modelId,
        runId,
        evaluation: { ...trackedEvaluation(2, 3), repeatability_pct: 66.7 },
        dataset: { name: 'd', digest: 'x' },
      },
      mlflow,
    );
    expect(mlflow.runList).toHaveLength(runsBefore);
    expect(mlflow.metricLog.filter((metric) => metric.runId === runId)).toContainEqual({
      runId,
      key: 'overall_accuracy',
      value: 100,
      step: 2,
      modelId,
      datasetName: 'd',
      datasetDigest: 'x',
    });
    expect(mlflow.modelList[0]?.metrics.map(({ key }) => key)).toContain('repeatability_pct');
  });

  it.each([
    ['slice', ['slice.overall_accuracy']],
    ['p0', ['p0.failures']],
    ['held_out', ['held_out.overall_accuracy']],
  ] as const)('keeps the scores of scope %s apart from those of the whole', async (scope, keys) => {
    const mlflow = memoryMlflow();
    const { modelId, runId } = await evaluated(mlflow);
    const evaluation = { ...trackedEvaluation(2, 1), scope };
    await linkEvalScoresToModel({ modelId, runId, evaluation }, mlflow);
    expect(mlflow.modelList[0]?.metrics.map(({ key }) => key)).toEqual(keys);
  });

  it('links nothing of an evaluation that measured nothing, least of all a zero', async () => {
    const mlflow = memoryMlflow();
    const { modelId, runId } = await evaluated(mlflow);
    const evaluation = { ...trackedEvaluation(2, 0), overall_accuracy: null, scores: {} };
    await linkEvalScoresToModel({ modelId, runId, evaluation }, mlflow);
    expect(mlflow.modelList[0]?.metrics).toEqual([]);
  });

  it('refuses scores of a run that evaluated another model', async () => {
    const mlflow = memoryMlflow();
    const { modelId, runId } = await evaluated(mlflow);
    await mlflow.runs.logInputs(runId, { modelIds: ['m-other'] });
    await expect(
      linkEvalScoresToModel({ modelId, runId, evaluation: trackedEvaluation(2, 1) }, mlflow),
    ).rejects.toMatchObject({ code: 'EVALUATED_MODEL_MISMATCH' });
  });
});

describe('promoteBestModel', () => {
  const genieOf = (text: string) =>
    memoryWorkspace({ spaces: { s1: text }, answer: () => null, rows: () => ({ columns: [], rows: [] }) })
      .genie;
  const best = (modelId: string | null) => ({
    modelId,
    spaceId: 's1',
    reason: null,
    accuracyPct: 90,
    iteration: 0,
  });

  it('has nothing to promote when nothing was evaluated', async () => {
    const ports = { mlflow: memoryMlflow(), genie: genieOf(SPACE) };
    expect(await promoteBestModel(best(null), ports)).toMatchObject({ status: 'nothing_to_promote' });
  });

  it('promotes the baseline when it is the best', async () => {
    const mlflow = memoryMlflow();
    const { modelId } = await evaluated(mlflow);
    await mlflow.models.setTags(modelId, { outcome: 'accepted' });
    expect(await promoteBestModel(best(modelId), { mlflow, genie: genieOf(SPACE) })).toMatchObject({
      status: 'promoted',
      restored: false,
    });
  });

  it.each(['rolled_back', 'gate_failed', 'pending'])('refuses a version with outcome %s', async (outcome) => {
    const mlflow = memoryMlflow();
    const { modelId } = await evaluated(mlflow);
    await mlflow.models.setTags(modelId, { outcome });
    await expect(promoteBestModel(best(modelId), { mlflow, genie: genieOf(SPACE) })).rejects.toMatchObject({
      code: 'MODEL_NOT_PROMOTABLE',
    });
    expect(mlflow.modelList[0]?.tags).not.toHaveProperty('promoted');
  });
});

describe('rollbackToModel', () => {
  const workspace = (text: string) =>
    memoryWorkspace({ spaces: { s1: text }, answer: () => null, rows: () => ({ columns: [], rows: [] }) });
  const other = JSON.stringify({ version: 2, data_sources: { tables: [] } });

  it('writes the state back, and not only reads it', async () => {
    const mlflow = memoryMlflow();
    const { modelId } = await evaluated(mlflow);
    const place = workspace(other);
    expect(await rollbackToModel({ modelId, spaceId: 's1' }, { mlflow, genie: place.genie })).toMatchObject({
      status: 'restored',
    });
    expect(JSON.parse(place.spaceText('s1'))).toEqual(JSON.parse(SPACE));
  });

  it('brings the description back too, and leaves the title', async () => {
    const mlflow = memoryMlflow();
    const { config } = version();
    const { modelId } = await createGenieModelVersion(
      version({ config: { ...config, description: 'As it was.' } }),
      { mlflow, sql: warehouse().sql },
    );
    const { genie } = workspace(other);
    const updates: SpaceUpdate[] = [];
    const watched = {
      ...genie,
      updateSpace: (spaceId: string, update: SpaceUpdate) => {
        updates.push(update);
        return genie.updateSpace(spaceId, update);
      },
    };
    await rollbackToModel({ modelId, spaceId: 's1' }, { mlflow, genie: watched });
    expect(updates).toMatchObject([{ description: 'As it was.' }]);
    expect(Object.keys(updates[0] ?? {})).not.toContain('title');
  });

  it('reads any other config file of the folder when the usual one is missing', async () => {
    const mlflow = memoryMlflow();
    const { modelId } = await evaluated(mlflow);
    const files = mlflow.files as Map<string, string>;
    files.set('run1/model_state/old_config.json', files.get('run1/model_state/genie_config.json') ?? '');
    files.delete('run1/model_state/genie_config.json');
    const place = workspace(other);
    const result = await rollbackToModel({ modelId, spaceId: 's1' }, { mlflow, genie: place.genie });
    expect(result.status).toBe('restored');
  });

  it('is unavailable, and writes nothing, without the state', async () => {
    const mlflow = memoryMlflow();
    const { modelId } = await evaluated(mlflow);
    (mlflow.files as Map<string, string>).clear();
    const place = workspace(other);
    const result = await rollbackToModel({ modelId, spaceId: 's1' }, { mlflow, genie: place.genie });
    expect(result.status).toBe('unavailable');
    expect(place.spaceText('s1')).toBe(other);
  });

  it('says mismatch when the space reads back differently', async () => {
    const mlflow = memoryMlflow();
    const { modelId } = await evaluated(mlflow);
    const { genie } = workspace(other);
    const deaf = { ...genie, updateSpace: () => genie.getSpace('s1') };
    const result = await rollbackToModel({ modelId, spaceId: 's1' }, { mlflow, genie: deaf });
    expect(result.status).toBe('mismatch');
  });

  it('is partial when objects of Unity Catalog cannot be restored, and names them', async () => {
    const mlflow = memoryMlflow();
    const { modelId } = await evaluated(mlflow);
    const result = await rollbackToModel(
      { modelId, spaceId: 's1', objects: ['main.sales.orders'] },
      { mlflow, genie: workspace(other).genie },
    );
    expect(result).toMatchObject({ status: 'partial', objects_failed: [{ object: 'main.sales.orders' }] });
  });
});

describe('openExperiment', () => {
  const made: string[] = [];
  const service = (flavor: 'open-source' | 'databricks') => ({
    mlflow: memoryMlflow(flavor),
    identity: {
      currentUser: () =>
        Promise.resolve({ id: '1', userName: 'me@example.com', displayName: 'Me', groups: [] }),
    },
    folders: { makeFolder: (folder: string) => Promise.resolve(void made.push(folder)) },
  });

  it('HC7: makes the folder first, below the home of who is signed in', async () => {
    const target = service('databricks');
    const { name } = await openExperiment(target, { domain: 'sales' });
    expect(name).toBe('/Users/me@example.com/genie-optimization/sales');
    expect(made).toEqual(['/Users/me@example.com/genie-optimization']);
  });

  it.each(['sales', '/Shared/sales', '/Users/me@example.com', 'Users/me/x'])(
    'HC7, mistake 6: refuses %s in a workspace',
    async (name) => {
      await expect(openExperiment(service('databricks'), { name, domain: 'd' })).rejects.toMatchObject({
        code: 'INVALID_OPTION',
      });
    },
  );

  it('takes any name on a server of one’s own', async () => {
    const { name } = await openExperiment(service('open-source'), { name: 'sales', domain: 'd' });
    expect(name).toBe('sales');
  });

  it('makes up no user when nobody is signed in', async () => {
    const { mlflow } = service('databricks');
    await expect(openExperiment({ mlflow }, { domain: 'd' })).rejects.toMatchObject({
      details: { option: 'experiment' },
    });
  });
});

describe('guardedTracker', () => {
  const failing = (calls: { count: number }) => ({
    ...noTracker(),
    tagOutcome: () => {
      calls.count++;
      return Promise.reject(new OptimizerError('MLflow is down.', { code: 'DOWN' }));
    },
  });

  it('tells failures, throws none, and gives up after a few in a row', async () => {
    const calls = { count: 0 };
    const told: string[] = [];
    const tracker = guardedTracker(failing(calls), (_code, message) => told.push(message));
    for (let at = 0; at < MAX_TRACKING_FAILURES + 2; at++) await tracker.tagOutcome('m', 'accepted', '');
    expect(calls.count).toBe(MAX_TRACKING_FAILURES);
    expect(told).toHaveLength(MAX_TRACKING_FAILURES);
    expect(told.at(-1)).toMatch(/MLflow is down\. Nothing more of this run is recorded\./);
  });

  it('is not asked again when it could not be opened', async () => {
    const told: string[] = [];
    const tracker = guardedTracker(
      { ...failing({ count: 0 }), open: () => Promise.reject(new OptimizerError('No.', { code: 'NO' })) },
      (code) => told.push(code),
    );
    expect(await tracker.open({} as never, [])).toBeNull();
    await tracker.tagOutcome('m', 'accepted', '');
    expect(told).toEqual(['tracking_failed']);
  });
});

describe('MODEL_FILTERS', () => {
  it('quote what comes from outside', () => {
    expect(MODEL_FILTERS.ofSession("o'clock")).toBe("tags.`genie_opt.session_id` = 'o''clock'");
    expect(MODEL_FILTERS.scoredAtLeast('schema_accuracy', 80)).toBe('metrics.`schema_accuracy` >= 80');
    expect(MODEL_FILTERS.ofLever(2)).toBe("params.patch_levers = '2'");
  });
});
