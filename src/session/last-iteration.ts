import type { Iteration } from './iteration.ts';

/** The latest full evaluation with this outcome; `undefined`: there is none. */
export const lastIteration = (
  { iterations }: { readonly iterations: readonly Iteration[] },
  wanted: Iteration['outcome'],
): Iteration | undefined => iterations.findLast(({ outcome }) => outcome === wanted);
