/** Why something was not proposed. */
export const REVIEW_REASONS = [
  'unclassified',
  'leak',
  'tried_before',
  'rung_tried',
  'routing_sensitive',
  'no_effect',
  'cannot_be_applied',
  'no_gain',
  'over_budget',
  'exhausted',
  'contradiction',
] as const;
export type ReviewReason = (typeof REVIEW_REASONS)[number];

/** Something for a person to look at. */
export interface ReviewItem {
  readonly reason: ReviewReason;
  readonly question_ids: readonly string[];
  /** What was left out and why; quotes no benchmark. */
  readonly detail: string;
}
