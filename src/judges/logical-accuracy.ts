import { defineJudge } from './define-judge.ts';
import type { Judge } from './judge.ts';
import { structuralVerdict } from './structural-verdict.ts';
import { differenceFinder, type FindDifferences } from './structure/find-differences.ts';

/**
 * Whether predicates, joins, aggregates, grouping, order and limit implement the question.
 *
 * @param find - shared with the other structural judges of a suite, so that statements are compared once
 * @see spec/judges.md §4.2
 */
export const logicalAccuracyJudge = (find: FindDifferences = differenceFinder()): Judge =>
  defineJudge({
    name: 'logical_accuracy',
    kind: 'code',
    targetPct: 90,
    judge: (input) => structuralVerdict('logical_accuracy', input, find),
  });
