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

/** Which questions an evaluation asks. Only `held_out` ever contains held-out questions. */
export const EVAL_SCOPES = ['full', 'slice', 'p0', 'held_out'] as const;
export type EvalScope = (typeof EVAL_SCOPES)[number];

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
});

export type Benchmark = z.infer<typeof benchmarkSchema>;

/** A question that has been given its split. */
export type SplitBenchmark = Benchmark & { readonly split: Split };

/** The questions of one domain, every one with a split. */
export interface BenchmarkSuite {
  readonly domain: string;
  readonly questions: readonly SplitBenchmark[];
  /** Values for `${name}` in `expected_sql`; the texts themselves stay unresolved. */
  readonly variables?: Readonly<Record<string, string>>;
}
