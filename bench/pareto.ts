/**
 * Speed of frontiers: `npm run bench:pareto`.
 *
 * Ratios within one run to sorting the same points by one objective; growth from 1,000 to 100,000 points
 * of four objectives. Exit code 1 when a bar is missed. Answers are first checked against the definition.
 */
import assert from 'node:assert/strict';
import { seededRandom } from '../src/core/index.ts';
import {
  dominates,
  hypervolume,
  liveFrontier,
  nonDominatedSort,
  paretoFrontier,
  vectorOf,
  type Objective,
} from '../src/pareto/index.ts';
import { bestTimes, cpuMs, report, type Row } from './measure.ts';

interface Point {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

const OBJECTIVES: readonly Objective<Point>[] = [
  { name: 'a', direction: 'maximise', value: ({ a }) => a },
  { name: 'b', direction: 'maximise', value: ({ b }) => b },
  { name: 'c', direction: 'minimise', value: ({ c }) => c },
  { name: 'd', direction: 'minimise', value: ({ d }) => d },
];

/** Independent values between 0 and 1. */
function randomPoints(count: number): Point[] {
  const random = seededRandom(`pareto ${count}`);
  return Array.from({ length: count }, () => ({ a: random(), b: random(), c: random(), d: random() }));
}

/** Points of which none dominates another: all on one plane. */
function flatPoints(count: number): Point[] {
  const random = seededRandom(`flat ${count}`);
  return Array.from({ length: count }, () => {
    const [a, b, c] = [random(), random(), random()];
    return { a, b, c, d: a + b - c };
  });
}

const stream = (points: readonly Point[]): Point[] => {
  const live = liveFrontier(OBJECTIVES);
  for (const point of points) live.add(point);
  return live.points();
};

const byOne = (points: readonly Point[]) => points.toSorted((x, y) => y.a - x.a || y.b - x.b || x.c - y.c);

// The definition, on a size it can handle.
const small = randomPoints(1000);
const vectors = small.map((point) => vectorOf(point, OBJECTIVES));
const expected = small.filter((_, i) => !vectors.some((other) => dominates(other, vectors[i] ?? [])));
assert.deepEqual(paretoFrontier(small, OBJECTIVES), expected);
assert.deepEqual(stream(small), expected);
assert.deepEqual(nonDominatedSort(small, OBJECTIVES)[0], expected);
// Here nothing is dominated but by rounding: one by one is the other way to find out.
const plane = flatPoints(2000);
assert.deepEqual(paretoFrontier(plane, OBJECTIVES), stream(plane));

const rows: Row[] = [];
const points = randomPoints(10_000);
const flat = flatPoints(10_000);
const times = await bestTimes({
  sort: () => byOne(points),
  stream: () => stream(points),
  batch: () => paretoFrontier(points, OBJECTIVES),
});
rows.push(
  { what: '10,000 × 4, stream / sort', ratio: times.stream / times.sort, bar: 0.5 },
  { what: '10,000 × 4, batch / sort', ratio: times.batch / times.sort, bar: 1.6 },
);

const once = (run: () => unknown): number => {
  const started = cpuMs();
  run();
  return cpuMs() - started;
};
rows.push({
  what: '10,000 × 4, none dominated / sort',
  ratio: once(() => paretoFrontier(flat, OBJECTIVES)) / times.sort,
  bar: 300,
});
/** Processor times over sizes, and the exponent between the last two. */
const growth = (name: string, sizes: readonly number[], run: (sample: readonly Point[]) => unknown) => {
  const measured = sizes.map((size) => {
    const sample = randomPoints(size);
    return Math.min(...Array.from({ length: size > 20_000 ? 1 : 3 }, () => once(() => run(sample))));
  });
  const [from = 1, to = 1] = measured.slice(-2);
  const [small = 1, large = 1] = sizes.slice(-2);
  const exponent = Math.log(to / from) / Math.log(large / small);
  rows.push({
    what: `${name}: exponent of growth from ${small.toLocaleString('en')} to ${large.toLocaleString('en')} × 4`,
    ratio: exponent,
    bar: null,
  });
  return {
    what: name,
    ...Object.fromEntries(
      sizes.map((size, i) => [size.toLocaleString('en'), `${measured[i]?.toFixed(1)} ms`]),
    ),
    growth: `n^${exponent.toFixed(2)}`,
  };
};
const SIZES = [1000, 10_000, 100_000];
console.table([
  growth('frontier, batch', SIZES, (sample) => paretoFrontier(sample, OBJECTIVES)),
  growth('frontier, one by one', SIZES, stream),
  growth('all fronts', SIZES, (sample) => nonDominatedSort(sample, OBJECTIVES)),
]);

const frontier = paretoFrontier(randomPoints(1000), OBJECTIVES);
const volumeMs = once(() => hypervolume(frontier, OBJECTIVES, [0, 0, 1, 1]));
console.log(`hypervolume of ${frontier.length} points of four objectives: ${volumeMs.toFixed(1)} ms`);
if (!report(rows)) process.exitCode = 1;
