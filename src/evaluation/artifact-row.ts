import { isAdjustedCorrect } from './accuracy.ts';
import type { EvaluationRow } from './evaluation-result.ts';

/** ASI fields that are also written flat, for tools that read columns. */
const FLAT_FIELDS = [
  'failure_type',
  'severity',
  'confidence',
  'blame_set',
  'wrong_clause',
  'counterfactual_fix',
] as const;

/**
 * A row as it stands in `evaluation/eval_results.json`, every key written out by us.
 *
 * @param traceId - trace that shows the row; default `null`: it has none
 * @see spec/evaluation.md §9.1
 */
export function toArtifactRow(
  row: EvaluationRow,
  traceId: string | null = null,
): Readonly<Record<string, unknown>> {
  const { comparison } = row;
  return {
    'inputs/question_id': row.question_id,
    'inputs/question': row.question,
    'inputs/expected_sql': row.expected_sql,
    'inputs/category': row.category,
    'inputs/priority': row.priority,
    'inputs/split': row.split,
    'inputs/expected_asset': row.expected_asset,
    'outputs/response': row.generated_sql ?? '',
    'outputs/status': row.status,
    'outputs/conversation_id': row.conversation_id ?? '',
    'outputs/asset': row.actual_asset,
    'outputs/comparison': {
      match: comparison.match,
      match_type: comparison.matchType,
      gt_rows: comparison.expectedRows ?? 0,
      genie_rows: comparison.actualRows ?? 0,
      gt_hash: comparison.expectedHash,
      genie_hash: comparison.actualHash,
      truncated: comparison.truncated,
      order_match: comparison.orderMatch,
      error: comparison.error?.message ?? null,
      error_type: comparison.exclusion ?? (comparison.error === null ? null : 'query_execution'),
      error_side: comparison.error === null ? null : comparison.error.side === 'expected' ? 'gt' : 'genie',
      diff_summary:
        comparison.diff === null
          ? null
          : {
              missing_columns: comparison.diff.missingColumns,
              extra_columns: comparison.diff.extraColumns,
              row_delta: comparison.diff.rowDelta,
              first_diff: comparison.diff.firstDifference,
            },
    },
    ...verdictKeys(row),
    correct: row.correct,
    adjusted_correct: row.correct === null ? null : isAdjustedCorrect(row),
    exclusion: row.exclusion,
    soft_signals: row.soft_signals,
    trace_id: traceId,
  };
}

function verdictKeys(row: EvaluationRow): Record<string, unknown> {
  const keys: Record<string, unknown> = {};
  for (const [judge, verdict] of Object.entries(row.verdicts)) {
    const asi = row.asi.find((record) => record.judge === judge)?.asi ?? null;
    keys[`${judge}/value`] = verdict.value;
    keys[`${judge}/rationale`] = verdict.rationale;
    keys[`${judge}/source`] = verdict.source ?? 'CODE';
    keys[`${judge}/metadata`] = asi;
    if (asi !== null) for (const field of FLAT_FIELDS) keys[`metadata/${judge}/${field}`] = asi[field];
  }
  return keys;
}
