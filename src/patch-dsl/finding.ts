/** Every code that validating or planning a patch set can report. */
export const PATCH_PROBLEM_CODES = [
  'UNKNOWN_TYPE',
  'SCHEMA',
  'DUPLICATE_ID',
  'DUPLICATE_PATCH',
  'UNKNOWN_TARGET',
  'TARGET_AMBIGUOUS',
  'TARGET_EXISTS',
  'STALE_TEXT',
  'UNREADABLE_DEFINITION',
  'INVALID_SQL',
  'INVALID_YAML',
  'CONFLICT',
  'BLAST_RADIUS',
  'SET_SIZE',
  'INSTRUCTION_BUDGET',
  'SLOT_LIMIT',
  'STRING_TOO_LONG',
  'LEAK',
  'GOVERNANCE_REMOVAL',
  'SPACE_INVALID',
  'LEVER_MISMATCH',
  'NO_EFFECT',
] as const;
export type PatchProblemCode = (typeof PATCH_PROBLEM_CODES)[number];

/** One finding about a patch set: data, not an exception. */
export interface PatchFinding {
  readonly code: PatchProblemCode;
  readonly severity: 'error' | 'warning';
  /** Ids of the patches concerned; empty when the whole set is. */
  readonly patchIds: readonly string[];
  /** What is wrong, where, and what to do next. */
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A finding that stands in the way of a plan. */
export type PlanError = PatchFinding;

/** A finding from its parts. */
export const finding = (
  code: PatchProblemCode,
  severity: 'error' | 'warning',
  patchIds: readonly string[],
  message: string,
  details?: Readonly<Record<string, unknown>>,
): PatchFinding => ({
  code,
  severity,
  patchIds,
  message,
  ...(details === undefined ? {} : { details }),
});

const SHOWN_IDS = 8;
/** Ids for a message; a long list is cut. */
export const idList = (ids: readonly string[]): string =>
  ids.length <= SHOWN_IDS
    ? ids.join(', ')
    : `${ids.slice(0, SHOWN_IDS).join(', ')} and ${ids.length - SHOWN_IDS} more`;
