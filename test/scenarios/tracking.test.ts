import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadBenchmarks } from '../../src/benchmarks/index.ts';
import { connect } from '../../src/clients/index.ts';
import { startLocalWorkspace } from '../../src/local/index.ts';
import { REPORT_ARTIFACT } from '../../src/logged-models/index.ts';
import { optimize, type OptimizeEvent, type OptimizeOptions } from '../../src/pipeline/index.ts';
import type { MlflowPort } from '../../src/ports/index.ts';
import { fakeClock, memoryFileStore } from '../../src/testing/index.ts';
import { assessRepeatability } from '../../src/repeatability/index.ts';
import { memoryMlflow, type MemoryMlflow } from '../logged-models/memory-mlflow.ts';
import { mortalProcess } from './mortal-process.ts';
import { goodBadGood, scriptedRun, SPACE_ID, synonym, TEN_QUESTIONS } from './scripted-run.ts';

const tracked = (mlflow: MemoryMlflow) => ({ mlflow: { mlflow }, experiment: 'library' });
const outcomes = (mlflow: MemoryMlflow) =>
  mlflow.modelList.map(({ params, tags }) => [params['iteration'], tags['outcome']]);

describe('a run that is tracked', () => {
  it('HC6, HC17: records every state before it is evaluated, and what became of it', async () => {
    const mlflow = memoryMlflow();
    const scenario = scriptedRun(TEN_QUESTIONS, goodBadGood);
    const { session } = await scenario.run(tracked(mlflow));
    expect(session.iterations.map(({ outcome }) => outcome)).toContain('accepted');
    expect(mlflow.modelList.map(({ status }) => status)).toEqual(
      mlflow.modelList.map(() => 'LOGGED_MODEL_READY'),
    );
    const decided = session.iterations.map(({ iteration, outcome }) => [String(iteration), outcome]);
    expect(outcomes(mlflow)).toEqual(expect.arrayContaining(decided) as unknown);

    const fullRuns = mlflow.runList.filter(({ params }) => params['eval_scope'] === 'full');
    expect(fullRuns).toHaveLength(session.iterations.length);
    for (const run of mlflow.runList.filter(({ tags }) => tags['mlflow.run.isEval'] === 'true')) {
      const [modelId = ''] = run.evaluatedModelIds;
      const madeBy = mlflow.modelList.find((model) => model.modelId === modelId)?.sourceRunId ?? '';
      const order = mlflow.runList.map(({ runId }) => runId);
      expect(run.status).toBe('FINISHED');
      expect(order.indexOf(madeBy)).toBeLessThan(order.indexOf(run.runId));
      expect(order).toContain(madeBy);
    }
  });

  it('checklist: what asking again showed stands in the run of the evaluation it began with', async () => {
    const mlflow = memoryMlflow();
    const scenario = scriptedRun(TEN_QUESTIONS, goodBadGood);
    const { session } = await scenario.run({ ...tracked(mlflow), finalRepeatability: true });
    const runId = session.tracking?.evaluation_runs[String(session.best_iteration)];
    const run = mlflow.runList.find((one) => one.runId === runId);
    expect(run?.metrics).toMatchObject({
      'repeatability/mean': 1,
      'repeatability/identical_count': 8,
      'repeatability/critical_count': 0,
    });
    const asked = mlflow.runList.filter(({ metrics }) => Object.hasOwn(metrics, 'repeatability/mean'));
    expect(asked).toHaveLength(1);
    const files = [...mlflow.files].filter(([path]) => path.endsWith('evaluation/repeatability.json'));
    expect(files).toHaveLength(1);
    expect(JSON.parse(files[0]?.[1] ?? '{}')).toMatchObject({ total_questions: 8, extra_queries: 2 });
  });

  it('HC21: unstable answers stand on the traces of the first answers, and in the table of verdicts', async () => {
    const mlflow = memoryMlflow('databricks');
    const scenario = scriptedRun(TEN_QUESTIONS, goodBadGood);
    const written: (string | null)[][] = [];
    const { sql } = scenario.workspace;
    const { session } = await scenario.run({
      workspace: {
        ...scenario.workspace,
        sql: {
          ...sql,
          execute: (statement, options) => {
            if (statement.startsWith('INSERT') && statement.includes('genie_eval_asi_results'))
              written.push((options?.parameters ?? []).map(({ value }) => value));
            return sql.execute(statement, options);
          },
        },
      },
      mlflow: { mlflow },
      experiment: '/Users/me@example.com/genie-optimization/library',
      ucSchema: 'main.gold',
      finalRepeatability: true,
      phases: {
        propose: (ctx, input) => ({ proposals: goodBadGood(input.lever) }),
        finalRepeatability: (_ctx, { rows }) =>
          assessRepeatability(
            rows.map(({ question_id, question }) => ({
              question_id,
              question,
              samples: ['1', '2', question_id === 'q2' ? '3' : '1'].map((answer) => ({
                sql: question_id === 'q0' ? 'SELECT 1' : `SELECT ${answer}`,
                asset: 'TABLE',
                result_hash: answer,
              })),
            })),
          ),
      },
    });
    const runId = session.tracking?.evaluation_runs[String(session.best_iteration)] ?? '';
    const asked = mlflow.traceList.filter(({ trace }) => trace.runId === runId);
    const said = new Map(
      asked.map(({ trace, assessments }) => [
        trace.tags?.['question_id'],
        assessments.flatMap((each) =>
          each.name === 'repeatability' && each.value.kind === 'feedback' ? [each.value.value] : [],
        ),
      ]),
    );
    expect(said.size).toBe(8);
    expect(said.get('q0')).toEqual(['IDENTICAL']);
    expect(said.get('q1')).toEqual(['SIGNIFICANT_VARIANCE']);
    expect(said.get('q2')).toEqual(['CRITICAL_VARIANCE']);
    const rows = written.filter((values) => values.includes('repeatability')).flat();
    expect(rows.filter((value) => value === 'repeatability_issue')).toHaveLength(7);
    expect(rows.filter((value) => value === runId)).toHaveLength(7);
    const model = mlflow.modelList.find(
      ({ params }) => params['iteration'] === String(session.best_iteration),
    );
    expect(model?.metrics.find(({ key }) => key === 'repeatability_pct')?.value).toBe(
      session.repeatability_test?.average_repeatability_pct,
    );
    expect(mlflow.experimentTags).toMatchObject({
      'genie_opt.repeatability_pct': String(session.repeatability_test?.average_repeatability_pct),
      'genie_opt.uc_schema': 'main.gold',
      'genie_opt.maturity_level': 'L2',
      'mlflow.promptRegistryLocation': 'main.gold',
    });
    const results = JSON.parse(mlflow.files.get(`${runId}/evaluation/eval_results.json`) ?? '[]') as {
      trace_id: string | null;
    }[];
    expect(results).toHaveLength(8);
    expect(new Set(results.map(({ trace_id: id }) => id)).size).toBe(8);
    expect(results.map(({ trace_id: id }) => id)).not.toContain(null);
  });

  it('HC17: chains each version to the last accepted one, never to one that was taken back', async () => {
    const mlflow = memoryMlflow();
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) =>
      lever === 1
        ? [synonym(1, 2)]
        : lever === 2
          ? [synonym(2, 3, 'w9')]
          : lever === 3
            ? [synonym(3, 4)]
            : [],
    );
    await scenario.run({ ...tracked(mlflow), acceptance: 'threshold' });
    const byId = new Map(mlflow.modelList.map((model) => [model.modelId, model]));
    const parents = mlflow.modelList.slice(1).map(({ params }) => byId.get(params['parent_model_id'] ?? ''));
    expect(parents.length).toBeGreaterThan(1);
    expect(parents.map((parent) => parent?.tags['outcome'])).toEqual(parents.map(() => 'accepted'));
  });

  it('HC20: promotes the version of the best state, and uploads the report that was written', async () => {
    const mlflow = memoryMlflow();
    const scenario = scriptedRun(TEN_QUESTIONS, goodBadGood);
    const { session, reportPath } = await scenario.run(tracked(mlflow));
    const promoted = mlflow.modelList.filter(({ tags }) => tags['promoted'] === 'true');
    expect(promoted.map(({ params }) => params['iteration'])).toEqual([String(session.best_iteration)]);
    expect(session.tracking?.promoted_model_id).toBe(promoted[0]?.modelId);
    const best = session.pareto_points.find(({ iteration }) => iteration === session.best_iteration);
    expect(best?.model_id).toBe(promoted[0]?.modelId);
    const report = mlflow.runList.find(({ tags }) => tags['genie_opt.kind'] === 'report');
    const uploaded = mlflow.files.get(`${report?.runId ?? ''}/${REPORT_ARTIFACT}`);
    expect(uploaded).toBe(scenario.files.texts.get(reportPath));
    expect(uploaded).toContain(promoted[0]?.modelId);
    expect(reportPath).toBe('out/library_optimization_2026-10-01.md');
  });

  it('HC2: says where it is tracked before anything is asked or read', async () => {
    const events: OptimizeEvent[] = [];
    const scenario = scriptedRun(TEN_QUESTIONS, goodBadGood);
    await scenario.run({ ...tracked(memoryMlflow()), onEvent: (event) => events.push(event) });
    const at = (type: OptimizeEvent['type'], phase?: string) =>
      events.findIndex((event) => event.type === type && (!('phase' in event) || event.phase === phase));
    expect(at('experiment_ready')).toBeGreaterThan(-1);
    expect(at('experiment_ready')).toBeLessThan(at('phase_started', 'spaceState'));
  });

  it('HC9, HC11, checklist 4, checklist 8: names prompts and dataset after schema and domain', async () => {
    const mlflow = memoryMlflow('databricks');
    await scriptedRun(TEN_QUESTIONS, goodBadGood).run({
      mlflow: { mlflow },
      experiment: '/Users/me@example.com/genie-optimization/library',
      ucSchema: 'main.gold',
    });
    expect(mlflow.runList.some(({ runName }) => /^register_prompts_\d{8}/.test(runName))).toBe(true);
    expect([...mlflow.datasetRecords.keys()]).toEqual(['main.gold.genie_benchmarks_library']);
    expect(await mlflow.prompts.loadByAlias('main.gold.genie_opt_arbiter', 'production')).not.toBeNull();
    const run = mlflow.runList.find(({ params }) => params['eval_scope'] === 'full');
    expect(run?.params['eval_dataset_name']).toBe('main.gold.genie_benchmarks_library');
  });

  it('links scores of held-out questions apart from those of the whole', async () => {
    const mlflow = memoryMlflow();
    await scriptedRun(TEN_QUESTIONS, goodBadGood).run(tracked(mlflow));
    const heldOut = mlflow.runList.filter(({ params }) => params['eval_scope'] === 'held_out');
    expect(heldOut.length).toBeGreaterThan(0);
    const keys = mlflow.metricLog.filter(
      ({ runId, modelId }) => modelId !== undefined && heldOut.some((run) => run.runId === runId),
    );
    expect(new Set(keys.map(({ key }) => key))).toEqual(new Set(['held_out.overall_accuracy']));
  });

  it('leaves a version of a change that failed a gate as it was judged', async () => {
    const mlflow = memoryMlflow();
    const questions = TEN_QUESTIONS.map((question) =>
      question.id === 0 ? { ...question, brokenBy: ['w2'] } : question,
    );
    await scriptedRun(questions, (lever) => (lever === 1 ? [synonym(1, 2)] : [])).run(tracked(mlflow));
    expect(outcomes(mlflow)).toContainEqual(['1', 'gate_failed']);
  });

  it('in summary mode writes rows, but no trace, prompt or dataset', async () => {
    const mlflow = memoryMlflow();
    await scriptedRun(TEN_QUESTIONS, goodBadGood).run({ ...tracked(mlflow), tracking: 'summary' });
    expect(mlflow.traceList).toEqual([]);
    expect(mlflow.calls.filter((call) => /^(prompts|datasets)\./.test(call))).toEqual([]);
    expect([...mlflow.files.keys()].some((key) => key.endsWith('evaluation/rows.json'))).toBe(true);
    const evaluation = [...mlflow.files.keys()].filter((key) => key.includes('/evaluation/'));
    expect(evaluation.filter((key) => !key.endsWith('/rows.json'))).toEqual([]);
  });

  it('asks and decides the same as a run that is not', async () => {
    const plain = scriptedRun(TEN_QUESTIONS, goodBadGood);
    const other = scriptedRun(TEN_QUESTIONS, goodBadGood);
    const [off, on] = [await plain.run(), await other.run(tracked(memoryMlflow()))];
    const asked = ({ workspace }: typeof plain) => workspace.asked.map(({ question }) => question);
    expect(asked(other)).toEqual(asked(plain));
    expect(on.session.iterations.map(({ decision }) => decision)).toEqual(
      off.session.iterations.map(({ decision }) => decision),
    );
    expect(off.session.tracking).toBeNull();
  });

  it.each([
    'experiments.ensure',
    'runs.start',
    'models.create',
    'runs.log:metrics',
    'traces.log',
    'models.setTags',
  ])('ends in the same space when %s always fails, and says so', async (call) => {
    const mlflow = memoryMlflow();
    mlflow.fail(call);
    const [plain, scenario] = [
      scriptedRun(TEN_QUESTIONS, goodBadGood),
      scriptedRun(TEN_QUESTIONS, goodBadGood),
    ];
    const events: OptimizeEvent[] = [];
    const expected = await plain.run();
    const result = await scenario.run({ ...tracked(mlflow), onEvent: (event) => events.push(event) });
    expect(result.finalAccuracyPct).toBe(expected.finalAccuracyPct);
    expect(scenario.workspace.spaceText(SPACE_ID)).toBe(plain.workspace.spaceText(SPACE_ID));
    const codes = events.flatMap((event) => (event.type === 'warning' ? [event.code] : []));
    expect(codes.some((code) => code.startsWith('TRACKING_'))).toBe(true);
  });

  it('is refused at the door where there is no MLflow to track it in', async () => {
    const run = scriptedRun(TEN_QUESTIONS, goodBadGood).run({ tracking: 'full' });
    await expect(run).rejects.toMatchObject({ code: 'INVALID_OPTION', details: { option: 'mlflow' } });
  });
});

/** A process that dies right after a write: nothing it does later reaches workspace or MLflow. */
async function killedAfter(
  isLast: (writes: number, text: string) => boolean,
  mlflow: MemoryMlflow,
  options: Partial<OptimizeOptions> = {},
) {
  const { files, mortal } = mortalProcess(memoryFileStore(), { after: isLast });
  const scenario = scriptedRun(TEN_QUESTIONS, goodBadGood, {
    files,
    wrap: (workspace) => ({ ...workspace, genie: mortal(workspace.genie) }),
  });
  const service = { mlflow: mortal<MlflowPort>(mlflow) };
  await expect(scenario.run({ ...options, mlflow: service, experiment: 'library' })).rejects.toThrow('dead');
  return scenario;
}

describe('a run whose files are lost', () => {
  it('goes on from MLflow, wherever it was killed, and ends as an undisturbed one', async () => {
    const paths: string[] = [];
    const files = memoryFileStore({}, (path) => paths.push(path));
    const expected = await scriptedRun(TEN_QUESTIONS, goodBadGood, { files }).run(tracked(memoryMlflow()));
    const sessionWrites = paths.flatMap((path, at) => (path.includes('progress') ? [at + 1] : []));
    const opened = paths.filter((path) => path.includes('progress')).length;
    // The first few come before the session is in MLflow for the first time.
    const moments = sessionWrites.filter((_, at) => at >= 3 && at < opened - 1 && at % 6 === 0);
    expect(moments.length).toBeGreaterThan(4);
    for (const moment of moments) {
      const mlflow = memoryMlflow();
      const first = await killedAfter((writes) => writes >= moment, mlflow);
      const second = scriptedRun(TEN_QUESTIONS, goodBadGood, { workspace: first.workspace });
      const result = await second.run({ ...tracked(mlflow), resumeFromRun: 'latest' });
      const trail = ({ session }: typeof result) =>
        session.iterations.map(({ lever, outcome }) => `${lever} ${outcome}`);
      expect(trail(result), `write ${moment}`).toEqual(trail(expected));
      expect(result.finalAccuracyPct, `write ${moment}`).toBe(expected.finalAccuracyPct);
      expect(first.workspace.spaceText(SPACE_ID)).toBe(second.workspace.spaceText(SPACE_ID));
      const sessions = mlflow.runList.filter(({ tags }) => tags['genie_opt.kind'] === 'session');
      expect(sessions).toHaveLength(1);
      expect(mlflow.modelList.filter(({ tags }) => tags['outcome'] === 'pending')).toEqual([]);
    }
  }, 120_000);

  it('takes back the change in the space that MLflow had only heard the beginning of', async () => {
    const options = { isolation: 'live', acceptance: 'threshold' } as const;
    const expected = await scriptedRun(TEN_QUESTIONS, goodBadGood).run(options);
    const mlflow = memoryMlflow();
    const isWritten = (_writes: number, text: string) =>
      text.includes('"state": "intended"') && text.includes('"space": "done"');
    const first = await killedAfter(isWritten, mlflow, options);
    expect(first.workspace.spaceText(SPACE_ID)).toContain('w2');
    const second = scriptedRun(TEN_QUESTIONS, goodBadGood, { workspace: first.workspace });
    const result = await second.run({ ...options, ...tracked(mlflow), resumeFromRun: 'latest' });
    expect(result.session.accepted_config).toBe(expected.session.accepted_config);
    expect(result.finalAccuracyPct).toBe(expected.finalAccuracyPct);
  });

  it('is rebuilt from versions and evaluations when the session is lost in MLflow too', async () => {
    const expected = await scriptedRun(TEN_QUESTIONS, goodBadGood).run();
    const mlflow = memoryMlflow();
    const first = scriptedRun(TEN_QUESTIONS, goodBadGood);
    const cancel = new AbortController();
    await expect(
      first.run({
        ...tracked(mlflow),
        signal: cancel.signal,
        onEvent: (event) => {
          if (event.type === 'decision' && event.lever === 1) cancel.abort();
        },
      }),
    ).rejects.toMatchObject({ code: 'ABORTED_BY_CALLER' });
    const files = mlflow.files as Map<string, string>;
    for (const path of files.keys()) if (path.endsWith('optimization-progress.json')) files.delete(path);

    const second = scriptedRun(TEN_QUESTIONS, goodBadGood, { workspace: first.workspace });
    const result = await second.run({ ...tracked(mlflow), resumeFromRun: 'latest' });
    const scored = ({ session }: typeof result) =>
      session.iterations.map(({ iteration, overall_accuracy: accuracy, outcome }) => [
        iteration,
        accuracy,
        outcome,
      ]);
    expect(scored(result)).toEqual(scored(expected));
    expect(result.finalAccuracyPct).toBe(expected.finalAccuracyPct);
    expect(result.session.warnings.some((warning) => warning.includes('rebuilt from MLflow'))).toBe(true);
  });

  it('cannot go on when MLflow holds no session', async () => {
    const run = scriptedRun(TEN_QUESTIONS, goodBadGood).run({
      ...tracked(memoryMlflow()),
      resumeFromRun: 'latest',
    });
    await expect(run).rejects.toMatchObject({ code: 'TRACKED_SESSION' });
  });
});

describe('a measurement on the embedded workspace, tracked under HC7’s default path,', () => {
  it('HC21, mistake 2: writes a trace with verdicts per question, and every verdict to its table', async () => {
    const local = await startLocalWorkspace({
      sample: fileURLToPath(new URL('../fixtures/local-sample', import.meta.url)),
    });
    try {
      const { host, token, warehouseId, spaceId, sample } = local;
      const workspace = await connect({ host, token, warehouseId, startsPerMinute: null });
      const warnings: OptimizeEvent[] = [];
      const { session } = await optimize(
        {
          workspace,
          spaceId,
          benchmarks: await loadBenchmarks(sample.benchmarksPath, { domain: sample.domain }),
          variables: sample.variables,
          evaluateOnly: true,
          tracking: 'full',
          ucSchema: 'town.library',
          outputDir: 'out',
          onEvent: (event) => {
            if (event.type === 'warning' && event.code.startsWith('TRACKING')) warnings.push(event);
          },
        },
        { clock: fakeClock(), files: memoryFileStore() },
      );
      expect(warnings).toEqual([]);
      const { tracking } = session;
      const runId = tracking?.evaluation_runs['0'] ?? '';
      expect(tracking?.experiment_name).toMatch(/^\/Users\/[^/]+\/genie-optimization\/library$/);
      const traces = await workspace.tracking?.mlflow.traces.search({
        experimentIds: [tracking?.experiment_id ?? ''],
        filter: `metadata.\`mlflow.sourceRun\` = '${runId}'`,
      });
      const asked = session.iterations[0]?.total_questions ?? 0;
      expect(asked).toBeGreaterThan(0);
      expect(traces).toHaveLength(asked);
      for (const trace of traces ?? []) expect(trace.assessmentNames).toContain('result_correctness');
      const { rows } = await workspace.sql.execute(
        `SELECT count(DISTINCT question_id), count(DISTINCT run_id) FROM town.library.genie_eval_asi_results`,
      );
      expect(rows).toEqual([[String(asked), '1']]);
    } finally {
      await local.close();
    }
  }, 60_000);
});
