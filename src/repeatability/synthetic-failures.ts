import type { CrossIterationRepeatability, RepeatabilityDetail } from './cross-iteration.ts';

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
    readonly severity: 'major';
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
export const syntheticFailures = ({ details }: CrossIterationRepeatability): readonly SyntheticFailure[] =>
  details.filter(({ kind }) => kind === 'concerning').map(toFailure);

function toFailure(detail: RepeatabilityDetail): SyntheticFailure {
  const { question_id, dominant_asset, prev_asset, prev_hash, current_hash } = detail;
  const moved = prev_asset === dominant_asset ? '' : `, moving from ${prev_asset} to ${dominant_asset}`;
  return {
    question_id,
    judge: 'repeatability',
    synthetic: true,
    rationale: `The statement changed although the question was answered right before${moved}.`,
    asi: {
      failure_type: 'repeatability_issue',
      failure_type_raw: null,
      severity: 'major',
      confidence: 0.5,
      wrong_clause: null,
      blame_set: [`asset_routing:${dominant_asset}`],
      quoted_metadata_text: null,
      missing_metadata: null,
      ambiguity_detected: true,
      expected_value: `statement ${prev_hash.slice(0, 8)}`,
      actual_value: `statement ${current_hash.slice(0, 8)}`,
      counterfactual_fix: FIXES[dominant_asset] ?? FIXES['TABLE'] ?? '',
      affected_question_pattern: null,
    },
  };
}

const FIXES: Readonly<Record<string, string>> = {
  TABLE:
    'Give the preferred table a description with “business definition, grain, join keys, when not to use it”.',
  MV: 'Describe the columns under the metric view with “business definition, grain”; turn it into a function if variance persists.',
  TVF: 'Add an instruction that says “which value each parameter takes when the question does not name one”.',
};
