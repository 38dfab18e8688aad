import * as z from 'zod';
import { asiSchema, normalizeFailureType, type AsiRecord } from '../asi/index.ts';
import type { Benchmark } from '../benchmarks/index.ts';
import { JUDGE_NAMES, MATCH_TYPES, type ExclusionReason, type ResultComparison } from '../judges/index.ts';
import type { SqlFacts } from '../sql/index.ts';
import type { EvaluationRow, StoredVerdict } from './evaluation-result.ts';
import { NOTHING_COMPARED } from './statements.ts';

const text = z.string().nullish();
const count = z.number().nullish();

const comparisonSchema = z.looseObject({
  match: z.boolean().nullish(),
  match_type: text,
  gt_rows: count,
  genie_rows: count,
  gt_hash: text,
  genie_hash: text,
  truncated: z.boolean().nullish(),
  order_match: z.boolean().nullish(),
  error: text,
  error_type: text,
  error_side: text,
});

const exclusionSchema = z.looseObject({ reason_code: z.string(), reason_detail: text });

/** A row of `eval_results.json`, ours or an older one; everything else on it is kept aside. */
export const artifactRowSchema = z.looseObject({
  question_id: text,
  'inputs/question_id': text,
  'outputs/response': text,
  'outputs/status': text,
  'outputs/conversation_id': text,
  'outputs/asset': text,
  'outputs/comparison': comparisonSchema.nullish(),
  correct: z.boolean().nullish(),
  exclusion: exclusionSchema.nullish(),
  soft_signals: z.array(z.string()).nullish(),
});
export type ArtifactRow = z.infer<typeof artifactRowSchema>;

/** Id of the question a row is about; empty when it does not say. */
export const artifactQuestionId = (row: ArtifactRow): string =>
  row['inputs/question_id'] ?? row.question_id ?? '';

/**
 * Reads a row that {@link toArtifactRow} or an older harness wrote.
 *
 * The verdict on the result decides whether the row counts: neither yes nor no means that it does not.
 * Failure types outside the taxonomy are translated.
 *
 * @param expectedSql - resolved and sanitised
 * @param facts - of both statements; artifacts do not hold them
 */
export function fromArtifactRow(
  row: ArtifactRow,
  benchmark: Benchmark,
  expectedSql: string,
  facts: { readonly expected: SqlFacts; readonly generated: SqlFacts | null },
): EvaluationRow {
  const verdicts: Record<string, StoredVerdict> = {};
  const asi: AsiRecord[] = [];
  for (const judge of judgesOf(row)) {
    const value = textAt(row, `${judge}/value`, `feedback/${judge}`);
    if (value === null) continue;
    const rationale = textAt(row, `${judge}/rationale`, `rationale/${judge}`) ?? '';
    verdicts[judge] = {
      value: value.toLowerCase(),
      rationale,
      reason: null,
      source: row[`${judge}/source`] === 'LLM_JUDGE' ? 'LLM_JUDGE' : 'CODE',
    };
    const reason = asiOf(row[`${judge}/metadata`] ?? row[`metadata/${judge}`]);
    if (reason !== null) asi.push({ question_id: benchmark.id, judge, asi: reason, rationale });
  }
  const result = verdicts['result_correctness']?.value;
  const correct = result === 'yes' ? true : result === 'no' ? false : null;
  const exclusion = correct === null ? exclusionOf(row) : null;
  return {
    question_id: benchmark.id,
    question: benchmark.question,
    split: benchmark.split ?? 'train',
    priority: benchmark.priority,
    category: benchmark.category,
    expected_asset: benchmark.expected_asset,
    actual_asset: assetOf(row['outputs/asset']),
    expected_sql: expectedSql,
    generated_sql: row['outputs/response'] || null,
    answer_text: null,
    status: row['outputs/status'] ?? 'UNKNOWN',
    conversation_id: row['outputs/conversation_id'] || null,
    statement_id: null,
    comparison: comparisonOf(row, correct),
    verdicts,
    asi: correct === null ? [] : asi,
    correct,
    exclusion,
    soft_signals: row.soft_signals ?? [],
    facts,
    timing_ms: { genie: 0, sql: 0 },
  };
}

/** The built-in judges, and any other that has a value in the row. */
function judgesOf(row: ArtifactRow): readonly string[] {
  const named = Object.keys(row).flatMap((key) => /^(\w+)\/value$/.exec(key)?.[1] ?? []);
  return [...new Set([...JUDGE_NAMES, ...named])];
}

function textAt(row: ArtifactRow, ...keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = row[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

function asiOf(metadata: unknown): AsiRecord['asi'] | null {
  const read = z.looseObject({ failure_type: z.string() }).safeParse(metadata);
  if (!read.success) return null;
  const { failure_type, failure_type_raw: raw } = read.data;
  const normalized = normalizeFailureType(failure_type);
  const full = asiSchema.safeParse({
    ...read.data,
    ...normalized,
    failure_type_raw: typeof raw === 'string' ? raw : normalized.failure_type_raw,
  });
  return full.success ? full.data : null;
}

const ASSETS = ['MV', 'TVF', 'TABLE'] as const;
const assetOf = (asset: string | null | undefined): EvaluationRow['actual_asset'] =>
  ASSETS.find((known) => known === asset) ?? 'NONE';

function exclusionOf(row: ArtifactRow): EvaluationRow['exclusion'] {
  const reason = row.exclusion?.reason_code ?? row['outputs/comparison']?.error_type;
  const detail = row.exclusion?.reason_detail ?? row['outputs/comparison']?.error;
  return {
    reason_code: REASONS[reason ?? ''] ?? 'genie_result_unavailable',
    reason_detail: detail ?? `The job gave no verdict on the result (${reason ?? 'no reason'}).`,
  };
}

/** Our codes, and those of the older harness. */
const REASONS: Readonly<Record<string, ExclusionReason>> = {
  infrastructure: 'infrastructure',
  permission_blocked: 'permission_blocked',
  parameterized_sql: 'parameterized_sql',
  unresolved_template: 'unresolved_template',
  ground_truth_failed: 'ground_truth_failed',
  gt_excluded: 'ground_truth_failed',
  missing_expected_sql: 'missing_expected_sql',
  genie_result_unavailable: 'genie_result_unavailable',
  both_empty: 'both_empty',
  row_cap: 'row_cap',
  temporal_stale: 'temporal_stale',
  quarantined: 'quarantined',
};

function comparisonOf(row: ArtifactRow, correct: boolean | null): ResultComparison {
  const stored = row['outputs/comparison'];
  if (stored === null || stored === undefined) return { ...NOTHING_COMPARED, match: correct };
  return {
    ...NOTHING_COMPARED,
    match: correct,
    matchType: MATCH_TYPES.find((type) => type === stored.match_type) ?? 'not_evaluated',
    expectedRows: stored.gt_rows ?? null,
    actualRows: stored.genie_rows ?? null,
    expectedHash: stored.gt_hash ?? null,
    actualHash: stored.genie_hash ?? null,
    truncated: stored.truncated ?? false,
    orderMatch: stored.order_match ?? null,
    exclusion: correct === null ? (exclusionOf(row)?.reason_code ?? null) : null,
    error:
      typeof stored.error === 'string'
        ? {
            side: stored.error_side === 'gt' ? 'expected' : 'actual',
            errorClass: null,
            message: stored.error,
          }
        : null,
  };
}
