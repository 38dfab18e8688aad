import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dominates,
  hypervolume,
  kneePoint,
  liveFrontier,
  nonDominatedSort,
  paretoFrontier,
  selectState,
  stateFrontier,
  vectorOf,
  type Objective,
  type StatePoint,
} from '../../src/pareto/index.ts';
import { objectivesOf, type Vector } from './objectives.ts';

/** Points of one to five objectives, with many ties. */
const cases = (value: fc.Arbitrary<number | null>) =>
  fc.integer({ min: 1, max: 5 }).chain((length) =>
    fc.record({
      objectives: fc.constant(objectivesOf(length)),
      points: fc.array(fc.array(value, { minLength: length, maxLength: length }), { maxLength: 30 }),
    }),
  );
const known = fc.integer({ min: 0, max: 4 });

/** Fronts by the definition: peel off what nothing dominates. */
function slowFronts(points: readonly Vector[], objectives: Objective<Vector>[]): Vector[][] {
  const fronts: Vector[][] = [];
  let rest = points.map((point) => ({ point, vector: vectorOf(point, objectives) }));
  while (rest.length > 0) {
    const free = rest.filter(({ vector }) => !rest.some((other) => dominates(other.vector, vector)));
    const front = free.length === 0 ? rest : free;
    fronts.push(front.map(({ point }) => point));
    rest = rest.filter((entry) => !front.includes(entry));
  }
  return fronts;
}

describe('nonDominatedSort', () => {
  it.each([
    ['complete', known],
    ['partly unknown', fc.option(known)],
  ])('equals the definition for %s points', (_, value) => {
    fc.assert(
      fc.property(cases(value), ({ points, objectives }) => {
        expect(nonDominatedSort(points, objectives)).toEqual(slowFronts(points, objectives));
      }),
    );
  });

  it('loses no point and repeats none', () => {
    fc.assert(
      fc.property(cases(fc.option(known)), ({ points, objectives }) => {
        const sorted = nonDominatedSort(points, objectives).flat();
        expect(sorted).toHaveLength(points.length);
        expect(new Set(sorted).size).toBe(new Set(points).size);
      }),
    );
  });

  it('copes with infinite values', () => {
    const points: Vector[] = [
      [Infinity, -Infinity],
      [Infinity, 0],
      [0, -Infinity],
      [-Infinity, Infinity],
    ];
    expect(nonDominatedSort(points, objectivesOf(2))).toEqual(slowFronts(points, objectivesOf(2)));
  });
});

describe('liveFrontier', () => {
  it.each([
    ['complete', known],
    ['partly unknown', fc.option(known)],
  ])('equals paretoFrontier after every one of its %s points', (_, value) => {
    fc.assert(
      fc.property(
        cases(value),
        fc.constantFrom('first' as const, 'all' as const),
        ({ points, objectives }, equalPoints) => {
          const live = liveFrontier(objectives, { equalPoints });
          points.forEach((point, index) => {
            const isOn = live.add(point);
            const expected = paretoFrontier(points.slice(0, index + 1), objectives, { equalPoints });
            expect(live.points()).toEqual(expected);
            expect(isOn).toBe(expected.includes(point));
          });
          expect(live.size).toBe(points.length);
        },
      ),
    );
  });
});

describe('hypervolume', () => {
  it('equals the number of unit cells that the points dominate', () => {
    const grids = fc.integer({ min: 1, max: 4 }).chain((length) =>
      fc.record({
        length: fc.constant(length),
        points: fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: length, maxLength: length }), {
          maxLength: 10,
        }),
      }),
    );
    fc.assert(
      fc.property(grids, ({ length, points }) => {
        const objectives = objectivesOf(length).map((objective) => ({
          ...objective,
          direction: 'maximise' as const,
        }));
        let cells = 0;
        for (let cell = 0; cell < 4 ** length; cell++) {
          const corner = Array.from({ length }, (_, i) => Math.floor(cell / 4 ** i) % 4);
          cells += Number(points.some((point) => corner.every((low, i) => (point[i] ?? 0) > low)));
        }
        const reference = objectives.map(() => 0);
        expect(hypervolume(points, objectives, reference)).toBeCloseTo(cells, 9);
      }),
    );
  });

  it('counts from the reference, in the direction of each objective, and skips unknown values', () => {
    const objectives = objectivesOf(2);
    const points: Vector[] = [
      [70, 2],
      [80, 4],
      [90, null],
      [50, 1],
    ];
    expect(hypervolume(points, objectives, [60, 5])).toBe(10 * 3 + 10 * 1);
    expect(hypervolume([], objectives, [60, 5])).toBe(0);
  });

  it.each([[[60]], [[60, Number.NaN]]])('names a reference that does not fit: %j', (reference) => {
    expect(() => hypervolume([[1, 1]], objectivesOf(2), reference)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });
});

describe('kneePoint', () => {
  it('is the point where the next gain starts to cost much', () => {
    const points: Vector[] = [
      [60, 0],
      [80, 2],
      [84, 9],
      [85, 20],
    ];
    expect(kneePoint(points, objectivesOf(2))).toEqual([80, 2]);
  });

  it('is always a point of the frontier, and does not depend on the units', () => {
    fc.assert(
      fc.property(cases(known), ({ points, objectives }) => {
        const knee = kneePoint(points, objectives);
        expect(knee === null).toBe(points.length === 0);
        expect(knee === null || paretoFrontier(points, objectives).includes(knee)).toBe(true);
        const rescaled = objectives.map((objective) => ({
          ...objective,
          value: (point: Vector) => 8 * (objective.value(point) ?? 0) + 3,
        }));
        expect(kneePoint(points, rescaled)).toEqual(knee);
      }),
    );
  });

  it('takes a point with an unknown value only when there is no other', () => {
    expect(kneePoint([[1, null]], objectivesOf(2))).toEqual([1, null]);
    expect(kneePoint<Vector>([], objectivesOf(2))).toBeNull();
  });
});

describe('states of a run', () => {
  const state = (iteration: number, correctness: number, changes: Partial<StatePoint> = {}): StatePoint => ({
    iteration,
    correctness,
    repeatability: 90,
    regressions: 0,
    patch_cost: iteration,
    accepted: true,
    ...changes,
  });

  it('measured under different conditions never share a frontier', () => {
    expect(() => stateFrontier([state(0, 60, { label: 'a' }), state(1, 70, { label: 'b' })])).toThrow(
      expect.objectContaining({ code: 'MIXED_EVIDENCE' }),
    );
    expect(stateFrontier([state(0, 60, { label: 'a' }), state(1, 70, { label: 'a' })])).toHaveLength(2);
  });

  it('that were rolled back stay on the frontier, flagged, and are not promoted', () => {
    const frontier = stateFrontier([state(0, 60), state(1, 90, { accepted: false })]);
    expect(frontier.map(({ accepted }) => accepted)).toEqual([true, false]);
    expect(selectState(frontier)?.iteration).toBe(0);
  });

  it('can be chosen by the least that meets all targets', () => {
    const points = [
      state(1, 80, { meets_targets: true }),
      state(2, 95, { meets_targets: true }),
      state(0, 60, { meets_targets: false }),
    ];
    expect(selectState(points, 'threshold-first')?.iteration).toBe(1);
    expect(selectState(points)?.iteration).toBe(2);
    expect(selectState([state(0, 60), state(1, 70)], 'threshold-first')?.iteration).toBe(1);
  });
});
