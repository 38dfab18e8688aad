import { messageOf, OptimizerError } from '../core/index.ts';
import {
  guardedTracker,
  MlflowTracker,
  noTracker,
  UcTracesUnavailableError,
  type Tracker,
} from '../logged-models/index.ts';
import type { TrackingService } from '../ports/index.ts';
import type { ResolvedOptions } from './options.ts';

/** `requireTracking` was set, and MLflow could not record what the run was about to do. */
export class TrackingRequiredError extends OptimizerError {
  constructor(what: string, cause: unknown) {
    const why = messageOf(cause);
    super(
      `The run is to be tracked, and ${what} failed: ${why} Mend it and resume the run, or leave requireTracking out.`,
      { code: 'TRACKING_REQUIRED', details: { what }, cause },
    );
  }
}

/** MLflow as the options name it: their own, else that of the workspace. */
export const trackingServiceOf = ({
  mlflow,
  workspace,
}: Pick<ResolvedOptions, 'mlflow' | 'workspace'>): TrackingService | undefined =>
  mlflow ?? workspace.tracking;

/**
 * Records a run as its options say. Failures are warnings, unless `requireTracking` is set: then the run cannot be
 * opened, no state recorded and no evaluation begun or written without it.
 */
export function trackerOf(
  options: ResolvedOptions,
  onProblem: (code: string, message: string) => void,
): Tracker {
  const { tracking, workspace, clock } = options;
  const service = trackingServiceOf(options);
  if (tracking === 'off' || service === undefined) return noTracker();
  // Without the run's signal: what a cancelled run had reached is worth keeping.
  const tracker = new MlflowTracker({
    service,
    mode: tracking,
    experiment: options.experiment,
    ucSchema: options.ucSchema,
    ucTraces: options.requireUcTraces === true ? 'require' : options.ucTraces === true ? 'link' : 'if-linked',
    variables: options.variables,
    genie: workspace.genie,
    sql: workspace.sql,
    catalog: workspace.catalog,
    editor: workspace.catalogEditor,
    clock,
    onProblem,
  });
  const guarded = guardedTracker(tracker, onProblem);
  return options.requireTracking === true ? requiredTracker(tracker, guarded) : guarded;
}

/** What comes before a measurement, and the measurement itself, must be recorded; the rest is as in `guarded`. */
const requiredTracker = (tracker: Tracker, guarded: Tracker): Tracker => ({
  ...guarded,
  open: (...run) => required('opening the experiment', () => tracker.open(...run)),
  createModel: (state) => required('recording the state of the space', () => tracker.createModel(state)),
  startEvaluation: async (evaluation) => {
    const run = await required('starting the run of an evaluation', () =>
      tracker.startEvaluation(evaluation),
    );
    if (run === null) return null;
    return {
      ...run,
      finish: (found) => required('writing an evaluation', () => run.finish(found)),
      fail: (reason) => run.fail(reason),
    };
  },
});

async function required<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof UcTracesUnavailableError) throw error;
    throw new TrackingRequiredError(what, error);
  }
}

/** The pages of an experiment and of a run in the user interface. */
export function trackingPages(
  { host, flavor }: Pick<TrackingService['mlflow'], 'host' | 'flavor'>,
  experimentId: string,
): { readonly experiment: string; readonly run: (runId: string) => string } {
  const root = host.replace(/\/+$/, '');
  const experiment = `${root}/${flavor === 'databricks' ? 'ml' : '#'}/experiments/${experimentId}`;
  return { experiment, run: (runId) => `${experiment}/runs/${runId}` };
}
