import type { SplitBenchmark } from '../benchmarks/index.ts';
import type { CatalogSnapshot } from '../ports/index.ts';
import type { Session, TrackingRecord } from '../session/index.ts';
import type { ModelVersion } from './create-model-version.ts';
import type { EvaluationFinish, EvaluationStart } from './evaluation-run.ts';
import type { ModelOutcome } from './link-scores.ts';
import type { RepeatabilityToTrack } from './note-repeatability.ts';
import type { RecordedPatch } from './patch-summary.ts';
import type { Promotion } from './promote-model.ts';

/**
 * How much of a run goes to MLflow. `full`: everything, with a trace and its verdicts per question, prompts and a
 * dataset. `summary`: runs, metrics, versions of the space, rows and report. `off`: nothing.
 */
export const TRACKING_MODES = ['full', 'summary', 'off'] as const;
export type TrackingMode = (typeof TRACKING_MODES)[number];

/** A state of the space that is about to be evaluated. */
export interface StateToRecord {
  /** The space, or the copy of it, that is in this state. */
  readonly readFrom: string;
  readonly iteration: number;
  readonly lever: number;
  readonly patchSet: readonly RecordedPatch[];
  /** The last accepted version. */
  readonly parentModelId: string | null;
  readonly objects: CatalogSnapshot;
}

/** What a run knows of an evaluation that is about to begin; the tracker knows the rest. */
export type EvaluationToTrack = Pick<
  EvaluationStart,
  | 'iteration'
  | 'scope'
  | 'modelId'
  | 'warehouseId'
  | 'evaluator'
  | 'judges'
  | 'questions'
  | 'splits'
  | 'benchmarkFingerprint'
>;

/** An evaluation under way; exactly one of both ends it. */
export interface TrackedEvaluationRun {
  readonly runId: string;
  /** @returns what could not be written of single traces */
  finish(found: Omit<EvaluationFinish, 'traces'>): Promise<readonly string[] | null>;
  /** Notes that nothing was found: no metric is written, least of all a zero. */
  fail(reason: string): Promise<void>;
}

/**
 * Where a run is recorded. An implementation throws when it cannot write; `guardedTracker` makes warnings of that,
 * because what is recorded must never decide what a run does.
 */
export interface Tracker {
  readonly mode: TrackingMode;
  /**
   * Makes ready what a run needs; first of all calls.
   * @param experiment - its name; without one the tracker's own
   * @returns `null`: nothing is recorded
   */
  open(
    session: Session,
    questions: readonly SplitBenchmark[],
    experiment?: string | null,
  ): Promise<TrackingRecord | null>;
  createModel(state: StateToRecord): Promise<ModelVersion | null>;
  startEvaluation(evaluation: EvaluationToTrack): Promise<TrackedEvaluationRun | null>;
  /** Evaluations of this session that were written whole, newest first, with the text of their rows. */
  findEvaluations(
    wanted: Pick<EvaluationStart, 'iteration' | 'scope'>,
  ): Promise<readonly { readonly runId: string; readonly text: string }[] | null>;
  /**
   * Adds what asking again showed to the run of the evaluation whose answers it began with, its version and traces.
   *
   * @returns what could not be written of single traces
   */
  noteRepeatability(found: RepeatabilityToTrack): Promise<readonly string[] | null>;
  tagOutcome(modelId: string, outcome: ModelOutcome, reason: string): Promise<void>;
  promote(best: {
    readonly modelId: string | null;
    readonly reason: string | null;
    readonly accuracyPct: number | null;
    readonly iteration: number;
  }): Promise<Promotion | null>;
  /** @param suite - text of the questions as the run asks them; `null`: not settled yet */
  saveSession(session: Session, suite: string | null): Promise<void>;
  /** Returns the run that holds the report. */
  uploadReport(report: { readonly markdown: string; readonly json: string }): Promise<string | null>;
  /** Ends the session's run; last of all calls. */
  close(session: Session, suite: string | null): Promise<void>;
}

/** Records nothing. */
export const noTracker = (): Tracker => ({
  mode: 'off',
  open: async () => null,
  createModel: async () => null,
  startEvaluation: async () => null,
  findEvaluations: async () => null,
  noteRepeatability: async () => null,
  tagOutcome: async () => undefined,
  promote: async () => null,
  saveSession: async () => undefined,
  uploadReport: async () => null,
  close: async () => undefined,
});
