import type { CrossIterationRepeatability, RepeatabilityDetail } from './cross-iteration.ts';
import { reasonsOf, type RepeatabilityReasons } from './repeatability-reasons.ts';
import { asiOf, rationaleOf } from './repeatability-verdicts.ts';
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
  readonly asi: RepeatabilityReasons;
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
    const { cause, question_id } = result;
    const asi = asiOf(result);
    if (asi === null || asi.severity === 'minor') return [];
    if (cause === 'text_only_flip' || known.has(question_id)) return [];
    return [failure(question_id, rationaleOf(result), asi)];
  });
}

function toFailure(detail: RepeatabilityDetail): SyntheticFailure {
  const { question_id, dominant_asset, prev_asset, prev_hash, current_hash } = detail;
  const moved = prev_asset === dominant_asset ? '' : `, moving from ${prev_asset} to ${dominant_asset}`;
  return failure(
    question_id,
    `The statement changed although the question was answered right before${moved}.`,
    reasonsOf({
      severity: 'major',
      confidence: 0.5,
      asset: dominant_asset,
      expected: `statement ${prev_hash.slice(0, 8)}`,
      actual: `statement ${current_hash.slice(0, 8)}`,
    }),
  );
}

const failure = (question_id: string, rationale: string, asi: RepeatabilityReasons): SyntheticFailure => ({
  question_id,
  judge: 'repeatability',
  synthetic: true,
  rationale,
  asi,
});
