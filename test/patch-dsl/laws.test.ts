import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyPlan,
  applyPlanToCatalog,
  commute,
  composePlans,
  findConflicts,
  invertPlan,
  planPatchSet,
  PlanMismatchError,
  validatePatchSet,
} from '../../src/patch-dsl/index.ts';
import type { Patch, PatchPlan, Snapshot } from '../../src/patch-dsl/index.ts';
import { diffSpaces, sameJson, serializeSpace, writeAt } from '../../src/spaces/index.ts';
import { arbitraryWorld } from './arbitrary-patches.ts';
import { ANYTHING_GOES, patchesOf, sampleOf, SNAPSHOT } from './sample-world.ts';

const RUNS = { numRuns: 120 };

const planned = (snapshot: Snapshot, patches: readonly Patch[]): PatchPlan | null => {
  const result = planPatchSet(snapshot, patches, ANYTHING_GOES);
  return result.ok ? result.plan : null;
};
const after = (snapshot: Snapshot, plan: PatchPlan): Snapshot => ({
  space: applyPlan(snapshot.space, plan),
  catalog: applyPlanToCatalog(snapshot.catalog, plan),
});
const textOfState = ({ space, catalog }: Snapshot): string =>
  `${serializeSpace(space)}\n${JSON.stringify(catalog)}`;

/** Checks a law for the worlds that have a plan; fails when too few have one to mean anything. */
function forPlans(
  size: { minLength: number; maxLength: number },
  law: (snapshot: Snapshot, patches: readonly Patch[], plan: PatchPlan) => void,
): void {
  let plans = 0;
  let steps = 0;
  fc.assert(
    fc.property(arbitraryWorld(size), ({ snapshot, patches }) => {
      const plan = planned(snapshot, patches);
      if (plan === null) return;
      plans += 1;
      steps += plan.patches.length;
      law(snapshot, patches, plan);
    }),
    RUNS,
  );
  expect(plans).toBeGreaterThan(RUNS.numRuns / 10);
  expect(steps).toBeGreaterThan(RUNS.numRuns / 10);
}

describe('over generated spaces', () => {
  it('apply, then invert, gives the same canonical bytes and the same catalog', () => {
    forPlans({ minLength: 1, maxLength: 5 }, (snapshot, _patches, plan) => {
      const changed = after(snapshot, plan);
      expect(textOfState(after(changed, invertPlan(plan)))).toBe(
        textOfState({ space: snapshot.space, catalog: snapshot.catalog }),
      );
    });
  });

  it('the plan tells the truth: hashes, diff and inverse agree with what applying does', () => {
    forPlans({ minLength: 1, maxLength: 5 }, (snapshot, _patches, plan) => {
      const changed = after(snapshot, plan);
      expect(plan.diff).toEqual(diffSpaces(snapshot.space, changed.space));
      expect(plan.before_hash === plan.after_hash).toBe(plan.diff.length === 0);
      expect(serializeSpace(applyPlan(changed.space, plan))).toBe(serializeSpace(changed.space));
    });
  });

  it('planning the same patches on the result gives no-ops', () => {
    forPlans({ minLength: 1, maxLength: 5 }, (snapshot, patches, plan) => {
      const again = planned(after(snapshot, plan), patches);
      expect(again?.patches).toEqual([]);
    });
  });

  it('a plan is pure, does not depend on the order of the list, and survives JSON', () => {
    forPlans({ minLength: 2, maxLength: 5 }, (snapshot, patches, plan) => {
      const input = structuredClone(snapshot);
      expect(planned(snapshot, patches.toReversed())).toEqual(plan);
      expect(snapshot).toEqual(input);
      const stored = JSON.parse(JSON.stringify(plan)) as PatchPlan;
      expect(textOfState(after(snapshot, stored))).toBe(textOfState(after(snapshot, plan)));
    });
  });

  it('unknown fields survive: what the diff does not name is as it was', () => {
    forPlans({ minLength: 1, maxLength: 3 }, (snapshot, _patches, plan) => {
      const known = new Set(['version', 'config', 'data_sources', 'instructions', 'benchmarks']);
      const unknown = (space: object) =>
        JSON.stringify(Object.entries(space).filter(([key]) => !known.has(key)));
      expect(unknown(applyPlan(snapshot.space, plan))).toBe(unknown(snapshot.space));
    });
  });

  it('patches that are declared to commute give equal states in both orders, and together', () => {
    let compared = 0;
    forPlans({ minLength: 2, maxLength: 2 }, (snapshot, [first, second], plan) => {
      if (first === undefined || second === undefined || !commute(first, second, { snapshot })) return;
      const [there, back] = [inOrder(snapshot, [first, second]), inOrder(snapshot, [second, first])];
      const needsOrder = first.type === 'add_table' || second.type === 'add_table';
      expect(needsOrder || (there !== null && back !== null)).toBe(true);
      expect(there === null || back === null || isSameState(there, back)).toBe(true);
      expect(there === null || isSameState(there, after(snapshot, plan))).toBe(true);
      compared += Number(there !== null && back !== null);
    });
    expect(compared).toBeGreaterThan(RUNS.numRuns / 10);
  });

  it('patches that append to one list do not commute, yet have one result as a set', () => {
    forPlans({ minLength: 2, maxLength: 2 }, (snapshot, [first, second], plan) => {
      if (first === undefined || second === undefined || commute(first, second, { snapshot })) return;
      expect(findConflicts([first, second], { snapshot }).filter(isError)).toEqual([]);
      expect(planned(snapshot, [second, first])).toEqual(plan);
    });
  });

  it('a conflict of read and write sets is real: in some state the order shows, or one order cannot be planned', () => {
    const seen = new Map<string, { conflicts: number; real: number }>();
    fc.assert(
      fc.property(arbitraryWorld({ minLength: 6, maxLength: 12 }), ({ snapshot, patches }) => {
        for (const [first, second] of pairsOf(patches)) {
          const found = findConflicts([first, second], { snapshot }).filter(isError);
          if (found.length === 0 || found.some(({ rule }) => rule !== null)) continue;
          const types = [first.type, second.type].toSorted().join(' × ');
          const [there, back] = [inOrder(snapshot, [first, second]), inOrder(snapshot, [second, first])];
          const isReal = there === null || back === null || !isSameState(there, back);
          const { conflicts, real } = seen.get(types) ?? { conflicts: 0, real: 0 };
          seen.set(types, { conflicts: conflicts + 1, real: real + Number(isReal) });
        }
      }),
      { numRuns: 300, seed: 3 },
    );
    expect(seen.size).toBeGreaterThan(5);
    expect([...seen].filter(([, { conflicts, real }]) => real < conflicts / 2)).toEqual([]);
  });

  it('a rejected set says why and leaves the snapshot untouched', () => {
    let rejected = 0;
    fc.assert(
      fc.property(arbitraryWorld({ minLength: 4, maxLength: 10 }), ({ snapshot, patches }) => {
        const input = structuredClone(snapshot);
        const result = planPatchSet(snapshot, patches, ANYTHING_GOES);
        expect(snapshot).toEqual(input);
        expect(result.ok).toBe(validatePatchSet(patches, snapshot, ANYTHING_GOES).ok);
        rejected += Number(!result.ok && result.errors.every(({ message }) => message.length > 10));
      }),
      RUNS,
    );
    expect(rejected).toBeGreaterThan(RUNS.numRuns / 10);
  });
});

const isError = ({ severity }: { readonly severity: string }): boolean => severity === 'error';

const pairsOf = <T>(items: readonly T[]): (readonly [T, T])[] =>
  items.flatMap((first, index) => items.slice(index + 1).map((second) => [first, second] as const));

/** The state after planning and applying one patch after the other; `null` when one of them has no plan. */
const inOrder = (snapshot: Snapshot, patches: readonly Patch[]): Snapshot | null =>
  patches.reduce<Snapshot | null>((state, patch) => {
    const step = state === null ? null : planned(state, [patch]);
    return state === null || step === null ? null : after(state, step);
  }, snapshot);

/** Equal bytes of the space; equal content of the catalog, where the order of tags is none. */
const isSameState = (a: Snapshot, b: Snapshot): boolean =>
  serializeSpace(a.space) === serializeSpace(b.space) && sameJson(a.catalog, b.catalog);

describe('applyPlan', () => {
  const [synonym] = [sampleOf('add_synonym')];
  const plan = planned(SNAPSHOT, [synonym])!;
  const pathToOrders = ['data_sources', 'tables', { by: 'identifier', is: 'main.sales.orders' }] as const;

  it('works on a space that changed elsewhere, and keeps that change', () => {
    const edited = writeAt(SNAPSHOT.space, [...pathToOrders, 'description'], ['Edited by hand.']);
    const result = applyPlan(edited, plan);
    expect(diffSpaces(edited, result)).toEqual(plan.diff);
  });

  it('refuses a space that changed at the place it writes, and names the place', () => {
    const path = [...pathToOrders, 'column_configs', { by: 'column_name', is: 'o_totalprice' }];
    const edited = writeAt(SNAPSHOT.space, path, { column_name: 'o_totalprice', synonyms: ['mine'] });
    expect(() => applyPlan(edited, plan)).toThrow(PlanMismatchError);
    expect(() => applyPlan(edited, plan)).toThrow(
      /data_sources\.tables\[main\.sales\.orders\]\.column_configs\[o_totalprice\]/,
    );
    expect(() => applyPlan(edited, plan)).toThrow(expect.objectContaining({ code: 'PLAN_MISMATCH' }));
  });

  it('does not remove what a no-op found, when reverted', () => {
    const present = patchesOf([
      'add_synonym',
      { table: 'main.sales.orders', column: 'o_orderstatus', synonym: 'state' },
    ]);
    const idle = planned(SNAPSHOT, present)!;
    expect(idle.noops).toHaveLength(1);
    expect(serializeSpace(applyPlan(SNAPSHOT.space, invertPlan(idle)))).toBe(serializeSpace(SNAPSHOT.space));
  });
});

describe('composePlans', () => {
  const first = planned(SNAPSHOT, [sampleOf('add_synonym')])!;
  const middle = after(SNAPSHOT, first);
  const second = planned(middle, [sampleOf('update_instruction')])!;

  it('has the effect of its parts, and its inverse undoes both', () => {
    const both = composePlans([first, second]);
    const end = after(middle, second);
    expect(serializeSpace(applyPlan(SNAPSHOT.space, both))).toBe(serializeSpace(end.space));
    expect(serializeSpace(applyPlan(end.space, invertPlan(both)))).toBe(serializeSpace(SNAPSHOT.space));
    expect(both.cost).toBe(first.cost + second.cost);
  });

  it('refuses plans that do not follow one another, and an empty list', () => {
    expect(() => composePlans([second, first])).toThrow(PlanMismatchError);
    expect(() => composePlans([])).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});

it('a conflict is reported exactly for patches that write one thing differently', () => {
  const at = { table: 'main.sales.orders', column: 'o_totalprice' };
  const conflicting = patchesOf(
    ['update_column_description', { ...at, new_text: 'a' }],
    ['update_column_description', { ...at, new_text: 'b' }],
  );
  const repeated = patchesOf(
    ['update_column_description', { ...at, new_text: 'a' }],
    ['update_column_description', { ...at, new_text: 'a' }],
  );
  expect(findConflicts(conflicting)).toMatchObject([
    { rule: null, key: 'column:main.sales.orders#o_totalprice/description', patchIds: ['P001', 'P002'] },
  ]);
  expect(findConflicts(repeated)).toEqual([]);
});
