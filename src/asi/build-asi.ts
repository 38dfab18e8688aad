import { asiSchema, type Asi, type Severity } from './asi.ts';
import { normalizeFailureType } from './failure-taxonomy.ts';

/** Fields of ASI with a free label as failure type; everything but the label is optional. */
export interface AsiInput {
  readonly failure_type: string;
  readonly failure_type_raw?: string | null | undefined;
  readonly severity?: Severity | undefined;
  readonly confidence?: number | undefined;
  readonly wrong_clause?: string | null | undefined;
  readonly blame_set?: readonly string[] | undefined;
  readonly quoted_metadata_text?: string | null | undefined;
  readonly missing_metadata?: string | null | undefined;
  readonly ambiguity_detected?: boolean | undefined;
  readonly expected_value?: string | null | undefined;
  readonly actual_value?: string | null | undefined;
  readonly counterfactual_fix?: string | null | undefined;
  readonly affected_question_pattern?: string | null | undefined;
}

/**
 * Makes complete ASI from what a judge knows.
 *
 * A label outside the taxonomy is translated by its alias or becomes `other`, and is kept in
 * `failure_type_raw`. `confidence` is clamped to 0–1 (not a number counts as the default);
 * `blame_set` loses duplicates and blanks.
 *
 * @see spec/asi-clustering-levers.md §2
 */
export function buildAsi(input: AsiInput): Asi {
  const { failure_type: label, confidence, blame_set, failure_type_raw: raw, ...rest } = input;
  const normalized = normalizeFailureType(label);
  const present = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return asiSchema.parse({
    ...present,
    ...normalized,
    failure_type_raw: raw ?? normalized.failure_type_raw,
    ...(typeof confidence === 'number' && !Number.isNaN(confidence)
      ? { confidence: Math.min(1, Math.max(0, confidence)) }
      : {}),
    blame_set: [...new Set((blame_set ?? []).map((item) => item.trim()).filter((item) => item !== ''))],
  });
}
