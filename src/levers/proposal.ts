import type { FailureType } from '../asi/index.ts';
import type { Patch } from '../patch-dsl/index.ts';

export const LEVERS = [1, 2, 3, 4, 5, 6] as const;
export type Lever = (typeof LEVERS)[number];

/** A change that should fix some questions, with the patches that make it. */
export interface Proposal {
  /** `P001`, … unique within one run of the generator. */
  readonly proposal_id: string;
  readonly cluster_id: string;
  readonly lever: Lever;
  readonly failure_type: FailureType;
  /** Which questions it should fix and why, in one sentence. */
  readonly rationale: string;
  readonly question_ids: readonly string[];
  readonly questions_at_risk: readonly string[];
  /** 0–1. */
  readonly confidence: number;
  readonly regression_probability: number;
  /** `questions_fixed × confidence − questions_at_risk × regression_probability`. */
  readonly net_impact: number;
  readonly patches: readonly Patch[];
}
