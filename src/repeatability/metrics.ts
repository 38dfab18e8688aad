import type { RequeryReport } from './requery.ts';

/**
 * Figures of asking again as metrics of an evaluation run; means 0–1, what was not measured is left out.
 *
 * @see spec/repeatability.md §4
 */
export function repeatabilityMetrics(report: RequeryReport): Record<string, number> {
  const { average_repeatability_pct: mean, average_answer_repeatability_pct: answers } = report;
  return {
    ...(mean !== null && { 'repeatability/mean': mean / 100 }),
    ...(answers !== null && { 'repeatability/answer_mean': answers / 100 }),
    'repeatability/identical_count': report.identical,
    'repeatability/minor_count': report.minor_variance,
    'repeatability/significant_count': report.significant_variance,
    'repeatability/critical_count': report.critical_variance,
    'repeatability/unmeasured_count': report.unmeasured,
  };
}
