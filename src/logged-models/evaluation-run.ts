import type { CallOptions, MlflowPort, Run, TraceTables } from '../ports/index.ts';
import { writeText } from './artifacts.ts';
import { runStamp } from './config-hash.ts';
import { writeTraces } from './evaluation-traces.ts';
import { linkEvalScoresToModel, type ScoresToLink } from './link-scores.ts';
import { truncate } from './model-params.ts';
import { orFailed } from './or-failed.ts';
import type { RegisteredDataset } from './registrations.ts';
import type { TrackedRow } from './row-trace.ts';

/** An evaluation that is about to begin. */
export interface EvaluationStart {
  readonly experimentId: string;
  readonly sessionId: string;
  readonly spaceId: string;
  readonly domain: string;
  readonly iteration: number;
  readonly scope: ScoresToLink['scope'];
  /** The version that answers; `null` when none could be recorded. */
  readonly modelId: string | null;
  readonly warehouseId: string | null;
  readonly evaluator: string;
  readonly judges: readonly string[];
  readonly questions: number;
  /** Split of each question. */
  readonly splits?: readonly string[] | undefined;
  /** Hash over the questions and their answer keys: only evaluations of the same one compare. */
  readonly benchmarkFingerprint?: string | undefined;
  readonly dataset: RegisteredDataset;
  readonly ucSchema: string | null;
  /** Values of `${catalog}`, `${gold_schema}` and others in the answer keys. */
  readonly variables: Readonly<Record<string, string>>;
  readonly promptVersions: Readonly<Record<string, string>>;
  /** Tables of Unity Catalog that keep the traces; `null`: the experiment itself does. */
  readonly traceTables: TraceTables | null;
  readonly now: Date;
}

/** What an evaluation found, percent 0–100. `EvaluationResult` is one. */
export interface TrackedEvaluation extends ScoresToLink {
  readonly started_at: string;
  readonly adjusted_accuracy: number | null;
  readonly evaluated_count: number;
  readonly correct_count: number;
  readonly excluded_count: number;
  readonly rows: readonly TrackedRow[];
}

/** Name of the file with all rows of an evaluation; a run resumed from MLflow reads it. */
export const ROWS_FILE = 'evaluation/rows.json';

/** `genie_eval_iter{N}_{YYYYMMDD_HHMMSS}`, with the scope behind it unless it is the full one. */
export const evaluationRunName = (iteration: number, scope: ScoresToLink['scope'], now: Date): string =>
  `genie_eval_iter${iteration}_${runStamp(now)}${scope === 'full' ? '' : `_${scope}`}`;

/** Starts the run of an evaluation, with its parameters and what it evaluates. @see spec/pipeline.md §9 */
export async function startEvaluationRun(
  start: EvaluationStart,
  mlflow: Pick<MlflowPort, 'runs'>,
  options?: CallOptions,
): Promise<Run> {
  const { iteration, scope, modelId, dataset } = start;
  const run = await mlflow.runs.start(
    {
      experimentId: start.experimentId,
      name: evaluationRunName(iteration, scope, start.now),
      tags: {
        'mlflow.run.isEval': 'true',
        'genie_opt.session_id': start.sessionId,
        'genie_opt.kind': 'evaluation',
      },
    },
    options,
  );
  const params: Record<string, string> = {
    space_id: start.spaceId,
    iteration: String(iteration),
    dataset: `${start.domain}_benchmarks`,
    eval_dataset_name: dataset.name,
    dataset_mode: dataset.id === null ? 'yaml_only' : start.ucSchema === null ? 'yaml' : 'uc',
    eval_scope: scope,
    num_scorers: String(start.judges.length),
    scorer_names: start.judges.join(','),
    evaluator: start.evaluator,
    domain: start.domain,
    warehouse_id: start.warehouseId ?? '',
    benchmark_count: String(start.questions),
    ...(modelId === null ? {} : { model_id: modelId }),
    ...Object.fromEntries(
      ['catalog', 'gold_schema'].flatMap((name) =>
        start.variables[name] === undefined ? [] : [[name, start.variables[name]]],
      ),
    ),
    ...(start.ucSchema === null ? {} : { uc_schema: start.ucSchema }),
    prompt_versions: JSON.stringify(start.promptVersions),
    ...(start.splits === undefined ? {} : { split_counts: JSON.stringify(countsOf(start.splits)) }),
    ...(start.benchmarkFingerprint === undefined
      ? {}
      : { benchmark_fingerprint: start.benchmarkFingerprint }),
  };
  return orFailed(run, mlflow, async () => {
    await mlflow.runs.log(
      run.runId,
      { params: Object.fromEntries(Object.entries(params).map(([key, value]) => [key, truncate(value)])) },
      options,
    );
    await mlflow.runs.logInputs(
      run.runId,
      {
        datasets: [
          {
            name: dataset.name,
            digest: dataset.digest,
            sourceType: 'code',
            source: JSON.stringify({ dataset_id: dataset.id, domain: start.domain }),
          },
        ],
        ...(modelId === null ? {} : { modelIds: [modelId] }),
      },
      options,
    );
    return run;
  });
}

function countsOf(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
}

export interface EvaluationFinish {
  readonly evaluation: TrackedEvaluation;
  readonly thresholdsPassed: boolean;
  /** Files of the evaluation, paths relative to the run; given the trace of each question that has one. */
  readonly files: (
    traceIds: ReadonlyMap<string, string>,
  ) => readonly { readonly path: string; readonly text: string }[];
  /** One trace with its verdicts per question. */
  readonly traces: boolean;
}

/**
 * Writes what an evaluation found, links it to the version and ends the run.
 *
 * @returns what could not be written of single traces: they are the only part that may be missing
 * @see spec/mlflow-rest.md §14
 */
export async function finishEvaluationRun(
  run: Run,
  start: EvaluationStart,
  finish: EvaluationFinish,
  mlflow: MlflowPort,
  options: CallOptions = {},
): Promise<readonly string[]> {
  return orFailed(run, mlflow, async () => {
    const { evaluation } = finish;
    const startedMs = Date.parse(evaluation.started_at);
    const { written, problems } = finish.traces
      ? await writeTraces(run, { ...start, startedMs }, evaluation.rows, mlflow, options)
      : { written: [], problems: [] };
    const files = finish.files(new Map(written.map((trace) => [trace.question_id, trace.trace_id])));
    for (const { path, text } of files) await writeText(mlflow, run, path, text, options);
    await mlflow.runs.log(
      run.runId,
      {
        metrics: Object.entries(runMetrics(start, finish)).map(([key, value]) => ({
          key,
          value,
          step: start.iteration,
        })),
      },
      options,
    );
    if (start.modelId !== null) {
      const { modelId, dataset } = start;
      await linkEvalScoresToModel({ modelId, runId: run.runId, evaluation, dataset }, mlflow, options);
    }
    await mlflow.runs.end(run.runId, 'FINISHED', options);
    return problems;
  });
}

/** Metrics of the run itself; how many rows each judge scored stands beside its mean. @see spec/evaluation.md §8.3 */
function runMetrics(
  { modelId, scope }: EvaluationStart,
  { evaluation, thresholdsPassed }: EvaluationFinish,
): Record<string, number> {
  const { rows, overall_accuracy: accuracy, adjusted_accuracy: adjusted } = evaluation;
  // Scores of the whole that carry the version are metrics of the run as well: writing them twice says nothing.
  const isLinked = modelId !== null && scope === 'full';
  const metrics: Record<string, number> = {
    thresholds_passed: thresholdsPassed ? 1 : 0,
    total_questions: rows.length,
    evaluated_count: evaluation.evaluated_count,
    correct_count: evaluation.correct_count,
    failure_count: evaluation.evaluated_count - evaluation.correct_count,
    excluded_count: evaluation.excluded_count,
    unknown_judge_count: rows
      .flatMap((row) => Object.values(row.verdicts))
      .filter(({ value }) => value === 'unknown').length,
    ...(accuracy !== null && !isLinked && { overall_accuracy: accuracy }),
    ...(adjusted !== null && { adjusted_accuracy: adjusted }),
  };
  for (const [judge, pct] of Object.entries(evaluation.scores)) {
    metrics[`${judge}/mean`] = pct / 100;
    metrics[`eval_${judge}_pct`] = pct;
  }
  for (const judge of new Set(evaluation.rows.flatMap((row) => Object.keys(row.verdicts)))) {
    const values = evaluation.rows.map((row) => row.verdicts[judge]?.value);
    metrics[`${judge}/scored_count`] = values.filter((value) => value === 'yes' || value === 'no').length;
    metrics[`${judge}/error_count`] = values.filter((value) => value === 'unknown').length;
  }
  metrics['arbiter_corrections_count'] = evaluation.rows.filter(
    (row) => row.verdicts['arbiter']?.value === 'genie_correct',
  ).length;
  return metrics;
}
