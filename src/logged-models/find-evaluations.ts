import type { CallOptions, MlflowPort } from '../ports/index.ts';
import { readText } from './artifacts.ts';
import { ROWS_FILE, type EvaluationStart } from './evaluation-run.ts';
import { MODEL_FILTERS } from './link-scores.ts';

/** Evaluations of a session that were written whole, newest first, with the text of their rows. */
export async function findEvaluationRuns(
  mlflow: Pick<MlflowPort, 'runs' | 'artifacts'>,
  {
    experimentId,
    sessionId,
    iteration,
    scope,
  }: Pick<EvaluationStart, 'experimentId' | 'sessionId' | 'iteration' | 'scope'>,
  options?: CallOptions,
): Promise<readonly { readonly runId: string; readonly text: string }[]> {
  const runs = await mlflow.runs.search(
    {
      experimentIds: [experimentId],
      filter: `${MODEL_FILTERS.ofSession(sessionId)} AND tags.\`genie_opt.kind\` = 'evaluation'`,
    },
    options,
  );
  const found: { readonly runId: string; readonly text: string }[] = [];
  for (const run of runs) {
    const isWanted =
      run.status === 'FINISHED' &&
      run.params['eval_scope'] === scope &&
      run.params['iteration'] === String(iteration);
    const text = isWanted ? await readText(mlflow, run, ROWS_FILE, options) : null;
    if (text !== null) found.push({ runId: run.runId, text });
  }
  return found;
}
