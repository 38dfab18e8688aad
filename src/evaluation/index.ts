export * from './accuracy.ts';
export * from './agreement-report.ts';
export * from './answer-cache.ts';
export * from './artifact-row.ts';
export * from './artifacts.ts';
export * from './asi-table.ts';
export * from './ask-pool.ts';
export * from './classify-error.ts';
export * from './eval-run-evaluator.ts';
export { EVAL_RUN_REASONS, type EvalRunReason } from './eval-run-reasons.ts';
export * from './correction-candidates.ts';
export * from './correction-of-keys.ts';
export * from './evaluate.ts';
export * from './evaluate-suite.ts';
export * from './evaluation-error.ts';
export type * from './evaluation-result.ts';
export type * from './evaluator.ts';
export * from './ground-truth-cache.ts';
export {
  GROUND_TRUTH_DEFAULTS,
  GROUND_TRUTH_ERROR_CLASSES,
  GROUND_TRUTH_REASONS,
  GroundTruthUnavailableError,
  type GroundTruthErrorClass,
  type GroundTruthReason,
} from './ground-truth-check.ts';
export * from './ground-truth-generation.ts';
export { REPAIR_KINDS, type RepairProposal } from './ground-truth-repairs.ts';
export {
  repairFields,
  validateGroundTruth,
  validationFields,
  withFields,
  type GroundTruthCheck,
  type GroundTruthOptions,
  type GroundTruthReport,
} from './ground-truth-validation.ts';
export * from './intake.ts';
export { readIntakeTarget } from './intake-target.ts';
export {
  INTAKE_ISSUES,
  INTAKE_PATHS,
  type CheckedQuestion,
  type IntakeIssue,
  type IntakeIssueType,
  type IntakePath,
  type IntakeStatus,
} from './intake-checks.ts';
export { evaluateWith, type HarnessOptions } from './harness.ts';
export * from './job-evaluator.ts';
export * from './native-evaluator.ts';
export type * from './prediction.ts';
export * from './quality-report.ts';
export * from './remediation-queue.ts';
export * from './rescore.ts';
export * from './routing-evaluator.ts';
export * from './thresholds.ts';
export * from './verify-repeatability.ts';
