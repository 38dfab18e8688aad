import { describe, expect, it } from 'vitest';
import { CatalogEditor } from '../../src/clients/index.ts';
import {
  loadTrackedSession,
  MlflowTracker,
  promoteBestModel,
  REPORT_ARTIFACT,
  rollbackToModel,
  type RecordedPatch,
} from '../../src/logged-models/index.ts';
import type { LoggedModel, MlflowPort, TrackingService, Workspace } from '../../src/ports/index.ts';
import { startSession, type Session } from '../../src/session/index.ts';
import { parseSpace, referencedObjects, serializeSpace } from '../../src/spaces/index.ts';
import { fakeClock } from '../../src/testing/index.ts';
import { repeatabilityFound, trackedEvaluation, trackedQuestions } from './tracked-evaluation.ts';

/** Ids of what the suite leaves behind, for a reader of another kind. */
export interface WrittenByTracker {
  experimentId?: string;
  baselineModelId?: string;
  bestModelId?: string;
  baselineRunId?: string;
  bestRunId?: string;
  evaluationRunId?: string;
  sessionRunId?: string;
  reportRunId?: string;
  datasetName?: string;
}

export interface TrackedRunSubject {
  readonly service: TrackingService;
  /** The small library of `test/fixtures/local-sample`. */
  readonly workspace: Workspace;
  readonly spaceId: string;
  readonly experiment: string;
  readonly ucSchema?: string | undefined;
  readonly written: WrittenByTracker;
}

const LOANS = 'town.library.loans';
export const SYNONYM_PATCH = {
  id: 'P001',
  type: 'add_synonym',
  lever: 1,
  risk_level: 'low',
  confidence: 0.8,
  grounded_in: [],
  predicted_affected_questions: ['q2'],
  table: LOANS,
  column: 'out_on',
  synonym: 'lent on',
} as const;

const metricsOf = (model: LoggedModel): Record<string, number> =>
  Object.fromEntries(model.metrics.map(({ key, value }) => [key, value]));

/** What a tracker leaves in MLflow over a run of two accepted states. The tests build on one another, as a run does. */
export function describeTrackedRun(name: string, subject: () => TrackedRunSubject): void {
  describe(`a run tracked in ${name}`, () => {
    let tracker: MlflowTracker;
    let session: Session;
    let initialText: string;
    const problems: string[] = [];

    const mlflow = (): MlflowPort => subject().service.mlflow;
    const editor = () => new CatalogEditor({ sql: subject().workspace.sql });
    const artifact = async (runId: string, path: string): Promise<unknown> => {
      const bytes = await mlflow().artifacts.read(await mlflow().runs.get(runId), path);
      return bytes === null ? null : JSON.parse(new TextDecoder().decode(bytes));
    };
    /** The state as it is, with the definitions of its objects. */
    const stateOf = async (iteration: number, parentModelId: string | null, patchSet: RecordedPatch[]) => {
      const { workspace, spaceId } = subject();
      const config = await workspace.genie.getSpace(spaceId);
      const space = parseSpace(config.serializedSpace);
      const objects = await workspace.catalog.snapshot(referencedObjects(space));
      return {
        readFrom: spaceId,
        iteration,
        lever: iteration,
        patchSet,
        parentModelId,
        objects,
      };
    };
    const evaluate = async (modelId: string, iteration: number, correct: number): Promise<string> => {
      const run = await tracker.startEvaluation({
        iteration,
        scope: 'full',
        modelId,
        warehouseId: 'w1',
        evaluator: 'native',
        judges: ['result_correctness', 'schema_accuracy', 'completeness', 'arbiter'],
        questions: 3,
        splits: ['train', 'train', 'val'],
        benchmarkFingerprint: 'f1',
      });
      const unwritten = await run.finish({
        evaluation: trackedEvaluation(iteration, correct),
        thresholdsPassed: false,
        files: () => [
          { path: 'evaluation/rows.json', text: JSON.stringify(trackedEvaluation(iteration, correct)) },
        ],
      });
      expect(unwritten).toEqual([]);
      return run.runId;
    };

    it('opens an experiment, a run for its session, a dataset and prompts', async () => {
      const { service, workspace, spaceId, experiment, ucSchema, written } = subject();
      session = startSession({
        sessionId: `run ${experiment}`,
        spaceId,
        domain: 'Town Library',
        host: workspace.host,
        maxIterations: 5,
        now: '2026-03-15T08:00:00.000Z',
      });
      tracker = new MlflowTracker({
        service,
        mode: 'full',
        experiment,
        ucSchema,
        variables: { catalog: 'town', gold_schema: 'library', other: 'x' },
        genie: workspace.genie,
        sql: workspace.sql,
        catalog: workspace.catalog,
        editor: editor(),
        clock: fakeClock('2026-03-15T08:00:00.000Z'),
        onProblem: (code, message) => problems.push(`${code}: ${message}`),
      });
      const tracking = await tracker.open(session, trackedQuestions);
      session = { ...session, tracking };
      written.experimentId = tracking.experiment_id;
      written.sessionRunId = tracking.session_run_id;
      written.datasetName = tracking.dataset_name ?? '';
      expect(problems.filter((problem) => !problem.startsWith('uc_traces_unavailable'))).toEqual([]);
      expect(Object.keys(tracking.prompt_versions)).toContain('arbiter');
      expect(Object.values(tracking.prompt_versions)).not.toContain('inline');
      expect(tracking.dataset_name).toContain('genie_benchmarks_town_library');
    });

    it('records the state before the first evaluation inside a run of its own', async () => {
      const { written, spaceId, workspace } = subject();
      const state = await stateOf(0, null, []);
      initialText = serializeSpace(parseSpace((await workspace.genie.getSpace(spaceId)).serializedSpace));
      const version = await tracker.createModel(state);
      written.baselineModelId = version.modelId;
      written.baselineRunId = version.runId;
      const model = await mlflow().models.get(version.modelId);
      expect(model).toMatchObject({
        name: `genie-town-library-iter0-${version.configHash}`,
        status: 'LOGGED_MODEL_READY',
        sourceRunId: version.runId,
        params: {
          space_id: spaceId,
          iteration: '0',
          patch_count: '0',
          patch_types: 'none',
          parent_model_id: 'none',
          uc_diff_status: 'none',
        },
        tags: { outcome: 'pending', 'mlflow.model.isExternal': 'true', 'genie_opt.lever': '0' },
      });
      expect(Number(model.params['data_asset_count'])).toBeGreaterThan(0);
      expect(Object.keys(model.params)).not.toContain('uc_columns_changed');
      const run = await mlflow().runs.get(version.runId);
      expect(run).toMatchObject({
        runName: `create_model_iter0_${version.configHash}`,
        status: 'FINISHED',
        createdModelIds: [version.modelId],
        params: { model_name: model.name, config_hash: version.configHash },
        tags: { 'genie_opt.kind': 'model_creation' },
      });
      expect(run.metrics).toMatchObject({
        data_asset_count: Number(model.params['data_asset_count']),
        uc_columns_count: Number(model.params['uc_columns_count']),
      });
      expect(await artifact(version.runId, 'model_state/genie_config.json')).toMatchObject({
        space_id: spaceId,
        serialized_space: (await workspace.genie.getSpace(spaceId)).serializedSpace,
        _decoded: { data_sources: expect.any(Object) as unknown },
      });
      const columns = (await artifact(version.runId, 'model_state/uc_columns.json')) as object[];
      expect(columns).toHaveLength(Number(model.params['uc_columns_count']));
      expect(columns).toContainEqual(
        expect.objectContaining({ table_name: 'branches', column_name: 'branch_id' }),
      );
      for (const file of ['uc_tags', 'uc_routines'])
        expect(await artifact(version.runId, `model_state/${file}.json`)).toBeInstanceOf(Array);
    });

    it('links the scores of an evaluation to its model, and writes a trace with verdicts per question', async () => {
      const { written } = subject();
      const modelId = written.baselineModelId ?? '';
      written.evaluationRunId = await evaluate(modelId, 0, 1);
      await tracker.tagOutcome(modelId, 'accepted', '');
      const run = await mlflow().runs.get(written.evaluationRunId);
      expect(run).toMatchObject({
        runName: 'genie_eval_iter0_20260315_080000',
        status: 'FINISHED',
        evaluatedModelIds: [modelId],
        params: {
          eval_scope: 'full',
          num_scorers: '4',
          benchmark_count: '3',
          dataset_mode: expect.any(String) as unknown,
          benchmark_fingerprint: 'f1',
          split_counts: '{"train":2,"val":1}',
          prompt_versions: expect.stringContaining('arbiter') as unknown,
          catalog: 'town',
          gold_schema: 'library',
        },
        tags: { 'mlflow.run.isEval': 'true' },
        datasets: [{ name: written.datasetName }],
      });
      expect(run.metrics).toMatchObject({
        eval_schema_accuracy_pct: expect.closeTo(100 / 3, 6) as unknown,
        'schema_accuracy/mean': expect.closeTo(1 / 3, 6) as unknown,
        'completeness/error_count': 3,
        'completeness/scored_count': 0,
        thresholds_passed: 0,
      });
      expect(Object.keys(run.metrics)).not.toContain('completeness/mean');
      const model = await mlflow().models.get(modelId);
      expect(metricsOf(model)).toEqual({
        overall_accuracy: expect.closeTo(100 / 3, 6) as unknown,
        result_correctness: expect.closeTo(100 / 3, 6) as unknown,
        schema_accuracy: expect.closeTo(100 / 3, 6) as unknown,
      });
      expect(model.metrics.map(({ runId }) => runId)).toEqual(model.metrics.map(() => run.runId));
    });

    it('adds what asking again showed to run, version and the trace of each first answer', async () => {
      const { written } = subject();
      const runId = written.evaluationRunId ?? '';
      const unwritten = await tracker.noteRepeatability({
        runId,
        iteration: 0,
        metrics: { 'repeatability/mean': 2 / 3, 'repeatability/critical_count': 1 },
        repeatabilityPct: 200 / 3,
        json: '{"total_questions":3}\n',
        verdicts: repeatabilityFound,
      });
      expect(unwritten).toEqual([]);
      const { metrics } = await mlflow().runs.get(runId);
      expect(metrics).toMatchObject({ 'repeatability/mean': 2 / 3, 'repeatability/critical_count': 1 });
      const model = await mlflow().models.get(written.baselineModelId ?? '');
      expect(metricsOf(model)['repeatability_pct']).toBeCloseTo(200 / 3, 6);
      expect(await artifact(runId, 'evaluation/repeatability.json')).toEqual({ total_questions: 3 });
      const traces = await mlflow().traces.search({
        experimentIds: [written.experimentId ?? ''],
        filter: `metadata.\`mlflow.sourceRun\` = '${runId}'`,
      });
      const said = traces.flatMap(({ tags, assessments }) =>
        assessments
          .filter((assessment) => assessment.name === 'repeatability')
          .map(({ value, source, runId: of, metadata, rationale }) => ({
            question: tags['question_id'],
            value: value?.kind === 'feedback' ? value.value : null,
            source: `${source.type} ${source.id}`,
            of,
            rationale,
            failure: (JSON.parse(metadata['genie_opt.asi'] ?? '{}') as { failure_type?: string })
              .failure_type,
          })),
      );
      expect(said.toSorted((a, b) => (a.question ?? '').localeCompare(b.question ?? ''))).toEqual(
        repeatabilityFound.map(({ question_id, value, rationale, asi }) => ({
          question: question_id,
          value,
          source: 'CODE cell_9c_repeatability',
          of: runId,
          rationale,
          failure: asi?.failure_type,
        })),
      );
    });

    it('says which answers it could not speak of, and adds nothing for them', async () => {
      const { written } = subject();
      const found = repeatabilityFound.map((verdict) => ({ ...verdict, question_id: 'unknown' }));
      const unwritten = await tracker.noteRepeatability({
        runId: written.evaluationRunId ?? '',
        iteration: 0,
        metrics: {},
        repeatabilityPct: null,
        json: '{"total_questions":3}\n',
        verdicts: found.slice(0, 1),
      });
      expect(unwritten).toEqual(['unknown: it has no trace.']);
    });

    it('records a changed state with its patches and what changed in Unity Catalog since its parent', async () => {
      const { written, workspace, spaceId } = subject();
      const before = await workspace.genie.getSpace(spaceId);
      const space = parseSpace(before.serializedSpace);
      const [first] = space.data_sources?.tables ?? [];
      await workspace.genie.updateSpace(spaceId, {
        serializedSpace: serializeSpace({
          ...space,
          data_sources: {
            ...space.data_sources,
            tables: (space.data_sources?.tables ?? []).map((table) =>
              table === first ? { ...table, description: [`Changed by ${session.session_id}.`] } : table,
            ),
          },
        }),
        etag: before.etag,
      });
      const [loans] = (await workspace.catalog.snapshot({ tables: [LOANS], functions: [] })).tables;
      await editor().setComment({ table: loans ?? { name: LOANS, kind: 'table' } }, 'One row per loan, new.');

      const version = await tracker.createModel(
        await stateOf(1, written.baselineModelId ?? '', [SYNONYM_PATCH]),
      );
      written.bestModelId = version.modelId;
      written.bestRunId = version.runId;
      const { params, tags } = await mlflow().models.get(version.modelId);
      expect(params).toMatchObject({
        parent_model_id: written.baselineModelId,
        patch_count: '1',
        patch_types: 'add_synonym',
        patch_levers: '1',
        patch_targets: LOANS,
        patch_risk_levels: 'low',
        uc_columns_changed: '0',
        uc_diff_status: 'ok',
      });
      expect(tags).toMatchObject({ parent_model_id: written.baselineModelId, 'genie_opt.lever': '1' });
      expect(await artifact(version.runId, 'patches/patch_set.json')).toEqual([SYNONYM_PATCH]);
      expect(await artifact(version.runId, 'patches/patch_summary.json')).toMatchObject({
        by_type: { add_synonym: 1 },
        by_lever: { '1': 1 },
        targets: [LOANS],
      });
      expect(await artifact(version.runId, 'model_state/uc_metadata_diff.json')).toMatchObject({
        parent_model_id: written.baselineModelId,
        tables: {
          modified: [
            { key: LOANS, field: 'comment', old: loans?.comment ?? null, new: 'One row per loan, new.' },
          ],
        },
        summary: { columns_changed: 0, objects_changed: 1 },
      });
      const runId = await evaluate(version.modelId, 1, 3);
      await tracker.tagOutcome(version.modelId, 'accepted', '');
      session = {
        ...session,
        current_iteration: 1,
        best_iteration: 1,
        tracking: {
          ...(session.tracking as NonNullable<Session['tracking']>),
          models: { '0': written.baselineModelId ?? '', '1': version.modelId },
          evaluation_runs: { '0': written.evaluationRunId ?? '', '1': runId },
          best_model_id: version.modelId,
        },
      };
    });

    it('promotes by id, and takes the mark from the version that had it', async () => {
      const { written } = subject();
      const [baseline, best] = [written.baselineModelId ?? '', written.bestModelId ?? ''];
      await mlflow().models.setTags(baseline, { promoted: 'true' });
      expect(
        await tracker.promote({ modelId: best, reason: 'All targets met.', accuracyPct: 100, iteration: 1 }),
      ).toEqual({ status: 'promoted', modelId: best, demoted: [baseline], restored: false });
      expect((await mlflow().models.get(best)).tags).toMatchObject({
        promoted: 'true',
        promotion_reason: 'All targets met.',
        best_accuracy: '100',
        best_iteration: '1',
      });
      expect((await mlflow().models.get(baseline)).tags).not.toHaveProperty('promoted');
    });

    it('brings space and Unity Catalog back to a version, and says so only after reading back', async () => {
      const { written, workspace, spaceId } = subject();
      const ports = {
        mlflow: mlflow(),
        genie: workspace.genie,
        catalog: workspace.catalog,
        editor: editor(),
      };
      const result = await rollbackToModel(
        { modelId: written.baselineModelId ?? '', spaceId, objects: [LOANS] },
        ports,
      );
      expect(result).toMatchObject({
        status: 'restored',
        objects_restored: [`space:${spaceId}`, LOANS],
        objects_failed: [],
      });
      const live = await workspace.genie.getSpace(spaceId);
      expect(serializeSpace(parseSpace(live.serializedSpace))).toBe(initialText);
      const [loans] = (await workspace.catalog.snapshot({ tables: [LOANS], functions: [] })).tables;
      expect(loans?.comment).not.toBe('One row per loan, new.');
    });

    it('brings a space that was edited since back to the promoted version', async () => {
      const { written } = subject();
      const best = written.bestModelId ?? '';
      const promotion = { modelId: best, reason: null, accuracyPct: 100, iteration: 1 };
      await expect(tracker.promote(promotion)).rejects.toMatchObject({ code: 'MODEL_NOT_PROMOTABLE' });
      const { genie } = subject().workspace;
      expect(
        await promoteBestModel({ ...promotion, spaceId: subject().spaceId }, { mlflow: mlflow(), genie }),
      ).toMatchObject({ status: 'promoted', restored: true });
      expect((await mlflow().models.get(best)).tags).toMatchObject({ promotion_reason: 'target_met' });
    });

    it('gives the session and the rows of its evaluations back', async () => {
      const { written } = subject();
      session = { ...session, finished_at: '2026-03-15T09:00:00.000Z' };
      await tracker.close(session, '{"questions":[]}\n');
      const read = await loadTrackedSession(mlflow(), written.sessionRunId ?? '');
      expect(read.session).toEqual(session);
      expect(read.suite).toBe('{"questions":[]}\n');
      expect([...read.evaluations.keys()]).toEqual([0, 1]);
      expect(JSON.parse(read.evaluations.get(1) ?? '{}')).toMatchObject({ overall_accuracy: 100 });
      expect((await mlflow().runs.get(written.sessionRunId ?? '')).status).toBe('FINISHED');
      const experiment = await mlflow().experiments.findByName(session.tracking?.experiment_name ?? '');
      expect(experiment?.tags).toMatchObject({
        'genie_opt.session_id': session.session_id,
        'genie_opt.best_model_id': written.bestModelId,
        'genie_opt.progress_run_id': written.sessionRunId,
        'genie_opt.current_iteration': '1',
      });
    });

    it('keeps the report in a run of its own', async () => {
      const { written } = subject();
      written.reportRunId = await tracker.uploadReport({ markdown: '# Report\n', json: '{}\n' });
      const run = await mlflow().runs.get(written.reportRunId);
      const bytes = await mlflow().artifacts.read(run, REPORT_ARTIFACT);
      expect(run.runName).toBe('genie_opt_report_20260315_080000');
      expect(new TextDecoder().decode(bytes ?? new Uint8Array())).toBe('# Report\n');
    });
  });
}
