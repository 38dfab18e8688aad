import type * as z from 'zod';
import type { leverImpactSchema, Session } from '../../session/index.ts';

export type LeverImpact = z.infer<typeof leverImpactSchema>;

/** What a lever's attempt is measured by. Accuracies are percent; `null`: nothing could be evaluated. */
export interface LeverImpactInput {
  readonly lever: number;
  readonly before: number | null;
  readonly after: number | null;
  /** Why each proposal of the attempt was made. */
  readonly proposals: readonly string[];
  readonly status: LeverImpact['status'];
}

/** The difference that one attempt made: accuracy after minus accuracy before, both of the whole evaluation. */
export const leverImpact = ({ before, after, proposals, status }: LeverImpactInput): LeverImpact => ({
  before,
  after,
  delta: before === null || after === null ? null : after - before,
  proposals: [...proposals],
  status,
});

/** The impacts with one more; an earlier one of the same lever moves into its `history`. */
export function withImpact(
  impacts: Session['lever_impacts'],
  lever: number,
  impact: LeverImpact,
): Session['lever_impacts'] {
  const earlier = impacts[String(lever)];
  if (earlier === undefined) return { ...impacts, [String(lever)]: impact };
  const { history, ...last } = earlier;
  return {
    ...impacts,
    [String(lever)]: {
      ...impact,
      history: [...(Array.isArray(history) ? (history as unknown[]) : []), last],
    },
  };
}
