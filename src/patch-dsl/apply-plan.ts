import { InvalidOptionError } from '../core/index.ts';
import type { CatalogSnapshot } from '../ports/index.ts';
import { describeChange, Draft, formatPath, sameJson, spaceHash } from '../spaces/index.ts';
import type { Space, SpaceChange } from '../spaces/index.ts';
import type { PatchPlan, PlannedPatch } from './plan.ts';
import { PlanMismatchError, statementsOf, diffLines } from './plan.ts';
import type { Step } from './step.ts';
import { invertStep } from './step.ts';

/**
 * The space after a plan; the input is not changed.
 *
 * Works on any space in which the places that the plan writes are as they were: edits elsewhere survive.
 * A space that has the plan's effect already comes back as it is.
 * @throws {PlanMismatchError} naming the first path that holds something else
 */
export function applyPlan(space: Space, plan: PatchPlan): Space {
  return applySteps(space, stepsOf(plan, 'space'), () => spaceHash(space) === plan.after_hash);
}

/** As {@link applyPlan}, for what the plan's statements do to the catalog. */
export function applyPlanToCatalog(catalog: CatalogSnapshot, plan: PatchPlan): CatalogSnapshot {
  return applySteps(catalog, stepsOf(plan, 'catalog'), () => false);
}

const stepsOf = (plan: PatchPlan, kind: Step['kind']): Step[] =>
  plan.patches.flatMap(({ steps }) => steps.filter((step) => step.kind === kind));

function applySteps<T>(root: T, steps: readonly Step[], isDone: () => boolean): T {
  const draft = new Draft(root);
  for (const { path, from, to } of steps) {
    const current = draft.read(path);
    if (sameContent(current, from)) draft.write(path, to, current);
    else if (!sameContent(current, to)) {
      if (isDone()) return root;
      const found = current === undefined ? 'nothing is there' : 'something else is there';
      throw new PlanMismatchError(
        formatPath(path),
        `${found} than when the plan was made`,
        'Read the space again and make a new plan.',
        { expected: from, found: current },
      );
    }
  }
  return draft.current;
}

/** An empty list and a missing one are the same content. */
const sameContent = (a: unknown, b: unknown): boolean => sameJson(blankToNothing(a), blankToNothing(b));
const blankToNothing = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 0 ? undefined : value;

/** The plan that undoes a plan: inverse steps in reverse order. What was a no-op stays untouched. */
export function invertPlan(plan: PatchPlan): PatchPlan {
  const patches = plan.patches.toReversed().map((patch): PlannedPatch => ({
    ...patch,
    description: `Undo: ${patch.description}`,
    steps: patch.steps.toReversed().map(invertStep),
  }));
  const diff = plan.diff.toReversed().map(invertChange);
  const statements = statementsOf(patches);
  return {
    ...plan,
    patches,
    noops: [],
    before_hash: plan.after_hash,
    after_hash: plan.before_hash,
    diff,
    diff_lines: diffLines(diff, statements),
    statements,
    slots: { before: plan.slots.after, after: plan.slots.before },
  };
}

function invertChange(change: SpaceChange): SpaceChange {
  const { path, what, before, after } = change;
  switch (change.kind) {
    case 'added':
      return { kind: 'removed', path, what, before: after };
    case 'removed':
      return { kind: 'added', path, what, after: before };
    case 'changed':
      return { kind: 'changed', path, what, before: after, after: before };
    default:
      return change.kind satisfies never;
  }
}

/**
 * One plan with the effect of several, each made for the state that the one before it leaves.
 *
 * Its diff lists the changes of all in order, also those that a later plan takes back.
 * @throws {InvalidOptionError} for an empty list
 * @throws {PlanMismatchError} when a plan does not begin where the one before it ends
 */
export function composePlans(plans: readonly PatchPlan[]): PatchPlan {
  const [first] = plans;
  const last = plans.at(-1);
  if (first === undefined || last === undefined)
    throw new InvalidOptionError('plans', 'is empty; pass at least one plan');
  plans.forEach((plan, index) => {
    const previous = plans[index - 1];
    if (previous !== undefined && previous.after_hash !== plan.before_hash) {
      throw new PlanMismatchError(
        `plan ${index + 1}`,
        'it was made for another state than the plan before it leaves',
        'Compose plans in the order they were made.',
      );
    }
  });
  return {
    ...first,
    patches: plans.flatMap(({ patches }) => patches),
    noops: plans.flatMap(({ noops }) => noops),
    after_hash: last.after_hash,
    diff: plans.flatMap(({ diff }) => diff),
    diff_lines: [
      ...plans.flatMap(({ diff }) => diff.map(describeChange)),
      ...plans.flatMap(({ statements }) => statements.map(({ sql }) => sql)),
    ],
    statements: plans.flatMap(({ statements }) => statements),
    slots: { before: first.slots.before, after: last.slots.after },
    cost: plans.reduce((sum, { cost }) => sum + cost, 0),
    touched: [...new Set(plans.flatMap(({ touched }) => touched))],
  };
}
