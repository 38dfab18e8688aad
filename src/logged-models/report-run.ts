import type { CallOptions, MlflowPort } from '../ports/index.ts';
import { writeText } from './artifacts.ts';
import { runStamp } from './config-hash.ts';
import { orFailed } from './or-failed.ts';

/** Where the report stands in its run. @see spec/logged-model-lifecycle.md §10 */
export const REPORT_ARTIFACT = 'report/optimization_report.md';
export const REPORT_JSON_ARTIFACT = 'report/optimization_report.json';

/** Uploads the report in a run of its own; returns the run. */
export async function uploadReport(
  mlflow: Pick<MlflowPort, 'runs' | 'artifacts'>,
  report: {
    readonly experimentId: string;
    readonly sessionId: string;
    readonly markdown: string;
    readonly json: string;
    readonly now: Date;
  },
  options?: CallOptions,
): Promise<string> {
  const run = await mlflow.runs.start(
    {
      experimentId: report.experimentId,
      name: `genie_opt_report_${runStamp(report.now)}`,
      tags: { 'genie_opt.session_id': report.sessionId, 'genie_opt.kind': 'report' },
    },
    options,
  );
  return orFailed(run, mlflow, async () => {
    await writeText(mlflow, run, REPORT_ARTIFACT, report.markdown, options);
    await writeText(mlflow, run, REPORT_JSON_ARTIFACT, report.json, options);
    await mlflow.runs.end(run.runId, 'FINISHED', options);
    return run.runId;
  });
}
