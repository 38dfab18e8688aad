export type { NewId } from '../core/index.ts';
export type { Access, AccessMode, PartAccess } from './access.ts';
export { applyPlan, applyPlanToCatalog, composePlans, invertPlan } from './apply-plan.ts';
export { leverOfAsset } from './asset-lever.ts';
export { assetRole } from './asset-role.ts';
export type { AssetRole, AssetRoleDecision } from './asset-role.ts';
export { CONFLICT_RULES, EXTENDED_CONFLICT_RULES } from './conflict-rules.ts';
export type { ConflictRule } from './conflict-rules.ts';
export { commute } from './commute.ts';
export { findConflicts } from './conflicts.ts';
export type { Conflict, ConflictOptions } from './conflicts.ts';
export { definePatch, PATCH_GROUPS } from './define-patch.ts';
export type {
  AnyPatch,
  AnyPatchDefinition,
  PatchDefinition,
  PatchGroup,
  PatchPhase,
  PatchSpec,
  PayloadOf,
} from './define-patch.ts';
export { describePatch, leverOf } from './describe-patch.ts';
export { dropDuplicates } from './drop-duplicates.ts';
export { envelopeSchema, RISK_COST, RISK_LEVELS } from './envelope.ts';
export type { PatchEnvelope, PatchLever, PatchScope, RiskLevel } from './envelope.ts';
export { PATCH_PROBLEM_CODES } from './finding.ts';
export type { PatchFinding, PatchProblemCode, PlanError } from './finding.ts';
export { foldPatches, renderPatch } from './fold-patches.ts';
export type { Folded, FoldOptions } from './fold-patches.ts';
export { JOIN_LEVER_ORDER } from './join-edit.ts';
export { createFunctionSql, parseCreateFunction } from './function-ddl.ts';
export { LEAK_DEFAULTS, LeakDetector } from './leak.ts';
export type { ForbiddenText, Leak } from './leak.ts';
export { FIREWALL_DEFAULTS, LEAK_KINDS } from './leak-checks.ts';
export type { LeakKind, LeakReading } from './leak-checks.ts';
export { makePatch } from './make-patch.ts';
export { metricViewProblem, readMetricView } from './metric-view-yaml.ts';
export type { MetricView } from './metric-view-yaml.ts';
export { nameResolver } from './name-resolver.ts';
export type { NameResolver } from './name-resolver.ts';
export { parsePatchSet, PatchFormatError } from './parse-patch-set.ts';
export {
  patchJsonSchema,
  patchSchema,
  patchSchemaOf,
  patchSetSchema,
  PATCH_SET_VERSION,
} from './patch-schema.ts';
export * from './patch-types.ts';
export { PlanMismatchError, patchPlanSchema } from './plan.ts';
export type { PatchPlan, PlannedPatch } from './plan.ts';
export { planPatchSet } from './plan-patch-set.ts';
export type { PlanResult } from './plan-patch-set.ts';
export { createPatchRegistry, DEFAULT_REGISTRY, PATCH_DEFINITIONS } from './registry.ts';
export type { Patch, PatchOf, PatchPayload, PatchRegistry } from './registry.ts';
export { DESCRIPTION_PLACES } from './render-context.ts';
export type { DescriptionPlace, RenderContext } from './render-context.ts';
export { changes, failed, noop } from './rendering.ts';
export type { Failed, Rendering } from './rendering.ts';
export type { Snapshot } from './snapshot.ts';
export { catalogEdit, invertStep, spaceEdit } from './step.ts';
export type { CatalogEdit, SpaceEdit, Step } from './step.ts';
export { COMMENT_SECTIONS, parseComment, renderComment } from './structured-comment.ts';
export type { CommentSection, StructuredComment } from './structured-comment.ts';
export { PATCH_SET_DEFAULTS } from './validate-options.ts';
export type { ValidateOptions } from './validate-options.ts';
export { validatePatchSet } from './validate-patch-set.ts';
export type { PatchSetStats, PatchSetValidation } from './validate-patch-set.ts';
