import pLimit from 'p-limit';
import type { CallOptions, MlflowPort, Run } from '../ports/index.ts';
import { writeText } from './artifacts.ts';
import { runStamp } from './config-hash.ts';
import { linkEvalScoresToModel, type ScoresToLink } from './link-scores.ts';
import { truncate } from './model-params.ts';
import type { RegisteredDataset } from './registrations.ts';
import { assessmentsOf, traceOf, type TrackedRow } from './row-trace.ts';

/** Traces written at once. @see spec/mlflow-rest.md §14 */
const TRACE_CONCURRENCY = 8;

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
  readonly dataset: RegisteredDataset;
  readonly ucSchema: string | null;
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
    ...(start.ucSchema === null ? {} : { uc_schema: start.ucSchema }),
  };
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
}

export interface EvaluationFinish {
  readonly evaluation: TrackedEvaluation;
  readonly thresholdsPassed: boolean;
  /** Files of the evaluation, paths relative to the run. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
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
  const { evaluation } = finish;
  for (const { path, text } of finish.files) await writeText(mlflow, run, path, text, options);
  const problems = finish.traces ? await writeTraces(run, start, evaluation, mlflow, options) : [];
  await mlflow.runs.log(
    run.runId,
    {
      metrics: Object.entries(runMetrics(finish)).map(([key, value]) => ({
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
}

/** Metrics of the run itself; how many rows each judge scored stands beside its mean. */
function runMetrics({ evaluation, thresholdsPassed }: EvaluationFinish): Record<string, number> {
  const metrics: Record<string, number> = {
    thresholds_passed: thresholdsPassed ? 1 : 0,
    evaluated_count: evaluation.evaluated_count,
    correct_count: evaluation.correct_count,
    excluded_count: evaluation.excluded_count,
  };
  if (evaluation.overall_accuracy !== null) metrics['overall_accuracy_pct'] = evaluation.overall_accuracy;
  if (evaluation.adjusted_accuracy !== null) metrics['adjusted_accuracy_pct'] = evaluation.adjusted_accuracy;
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

async function writeTraces(
  run: Run,
  { experimentId, modelId }: EvaluationStart,
  evaluation: TrackedEvaluation,
  mlflow: MlflowPort,
  options: CallOptions,
): Promise<string[]> {
  const { runId } = run;
  const startedMs = Date.parse(evaluation.started_at);
  const problems: string[] = [];
  const limit = pLimit(TRACE_CONCURRENCY);
  const written = await Promise.all(
    evaluation.rows.map((row) =>
      limit(async () => {
        const traceIds: string[] = [];
        try {
          const trace = await mlflow.traces.log(
            traceOf(row, { experimentId, runId, modelId, startedMs }),
            options,
          );
          traceIds.push(trace.traceId);
          for (const assessment of assessmentsOf(row, { runId, rootSpanId: trace.rootSpanId }))
            await mlflow.traces.addAssessment(trace.traceId, assessment, options);
        } catch (error) {
          if (options.signal?.aborted === true) throw error;
          problems.push(`${row.question_id}: ${error instanceof Error ? error.message : String(error)}`);
        }
        return traceIds;
      }),
    ),
  );
  await mlflow.traces.linkToRun(written.flat(), runId, options);
  return problems;
}
