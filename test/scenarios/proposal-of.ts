import type { Lever, Proposal } from '../../src/levers/index.ts';
import { parsePatchSet } from '../../src/patch-dsl/index.ts';

/** A proposal of one patch, as a generator would make it. */
export function proposalOf(
  lever: Lever,
  patch: Record<string, unknown>,
  questionIds: readonly string[],
): Proposal {
  const id = `P_${lever}_${questionIds.join('_')}_${JSON.stringify(patch)}`;
  return {
    proposal_id: id,
    cluster_id: 'C001',
    lever,
    failure_type: 'missing_synonym',
    rationale: `Should fix ${questionIds.join(', ')}.`,
    question_ids: questionIds,
    questions_at_risk: [],
    confidence: 0.8,
    regression_probability: 0.02,
    net_impact: 1,
    patches: parsePatchSet([{ id, ...patch }]),
  };
}
