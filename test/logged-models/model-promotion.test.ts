import { describe, expect, it } from 'vitest';
import {
  createGenieModelVersion,
  linkEvalScoresToModel,
  MODEL_FILTERS,
  promoteBestModel,
  rollbackToModel,
} from '../../src/logged-models/index.ts';
import type { SpaceUpdate } from '../../src/ports/index.ts';
import { memoryWorkspace } from '../../src/testing/index.ts';
import { trackedEvaluation } from '../contracts/tracked-evaluation.ts';
import { memoryMlflow } from './memory-mlflow.ts';
import { SPACE, warehouse, version, evaluated } from './model-world.ts';

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

  it('takes a description away that the space did not have then', async () => {
    const mlflow = memoryMlflow();
    const { modelId } = await evaluated(mlflow);
    const { genie } = workspace(SPACE);
    const updates: SpaceUpdate[] = [];
    const later = {
      ...genie,
      getSpace: async (spaceId: string) => ({
        ...(await genie.getSpace(spaceId)),
        description: updates.at(-1)?.description ?? 'Added later.',
      }),
      updateSpace: (spaceId: string, update: SpaceUpdate) => {
        updates.push(update);
        return genie.updateSpace(spaceId, update);
      },
    };
    expect(await rollbackToModel({ modelId, spaceId: 's1' }, { mlflow, genie: later })).toMatchObject({
      status: 'restored',
    });
    expect(updates).toMatchObject([{ description: '' }]);
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

describe('MODEL_FILTERS', () => {
  it('quote what comes from outside', () => {
    expect(MODEL_FILTERS.ofSession("o'clock")).toBe("tags.`genie_opt.session_id` = 'o''clock'");
    expect(MODEL_FILTERS.scoredAtLeast('schema_accuracy', 80)).toBe('metrics.`schema_accuracy` >= 80');
    expect(MODEL_FILTERS.ofLever(2)).toBe("params.patch_levers = '2'");
  });
});
