import * as z from 'zod';

export const ASSET_KINDS = ['MV', 'TVF', 'TABLE'] as const;
export type AssetKind = (typeof ASSET_KINDS)[number];

export const PRIORITIES = ['P0', 'P1', 'P2'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Kinds of question; other words are accepted with a warning. @see spec/benchmarks.md §4 */
export const CATEGORIES = [
  'aggregation',
  'ranking',
  'time-series',
  'comparison',
  'list',
  'detail',
  'threshold',
  'prediction',
  'multi-table',
] as const;
export type Category = (typeof CATEGORIES)[number];

export const SPLITS = ['train', 'val', 'held_out'] as const;
export type Split = (typeof SPLITS)[number];

/** Who made a question; a correction overwrites it and keeps the old word in `origin_source`. */
export const QUESTION_SOURCES = [
  'user',
  'synthetic',
  'augmented',
  'auto_corrected_structural',
  'arbiter_corrected',
] as const;
export type QuestionSource = (typeof QUESTION_SOURCES)[number];

export const VALIDATION_STATUSES = ['valid', 'invalid', 'unchecked'] as const;

/** Which questions an evaluation asks. Only `held_out` ever contains held-out questions. */
export const EVAL_SCOPES = ['full', 'slice', 'p0', 'held_out'] as const;
export type EvalScope = (typeof EVAL_SCOPES)[number];

const parameterValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/**
 * One benchmark question with its answer key, as it stands in golden-queries YAML.
 *
 * @see spec/benchmarks.md §1.1
 */
export const benchmarkSchema = z.looseObject({
  id: z.string().min(1),
  question: z.string().min(1),
  expected_sql: z.string().min(1),
  expected_asset: z.enum(ASSET_KINDS).default('TABLE'),
  category: z.string().default(''),
  source: z.string().default('user'),
  priority: z.enum(PRIORITIES).default('P1'),
  split: z.enum(SPLITS).optional(),
  required_tables: z.array(z.string()).default([]),
  required_columns: z.array(z.string()).default([]),
  required_joins: z.array(z.string()).default([]),
  required_business_logic: z.array(z.string()).default([]),
  optional_columns: z.array(z.string()).default([]),
  expected_facts: z.array(z.string()).default([]),
  guidelines: z.string().default(''),
  /** Questions with the same value, or whose `variant_of` is the id of another, are worded differently and ask the same. */
  variant_of: z.string().min(1).optional(),
  space_id: z.string().optional(),
  /** Values for `:name` parameters of `expected_sql`. */
  parameters: z.array(z.looseObject({ name: z.string().min(1), default_value: parameterValue })).optional(),
  /** The answer changes its asset from run to run although nothing else changed. */
  routing_sensitive: z.boolean().optional(),
  quarantined_at: z.string().optional(),
  quarantine_reason: z.string().optional(),

  // Written by validation.
  validated_at: z.string().optional(),
  validation_status: z.enum(VALIDATION_STATUSES).optional(),
  validation_reason_code: z.string().optional(),
  gt_validation_status: z.literal('failed').optional(),
  temporal_stale: z.boolean().optional(),
  /** Digest of the canonical result. */
  expected_result_hash: z.string().optional(),
  /** JSON of the first rows. */
  expected_result_sample: z.string().optional(),
  expected_row_count: z.number().int().min(0).optional(),
  expected_columns: z.array(z.string()).optional(),

  // Written by corrections.
  /** Version of the answer key, from 1; absent in files means 1. */
  key_version: z.number().int().min(1).optional(),
  origin_source: z.string().optional(),
  previous_expected_sql: z.string().optional(),
  corrected_at: z.string().optional(),
  correction_run_id: z.string().optional(),
});

export type Benchmark = z.infer<typeof benchmarkSchema>;

const unsaidSchema = benchmarkSchema.omit({ id: true, question: true, expected_sql: true });

/** What a question is taken to say that has an id, a text and an answer key only; new with each call. */
export const questionDefaults = (): z.infer<typeof unsaidSchema> => unsaidSchema.parse({});

/** A question that has been given its split. */
export type SplitBenchmark = Benchmark & { readonly split: Split };

/** The questions of one domain, every one with a split. */
export interface BenchmarkSuite {
  readonly domain: string;
  readonly questions: readonly SplitBenchmark[];
  /** Values for `${name}` in `expected_sql`; the texts themselves stay unresolved. */
  readonly variables?: Readonly<Record<string, string>>;
}
