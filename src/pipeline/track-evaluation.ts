import { benchmarkFingerprint } from '../benchmarks/index.ts';
import { messageOf, nameParts } from '../core/index.ts';
import {
  allThresholdsMet,
  evaluationArtifacts,
  writeAsiTable,
  writeRepeatabilityRows,
  type EvaluationResult,
  type EvaluationRow,
  type Evaluator,
} from '../evaluation/index.ts';
import {
  ROWS_FILE,
  type RepeatabilityToTrack,
  type TrackedEvaluationRun,
  type Tracker,
} from '../logged-models/index.ts';
import type { TrackingRecord } from '../session/index.ts';
import { evaluationText } from './evaluation-store.ts';
import { finishedEarlier } from './finished-earlier.ts';
import type { EventListener } from './events.ts';
import type { ResolvedOptions } from './options.ts';
import type { EvaluationRequest } from './phases.ts';

/** What a run tells MLflow of its evaluations. */
export interface EvaluationTracking {
  /**
   * Evaluates, and records what was found; the run is there before `measure` is called.
   *
   * What a run that was interrupted had finished in MLflow, but not noted, is taken over: nothing is asked again.
   * @param by.onAdopted - given the rows of such an evaluation
   */
  evaluate(
    request: EvaluationRequest,
    by: {
      readonly stateHash: string;
      readonly evaluator: Evaluator;
      readonly onAdopted: (rows: readonly EvaluationRow[]) => void;
    },
    measure: () => Promise<EvaluationResult>,
  ): Promise<EvaluationResult>;
  /** Adds what asking again showed to that iteration's evaluation: figures, a verdict per answer, rows of reasons. */
  repeatability(found: Omit<RepeatabilityToTrack, 'runId'>): Promise<void>;
}

/** Tracks evaluations as the options say; `record` is `null` while nothing is tracked. */
export function trackEvaluations({
  options,
  tracker,
  resumed,
  record,
  change,
  runPage,
  emit,
  onProblem,
}: {
  readonly options: ResolvedOptions;
  readonly tracker: Tracker;
  readonly resumed: boolean;
  readonly record: () => TrackingRecord | null;
  readonly change: (next: (now: TrackingRecord) => Partial<TrackingRecord>) => Promise<void>;
  /** Address of a run in the user interface. */
  readonly runPage: (runId: string) => string;
  readonly emit: EventListener;
  readonly onProblem: (code: string, message: string) => void;
}): EvaluationTracking {
  return {
    async evaluate(request, { stateHash, evaluator, onAdopted }, measure) {
      const now = record();
      if (now === null) return measure();
      const earlier = resumed
        ? await finishedEarlier(tracker, request, { stateHash, evaluator: evaluator.name })
        : null;
      if (earlier !== null) {
        const { runId, result } = earlier;
        emit({ type: 'evaluation_adopted', scope: result.scope, iteration: result.iteration, runId });
        onAdopted(result.rows);
        await noteRun(runId, result);
        return result;
      }
      const run = await tracker.startEvaluation({
        iteration: request.iteration,
        scope: request.scope,
        modelId: now.states[stateHash] ?? null,
        warehouseId: request.state.warehouseId,
        evaluator: evaluator.name,
        judges: evaluator.capabilities.judges,
        questions: request.questions.length,
        splits: request.questions.map(({ split = 'unassigned' }) => split),
        benchmarkFingerprint: benchmarkFingerprint(request.questions),
      });
      if (run !== null)
        emit({
          type: 'run_ready',
          scope: request.scope,
          iteration: request.iteration,
          runId: run.runId,
          url: runPage(run.runId),
        });
      let result: EvaluationResult;
      try {
        result = await measure();
      } catch (error) {
        await run?.fail(messageOf(error));
        throw error;
      }
      if (run !== null) await finish(run, result);
      return result;
    },

    async repeatability(found) {
      const runId = record()?.evaluation_runs[String(found.iteration)];
      if (runId === undefined) return;
      tellOfTraces(await tracker.noteRepeatability({ ...found, runId }), found.verdicts.length);
      await writeReasons((name) =>
        writeRepeatabilityRows(options.workspace.sql, name, found, { runId, now: options.clock.now() }),
      );
    },
  };

  async function finish(run: TrackedEvaluationRun, result: EvaluationResult): Promise<void> {
    const rows = { path: ROWS_FILE, text: evaluationText(result) };
    const { targets } = options;
    const problems = await run.finish({
      evaluation: result,
      thresholdsPassed: allThresholdsMet(result.scores, targets),
      files: (traceIds) =>
        tracker.mode === 'full' ? [...evaluationArtifacts(result, { targets, traceIds }), rows] : [rows],
    });
    if (problems === null) return;
    tellOfTraces(problems, result.rows.length);
    await noteRun(run.runId, result);
    await writeReasons((name) =>
      writeAsiTable(options.workspace.sql, name, result, { runId: run.runId, now: options.clock.now() }),
    );
  }

  async function noteRun(runId: string, { scope, iteration }: EvaluationResult): Promise<void> {
    if (scope !== 'full') return;
    await change((now) => ({ evaluation_runs: { ...now.evaluation_runs, [String(iteration)]: runId } }));
  }

  function tellOfTraces(problems: readonly string[] | null, traces: number): void {
    const [first] = problems ?? [];
    if (first === undefined) return;
    onProblem(
      'tracking_traces',
      `Traces are not whole: ${problems?.length ?? 0} parts of ${traces} are missing. First: ${first}`,
    );
  }

  /** Into the table that later runs read reasons from; tells when that fails. */
  async function writeReasons(
    write: (name: { readonly catalog: string; readonly schema: string }) => Promise<unknown>,
  ): Promise<void> {
    const [catalog, schema] = nameParts(options.ucSchema ?? '');
    if (tracker.mode !== 'full' || catalog === undefined || schema === undefined) return;
    try {
      await write({ catalog, schema });
    } catch (error) {
      onProblem('tracking_asi_failed', `The table of verdicts could not be written: ${messageOf(error)}`);
    }
  }
}
