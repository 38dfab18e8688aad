import { INTERRUPTED_REASON, type ModelOutcome, type RecordedPatch } from '../logged-models/index.ts';
import type { CatalogSnapshot } from '../ports/index.ts';
import { withEverythingBegun, type Session, type TrackingRecord } from '../session/index.ts';
import type { SplitBenchmark } from '../benchmarks/index.ts';
import { messageOf } from '../core/index.ts';
import { pointOf } from './session-point.ts';
import type { EventListener } from './events.ts';
import type { ResolvedOptions } from './options.ts';
import type { Recorder } from './recorder.ts';
import { trackEvaluations, type EvaluationTracking } from './track-evaluation.ts';
import { trackerOf, trackingPages, trackingServiceOf } from './tracker-of.ts';

/**
 * What a run tells MLflow, and when. It decides nothing, and throws only where `requireTracking` asks for that.
 *
 * Metrics go to the run of an evaluation or to the version it evaluated, and nowhere else: without a run there is
 * nothing that could write them.
 */
export interface RunTracking extends EvaluationTracking {
  /** First of all calls; every other does nothing until then. */
  open(questions: readonly SplitBenchmark[], experiment: string | null): Promise<void>;
  /**
   * Records a state as a version, before it is evaluated; a state that has one keeps it.
   * @returns its id; `null` when there is none
   */
  recordState(state: {
    /** Hash of space and Unity Catalog. */
    readonly stateHash: string;
    readonly readFrom: string;
    readonly iteration: number;
    readonly lever: number;
    readonly patches: readonly RecordedPatch[];
    readonly catalog: CatalogSnapshot;
  }): Promise<string | null>;
  /** What became of the state recorded last; `pending`: it awaits its proof. */
  noteOutcome(outcome: ModelOutcome, reason: string): Promise<void>;
  promote(): Promise<void>;
  report(text: { readonly markdown: string; readonly json: string }): Promise<void>;
  /** Stores the session when it has reached another point to go on from. */
  mirror(session: Session): Promise<void>;
  close(): Promise<void>;
}

/** Tracks a run as its options say. */
export function trackRun(
  options: ResolvedOptions,
  recorder: () => Recorder,
  emit: EventListener,
  resumed: boolean,
): RunTracking {
  const onProblem = (code: string, message: string): void =>
    emit({ type: 'warning', code: code.toUpperCase(), message });
  const tracker = trackerOf(options, onProblem);
  let isOpen = false;
  let mirrored = '';

  const suiteOf = async ({ suite_ref: path }: Session): Promise<string | null> => {
    if (path === null) return null;
    try {
      return await options.files.read(path);
    } catch (error) {
      onProblem('tracking_suite_failed', `The questions could not be read for MLflow: ${messageOf(error)}`);
      return null;
    }
  };
  const pages = (experimentId: string) => {
    const service = trackingServiceOf(options);
    return service === undefined ? null : trackingPages(service.mlflow, experimentId);
  };
  const record = (): TrackingRecord | null => recorder().current().tracking;
  const change = async (next: (now: TrackingRecord) => Partial<TrackingRecord>): Promise<void> => {
    await recorder().update(({ tracking }) =>
      tracking === null ? {} : { tracking: { ...tracking, ...next(tracking) } },
    );
  };
  const settle = async (modelId: string, outcome: ModelOutcome, reason: string): Promise<void> => {
    await tracker.tagOutcome(modelId, outcome, reason);
    await change((now) => {
      if (outcome === 'accepted') return { pending_model_id: null, accepted_model_id: modelId };
      if (outcome === 'pending')
        return { pending_model_id: null, provisional_model_ids: [...now.provisional_model_ids, modelId] };
      const states = Object.entries(now.states).filter(([, id]) => id !== modelId);
      return { pending_model_id: null, states: Object.fromEntries(states) };
    });
  };

  return {
    ...trackEvaluations({
      options,
      tracker,
      resumed,
      record: () => (isOpen ? record() : null),
      change,
      runPage: (runId) => pages(record()?.experiment_id ?? '')?.run(runId) ?? '',
      emit,
      onProblem,
    }),

    async open(questions, experiment) {
      const opened = await tracker.open(recorder().current(), questions, experiment);
      if (opened === null) return;
      isOpen = true;
      const { iterations } = await recorder().update(() => ({ tracking: opened }));
      emit({
        type: 'experiment_ready',
        name: opened.experiment_name,
        experimentId: opened.experiment_id,
        sessionRunId: opened.session_run_id,
        url: pages(opened.experiment_id)?.experiment ?? '',
        traceTables: opened.trace_tables ?? null,
      });
      // Killed between a decision and its note.
      const waiting = opened.pending_model_id;
      const judged = iterations.find(({ iteration }) => opened.models[String(iteration)] === waiting);
      if (waiting !== null && judged !== undefined)
        await settle(
          waiting,
          judged.outcome === 'provisional' ? 'pending' : judged.outcome,
          judged.next_action,
        );
    },

    async recordState({ stateHash, readFrom, iteration, lever, patches, catalog }) {
      const now = record();
      if (!isOpen || now === null) return null;
      const known = now.states[stateHash];
      const waiting = now.pending_model_id;
      if (waiting !== null && waiting !== known) await settle(waiting, 'rolled_back', INTERRUPTED_REASON);
      const version =
        known === undefined
          ? await tracker.createModel({
              readFrom,
              iteration,
              lever,
              patchSet: patches,
              parentModelId: now.accepted_model_id,
              objects: catalog,
            })
          : null;
      for (const note of version?.notes ?? []) onProblem(note.code, note.message);
      const modelId = version?.modelId ?? known;
      if (modelId === undefined) return null;
      await change(({ models, states, uc_changes: changes }) => ({
        ...(version === null
          ? {}
          : { uc_changes: { ...changes, [String(iteration)]: version.diff?.summary ?? null } }),
        models: { ...models, [String(iteration)]: modelId },
        states: { ...states, [stateHash]: modelId },
        pending_model_id: modelId,
      }));
      return modelId;
    },

    async noteOutcome(outcome, reason) {
      const modelId = record()?.pending_model_id ?? null;
      if (isOpen && modelId !== null) await settle(modelId, outcome, reason);
    },

    async promote() {
      const now = record();
      const session = recorder().current();
      if (!isOpen || now === null) return;
      if (session.best_iteration === null) {
        onProblem('nothing_to_promote', 'Nothing was evaluated, so no version was promoted.');
        return;
      }
      for (const { iteration, outcome } of session.iterations) {
        const modelId = now.models[String(iteration)] ?? '';
        if (now.provisional_model_ids.includes(modelId))
          await tracker.tagOutcome(modelId, outcome === 'accepted' ? 'accepted' : 'rolled_back', '');
      }
      const best = now.models[String(session.best_iteration)] ?? null;
      const promotion = await tracker.promote({
        modelId: best,
        reason: session.convergence_reason,
        accuracyPct: session.best_overall_accuracy,
        iteration: session.best_iteration,
      });
      if (promotion?.status === 'nothing_to_promote')
        onProblem('nothing_to_promote', 'No version of the best state was recorded, so none was promoted.');
      await change(() => ({ best_model_id: best, promoted_model_id: promotion?.modelId ?? null }));
    },

    async report(text) {
      if (isOpen) await tracker.uploadReport(text);
    },

    async mirror(session) {
      const point = pointOf(session);
      if (!isOpen || point === mirrored) return;
      mirrored = point;
      await tracker.saveSession(asMirrored(session), await suiteOf(session));
    },

    async close() {
      const session = recorder().current();
      if (isOpen) await tracker.close(session, await suiteOf(session));
    },
  };
}

/** How far a change gets after this is not stored, so whoever goes on from here undoes it whole. */
const asMirrored = (session: Session): Session => {
  const { current_apply_log: record } = session;
  return record?.state === 'intended'
    ? { ...session, current_apply_log: withEverythingBegun(record) }
    : session;
};
