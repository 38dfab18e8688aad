import type { ConflictOptions } from './conflicts.ts';
import type { RiskLevel } from './envelope.ts';
import type { FoldOptions } from './fold-patches.ts';
import type { ForbiddenText, LeakDetector } from './leak.ts';

/** Bounds of a patch set. @see spec/patch-dsl.md §5 */
export const PATCH_SET_DEFAULTS = { maxObjects: 5, maxPatches: 12, instructionCharBudget: 4_000 } as const;

export interface ValidateOptions extends FoldOptions, Pick<ConflictOptions, 'parity'> {
  /** How many tables, functions, joins and other things a set may touch; `null`: any number. Default 5. */
  readonly maxObjects?: number | null;
  /** Default 12; `null`: any number. */
  readonly maxPatches?: number | null;
  /** Characters of the general instruction after the set. Default 4000; `null`: the API's limit alone. */
  readonly instructionCharBudget?: number | null;
  /** Benchmark questions and SQL that no patch may carry; a detector made of them once, for many sets. */
  readonly forbiddenTexts?: readonly (string | ForbiddenText)[] | LeakDetector;
  /** Allows `remove_compliance_tag`. Default false. */
  readonly allowGovernanceRemoval?: boolean;
  /** The risk of a type, in place of ours. */
  readonly riskOverrides?: Readonly<Record<string, RiskLevel>>;
}
