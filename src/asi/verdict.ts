/** What a verdict counts as. */
export type VerdictClass = 'pass' | 'fail' | 'unknown' | 'skip';

const VERDICTS: Readonly<Record<string, VerdictClass>> = {
  yes: 'pass',
  true: 'pass',
  '1': 'pass',
  pass: 'pass',
  passed: 'pass',
  correct: 'pass',
  both_correct: 'pass',
  genie_correct: 'pass',
  identical: 'pass',
  minor_variance: 'pass',
  no: 'fail',
  false: 'fail',
  '0': 'fail',
  fail: 'fail',
  failed: 'fail',
  incorrect: 'fail',
  ground_truth_correct: 'fail',
  neither_correct: 'fail',
  significant_variance: 'fail',
  critical_variance: 'fail',
  unknown: 'unknown',
  error: 'unknown',
  errored: 'unknown',
  null: 'unknown',
  none: 'unknown',
  '': 'unknown',
  skip: 'skip',
  skipped: 'skip',
  excluded: 'skip',
  'n/a': 'skip',
  not_applicable: 'skip',
  no_sql: 'skip',
  unmeasured: 'skip',
};

/**
 * Reads any judge's verdict as one of four classes, by exact value.
 *
 * Values outside the closed list are `unknown`: a word that merely contains "no" is never a failure.
 *
 * @see spec/asi-clustering-levers.md §3
 */
export function normalizeVerdict(value: string | number | boolean | null | undefined): VerdictClass {
  const key = String(value ?? '')
    .trim()
    .toLowerCase();
  return Object.hasOwn(VERDICTS, key) ? (VERDICTS[key] ?? 'unknown') : 'unknown';
}
