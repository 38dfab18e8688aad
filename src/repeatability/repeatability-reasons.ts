/** Why a question counts as unstable: the reasons of an ASI record. A type, so that it is one of those open records. */
export type RepeatabilityReasons = {
  readonly failure_type: 'repeatability_issue';
  readonly failure_type_raw: null;
  readonly severity: 'critical' | 'major' | 'minor';
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

/** Reasons whose remedy follows from the kind of asset. @see spec/repeatability.md §5 */
export const reasonsOf = <S extends RepeatabilityReasons['severity']>(parts: {
  readonly severity: S;
  /** 0–1. */
  readonly confidence: number;
  /** Kind of asset that the statements read. */
  readonly asset: string;
  readonly expected: string;
  readonly actual: string;
}): RepeatabilityReasons & { readonly severity: S } => ({
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
});

const FIXES: Readonly<Record<string, string>> = {
  TABLE:
    'Give the preferred table a description with “business definition, grain, join keys, when not to use it”.',
  MV: 'Describe the columns under the metric view with “business definition, grain”; turn it into a function if variance persists.',
  TVF: 'Add an instruction that says “which value each parameter takes when the question does not name one”.',
};
