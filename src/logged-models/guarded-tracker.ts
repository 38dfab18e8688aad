import type { TrackedEvaluationRun, Tracker } from './tracker.ts';

/** Calls in a row that may fail before a tracker is given up: a service that is down must not slow a run. */
export const MAX_TRACKING_FAILURES = 3;

/**
 * A tracker whose failures are told and then forgotten: each call gives nothing instead of throwing.
 *
 * When it cannot be opened, or fails several times in a row, it is not asked again.
 * @param onProblem - told once per failure, with a code such as `tracking_failed`
 */
export function guardedTracker(
  tracker: Tracker,
  onProblem: (code: string, message: string) => void,
): Tracker {
  let failures = 0;
  let isOff = false;

  async function guard<T>(what: string, call: () => Promise<T>, isVital = false): Promise<T | null> {
    if (isOff) return null;
    try {
      const answer = await call();
      failures = 0;
      return answer;
    } catch (error) {
      failures++;
      isOff = isVital || failures >= MAX_TRACKING_FAILURES;
      const why = error instanceof Error ? error.message : String(error);
      onProblem(
        'tracking_failed',
        `MLflow: ${what} failed: ${why}${isOff ? ' Nothing more of this run is recorded.' : ''}`,
      );
      return null;
    }
  }

  return {
    mode: tracker.mode,
    open: (session, questions) => guard('opening', () => tracker.open(session, questions), true),
    createModel: (state) => guard('recording the state of the space', () => tracker.createModel(state)),
    startEvaluation: async (evaluation) => {
      const run = await guard('starting the run of an evaluation', () => tracker.startEvaluation(evaluation));
      if (run === null) return null;
      return {
        runId: run.runId,
        finish: (found) => guard('writing an evaluation', () => run.finish(found)),
        fail: async (reason) => {
          await guard('noting a failed evaluation', () => run.fail(reason));
        },
      } satisfies TrackedEvaluationRun;
    },
    findEvaluations: (wanted) =>
      guard('looking for finished evaluations', () => tracker.findEvaluations(wanted)),
    noteRepeatability: async (found) => {
      await guard('noting repeatability', () => tracker.noteRepeatability(found));
    },
    tagOutcome: async (modelId, outcome, reason) => {
      await guard('noting an outcome', () => tracker.tagOutcome(modelId, outcome, reason));
    },
    promote: (best) => guard('promoting the best version', () => tracker.promote(best)),
    saveSession: async (session, suite) => {
      await guard('storing the session', () => tracker.saveSession(session, suite));
    },
    uploadReport: (report) => guard('uploading the report', () => tracker.uploadReport(report)),
    close: async (session, suite) => {
      await guard('closing the run', () => tracker.close(session, suite));
    },
  };
}
