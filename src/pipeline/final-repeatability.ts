import {
  markRoutingSensitive,
  requeryFailures,
  routingSensitivity,
  type RequeryReport,
} from '../repeatability/index.ts';
import { requeryCost, verifyRepeatability } from '../evaluation/index.ts';
import { runFolder, saveSuite } from './prepare-suite.ts';
import { phaseOf, type Run } from './run.ts';

/**
 * Asks the accepted state the same questions again, once, at the end.
 *
 * No candidate state: it is in no iteration and chooses nothing. A failure is a warning, and the run goes on.
 *
 * @see spec/pipeline.md §6.14
 */
export async function finalRepeatability(run: Run): Promise<void> {
  const { ctx, recorder, accepted } = run;
  const session = recorder.current();
  const isChanged = session.iterations.some(({ lever }) => lever > 0);
  if (ctx.options.finalRepeatability === false || !isChanged || session.repeatability_test !== null) return;
  if (!ctx.evaluator.capabilities.rerun) return;
  const rows = accepted.evaluation.rows.filter(({ correct }) => correct !== null);
  const cost = requeryCost(rows.length);
  ctx.emit({
    type: 'repeatability_announced',
    questions: rows.length,
    asks: cost.asks,
    seconds: cost.seconds,
  });
  try {
    const report = await phaseOf(
      run,
      'finalRepeatability',
      { rows, state: accepted.state, catalog: accepted.catalog },
      (input) =>
        verifyRepeatability({
          rows: input.rows,
          genie: ctx.workspace.genie,
          sql: ctx.workspace.sql,
          spaceId: run.place.candidateId,
          space: input.state.space,
          catalog: input.catalog,
          concurrency: ctx.options.concurrency,
          signal: ctx.signal,
        }),
    );
    await keep(run, report, cost.asks);
  } catch (error) {
    if (ctx.signal?.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    ctx.emit({ type: 'warning', code: 'REPEATABILITY', message: `Asking again failed: ${why}` });
  }
}

async function keep(run: Run, report: RequeryReport, asks: number): Promise<void> {
  const { ctx, recorder, suite } = run;
  const assets = new Map(suite.questions.map(({ id, expected_asset }) => [id, expected_asset as string]));
  const routing = routingSensitivity(report, assets);
  const sensitive = routing.filter((item) => item.sensitive).map(({ question_id }) => question_id);
  await ctx.options.files.write(
    `${runFolder(ctx)}/evaluation/repeatability.json`,
    `${JSON.stringify(report, null, 1)}\n`,
  );
  if (sensitive.length > 0) {
    run.suite = { ...suite, questions: [...markRoutingSensitive(suite.questions, routing)] };
    await saveSuite(ctx, run.suite);
  }
  await recorder.update(() => ({
    repeatability_test: {
      average_repeatability_pct: report.average_repeatability_pct,
      total_questions: report.total_questions,
      identical: report.identical,
      significant_variance: report.significant_variance,
      critical_variance: report.critical_variance,
      failures: requeryFailures(report, { routingSensitiveIds: sensitive }).map(
        ({ question_id }) => question_id,
      ),
      routing_sensitive: sensitive,
      asks,
    },
  }));
}
