import {
  markRoutingSensitive,
  repeatabilityMetrics,
  requeryFailures,
  routingSensitivity,
  type RequeryReport,
} from '../repeatability/index.ts';
import { REQUERY_DEFAULTS, requeryCost, verifyRepeatability } from '../evaluation/index.ts';
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
  const cost = requeryCost(rows.length, { startsPerMinute: ctx.workspace.startsPerMinute });
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
  const { iteration, config_hash } = run.accepted.evaluation;
  const stored = {
    ...report,
    extra_queries: REQUERY_DEFAULTS.extraQueries,
    space_id: ctx.spaceId,
    config_hash,
    timestamp: ctx.clock.now().toISOString(),
  };
  const json = `${JSON.stringify(stored, null, 1)}\n`;
  await ctx.options.files.write(`${runFolder(ctx)}/evaluation/repeatability.json`, json);
  await ctx.tracking.repeatability({ iteration, metrics: repeatabilityMetrics(report), json });
  if (sensitive.length > 0) {
    run.suite = { ...suite, questions: [...markRoutingSensitive(suite.questions, routing)] };
    await saveSuite(ctx, run.suite);
  }
  const failures = requeryFailures(report, { routingSensitiveIds: sensitive });
  await recorder.update((session) => ({
    // The state that was asked, and no other, has this figure; it is no measurement to choose by.
    iterations: session.iterations.map((entry) =>
      entry.iteration === iteration
        ? { ...entry, requery_repeatability: report.average_repeatability_pct }
        : entry,
    ),
    final_repeatability_failures: failures.map((failure) => ({ ...failure })),
    repeatability_test: {
      average_repeatability_pct: report.average_repeatability_pct,
      total_questions: report.total_questions,
      average_answer_repeatability_pct: report.average_answer_repeatability_pct,
      identical: report.identical,
      minor_variance: report.minor_variance,
      unmeasured: report.unmeasured,
      no_sql: report.no_sql,
      significant_variance: report.significant_variance,
      critical_variance: report.critical_variance,
      failures: failures.map(({ question_id }) => question_id),
      routing_sensitive: sensitive,
      asks,
    },
  }));
}
