import type { Assessment, CallOptions, MlflowPort } from '../ports/index.ts';
import type { RepeatabilityVerdict } from '../repeatability/index.ts';
import { writeText } from './artifacts.ts';
import { addToTraces } from './evaluation-traces.ts';
import { REPEATABILITY_METRIC } from './link-scores.ts';
import { asiMetadata } from './row-trace.ts';

/** What asking again showed, in the run of the evaluation that it began with. @see spec/repeatability.md §4.1 */
const REPEATABILITY_FILE = 'evaluation/repeatability.json';

/** What asking the questions of one evaluation again showed. */
export interface RepeatabilityToTrack {
  /** The run of the evaluation whose answers were the first samples. */
  readonly runId: string;
  readonly iteration: number;
  /** Metrics of that run. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Percent 0–100, for the version that answered; `null`: nothing could be measured. */
  readonly repeatabilityPct: number | null;
  readonly json: string;
  readonly verdicts: readonly RepeatabilityVerdict[];
}

/**
 * Adds what asking again showed to the run of the evaluation it began with, to the version that answered, and to the
 * trace of each first answer.
 *
 * @returns what could not be written of single traces
 * @see spec/repeatability.md §4, spec/logged-model-lifecycle.md §6.1
 */
export async function noteRepeatability(
  found: RepeatabilityToTrack,
  { traces, warehouseId }: { readonly traces: boolean; readonly warehouseId: string | null },
  mlflow: Pick<MlflowPort, 'runs' | 'artifacts' | 'traces'>,
  options: CallOptions,
): Promise<readonly string[]> {
  const { iteration: step, repeatabilityPct: pct } = found;
  const run = await mlflow.runs.get(found.runId, options);
  await writeText(mlflow, run, REPEATABILITY_FILE, found.json, options);
  const [modelId] = run.evaluatedModelIds;
  const [dataset] = run.datasets;
  const ofModel =
    pct === null || modelId === undefined
      ? []
      : [
          {
            key: REPEATABILITY_METRIC,
            value: pct,
            step,
            modelId,
            ...(dataset && { datasetName: dataset.name, datasetDigest: dataset.digest }),
          },
        ];
  const ofRun = Object.entries(found.metrics).map(([key, value]) => ({ key, value, step }));
  await mlflow.runs.log(run.runId, { metrics: [...ofRun, ...ofModel] }, options);
  if (!traces) return [];
  const assessments = new Map(found.verdicts.map((verdict) => [verdict.question_id, assessmentOf(verdict)]));
  return addToTraces(run, assessments, warehouseId, mlflow, options);
}

const assessmentOf = ({ value, rationale, asi }: RepeatabilityVerdict): Assessment => ({
  name: 'repeatability',
  source: { type: 'CODE', id: 'cell_9c_repeatability' },
  value: { kind: 'feedback', value },
  rationale,
  ...asiMetadata(asi),
});
