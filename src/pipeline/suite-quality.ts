import { lintBenchmarks } from '../benchmarks/index.ts';
import { parseJson } from '../core/index.ts';
import { qualityReport, type EvaluationResult } from '../evaluation/index.ts';
import { readRowsText, type SuiteQuality } from '../session/index.ts';
import { dataSources } from '../spaces/index.ts';
import type { Run } from './run.ts';

/**
 * What the questions turned out to be worth, from every evaluation of the run; asks nothing and changes nothing.
 *
 * @see spec/benchmarks.md §12
 */
export async function suiteQuality(run: Run): Promise<SuiteQuality> {
  const { suite, accepted } = run;
  const { space } = accepted.state;
  const metricViews = (space.data_sources?.metric_views ?? []).map(({ identifier }) => identifier);
  const coverage = lintBenchmarks(suite, {
    tables: dataSources(space).map(({ identifier }) => identifier),
    metricViews,
    functions: (space.instructions?.sql_functions ?? []).map(({ identifier }) => identifier),
  });
  const history = await storedRows(run);
  const { effect, findings, ...counts } = qualityReport(suite.questions, { space, history, coverage });
  return {
    questions: counts.questions,
    quarantined: counts.quarantined,
    families: counts.families,
    smallest_gain_pp: effect.smallestGainPp,
    fewest_wins: effect.fewestWins,
    findings: findings.map((finding) => ({ ...finding, question_ids: [...finding.question_ids] })),
    coverage: {
      domain_size: coverage.domainSize,
      required_questions: coverage.required.questions,
      missing_categories: [...coverage.missingCategories],
      uncovered_assets: [...coverage.uncoveredAssets],
      p0: coverage.p0Count,
      held_out: coverage.heldOutCount,
      warnings: coverage.warnings.map(({ message }) => message),
    },
  };
}

/** Rows of all evaluations as stored: what is asked of them here needs no facts of statements. */
async function storedRows({ ctx, recorder }: Run): Promise<EvaluationResult[]> {
  const found: EvaluationResult[] = [];
  const { files } = ctx.options;
  for (const iteration of recorder.current().iterations) {
    const text = await readRowsText(iteration, (path) => files.read(path));
    const stored = text === null ? null : (parseJson(text) as EvaluationResult | undefined);
    if (stored && Array.isArray(stored.rows)) found.push(stored);
  }
  return found;
}
