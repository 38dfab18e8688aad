import { messageOf } from '../core/index.ts';
import {
  markRoutingSensitive,
  REPEATABILITY_TARGET_PCT,
  repeatabilityMetrics,
  repeatabilityVerdicts,
  requeryFailures,
  routingSensitivity,
  type RequeryReport,
} from '../repeatability/index.ts';
import { REQUERY_DEFAULTS, requeryCost, verifyRepeatability } from '../evaluation/index.ts';
import type { LoopEnd } from './lever-loop.ts';
import { runFolder, saveSuite } from './prepare-suite.ts';
import { phaseOf, type Run } from './run.ts';

/**
 * Asks the accepted state the same questions again, once, at the end.
 *
 * No candidate state: it is in no iteration and chooses nothing. A failure is a warning, and the run goes on.
 *
 * @returns how the run ends: with `requireRepeatability` one whose answers waver has not converged
 * @see spec/pipeline.md §6.14
 */
export async function finalRepeatability(run: Run, end: LoopEnd): Promise<LoopEnd> {
  if (isWanted(run, end)) await askAllAgain(run);
  if (end.status !== 'converged' || run.ctx.options.requireRepeatability !== true) return end;
  const pct = run.recorder.current().repeatability_test?.average_repeatability_pct ?? null;
  if (pct !== null && pct >= REPEATABILITY_TARGET_PCT) return end;
  const found =
    pct === null
      ? 'how far the statements stay the same is not known'
      : `${pct.toFixed(1)} % of the statements stay the same on asking again`;
  return {
    status: 'stalled',
    reason: `All thresholds met, but ${found}; ${REPEATABILITY_TARGET_PCT} % are required.`,
  };
}

function isWanted({ ctx, recorder }: Run, { status }: LoopEnd): boolean {
  const { finalRepeatability: wanted, requireRepeatability: isRequired } = ctx.options;
  const { iterations, repeatability_test: done } = recorder.current();
  if (wanted === false || status === 'evaluated' || done !== null) return false;
  if (!ctx.evaluator.capabilities.rerun) return false;
  return isRequired === true || iterations.some(({ lever }) => lever > 0);
}

async function askAllAgain(run: Run): Promise<void> {
  const { ctx, accepted } = run;
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
    const why = messageOf(error);
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
  await ctx.tracking.repeatability({
    iteration,
    metrics: repeatabilityMetrics(report),
    repeatabilityPct: report.average_repeatability_pct,
    json,
    verdicts: repeatabilityVerdicts(report),
  });
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
