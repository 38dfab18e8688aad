import { canonicalSql } from '../sql/index.ts';
import { classifySamples, REPEATABILITY_THRESHOLDS, type RepeatabilityClass } from './classes.ts';

/** One answer to a question. */
export interface RepeatabilitySample {
  /** `null`: Genie gave no SQL. */
  readonly sql: string | null;
  /** Kind of asset the statement reads; `NONE` without SQL. */
  readonly asset: string;
  /** Fingerprint of the rows; `null` when they were not fetched or do not compare. */
  readonly result_hash: string | null;
}

export interface SampledQuestion {
  readonly question_id: string;
  readonly question: string;
  /** The original answer first; lost samples are left out. */
  readonly samples: readonly RepeatabilitySample[];
}

/**
 * Why answers differ: another kind of asset (`routing_flip`), other rows or no rows at all (`value_flip`),
 * other words for the same rows (`text_only_flip`); `unknown` where rows were not compared.
 */
export type VarianceCause = 'none' | 'routing_flip' | 'value_flip' | 'text_only_flip' | 'unknown';

/** One question asked again, with its wire names. @see spec/repeatability.md §4.1 */
export interface RequeryResult {
  readonly question_id: string;
  readonly question: string;
  /** Share of the samples with the most frequent statement, percent 0–100; `null` when it means nothing. */
  readonly repeatability_pct: number | null;
  /** The same by rows; `null` also when a sample's rows are not known. */
  readonly answer_repeatability_pct: number | null;
  readonly classification: RepeatabilityClass;
  readonly unique_variants: number;
  /** Most frequent over the samples; the first of those equally frequent. */
  readonly dominant_asset: string;
  readonly cause: VarianceCause;
  /** Kinds of asset between which the answers move; `null` when they do not. */
  readonly oscillation: readonly string[] | null;
  /** MD5 of the canonical statement of each sample. */
  readonly hashes: readonly (string | null)[];
  readonly sqls: readonly (string | null)[];
  readonly result_hashes: readonly (string | null)[];
  readonly assets: readonly string[];
}

export interface RequeryReport {
  /** Mean over the questions that could be measured, percent 0–100; `null` when there are none. */
  readonly average_repeatability_pct: number | null;
  readonly average_answer_repeatability_pct: number | null;
  readonly total_questions: number;
  readonly identical: number;
  readonly minor_variance: number;
  readonly significant_variance: number;
  readonly critical_variance: number;
  readonly unmeasured: number;
  readonly no_sql: number;
  /** What classes are made from. */
  readonly mode: 'sql' | 'answer';
  readonly thresholds: { readonly minor: number; readonly significant: number };
  readonly results: readonly RequeryResult[];
}

export interface AssessOptions {
  /** What classes are made from: statements (default) or rows, where all samples have them. */
  readonly mode?: 'sql' | 'answer' | undefined;
  readonly thresholds?: RequeryReport['thresholds'] | undefined;
}

/**
 * How far answers of one configuration agree.
 *
 * Statements compare in canonical form. Questions that could not be measured, or to which no sample
 * brought SQL, are counted and are in no mean.
 *
 * @see spec/repeatability.md §4
 */
export async function assessRepeatability(
  questions: readonly SampledQuestion[],
  { mode = 'sql', thresholds = REPEATABILITY_THRESHOLDS }: AssessOptions = {},
): Promise<RequeryReport> {
  const results: RequeryResult[] = [];
  for (const question of questions) results.push(await assess(question, mode, thresholds));
  const count = (wanted: RepeatabilityClass): number =>
    results.filter(({ classification }) => classification === wanted).length;
  return {
    average_repeatability_pct: mean(results.map(({ repeatability_pct }) => repeatability_pct)),
    average_answer_repeatability_pct: mean(
      results.map(({ answer_repeatability_pct }) => answer_repeatability_pct),
    ),
    total_questions: results.length,
    identical: count('IDENTICAL'),
    minor_variance: count('MINOR_VARIANCE'),
    significant_variance: count('SIGNIFICANT_VARIANCE'),
    critical_variance: count('CRITICAL_VARIANCE'),
    unmeasured: count('UNMEASURED'),
    no_sql: count('NO_SQL'),
    mode,
    thresholds,
    results,
  };
}

async function assess(
  { question_id, question, samples }: SampledQuestion,
  mode: 'sql' | 'answer',
  thresholds: RequeryReport['thresholds'],
): Promise<RequeryResult> {
  const hashes = await Promise.all(
    samples.map(async ({ sql }) =>
      sql === null || sql.trim() === '' ? null : (await canonicalSql(sql)).hash,
    ),
  );
  const rows = samples.map(({ result_hash }, at) => (hashes[at] === null ? null : result_hash));
  // Rows that are not known are no variant of their own.
  const rowsKnown = rows.every((hash, at) => hash !== null || hashes[at] === null);
  const bySql = classifySamples(hashes, thresholds);
  const byRows = rowsKnown ? classifySamples(rows, thresholds) : null;
  const assets = samples.map(({ asset }) => asset);
  const moved = [...new Set(assets.filter((asset) => asset !== 'NONE'))].sort();
  return {
    question_id,
    question,
    repeatability_pct: bySql.pct,
    answer_repeatability_pct: byRows?.pct ?? null,
    classification: (mode === 'answer' && byRows !== null ? byRows : bySql).classification,
    unique_variants: bySql.unique_variants,
    dominant_asset: mostFrequent(assets),
    cause: causeOf(hashes, rows, rowsKnown, moved.length > 1),
    oscillation: moved.length > 1 ? moved : null,
    hashes,
    sqls: samples.map(({ sql }) => sql),
    result_hashes: rows,
    assets,
  };
}

function causeOf(
  hashes: readonly (string | null)[],
  rows: readonly (string | null)[],
  rowsKnown: boolean,
  moved: boolean,
): VarianceCause {
  if (new Set(hashes).size <= 1) return 'none';
  if (moved) return 'routing_flip';
  if (hashes.includes(null)) return 'value_flip';
  if (new Set(rows.filter((hash) => hash !== null)).size > 1) return 'value_flip';
  return rowsKnown ? 'text_only_flip' : 'unknown';
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function mostFrequent(assets: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const asset of assets) counts.set(asset, (counts.get(asset) ?? 0) + 1);
  let [best, most] = ['NONE', 0];
  for (const [asset, count] of counts) if (count > most) [best, most] = [asset, count];
  return best;
}
