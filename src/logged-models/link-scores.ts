import type { CallOptions, Metric, MlflowPort } from '../ports/index.ts';
import { EvaluatedModelMismatchError } from './errors.ts';

/** What became of a version. */
export const MODEL_OUTCOMES = [
  'pending',
  'accepted',
  'gate_failed',
  'rolled_back',
  'evaluation_failed',
] as const;
export type ModelOutcome = (typeof MODEL_OUTCOMES)[number];

/** Outcome reason of a version that nobody judged: the run was killed first, and its change taken back. */
export const INTERRUPTED_REASON = 'The run was interrupted before it was judged.';

/** Metric of a version: how alike its answers are, percent 0–100. */
export const REPEATABILITY_METRIC = 'repeatability_pct';

/** Scores of one evaluation, percent 0–100. */
export interface ScoresToLink {
  readonly scope: 'full' | 'slice' | 'p0' | 'held_out';
  readonly iteration: number;
  /** `null`: nothing could be evaluated. */
  readonly overall_accuracy: number | null;
  /** Judges without a score are left out, never zero. */
  readonly scores: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
  /** Only when repeatability was measured. */
  readonly repeatability_pct?: number | null | undefined;
}

/**
 * Links what an evaluation found to the version it evaluated: metrics of the evaluation run that carry the model.
 *
 * Only a full evaluation gives a model its `overall_accuracy`; the scores of the others have the scope in front.
 * @throws {EvaluatedModelMismatchError} the run says that it evaluated another model
 * @see spec/logged-model-lifecycle.md §6.1
 */
export async function linkEvalScoresToModel(
  link: {
    readonly modelId: string;
    /** The evaluation run. */
    readonly runId: string;
    readonly evaluation: ScoresToLink;
    readonly dataset?: { readonly name: string; readonly digest: string } | undefined;
  },
  { runs }: Pick<MlflowPort, 'runs'>,
  options?: CallOptions,
): Promise<void> {
  const { modelId, runId, evaluation, dataset } = link;
  const { evaluatedModelIds } = await runs.get(runId, options);
  if (evaluatedModelIds.length > 0 && !evaluatedModelIds.includes(modelId))
    throw new EvaluatedModelMismatchError(runId, modelId, evaluatedModelIds);
  const metrics = linkedScores(evaluation).map(([key, value]): Metric => ({
    key,
    value,
    step: evaluation.iteration,
    modelId,
    ...(dataset === undefined ? {} : { datasetName: dataset.name, datasetDigest: dataset.digest }),
  }));
  if (metrics.length > 0) await runs.log(runId, { metrics }, options);
}

function linkedScores(evaluation: ScoresToLink): [string, number][] {
  const {
    scope,
    overall_accuracy: accuracy,
    scores,
    failures,
    repeatability_pct: repeatability,
  } = evaluation;
  if (accuracy === null) return [];
  if (scope === 'p0') return [['p0.failures', failures.length]];
  if (scope !== 'full') return [[`${scope}.overall_accuracy`, accuracy]];
  return [
    ['overall_accuracy', accuracy],
    ...Object.entries(scores),
    ...(repeatability === null || repeatability === undefined
      ? []
      : [[REPEATABILITY_METRIC, repeatability] as [string, number]]),
  ];
}

/** Notes what became of a version. */
export const tagOutcome = (
  { models }: Pick<MlflowPort, 'models'>,
  modelId: string,
  outcome: ModelOutcome,
  reason = '',
  options?: CallOptions,
): Promise<void> =>
  models.setTags(modelId, { outcome, ...(reason === '' ? {} : { outcome_reason: reason }) }, options);

/** A value as it may stand in a search filter. */
const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Filters for `LoggedModelsPort.search`. @see spec/logged-model-lifecycle.md §6.2 */
export const MODEL_FILTERS = {
  ofSession: (sessionId: string): string => `tags.\`genie_opt.session_id\` = ${quoted(sessionId)}`,
  /** Versions that changed by this lever alone. */
  ofLever: (lever: number): string => `params.patch_levers = ${quoted(String(lever))}`,
  scoredAtLeast: (metric: string, pct: number): string => `metrics.\`${metric}\` >= ${pct}`,
  changedColumns: "params.uc_columns_changed != '0'",
  promoted: "tags.promoted = 'true'",
} as const;
