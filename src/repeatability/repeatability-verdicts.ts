import type { RepeatabilityClass } from './classes.ts';
import { reasonsOf, type RepeatabilityReasons } from './repeatability-reasons.ts';
import type { RequeryReport, RequeryResult } from './requery.ts';

/** What asking one question again showed, as a judge called `repeatability` would say it. */
export interface RepeatabilityVerdict {
  readonly question_id: string;
  readonly value: RepeatabilityClass;
  readonly rationale: string;
  /** `null`: the answers were identical, or could not be compared. */
  readonly asi: RepeatabilityReasons | null;
}

const SEVERITIES: Partial<Readonly<Record<RepeatabilityClass, RepeatabilityReasons['severity']>>> = {
  MINOR_VARIANCE: 'minor',
  SIGNIFICANT_VARIANCE: 'major',
  CRITICAL_VARIANCE: 'critical',
};

/** One verdict per question, in the order of the report. @see spec/repeatability.md §4 */
export const repeatabilityVerdicts = ({ results }: RequeryReport): readonly RepeatabilityVerdict[] =>
  results.map((result) => ({
    question_id: result.question_id,
    value: result.classification,
    rationale: rationaleOf(result),
    asi: asiOf(result),
  }));

/** Reasons of answers that differ; `null` for others. */
export function asiOf({
  classification,
  repeatability_pct: pct,
  dominant_asset: asset,
  unique_variants: variants,
}: RequeryResult): RepeatabilityReasons | null {
  const severity = SEVERITIES[classification];
  if (severity === undefined || pct === null) return null;
  return reasonsOf({
    severity,
    confidence: Math.max(0, 1 - pct / 100),
    asset,
    expected: 'identical answers, 100 %',
    actual: `${classification}, ${pct.toFixed(1)} %, ${variants} variants`,
  });
}

/** How often it was asked, how many answers there were, of what asset, and why they differ. */
export function rationaleOf(result: RequeryResult): string {
  const { classification, hashes, unique_variants: variants, repeatability_pct: pct, cause } = result;
  if (classification === 'UNMEASURED')
    return 'Too few answers came back to compare: the others were lost on the way.';
  if (classification === 'NO_SQL') return `Asked ${hashes.length} times, Genie never answered with SQL.`;
  const share = pct === null ? '' : `, ${pct.toFixed(1)} % of them alike`;
  if (variants === 1)
    return `Asked ${hashes.length} times, Genie gave the same answer each time, from ${result.dominant_asset}.`;
  const moved = result.oscillation === null ? '' : `, moving between ${result.oscillation.join(' and ')}`;
  return `Asked ${hashes.length} times, Genie gave ${variants} different answers (${cause.replaceAll('_', ' ')})${moved}${share}, mostly from ${result.dominant_asset}.`;
}
