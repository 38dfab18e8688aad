import type { SpaceProblem } from '../spaces/index.ts';
import { instructionText, slotsUsed, SPACE_LIMITS, validateSpace } from '../spaces/index.ts';
import type { AnyPatch } from './define-patch.ts';
import type { PatchFinding } from './finding.ts';
import { finding, idList } from './finding.ts';
import type { Folded } from './fold-patches.ts';
import { foldPatches } from './fold-patches.ts';
import { passageFindings } from './passage-findings.ts';
import type { Snapshot } from './snapshot.ts';
import type { ValidateOptions } from './validate-options.ts';
import { PATCH_SET_DEFAULTS } from './validate-options.ts';

/** What speaks against the state that a set leaves, or against single patches when they are rendered. */
export const outcomeFindings = (
  kept: readonly AnyPatch[],
  folded: Folded,
  snapshot: Snapshot,
  options: ValidateOptions,
): PatchFinding[] => [
  ...foldFindings(folded),
  ...orderFindings(kept, folded, snapshot, options),
  ...limitFindings(folded, snapshot, options),
];

function foldFindings({ failures, noops }: Folded): PatchFinding[] {
  return [
    ...failures.map(({ patch, failure }) =>
      finding(failure.code, 'error', [patch.id], `Patch ${patch.id} (${patch.type}): ${failure.message}`),
    ),
    ...noops.map(({ patch, reason }) =>
      finding(
        'NO_EFFECT',
        'warning',
        [patch.id],
        `Patch ${patch.id} (${patch.type}) changes nothing: ${reason}.`,
      ),
    ),
  ];
}

function orderFindings(
  kept: readonly AnyPatch[],
  folded: Folded,
  snapshot: Snapshot,
  options: ValidateOptions,
): PatchFinding[] {
  if (folded.failures.length > 0) return [];
  const unstable = unstableFindings(kept, folded, options);
  return unstable.length > 0 ? unstable : passageFindings(kept, snapshot, options);
}

/**
 * Conflicts that no key shows, such as one patch quoting a passage that another one writes.
 *
 * A sound set is stable: on the state that it leaves, each of its patches is a no-op.
 */
function unstableFindings(
  kept: readonly AnyPatch[],
  folded: Folded,
  options: ValidateOptions,
): PatchFinding[] {
  const again = foldPatches({ space: folded.space, catalog: folded.catalog }, kept, options);
  const unsettled = [...again.applied, ...again.failures].map(({ patch }) => patch.id);
  if (unsettled.length === 0) return [];
  return [
    finding(
      'CONFLICT',
      'error',
      unsettled,
      `The effect of ${idList(unsettled)} would not hold: another patch of the set changes the same passage, or the patch is no no-op when repeated. Put them into separate sets.`,
      { rule: null },
    ),
  ];
}

function limitFindings(
  folded: Folded,
  { space: before }: Snapshot,
  options: ValidateOptions,
): PatchFinding[] {
  if (folded.space === before) return [];
  const findings: PatchFinding[] = [];
  const idsOf = (matches: (type: string) => boolean): string[] =>
    folded.applied.filter(({ patch }) => matches(patch.type)).map(({ patch }) => patch.id);
  const { instructionCharBudget = PATCH_SET_DEFAULTS.instructionCharBudget } = options;
  const [was, length] = [instructionText(before).length, instructionText(folded.space).length];
  if (instructionCharBudget !== null && length > instructionCharBudget && length > was) {
    findings.push(
      finding(
        'INSTRUCTION_BUDGET',
        'error',
        idsOf((type) => type.endsWith('_instruction')),
        `The general instruction would have ${length} characters; the budget is ${instructionCharBudget}. Shorten it, or raise instructionCharBudget.`,
        { length },
      ),
    );
  }
  const [slotsBefore, slots] = [slotsUsed(before), slotsUsed(folded.space)];
  for (const [kind, limit] of [
    ['instructions', SPACE_LIMITS.instructionSlots],
    ['snippets', SPACE_LIMITS.snippetSlots],
  ] as const) {
    if (slots[kind] <= limit.max || slots[kind] <= slotsBefore[kind]) continue;
    findings.push(
      finding(
        'SLOT_LIMIT',
        'error',
        idsOf((type) => type.startsWith('add_')),
        `The space would use ${slots[kind]} of ${limit.max} ${limit.what}. Remove some first.`,
        { kind, used: slots[kind] },
      ),
    );
  }
  return [...findings, ...newProblems(before, folded)];
}

/** Errors of the space that were not there before. Limits that have codes of their own are left to them. */
function newProblems(before: Snapshot['space'], { space, applied }: Folded): PatchFinding[] {
  const keyOf = ({ code, path, message, details }: SpaceProblem): string =>
    `${code} ${path} ${typeof details?.['limit'] === 'string' ? details['limit'] : message}`;
  const countOf = ({ details }: SpaceProblem): number =>
    typeof details?.['count'] === 'number' ? details['count'] : 0;
  const own: ReadonlySet<unknown> = new Set([
    'instructionSlots',
    'snippetSlots',
    'instructionTextChars',
    'stringChars',
  ]);
  // A limit that was passed before is broken anew only when the set makes it worse.
  const known = new Map(validateSpace(before).map((problem) => [keyOf(problem), countOf(problem)]));
  return validateSpace(space)
    .filter(
      (problem) =>
        problem.severity === 'error' &&
        !own.has(problem.details?.['limit']) &&
        countOf(problem) > (known.get(keyOf(problem)) ?? -1),
    )
    .map(({ code, path, message }) =>
      finding(
        'SPACE_INVALID',
        'error',
        applied.map(({ patch }) => patch.id),
        `The space would be invalid at ${path}: ${message}`,
        { code, path },
      ),
    );
}
