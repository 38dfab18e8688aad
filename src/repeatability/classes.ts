/** How alike repeated answers are. @see spec/repeatability.md §4 */
export const REPEATABILITY_CLASSES = [
  'IDENTICAL',
  'MINOR_VARIANCE',
  'SIGNIFICANT_VARIANCE',
  'CRITICAL_VARIANCE',
  'NO_SQL',
  'UNMEASURED',
] as const;
export type RepeatabilityClass = (typeof REPEATABILITY_CLASSES)[number];

/** Lower bounds of the classes, percent 0–100. */
export const REPEATABILITY_THRESHOLDS = { minor: 70, significant: 50 } as const;

export interface SampleAgreement {
  /** Share of the samples that equal the most frequent one, percent 0–100; `null` when that means nothing. */
  readonly pct: number | null;
  readonly classification: RepeatabilityClass;
  /** Distinct answers, one of them perhaps "no SQL". */
  readonly unique_variants: number;
}

/**
 * How far repeated answers to one question agree.
 *
 * An answer without SQL (`null`) is a variant of its own; samples that all lack SQL are not identical
 * but `NO_SQL`, and fewer than two samples measure nothing.
 *
 * @param hashes - canonical hash per sample
 */
export function classifySamples(
  hashes: readonly (string | null)[],
  thresholds: { readonly minor: number; readonly significant: number } = REPEATABILITY_THRESHOLDS,
): SampleAgreement {
  const counts = new Map<string | null, number>();
  for (const hash of hashes) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  const unique_variants = counts.size;
  if (hashes.length < 2) return { pct: null, classification: 'UNMEASURED', unique_variants };
  if (hashes.every((hash) => hash === null)) return { pct: null, classification: 'NO_SQL', unique_variants };
  const pct = (100 * Math.max(...counts.values())) / hashes.length;
  return { pct, classification: classOf(pct, thresholds), unique_variants };
}

function classOf(
  pct: number,
  thresholds: { readonly minor: number; readonly significant: number },
): RepeatabilityClass {
  if (pct >= 100) return 'IDENTICAL';
  if (pct >= thresholds.minor) return 'MINOR_VARIANCE';
  return pct >= thresholds.significant ? 'SIGNIFICANT_VARIANCE' : 'CRITICAL_VARIANCE';
}
