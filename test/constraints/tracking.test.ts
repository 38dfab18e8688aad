import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AuthConfigurationError, connect, connectMlflow, MlflowClient } from '../../src/clients/index.ts';
import { InvalidOptionError } from '../../src/core/index.ts';
import { MlflowTracker } from '../../src/logged-models/index.ts';
import type { OptimizeEvent } from '../../src/pipeline/index.ts';
import { startSession } from '../../src/session/index.ts';
import { fakeClock } from '../../src/testing/index.ts';
import { memoryMlflow, type MemoryMlflow } from '../logged-models/memory-mlflow.ts';
import { scriptedRun, SPACE_ID, synonym, TEN_QUESTIONS } from '../scenarios/scripted-run.ts';

const helps = (lever: number) => (lever === 1 ? [synonym(1, 2)] : []);
const tracked = (mlflow: MemoryMlflow) => ({ mlflow: { mlflow }, experiment: 'library' });

/** A tracked run with everything it told. */
async function told(
  mlflow: MemoryMlflow,
  changes: Parameters<ReturnType<typeof scriptedRun>['run']>[0] = {},
) {
  const scenario = scriptedRun(TEN_QUESTIONS, helps);
  const events: OptimizeEvent[] = [];
  const metricsAt = new Map<OptimizeEvent, number>();
  const result = await scenario.run({
    ...tracked(mlflow),
    ...changes,
    onEvent: (event) => {
      events.push(event);
      metricsAt.set(event, mlflow.metricLog.length);
    },
  });
  const of = <T extends OptimizeEvent['type']>(type: T) =>
    events.filter((event): event is Extract<OptimizeEvent, { type: T }> => event.type === type);
  return { result, events, of, metricsAt };
}

/** What an evaluation measured; versions have counts of their own. */
const measured = ({ metricLog }: MemoryMlflow) =>
  metricLog.filter(({ key }) => /accuracy|_pct$|\/mean$|thresholds_passed/.test(key));

const evaluationRuns = ({ runList }: MemoryMlflow) =>
  runList.filter(({ tags }) => tags['genie_opt.kind'] === 'evaluation');

describe('a tracked run', () => {
  it('HC1, mistake 1: gives every evaluation, gates and held-out questions included, a run of its own', async () => {
    const mlflow = memoryMlflow();
    const { of } = await told(mlflow);
    const finished = of('evaluation_finished').map(({ scope, iteration }) => [scope, String(iteration)]);
    expect(new Set(finished.map(([scope]) => scope))).toEqual(new Set(['full', 'slice', 'p0', 'held_out']));
    expect(evaluationRuns(mlflow).map(({ params }) => [params['eval_scope'], params['iteration']])).toEqual(
      finished,
    );
    expect(evaluationRuns(mlflow).map(({ status }) => status)).toEqual(finished.map(() => 'FINISHED'));
  });

  it.each(['experiments.ensure', 'models.create', 'runs.logInputs'])(
    'HC1: with requireTracking asks nothing when %s fails, because nothing would be recorded',
    async (call) => {
      const mlflow = memoryMlflow();
      mlflow.fail(call);
      const scenario = scriptedRun(TEN_QUESTIONS, helps);
      const before = scenario.workspace.spaceText(SPACE_ID);
      const run = scenario.run({ ...tracked(mlflow), requireTracking: true });
      await expect(run).rejects.toMatchObject({ code: 'TRACKING_REQUIRED' });
      expect(scenario.workspace.asked).toEqual([]);
      expect(measured(mlflow)).toEqual([]);
      expect(scenario.workspace.spaceText(SPACE_ID)).toBe(before);
    },
  );

  it.each([
    ['live', 'models.create'],
    ['live', 'runs.logInputs'],
    ['clone', 'models.create'],
    ['clone', 'runs.log:metrics'],
  ] as const)(
    'HC1: with requireTracking and isolation %s takes a change back and stops when %s fails later on',
    async (isolation, call) => {
      const mlflow = memoryMlflow();
      const scenario = scriptedRun(TEN_QUESTIONS, helps);
      const before = scenario.workspace.spaceText(SPACE_ID);
      const run = scenario.run({
        ...tracked(mlflow),
        requireTracking: true,
        isolation,
        onEvent: ({ type }) => void (type === 'proposals_ready' && mlflow.fail(call)),
      });
      await expect(run).rejects.toMatchObject({ code: 'TRACKING_REQUIRED' });
      expect(JSON.parse(scenario.workspace.spaceText(SPACE_ID))).toEqual(JSON.parse(before));
      expect(await scenario.workspace.genie.listSpaces()).toHaveLength(1);
    },
  );

  it('HC1: requireTracking without tracking is refused at the door', async () => {
    const run = scriptedRun(TEN_QUESTIONS, helps).run({ requireTracking: true });
    await expect(run).rejects.toMatchObject({ details: { option: 'requireTracking' } });
  });

  it('HC4, checklist 2: tells the addresses of experiment and run before the run has a metric', async () => {
    const mlflow = memoryMlflow();
    const { events, of, metricsAt } = await told(mlflow);
    const [experiment] = of('experiment_ready');
    expect(experiment?.url).toBe('memory://mlflow/#/experiments/1');
    const asked = events.findIndex(({ type }) => type === 'question_done');
    expect(events.findIndex(({ type }) => type === 'experiment_ready')).toBeLessThan(asked);
    expect(events.findIndex(({ type }) => type === 'run_ready')).toBeLessThan(asked);
    expect(of('run_ready').map(({ runId }) => runId)).toEqual(
      evaluationRuns(mlflow).map(({ runId }) => runId),
    );
    for (const ready of of('run_ready')) {
      const earlier = mlflow.metricLog.slice(0, metricsAt.get(ready));
      expect(ready.url).toBe(`${experiment?.url}/runs/${ready.runId}`);
      expect(earlier.filter(({ runId }) => runId === ready.runId)).toEqual([]);
    }
  });

  it('HC4: writes no metric anywhere when experiment or run fail, and still ends', async () => {
    for (const call of ['experiments.ensure', 'runs.logInputs']) {
      const mlflow = memoryMlflow();
      mlflow.fail(call);
      const { result, of } = await told(mlflow);
      expect(result.finalAccuracyPct).toBe(37.5);
      expect(of('run_ready')).toEqual([]);
      expect(measured(mlflow)).toEqual([]);
    }
  });

  it('HC5, checklist 10: writes metrics to runs of evaluations only, and to none that has ended', async () => {
    const mlflow = memoryMlflow();
    const { of } = await told(mlflow);
    const ready = new Set(of('run_ready').map(({ runId }) => runId));
    expect(measured(mlflow).length).toBeGreaterThan(0);
    expect(measured(mlflow).filter(({ runId }) => !ready.has(runId))).toEqual([]);
  });

  it('HC5: a run of an evaluation that has ended takes nothing more', async () => {
    const mlflow = memoryMlflow();
    const { workspace } = scriptedRun(TEN_QUESTIONS, helps);
    const tracker = new MlflowTracker({
      ...workspace,
      service: { mlflow },
      mode: 'summary',
      clock: fakeClock(),
    });
    const facts = { sessionId: 's', spaceId: SPACE_ID, domain: 'd', host: '', maxIterations: 1, now: '' };
    await tracker.open(startSession(facts), []);
    const run = await tracker.startEvaluation({
      iteration: 0,
      scope: 'full',
      modelId: null,
      warehouseId: null,
      evaluator: 'native',
      judges: [],
      questions: 1,
    });
    await run.fail('It broke.');
    const calls = mlflow.calls.length;
    await expect(run.fail('Again.')).rejects.toMatchObject({ code: 'INVARIANT' });
    await expect(run.finish({} as Parameters<typeof run.finish>[0])).rejects.toMatchObject({
      code: 'INVARIANT',
    });
    expect(mlflow.calls).toHaveLength(calls);
  });

  it('HC5, mistake 5: only the recording of versions and runs, and the client itself, write to MLflow', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !/^(?:logged-models|clients|local|ports)\//.test(name),
    );
    expect(files.length).toBeGreaterThan(300);
    const writers = files.filter((name) =>
      /\.(?:runs\.(?:start|log|end|logInputs|logOutputs)|traces\.log|traces\.addAssessment|models\.(?:create|setTags)|artifacts\.write|datasets\.\w+|prompts\.(?:register|create\w*))\(/.test(
        readFileSync(join('src', name), 'utf8'),
      ),
    );
    expect(writers).toEqual([]);
  });

  it('checklist 9: makes the version first, with patches, parent and prompt versions', async () => {
    const mlflow = memoryMlflow('databricks');
    await told(mlflow, {
      experiment: '/Users/me@example.com/genie-optimization/library',
      ucSchema: 'main.gold',
    });
    const [baseline, changed] = mlflow.modelList;
    expect(changed?.params['parent_model_id']).toBe(baseline?.modelId);
    expect(JSON.parse(changed?.params['prompt_versions'] ?? '{}')).toMatchObject({ arbiter: '1' });
    const patches = mlflow.files.get(`${changed?.sourceRunId ?? ''}/patches/patch_set.json`);
    expect(patches).toContain('add_synonym');
    const order = mlflow.runList.map(({ runId }) => runId);
    const evaluated = mlflow.runList.find(({ evaluatedModelIds: [id] }) => id === changed?.modelId);
    expect(order.indexOf(changed?.sourceRunId ?? '')).toBeLessThan(order.indexOf(evaluated?.runId ?? ''));
  });

  it('checklist 11, checklist 12, checklist 13: names its evaluation runs, with parameters and metrics', async () => {
    const mlflow = memoryMlflow();
    await told(mlflow);
    for (const { runName, params, metrics } of evaluationRuns(mlflow)) {
      expect(runName).toMatch(/^genie_eval_iter\d+_\d{8}_\d{6}(_(slice|p0|held_out))?$/);
      expect(params).toMatchObject({
        space_id: SPACE_ID,
        iteration: expect.stringMatching(/^\d+$/) as string,
        dataset: 'library_benchmarks',
        num_scorers: expect.stringMatching(/^[1-9]/) as string,
        eval_scope: /_(slice|p0|held_out)$/.exec(runName)?.[1] ?? 'full',
      });
      expect(Object.keys(metrics)).toEqual(
        expect.arrayContaining([
          'thresholds_passed',
          'result_correctness/mean',
          'eval_result_correctness_pct',
        ]),
      );
      expect(metrics['eval_result_correctness_pct']).toBe(100 * (metrics['result_correctness/mean'] ?? NaN));
    }
  });

  it('checklist 14: judges are assessments of a trace, one each, and never spans of it', async () => {
    const mlflow = memoryMlflow();
    const { result } = await told(mlflow, { evaluateOnly: true });
    expect(mlflow.traceList).toHaveLength(result.session.iterations[0]?.total_questions ?? 0);
    for (const { trace, assessments } of mlflow.traceList) {
      const names = assessments.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(names).toContain('result_correctness');
      const spans = (trace.root.children ?? []).map(({ name }) => name);
      expect(spans).toEqual(['ask_genie', 'run_statements']);
    }
  });

  it('checklist 24: leaves prompts, runs, traces, versions and dataset in one experiment', async () => {
    const mlflow = memoryMlflow('databricks');
    await told(mlflow, {
      experiment: '/Users/me@example.com/genie-optimization/library',
      ucSchema: 'main.gold',
    });
    expect(new Set(mlflow.runList.map(({ experimentId }) => experimentId))).toEqual(new Set(['1']));
    expect(new Set(mlflow.traceList.map(({ trace }) => trace.experimentId))).toEqual(new Set(['1']));
    expect(mlflow.runList.some(({ runName }) => runName.startsWith('register_prompts_'))).toBe(true);
    expect([...mlflow.datasetRecords.keys()]).toHaveLength(1);
    expect(mlflow.modelList.length).toBeGreaterThan(1);
  });
});

describe('a tracking client', () => {
  it.each(['', 'file:///data/mlruns', './mlruns', '/data/mlruns', 'sqlite:///mlflow.db'])(
    "HC3, mistake 3, checklist 3: refuses '%s': nothing is written to a local store",
    async (trackingUri) => {
      await expect(connectMlflow({ trackingUri, sources: { env: {} } })).rejects.toBeInstanceOf(
        InvalidOptionError,
      );
    },
  );

  it('HC3, mistake 3: of a workspace needs host and credential', async () => {
    const nobody = { env: {}, files: { read: () => Promise.resolve(null) } };
    await expect(connect({ sources: nobody })).rejects.toBeInstanceOf(AuthConfigurationError);
    await expect(connectMlflow({ trackingUri: 'databricks', sources: nobody })).rejects.toBeInstanceOf(
      AuthConfigurationError,
    );
    await expect(connect({ host: 'https://workspace.example.com', sources: nobody })).rejects.toBeInstanceOf(
      AuthConfigurationError,
    );
  });

  it('HC3: writes where its host is, and knows no other place', () => {
    expect(Object.keys(MlflowClient.prototype)).toEqual([]);
    const source = readdirSync('src/clients/mlflow', { encoding: 'utf8' })
      .map((name) => readFileSync(join('src/clients/mlflow', name), 'utf8'))
      .join('');
    expect(source).not.toMatch(/node:fs|writeFile|sqlite|mlruns/);
  });
});
