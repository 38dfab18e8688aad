import { counted, OptimizerError } from '../../core/index.ts';
import { planPatchSet, type Patch, type PatchPlan, type PlanResult } from '../../patch-dsl/index.ts';
import type { SpaceSource } from './space-source.ts';

/** The patches cannot be planned; every reason is in the message. */
export class PlanRejectedError extends OptimizerError {
  constructor({ errors }: Extract<PlanResult, { ok: false }>) {
    super(`The patches cannot be applied:\n${errors.map(({ message }) => `- ${message}`).join('\n')}`, {
      code: 'PLAN_REJECTED',
      details: { errors },
    });
  }
}

/**
 * Plans patches as one set; a person who chose them by hand may touch any number of objects.
 *
 * @throws {PlanRejectedError}
 */
export function planFor(source: SpaceSource, patches: readonly Patch[]): Extract<PlanResult, { ok: true }> {
  const result = planPatchSet(source, patches, { maxObjects: null, maxPatches: null });
  if (!result.ok) throw new PlanRejectedError(result);
  return result;
}

/** A plan as a person reads it: what each patch does, the exact difference, what it costs. */
export function textOfPlan({ plan, warnings }: Extract<PlanResult, { ok: true }>, name: string): string {
  const { patches, noops, diff_lines, statements, slots, cost } = plan;
  if (patches.length === 0)
    return `${name} is as the patches want it already (${noops.length} without effect).\n`;
  return [
    `Plan for ${name}`,
    '',
    ...patches.map(({ patch_id, risk, description }) => `  ${patch_id}  [${risk}]  ${description}`),
    ...noops.map(({ patch_id, reason }) => `  ${patch_id}  without effect: ${reason}`),
    '',
    'Difference:',
    ...diff_lines.map((line) => `  ${line}`),
    '',
    ...(statements.length > 0
      ? [
          `${counted(statements.length, 'statement')} ${statements.length === 1 ? 'changes' : 'change'} Unity Catalog, which other spaces may share.`,
        ]
      : []),
    `Instruction slots ${slots.before.instructions} → ${slots.after.instructions} of 100, snippets ${slots.before.snippets} → ${slots.after.snippets} of 200, patch cost ${cost}.`,
    ...warnings.map(({ message }) => `Warning: ${message}`),
    '',
  ].join('\n');
}

export const isHighRisk = (plan: PatchPlan): boolean => plan.patches.some(({ risk }) => risk === 'high');
