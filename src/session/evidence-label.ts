import * as z from 'zod';
import { OptimizerError } from '../core/index.ts';

/**
 * Under what conditions a score was measured, with its wire names.
 *
 * @see spec/acceptance.md §5
 */
export const evidenceLabelSchema = z.looseObject({
  scope: z.string(),
  split: z.string(),
  evaluator: z.string(),
  /** Version of the rules by which results are compared. */
  comparator_version: z.string(),
  /** Fingerprint of the questions and their answer keys. */
  answer_key_version: z.string(),
  /** Model of each judge that uses one. */
  model_versions: z.record(z.string(), z.string()),
  questions: z.number().int(),
  /** Asks behind the score; differs where questions were asked again. */
  asks: z.number().int(),
  /** The configuration measured: what a comparison is about. */
  config_hash: z.string(),
});
export type EvidenceLabel = z.infer<typeof evidenceLabelSchema>;

/** A score, percent 0–100, and what it rests on. */
export interface LabelledScore {
  readonly score: number;
  readonly label: EvidenceLabel;
}

/** Parts that must agree. Configurations are what is compared, and more asks only make a score sharper. */
const MUST_AGREE = [
  'scope',
  'split',
  'evaluator',
  'comparator_version',
  'answer_key_version',
  'questions',
  'model_versions',
] as const satisfies readonly (keyof EvidenceLabel)[];

/** Two scores were measured under different conditions, so their difference means nothing. */
export class IncomparableScoresError extends OptimizerError {
  constructor(label: string, left: unknown, right: unknown) {
    super(
      `These scores cannot be compared: '${label}' is ${JSON.stringify(left)} on one side and ${JSON.stringify(right)} on the other. Measure both again under the same conditions, or re-score the stored answers.`,
      { code: 'INCOMPARABLE_SCORES', details: { label, left, right } },
    );
  }
}

/** The label on which two scores differ so that they cannot be compared, or `null`. */
export const differingLabel = (a: EvidenceLabel, b: EvidenceLabel): (typeof MUST_AGREE)[number] | null =>
  MUST_AGREE.find((part) => valueOf(a[part]) !== valueOf(b[part])) ?? null;

const valueOf = (value: unknown): string =>
  JSON.stringify(
    typeof value === 'object' && value !== null
      ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
      : value,
  );

/** Labels as one text: scores with equal keys may be compared. */
export const comparabilityKey = (label: EvidenceLabel): string =>
  MUST_AGREE.map((part) => valueOf(label[part])).join('\n');

/**
 * `after − before`, in percentage points.
 *
 * @throws {IncomparableScoresError} naming the label that differs
 */
export function compareScores(before: LabelledScore, after: LabelledScore): number {
  const differing = differingLabel(before.label, after.label);
  if (differing !== null) {
    throw new IncomparableScoresError(differing, before.label[differing], after.label[differing]);
  }
  return after.score - before.score;
}
