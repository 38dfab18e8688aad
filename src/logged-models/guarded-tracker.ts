import { InvalidOptionError, messageOf } from '../core/index.ts';
import { UcTracesUnavailableError } from './errors.ts';
import type { TrackedEvaluationRun, Tracker } from './tracker.ts';

/** Calls in a row that may fail before a tracker is not asked for a while: a service that is down must not slow a run. */
export const MAX_TRACKING_FAILURES = 3;

/**
 * A tracker whose failures are told and then forgotten: each call gives nothing instead of throwing.
 *
 * After several failures in a row it is asked for versions only, on which a run may depend, until one is recorded
 * again; versions that fail as often end that too. One that cannot be opened is not asked again. What the caller
 * asked for and cannot have is no failure of the service: an impossible option, and traces in Unity Catalog that are
 * required, are thrown when the tracker is opened.
 *
 * @param onProblem - told once per failure, with a code such as `tracking_failed`
 */
export function guardedTracker(
  tracker: Tracker,
  onProblem: (code: string, message: string) => void,
): Tracker {
  let isClosed = false;
  const failures = { version: 0, other: 0 };

  async function guard<T>(
    what: string,
    call: () => Promise<T>,
    kind: 'open' | 'version' | 'other' = 'other',
  ): Promise<T | null> {
    const counter = kind === 'version' ? 'version' : 'other';
    if (isClosed || failures[counter] >= MAX_TRACKING_FAILURES) return null;
    try {
      const answer = await call();
      failures.other = 0;
      if (kind === 'version') failures.version = 0;
      return answer;
    } catch (error) {
      if (kind === 'open' && isRefusal(error)) throw error;
      failures[counter]++;
      isClosed = kind === 'open';
      const isOver = isClosed || failures[counter] >= MAX_TRACKING_FAILURES;
      const rest = isClosed ? REST.open : REST[counter];
      onProblem('tracking_failed', `MLflow: ${what} failed: ${messageOf(error)}${isOver ? ` ${rest}` : ''}`);
      return null;
    }
  }

  return {
    mode: tracker.mode,
    open: (...run) => guard('opening', () => tracker.open(...run), 'open'),
    createModel: (state) =>
      guard('recording the state of the space', () => tracker.createModel(state), 'version'),
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
    noteRepeatability: (found) => guard('noting repeatability', () => tracker.noteRepeatability(found)),
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

/** What follows from giving up. */
const REST = {
  open: 'Nothing of this run is recorded.',
  version: 'No more versions of this run are recorded.',
  other: 'Nothing more is recorded until a version of the space is.',
} as const;

const isRefusal = (error: unknown): boolean =>
  error instanceof InvalidOptionError || error instanceof UcTracesUnavailableError;
