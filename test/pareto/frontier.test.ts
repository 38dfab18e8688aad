import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/index.ts';
import {
  dominates,
  paretoFrontier,
  patchCost,
  selectState,
  stateFrontier,
  vectorOf,
  type Objective,
  type StatePoint,
} from '../../src/pareto/index.ts';
import { objectivesOf, type Vector } from './objectives.ts';

/** The definition, word by word. */
function slowFrontier(points: readonly Vector[], objectives: Objective<Vector>[]): Vector[] {
  const vectors = points.map((point) => vectorOf(point, objectives));
  return points.filter(
    (_, i) =>
      !vectors.some((other, j) => j !== i && dominates(other, vectors[i] ?? [])) &&
      !vectors.some((other, j) => j < i && JSON.stringify(other) === JSON.stringify(vectors[i])),
  );
}

const vectors = (value: fc.Arbitrary<number | null>) =>
  fc.array(fc.array(value, { minLength: 4, maxLength: 4 }), { maxLength: 40 });

describe('paretoFrontier', () => {
  it('equals the definition for complete vectors', () => {
    const objectives = objectivesOf(4);
    fc.assert(
      fc.property(vectors(fc.integer({ min: 0, max: 5 })), (points) => {
        expect(paretoFrontier(points, objectives)).toEqual(slowFrontier(points, objectives));
      }),
    );
  });

  it('equals the definition when values are unknown', () => {
    const objectives = objectivesOf(4);
    fc.assert(
      fc.property(vectors(fc.option(fc.integer({ min: 0, max: 3 }))), (points) => {
        expect(paretoFrontier(points, objectives)).toEqual(slowFrontier(points, objectives));
      }),
    );
  });

  it.each([3, 4, 5])(
    'equals the definition where hundreds of points of %d objectives stand on it',
    (width) => {
      const objectives = objectivesOf(width);
      const random = seededRandom(`wide ${width}`);
      // Points near a plane that hardly beat each other, some of them twice, some infinitely good.
      const points = Array.from({ length: 1200 }, (_, index): Vector => {
        const free = Array.from({ length: width - 1 }, () => Math.floor(random() * 10_000));
        const turned = free.map((value, at) => (at % 2 === 0 ? value : -value));
        const rest = turned.reduce((sum, value) => sum + value, 0) + (index % 9 === 0 ? 1 : 0);
        const last = (width - 1) % 2 === 0 ? -rest : rest;
        return index === 7 ? [Infinity, ...free.slice(1), last] : [...free, last];
      }).flatMap((point, index) => (index % 50 === 0 ? [point, [...point]] : [point]));
      const frontier = paretoFrontier(points, objectives);
      expect(frontier.length).toBeGreaterThan(600);
      expect(frontier).toEqual(slowFrontier(points, objectives));
    },
  );

  it('does not depend on the order of distinct points', () => {
    const objectives = objectivesOf(3);
    const distinct = fc.uniqueArray(fc.tuple(fc.nat(6), fc.nat(6), fc.nat(6)), {
      selector: (point) => point.join(),
    });
    fc.assert(
      fc.property(distinct, (points) => {
        const texts = (list: readonly Vector[]) => list.map((point) => point.join()).sort();
        expect(texts(paretoFrontier([...points].reverse(), objectives))).toEqual(
          texts(paretoFrontier(points, objectives)),
        );
      }),
    );
  });

  it('keeps all equal points on demand', () => {
    const objectives = objectivesOf(2);
    expect(
      paretoFrontier(
        [
          [1, 1],
          [1, 1],
        ],
        objectives,
      ),
    ).toHaveLength(1);
    expect(
      paretoFrontier(
        [
          [1, 1],
          [1, 1],
        ],
        objectives,
        { equalPoints: 'all' },
      ),
    ).toHaveLength(2);
  });

  it('is empty for no points', () => {
    expect(paretoFrontier([], objectivesOf(2))).toEqual([]);
  });
});

describe('stateFrontier', () => {
  const state = (
    name: string,
    iteration: number,
    correctness: number,
    repeatability: number | null,
    regressions: number,
    patch_cost: number,
  ) => ({
    name,
    iteration,
    correctness,
    repeatability,
    regressions,
    patch_cost,
    accepted: true,
  });
  const [a, b, c, d, e, f] = [
    state('A', 0, 60, 80, 0, 0),
    state('B', 1, 70, 80, 0, 4),
    state('C', 2, 70, 80, 0, 6),
    state('D', 3, 72, 85, 0, 3),
    state('E', 4, 72, 85, 0, 3),
    state('F', 5, 72, null, 1, 3),
  ];
  it.each([
    ['A alone', [a], 'A'],
    ['B is better and dearer', [a, b], 'A B'],
    ['C costs more for nothing', [a, b, c], 'A B'],
    ['D beats B', [a, b, c, d], 'A D'],
    ['E equals D and comes later', [a, b, c, d, e], 'A D'],
    ['F has no repeatability and a regression', [a, b, c, d, e, f], 'A D'],
    ['the same in reverse order', [f, e, d, c, b, a], 'A D'],
  ])('%s', (_, points, expected) => {
    expect(
      stateFrontier(points)
        .map(({ name }) => name)
        .join(' '),
    ).toBe(expected);
  });

  it('never treats unknown repeatability as zero', () => {
    const unknown = state('U', 1, 75, null, 0, 1);
    expect(stateFrontier([a, unknown]).map(({ name }) => name)).toEqual(['A', 'U']);
  });

  it('selects the accepted state of best accuracy, then repeatability with unknown last', () => {
    const points: StatePoint[] = [
      { ...d, accepted: false },
      { ...b, repeatability: null },
      { ...b, iteration: 9 },
    ];
    expect(selectState(points)?.iteration).toBe(9);
    expect(selectState([{ ...a, accepted: false }])).toBeNull();
  });
});

describe('patchCost', () => {
  it.each([
    [['high', 'low'], 4],
    [[], 0],
    [[null, undefined, 'unheard-of', 'toString'], 8],
    [['medium'], 2],
  ])('%j costs %d', (risks, cost) => {
    expect(patchCost(risks)).toBe(cost);
  });
});
