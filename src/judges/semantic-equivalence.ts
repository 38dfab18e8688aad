import { defineJudge } from './define-judge.ts';
import type { Judge } from './judge.ts';
import { structuralVerdict } from './structural-verdict.ts';
import { differenceFinder, type FindDifferences } from './structure/find-differences.ts';

/**
 * Whether the same quantity is measured, at the same grain, over the same rows.
 *
 * @param find - shared with the other structural judges of a suite, so that statements are compared once
 * @see spec/judges.md §4.2
 */
export const semanticEquivalenceJudge = (find: FindDifferences = differenceFinder()): Judge =>
  defineJudge({
    name: 'semantic_equivalence',
    kind: 'code',
    targetPct: 90,
    judge: (input) => structuralVerdict('semantic_equivalence', input, find),
  });
