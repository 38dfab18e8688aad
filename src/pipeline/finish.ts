import { messageOf } from '../core/index.ts';
import { currentAccuracy, type RunStatus, type Session } from '../session/index.ts';
import type { Space } from '../spaces/index.ts';
import type { LoopEnd } from './lever-loop.ts';
import type { Run } from './run.ts';
import { suiteQuality } from './suite-quality.ts';
import { writeReport } from './write-report.ts';

/** What a finished run hands back. */
export interface OptimizeResult {
  readonly status: RunStatus;
  readonly reason: string | null;
  /** Accuracy on train and validation questions, percent; both under the answer keys as they are at the end. */
  readonly baselineAccuracyPct: number | null;
  readonly finalAccuracyPct: number | null;
  /**
   * Accuracy on the held-out questions before and after, percent; `null` when not measured. The note says whether
   * the figure before is exact, or why there is none.
   */
  readonly heldOut: {
    readonly beforePct: number | null;
    readonly afterPct: number | null;
    readonly note: string | null;
  } | null;
  /** The space as the run left it. */
  readonly space: Space;
  readonly session: Session;
  readonly sessionPath: string;
  readonly reportPath: string;
}

/** Files that hold accepted changes. */
const filesWritten = ({ iterations }: Session): string[] => [
  ...new Set(
    iterations
      .filter(({ accepted }) => accepted)
      .flatMap(({ apply_log: log }) => (log?.files ?? []).map(({ path }) => path)),
  ),
];

/** Closes the session, writes the report, and puts together what the caller gets. */
export async function finish(run: Run, end: LoopEnd): Promise<OptimizeResult> {
  const { ctx, recorder } = run;
  const quality = await suiteQuality(run);
  await recorder.update((session) => ({
    suite_quality: quality,
    status: end.status,
    convergence_reason: end.reason,
    finished_at: ctx.clock.now().toISOString(),
    pending: null,
    next_lever: null,
    ...(ctx.options.repo === undefined ? {} : { files_written: filesWritten(session) }),
  }));
  if (ctx.options.evaluateOnly !== true) await ctx.tracking.promote();
  const reportPath = await writeReport(run);
  const session = await recorder.update(() => ({ report_path: reportPath }));
  await ctx.tracking.close();
  ctx.emit({ type: 'run_finished', status: end.status, reason: end.reason, reportPath });
  const heldOut = session.held_out_result;
  const [first] = session.iterations;
  return {
    status: end.status,
    reason: end.reason,
    baselineAccuracyPct: first === undefined ? null : currentAccuracy(first),
    finalAccuracyPct: session.best_overall_accuracy,
    heldOut: heldOut && {
      beforePct: heldOut.before_accuracy,
      afterPct: heldOut.after_accuracy,
      note: heldOut.note,
    },
    space: run.accepted.state.space,
    session,
    sessionPath: ctx.options.sessionFile,
    reportPath,
  };
}

/** A run that broke off is reported too; the error that ended it matters more than one of the report. */
export async function reportAborted({
  ctx,
  recorder,
  run,
}: Pick<Run, 'ctx' | 'recorder'> & { readonly run: Run | null }): Promise<void> {
  try {
    const reportPath = await writeReport({ ctx, recorder, accepted: run?.accepted ?? null });
    await recorder.update(() => ({ report_path: reportPath }));
  } catch (error) {
    const why = messageOf(error);
    ctx.emit({ type: 'warning', code: 'REPORT_FAILED', message: `The report could not be written: ${why}` });
  }
}
