import { describe, expect, it } from 'vitest';
import {
  applyPlan,
  applyPlanToCatalog,
  AUTHORING_PATCH_TYPES,
  BRIDGE_PATCH_TYPES,
  CORE_PATCH_TYPES,
  describePatch,
  GOVERNANCE_PATCH_TYPES,
  invertPlan,
  leverOf,
  PATCH_DEFINITIONS,
  PATCH_TYPES,
  patchPlanSchema,
  patchSchema,
  planPatchSet,
  renderPatch,
} from '../../src/patch-dsl/index.ts';
import type { PatchPlan, PatchType, Snapshot } from '../../src/patch-dsl/index.ts';
import { serializeSpace } from '../../src/spaces/index.ts';
import { ANYTHING_GOES, sampleOf, SNAPSHOT } from './sample-world.ts';

const planOf = (type: PatchType, snapshot: Snapshot = SNAPSHOT, options: object = {}): PatchPlan => {
  const result = planPatchSet(snapshot, [sampleOf(type)], { ...ANYTHING_GOES, ...options });
  if (!result.ok) throw new TypeError(result.errors.map(({ message }) => message).join('\n'));
  return result.plan;
};

const apply = (snapshot: Snapshot, plan: PatchPlan): Snapshot => ({
  space: applyPlan(snapshot.space, plan),
  catalog: applyPlanToCatalog(snapshot.catalog, plan),
});

describe('the families', () => {
  it('have 31, 2, 2 and 18 types, none twice', () => {
    expect([
      CORE_PATCH_TYPES.length,
      GOVERNANCE_PATCH_TYPES.length,
      BRIDGE_PATCH_TYPES.length,
      AUTHORING_PATCH_TYPES.length,
    ]).toEqual([31, 2, 2, 18]);
    expect(new Set(PATCH_TYPES).size).toBe(53);
    expect(Object.keys(PATCH_DEFINITIONS).toSorted()).toEqual([...PATCH_TYPES].toSorted());
  });
});

describe.each(PATCH_TYPES)('%s', (type) => {
  it('has an example that its schema accepts and a sentence that describes it', () => {
    expect(patchSchema.parse(sampleOf(type))).toEqual(sampleOf(type));
    expect(describePatch(sampleOf(type))).toMatch(/^[A-Z].{10,}\.$/s);
    expect(PATCH_DEFINITIONS[type].type).toBe(type);
  });

  it('changes something', () => {
    const plan = planOf(type);
    expect(plan.patches.flatMap(({ steps }) => steps).length).toBeGreaterThan(0);
    expect(plan.diff_lines.length).toBeGreaterThan(0);
    expect(plan.noops).toEqual([]);
  });

  it('is reverted exactly, space and catalog', () => {
    const plan = planOf(type);
    const after = apply(SNAPSHOT, plan);
    expect(after).not.toEqual(SNAPSHOT);
    const reverted = apply(after, invertPlan(plan));
    expect(serializeSpace(reverted.space)).toBe(serializeSpace(SNAPSHOT.space));
    expect(reverted.catalog).toEqual(SNAPSHOT.catalog);
    expect(invertPlan(invertPlan(plan)).patches[0]?.steps).toEqual(plan.patches[0]?.steps);
  });

  it('changes nothing the second time', () => {
    const plan = planOf(type);
    const after = apply(SNAPSHOT, plan);
    const again = planOf(type, after);
    expect(again.patches).toEqual([]);
    expect(again.noops.map(({ patch_id }) => patch_id)).toEqual(['P001']);
    expect(again.after_hash).toBe(plan.after_hash);
    expect(serializeSpace(applyPlan(after.space, plan))).toBe(serializeSpace(after.space));
  });

  it('survives JSON, patch and plan', () => {
    const plan = planOf(type);
    const stored = patchPlanSchema.parse(JSON.parse(JSON.stringify(plan))) as PatchPlan;
    expect(stored).toEqual(plan);
    expect(serializeSpace(applyPlan(SNAPSHOT.space, stored))).toBe(
      serializeSpace(applyPlan(SNAPSHOT.space, plan)),
    );
    expect(JSON.parse(JSON.stringify(sampleOf(type)))).toEqual(sampleOf(type));
  });

  it('is planned alike twice and leaves its input alone', () => {
    const before = structuredClone(SNAPSHOT);
    expect(planOf(type)).toEqual(planOf(type));
    expect(SNAPSHOT).toEqual(before);
  });

  it('keeps the unknown keys of the space', () => {
    const after = applyPlan(SNAPSHOT.space, planOf(type));
    expect(after['future']).toEqual({ deep: [1] });
    expect(
      after.data_sources?.tables?.find(({ identifier }) => identifier === 'main.sales.orders')?.['extra_key'],
    ).toBe('kept');
  });

  it('gives every statement an inverse, and says the lever and risk it has', () => {
    const plan = planOf(type);
    for (const { sql, inverse_sql } of plan.statements) {
      expect(sql).not.toBe('');
      expect(inverse_sql).not.toBe('');
      expect(inverse_sql).not.toBe(sql);
    }
    expect(plan.patches[0]?.lever).toBe(leverOf(sampleOf(type), SNAPSHOT));
    expect(plan.cost).toBeGreaterThan(0);
  });

  it('does not touch its own prototype or ours when a name is poisonous', () => {
    const poisoned = JSON.parse(JSON.stringify(sampleOf(type)).replaceAll('main.sales.orders', '__proto__'));
    expect(() => renderPatch(poisoned, SNAPSHOT)).not.toThrow();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
