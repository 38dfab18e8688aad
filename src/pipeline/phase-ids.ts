/** Phases a user can replace, in the order they run. @see spec/pipeline.md §5 */
export const PHASE_IDS = [
  'init',
  'preconditions',
  'spaceState',
  'temporalFreshness',
  'benchmarks',
  'baseline',
  'propose',
  'apply',
  'verifyPersistence',
  'propagate',
  'snapshot',
  'sliceGate',
  'p0Gate',
  'fullEval',
  'arbiterTriage',
  'gtRemediation',
  'regressionCheck',
  'leverImpact',
  'crossRepeatability',
  'rollback',
  'leverExhaustion',
  'gepa',
  'finalRepeatability',
  'promote',
  'deploy',
  'heldOut',
  'postDeploy',
  'corrections',
  'report',
] as const;
export type PhaseId = (typeof PHASE_IDS)[number];

/** Replacing one of these is allowed, but noted in the session and printed in the report. */
export const SAFETY_PHASES: ReadonlySet<PhaseId> = new Set([
  'verifyPersistence',
  'sliceGate',
  'p0Gate',
  'regressionCheck',
  'rollback',
  'promote',
]);
