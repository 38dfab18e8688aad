import type { CrossIterationRepeatability, RepeatabilityDetail } from './cross-iteration.ts';
import type { RequeryReport } from './requery.ts';

/**
 * A failure made from instability; it never counts in a score. Has the shape of an ASI record, which
 * clustering takes.
 */
export interface SyntheticFailure {
  readonly question_id: string;
  readonly judge: 'repeatability';
  readonly synthetic: true;
  readonly rationale: string;
  readonly asi: {
    readonly failure_type: 'repeatability_issue';
    readonly failure_type_raw: null;
    readonly severity: 'critical' | 'major';
    readonly confidence: number;
    readonly wrong_clause: null;
    readonly blame_set: string[];
    readonly quoted_metadata_text: null;
    readonly missing_metadata: null;
    readonly ambiguity_detected: true;
    readonly expected_value: string;
    readonly actual_value: string;
    readonly counterfactual_fix: string;
    readonly affected_question_pattern: null;
  };
}

/** One failure per concerning change; expected, intended and harmless changes give none. @see spec/repeatability.md §5 */
export const syntheticFailures = ({
  details,
}: Pick<CrossIterationRepeatability, 'details'>): readonly SyntheticFailure[] =>
  details.filter(({ kind }) => kind === 'concerning').map(toFailure);

/** Mean from which a space is stable enough: then single questions give no failures. @see spec/repeatability.md §7 */
export const REPEATABILITY_TARGET_PCT = 90;

/**
 * Failures from asking again: critical and significant variance, while the mean is below the target.
 *
 * Other words for the same rows are none, nor are questions that are known to be routing-sensitive: no
 * metadata mends those.
 *
 * @see spec/repeatability.md §5
 */
export function requeryFailures(
  { results, average_repeatability_pct: mean }: RequeryReport,
  options: {
    readonly targetPct?: number | undefined;
    readonly routingSensitiveIds?: readonly string[] | undefined;
  } = {},
): readonly SyntheticFailure[] {
  if (mean === null || mean >= (options.targetPct ?? REPEATABILITY_TARGET_PCT)) return [];
  const known = new Set(options.routingSensitiveIds);
  return results.flatMap((result): SyntheticFailure[] => {
    const { classification, cause, question_id, repeatability_pct: pct } = result;
    const critical = classification === 'CRITICAL_VARIANCE';
    if (!(critical || classification === 'SIGNIFICANT_VARIANCE')) return [];
    if (cause === 'text_only_flip' || pct === null || known.has(question_id)) return [];
    const moved = result.oscillation === null ? '' : `, moving between ${result.oscillation.join(' and ')}`;
    return [
      failure({
        question_id,
        rationale: `Asked ${result.hashes.length} times, Genie gave ${result.unique_variants} different answers (${cause.replaceAll('_', ' ')})${moved}.`,
        severity: critical ? 'critical' : 'major',
        confidence: Math.max(0, 1 - pct / 100),
        asset: result.dominant_asset,
        expected: 'identical answers, 100 %',
        actual: `${classification}, ${pct.toFixed(1)} %, ${result.unique_variants} variants`,
      }),
    ];
  });
}

function toFailure(detail: RepeatabilityDetail): SyntheticFailure {
  const { question_id, dominant_asset, prev_asset, prev_hash, current_hash } = detail;
  const moved = prev_asset === dominant_asset ? '' : `, moving from ${prev_asset} to ${dominant_asset}`;
  return failure({
    question_id,
    rationale: `The statement changed although the question was answered right before${moved}.`,
    severity: 'major',
    confidence: 0.5,
    asset: dominant_asset,
    expected: `statement ${prev_hash.slice(0, 8)}`,
    actual: `statement ${current_hash.slice(0, 8)}`,
  });
}

interface FailureParts {
  readonly question_id: string;
  readonly rationale: string;
  readonly severity: 'critical' | 'major';
  readonly confidence: number;
  readonly asset: string;
  readonly expected: string;
  readonly actual: string;
}

const failure = (parts: FailureParts): SyntheticFailure => ({
  question_id: parts.question_id,
  judge: 'repeatability',
  synthetic: true,
  rationale: parts.rationale,
  asi: {
    failure_type: 'repeatability_issue',
    failure_type_raw: null,
    severity: parts.severity,
    confidence: parts.confidence,
    wrong_clause: null,
    blame_set: [`asset_routing:${parts.asset}`],
    quoted_metadata_text: null,
    missing_metadata: null,
    ambiguity_detected: true,
    expected_value: parts.expected,
    actual_value: parts.actual,
    counterfactual_fix: FIXES[parts.asset] ?? FIXES['TABLE'] ?? '',
    affected_question_pattern: null,
  },
});

const FIXES: Readonly<Record<string, string>> = {
  TABLE:
    'Give the preferred table a description with “business definition, grain, join keys, when not to use it”.',
  MV: 'Describe the columns under the metric view with “business definition, grain”; turn it into a function if variance persists.',
  TVF: 'Add an instruction that says “which value each parameter takes when the question does not name one”.',
};
