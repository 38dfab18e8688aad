import { describe, expect, it } from 'vitest';
import { isOptimizerError } from '../../src/core/index.ts';
import type { MlflowPort, Run } from '../../src/ports/index.ts';
import { MLFLOW_VALUES } from './mlflow-values.ts';

/** Ids of what the suite leaves behind, for a reader of another kind. */
export interface WrittenToMlflow {
  experimentId?: string;
  runId?: string;
  modelId?: string;
  /** A model whose steps the suite took one by one. */
  lifecycleModelId?: string;
  traceId?: string;
  promptName?: string;
  datasetId?: string;
}

export interface MlflowNames {
  readonly experiment: string;
  readonly prompt: string;
  readonly dataset: string;
}

/** Names as an open-source server has them. @param suffix - so that the suite can run twice on one server */
export const openSourceNames = (suffix: string): MlflowNames => ({
  experiment: `contract ${suffix}`,
  prompt: `contract_judge_${suffix}`,
  dataset: `questions ${suffix}`,
});

export interface MlflowSubject {
  readonly mlflow: MlflowPort;
  /** Names that nothing has yet, in the form of the service. */
  readonly names: MlflowNames;
  /** Filled as the suite writes. */
  readonly written: WrittenToMlflow;
}

const codeOf = (error: unknown): string | null => (isOptimizerError(error) ? error.code : null);
const failure = (promise: Promise<unknown>): Promise<string | null> => promise.then(() => null, codeOf);
const text = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : new TextDecoder().decode(bytes);

/** What every {@link MlflowPort} does. The tests build on one another, as a run does. */
export function describeMlflowPort(name: string, subject: () => MlflowSubject): void {
  describe(`${name} as MlflowPort`, () => {
    const started = async (): Promise<Run> => {
      const { mlflow, written } = subject();
      return mlflow.runs.get(written.runId ?? '');
    };

    it('finds no experiment of a new name, makes it once, and finds it then', async () => {
      const { mlflow, names, written } = subject();
      const { experiment } = names;
      expect(await mlflow.experiments.findByName(experiment)).toBeNull();
      const id = await mlflow.experiments.ensure(experiment, { tags: { purpose: 'contract' } });
      expect(await mlflow.experiments.ensure(experiment)).toBe(id);
      await mlflow.experiments.setTag(id, 'mlflow.experimentKind', 'genai_development');
      expect(await mlflow.experiments.findByName(experiment)).toMatchObject({
        experimentId: id,
        name: experiment,
        isDeleted: false,
        tags: { purpose: 'contract', 'mlflow.experimentKind': 'genai_development' },
      });
      written.experimentId = id;
    });

    it('starts a run that can be read', async () => {
      const { mlflow, written } = subject();
      const experimentId = written.experimentId ?? '';
      const run = await mlflow.runs.start({ experimentId, name: 'iteration 3', tags: { 'genie.a': 'b' } });
      written.runId = run.runId;
      expect(run).toMatchObject({ runName: 'iteration 3', experimentId, status: 'RUNNING' });
      expect((await mlflow.runs.get(run.runId)).tags).toMatchObject({ 'genie.a': 'b' });
    });

    it('nests a run below another', async () => {
      const { mlflow, written } = subject();
      const parentRunId = written.runId ?? '';
      const child = await mlflow.runs.start({ experimentId: written.experimentId ?? '', parentRunId });
      await mlflow.runs.end(child.runId, 'FAILED');
      const read = await mlflow.runs.get(child.runId);
      expect([read.status, read.tags['mlflow.parentRunId']]).toEqual(['FAILED', parentRunId]);
    });

    it('makes a model inside a run, ready and with its source', async () => {
      const { mlflow, written } = subject();
      const model = await mlflow.models.createExternal({
        experimentId: written.experimentId ?? '',
        sourceRunId: written.runId ?? '',
        modelType: 'genie-space',
        ...MLFLOW_VALUES.model,
      });
      written.modelId = model.modelId;
      await mlflow.models.setTags(model.modelId, { verdict: 'kept' });
      expect(await mlflow.models.get(model.modelId)).toMatchObject({
        name: MLFLOW_VALUES.model.name,
        status: 'LOGGED_MODEL_READY',
        sourceRunId: written.runId,
        params: MLFLOW_VALUES.model.params,
        tags: { ...MLFLOW_VALUES.model.tags, verdict: 'kept', 'mlflow.model.isExternal': 'true' },
      });
    });

    it('makes a model that is pending until its files are written, and links it to its run', async () => {
      const { mlflow, written } = subject();
      const [experimentId, runId] = [written.experimentId ?? '', written.runId ?? ''];
      const params = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`p${index}`, `${index}`]));
      const model = await mlflow.models.create({
        experimentId,
        sourceRunId: runId,
        name: 'lifecycle',
        params,
        tags: { outcome: 'pending', promoted: 'true' },
      });
      expect(model).toMatchObject({ status: 'LOGGED_MODEL_PENDING', sourceRunId: runId, params });
      await mlflow.runs.logOutputs(runId, [{ modelId: model.modelId, step: 3 }]);
      await mlflow.models.finalize(model.modelId, 'LOGGED_MODEL_READY');
      await mlflow.models.setTags(model.modelId, { outcome: 'accepted' });
      await mlflow.models.deleteTag(model.modelId, 'promoted');
      await mlflow.models.deleteTag(model.modelId, 'promoted');
      const read = await mlflow.models.get(model.modelId);
      expect(read).toMatchObject({ status: 'LOGGED_MODEL_READY', params });
      expect([read.tags['outcome'], read.tags['promoted']]).toEqual(['accepted', undefined]);
      expect((await started()).createdModelIds).toEqual([model.modelId]);
      written.lifecycleModelId = model.modelId;
    });

    it('marks a model whose files could not be written', async () => {
      const { mlflow, written } = subject();
      const { modelId } = await mlflow.models.create({
        experimentId: written.experimentId ?? '',
        sourceRunId: written.runId ?? '',
        name: 'failed',
      });
      const failed = await mlflow.models.finalize(modelId, 'LOGGED_MODEL_UPLOAD_FAILED');
      expect(failed.status).toBe('LOGGED_MODEL_UPLOAD_FAILED');
    });

    it('logs parameters, tags and metrics with their model; odd characters of keys are replaced', async () => {
      const { mlflow, written } = subject();
      const runId = written.runId ?? '';
      const modelId = written.modelId ?? '';
      const metrics = MLFLOW_VALUES.metrics.map((metric, index) => ({
        ...metric,
        modelId,
        timestamp: 1_760_000_000_000 + index,
      }));
      const unsent = await mlflow.runs.log(runId, {
        params: MLFLOW_VALUES.params,
        tags: MLFLOW_VALUES.tags,
        metrics: [...metrics, { key: 'no_number', value: Number.NaN }],
      });
      expect(unsent).toEqual(['no_number']);
      const run = await started();
      expect(run.metrics).toEqual({ overall_accuracy: 82.5, 'schema_accuracy/mean': 0.75 });
      expect(run.params).toMatchObject({ iteration: '3' });
      expect(run.params['note _raw_']).toMatch(/^x{249}/);
      expect(run.tags).toMatchObject(MLFLOW_VALUES.tags);
      expect((await mlflow.models.get(modelId)).metrics).toEqual(
        expect.arrayContaining([{ key: 'schema_accuracy/mean', value: 0.75, runId }]),
      );
    });

    it('takes more entries than one request may carry', async () => {
      const { mlflow, written } = subject();
      const runId = written.runId ?? '';
      const params = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`p${index}`, `${index}`]));
      const metrics = Array.from({ length: 1200 }, (_, step) => ({ key: 'many', value: step / 2, step }));
      await mlflow.runs.log(runId, { params, metrics });
      expect((await started()).params).toMatchObject({ p0: '0', p119: '119' });
      const history = await mlflow.runs.metricHistory(runId, 'many');
      expect(history).toHaveLength(1200);
      expect(history.map(({ step }) => step).toSorted((a, b) => a - b)[1199]).toBe(1199);
    });

    it('gives the values of a metric in order', async () => {
      const { mlflow, written } = subject();
      const history = await mlflow.runs.metricHistory(written.runId ?? '', 'overall_accuracy');
      expect(history.map(({ value, step }) => [value, step])).toEqual([
        [40, 0],
        [82.5, 1],
      ]);
    });

    it('names the data and the model that a run evaluates', async () => {
      const { mlflow, written } = subject();
      const digest = 'a'.repeat(40);
      await mlflow.runs.logInputs(written.runId ?? '', {
        datasets: [{ name: 'questions', digest, sourceType: 'local', source: '{"path":"q.yaml"}' }],
        modelIds: [written.modelId ?? ''],
      });
      const run = await started();
      expect(run.datasets).toEqual([{ name: 'questions', digest: 'a'.repeat(36) }]);
      expect(run.evaluatedModelIds).toEqual([written.modelId]);
      expect(await failure(mlflow.runs.logInputs('no-such-run', { modelIds: [] }))).not.toBeNull();
    });

    it('writes, lists and reads files of a run, whatever their name and content', async () => {
      const { mlflow } = subject();
      const { artifact } = MLFLOW_VALUES;
      const owner = await started();
      await mlflow.artifacts.write(owner, artifact.name, artifact.text);
      await mlflow.artifacts.write(owner, 'evaluation/bytes.bin', new Uint8Array([0, 255, 10]));
      expect(text(await mlflow.artifacts.read(owner, artifact.name))).toBe(artifact.text);
      expect(await mlflow.artifacts.read(owner, 'evaluation/bytes.bin')).toEqual(
        new Uint8Array([0, 255, 10]),
      );
      expect(await mlflow.artifacts.read(owner, 'evaluation/none.json')).toBeNull();
      expect(await mlflow.artifacts.list(owner)).toContainEqual({
        path: 'evaluation',
        isFolder: true,
        size: null,
      });
      expect((await mlflow.artifacts.list(owner, 'evaluation')).map(({ path }) => path).toSorted()).toEqual([
        'evaluation/bytes.bin',
        artifact.name,
      ]);
      expect(await mlflow.artifacts.list(owner, 'no-such-folder')).toEqual([]);
    });

    it('keeps files of a model beside it', async () => {
      const { mlflow, written } = subject();
      const owner = await mlflow.models.get(written.modelId ?? '');
      await mlflow.artifacts.write(owner, 'space.json', '{"version":2}');
      expect(text(await mlflow.artifacts.read(owner, 'space.json'))).toBe('{"version":2}');
      expect((await mlflow.artifacts.list(owner)).map(({ path }) => path)).toContain('space.json');
    });

    it('finds models and runs by filter', async () => {
      const { mlflow, written } = subject();
      const experimentIds = [written.experimentId ?? ''];
      const models = await mlflow.models.search({ experimentIds, filter: "tags.verdict = 'kept'", limit: 5 });
      expect(models.map(({ modelId }) => modelId)).toEqual([written.modelId]);
      const runs = await mlflow.runs.search({ experimentIds, filter: 'metrics.overall_accuracy > 80' });
      expect(runs.map(({ runId }) => runId)).toEqual([written.runId]);
      expect(await mlflow.runs.search({ experimentIds, limit: 1 })).toHaveLength(1);
    });

    it('orders models by a metric, and by time without an order', async () => {
      const { mlflow, written } = subject();
      const experimentIds = [written.experimentId ?? ''];
      const better = written.lifecycleModelId ?? '';
      await mlflow.runs.log(written.runId ?? '', {
        metrics: [
          { key: 'score', value: 10, modelId: written.modelId ?? '' },
          { key: 'score', value: 20, modelId: better },
        ],
      });
      const search = (ascending: boolean) =>
        mlflow.models.search({
          experimentIds,
          filter: 'metrics.score > 0',
          orderBy: [{ field: 'metrics.score', ascending }],
        });
      expect((await search(false)).map(({ modelId }) => modelId)).toEqual([better, written.modelId]);
      expect((await search(true)).map(({ modelId }) => modelId)).toEqual([written.modelId, better]);
      const [newest] = await mlflow.models.search({ experimentIds, limit: 1 });
      expect(newest?.name).toBe('failed');
      expect(await mlflow.models.search({ experimentIds: ['999999'] })).toEqual([]);
    });

    it('finds only what was measured on the data that is named', async () => {
      const { mlflow, written } = subject();
      const experimentIds = [written.experimentId ?? ''];
      const modelId = written.lifecycleModelId ?? '';
      const digest = 'b'.repeat(8);
      await mlflow.runs.logInputs(written.runId ?? '', {
        datasets: [{ name: 'held_out', digest, sourceType: 'local', source: '{}' }],
      });
      await mlflow.runs.log(written.runId ?? '', {
        metrics: [{ key: 'held', value: 90, modelId, datasetName: 'held_out', datasetDigest: digest }],
      });
      const search = (name: string) =>
        mlflow.models.search({ experimentIds, filter: 'metrics.held > 80', datasets: [{ name, digest }] });
      expect((await search('held_out')).map((model) => model.modelId)).toEqual([modelId]);
      expect(await search('another')).toEqual([]);
    });

    it('writes a trace with its spans, and finds it by its run', async () => {
      const { mlflow, written } = subject();
      const [experimentId, runId] = [written.experimentId ?? '', written.runId ?? ''];
      const trace = await mlflow.traces.log({
        experimentId,
        runId,
        modelId: written.modelId ?? '',
        tags: { question_id: 'q1' },
        root: {
          name: 'ask',
          type: 'CHAIN',
          startedMs: 1_760_000_000_000,
          endedMs: 1_760_000_001_500,
          inputs: { question: 'How many orders?' },
          outputs: { sql: 'SELECT count(*) FROM orders' },
          children: [
            { name: 'genie', type: 'TOOL', startedMs: 1_760_000_000_100, endedMs: 1_760_000_001_000 },
          ],
        },
      });
      expect(trace.spansError).toBeNull();
      written.traceId = trace.traceId;
      const verdict = {
        name: 'schema_accuracy',
        source: { type: 'CODE', id: 'structural' },
        spanId: trace.rootSpanId,
        runId,
      } as const;
      await mlflow.traces.addAssessment(trace.traceId, {
        ...verdict,
        value: { kind: 'feedback', value: 'no' },
        rationale: 'The join is missing.',
        metadata: { 'genie_opt.asi': '{"failure_type":"missing_join"}' },
      });
      await mlflow.traces.addAssessment(trace.traceId, {
        ...verdict,
        name: 'logical_accuracy',
        value: { kind: 'failed', errorCode: 'SCORER_ERROR', errorMessage: 'no answer' },
      });
      await mlflow.traces.addAssessment(trace.traceId, {
        ...verdict,
        name: 'expected_sql',
        source: { type: 'HUMAN', id: 'author' },
        value: { kind: 'expectation', value: { sql: 'SELECT 1', rows: [1, 2] } },
      });
      await mlflow.traces.setTag(trace.traceId, 'seen', 'yes');
      await mlflow.traces.linkToRun([trace.traceId], runId);
      const [found, ...others] = await mlflow.traces.search({
        experimentIds: [experimentId],
        filter: `metadata.\`mlflow.sourceRun\` = '${runId}'`,
      });
      expect(others).toEqual([]);
      expect(found).toMatchObject({
        traceId: trace.traceId,
        state: 'OK',
        metadata: { 'mlflow.sourceRun': runId, 'mlflow.modelId': written.modelId },
        tags: { question_id: 'q1', seen: 'yes', 'mlflow.traceName': 'ask' },
      });
      expect(found?.assessmentNames.toSorted()).toEqual([
        'expected_sql',
        'logical_accuracy',
        'schema_accuracy',
      ]);
      const byName = new Map(found?.assessments.map((each) => [each.name, each]));
      expect(byName.get('schema_accuracy')).toMatchObject({
        source: { type: 'CODE', id: 'structural' },
        value: { kind: 'feedback', value: 'no' },
        rationale: 'The join is missing.',
        spanId: trace.rootSpanId,
        runId,
        metadata: { 'genie_opt.asi': '{"failure_type":"missing_join"}' },
      });
      expect(byName.get('logical_accuracy')?.value).toMatchObject({
        kind: 'failed',
        errorCode: 'SCORER_ERROR',
        errorMessage: 'no answer',
      });
      expect(byName.get('expected_sql')?.value).toEqual({
        kind: 'expectation',
        value: { sql: 'SELECT 1', rows: [1, 2] },
      });
    });

    it('numbers the versions of a prompt and keeps their text', async () => {
      const { mlflow, names, written } = subject();
      const { prompt } = names;
      const first = await mlflow.prompts.register({ name: prompt, template: 'First {{ question }}' });
      const second = await mlflow.prompts.register({
        name: prompt,
        template: MLFLOW_VALUES.template,
        message: 'Second',
        tags: { judge: 'schema_accuracy' },
      });
      await mlflow.prompts.setAlias(prompt, 'production', second.version);
      expect([first.version, second.version]).toEqual(['1', '2']);
      expect(await mlflow.prompts.load(prompt, '2')).toEqual(second);
      expect(await mlflow.prompts.loadByAlias(prompt, 'production')).toEqual(second);
      await mlflow.prompts.setAlias(prompt, 'production', first.version);
      expect(await mlflow.prompts.loadByAlias(prompt, 'production')).toEqual(first);
      await mlflow.prompts.setAlias(prompt, 'production', second.version);
      expect(await mlflow.prompts.loadByAlias(prompt, 'none')).toBeNull();
      expect(await mlflow.prompts.loadByAlias(`${prompt}_none`, 'production')).toBeNull();
      expect(await mlflow.prompts.load(prompt, '9')).toBeNull();
      expect(await mlflow.prompts.load(`${prompt}_none`, '1')).toBeNull();
      written.promptName = prompt;
    });

    it('keeps one record for equal inputs', async () => {
      const { mlflow, names, written } = subject();
      const datasetId = await mlflow.datasets.create({
        name: names.dataset,
        experimentIds: [written.experimentId ?? ''],
        tags: { domain: 'sales' },
      });
      const { record } = MLFLOW_VALUES;
      expect(await mlflow.datasets.upsertRecords(datasetId, [record])).toEqual({ inserted: 1, updated: 0 });
      expect(
        await mlflow.datasets.upsertRecords(datasetId, [{ ...record, tags: { split: 'test' } }]),
      ).toEqual({ inserted: 0, updated: 1 });
      expect(await mlflow.datasets.records(datasetId)).toEqual([{ ...record, tags: { split: 'test' } }]);
      written.datasetId = datasetId;
    });

    it('says NOT_FOUND for a run, a model and a file owner that do not exist', async () => {
      const { mlflow } = subject();
      expect(await failure(mlflow.runs.get('f'.repeat(32)))).toBe('NOT_FOUND');
      expect(await failure(mlflow.models.get(`m-${'f'.repeat(32)}`))).toBe('NOT_FOUND');
    });

    it('deletes a model', async () => {
      const { mlflow, written } = subject();
      const model = await mlflow.models.createExternal({
        experimentId: written.experimentId ?? '',
        sourceRunId: written.runId ?? '',
        name: 'short-lived',
      });
      await mlflow.models.delete(model.modelId);
      const models = await mlflow.models.search({ experimentIds: [written.experimentId ?? ''] });
      expect(models.map(({ modelId }) => modelId)).not.toContain(model.modelId);
    });

    it('ends the run', async () => {
      const { mlflow, written } = subject();
      await mlflow.runs.end(written.runId ?? '');
      expect((await started()).status).toBe('FINISHED');
    });

    it('stops when the signal has fired', async () => {
      const { mlflow, written } = subject();
      const signal = AbortSignal.abort();
      expect(await failure(mlflow.runs.get(written.runId ?? '', { signal }))).toBe('ABORTED_BY_CALLER');
    });
  });
}
