import { defineJudge } from './define-judge.ts';
import type { Judge } from './judge.ts';
import { structuralVerdict } from './structural-verdict.ts';
import { differenceFinder, type FindDifferences } from './structure/find-differences.ts';

/**
 * Whether the tables and columns are those that the question is about.
 *
 * @param find - shared with the other structural judges of a suite, so that statements are compared once
 * @see spec/judges.md §4.2
 */
export const schemaAccuracyJudge = (find: FindDifferences = differenceFinder()): Judge =>
  defineJudge({
    name: 'schema_accuracy',
    kind: 'code',
    targetPct: 95,
    judge: (input) => structuralVerdict('schema_accuracy', input, find),
  });
