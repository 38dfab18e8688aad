import type { Objective } from '../../src/pareto/index.ts';

/** A state by its objectives alone. */
export type Vector = readonly (number | null)[];

/** Objectives by place, more being better and worse in turns. */
export const objectivesOf = (length: number): Objective<Vector>[] =>
  Array.from({ length }, (_, index) => ({
    name: `o${index}`,
    direction: index % 2 === 0 ? ('maximise' as const) : ('minimise' as const),
    value: (point: Vector) => point[index] ?? null,
  }));
