import type { Benchmark } from '../benchmarks/index.ts';
import type { ExclusionReason, Judge } from '../judges/index.ts';
import { analyzeSql } from '../sql/index.ts';
import type { QuestionContext } from './ask-genie.ts';
import type { EvaluationRow } from './evaluation-result.ts';
import type { AnsweredRows } from './evaluator.ts';
import { answerKeyText } from './statements.ts';

/** Reasons that may be gone at the next attempt. */
const PASSING: ReadonlySet<ExclusionReason> = new Set([
  'infrastructure',
  'permission_blocked',
  'genie_result_unavailable',
]);

/**
 * Rows that can stand for an answer of now: same space, same question, same answer key, judged by all judges.
 *
 * Facts of statements are not persisted; they are read again where they are absent.
 *
 * @returns rows by question id; none without `answered` or for another space
 */
export async function answeredBefore(
  questions: readonly Benchmark[],
  configHash: string,
  {
    judges,
    variables,
    tables,
    tablesKey,
    facts,
  }: Pick<QuestionContext, 'variables' | 'tables' | 'tablesKey' | 'facts'> & {
    readonly judges: readonly Judge[];
  },
  answered: AnsweredRows | undefined,
): Promise<ReadonlyMap<string, EvaluationRow>> {
  if (answered === undefined || answered.config_hash !== configHash) return new Map();
  const byId = new Map(answered.rows.map((row) => [row.question_id, row]));
  const kept = new Map<string, EvaluationRow>();
  for (const benchmark of questions) {
    const row = byId.get(benchmark.id);
    if (
      row === undefined ||
      row.question !== benchmark.question ||
      row.expected_sql !== answerKeyText(benchmark.expected_sql, variables) ||
      (row.exclusion !== null && PASSING.has(row.exclusion.reason_code)) ||
      !judges.every(({ name }) => Object.hasOwn(row.verdicts, name))
    )
      continue;
    const read = (sql: string) => analyzeSql(sql, { tables, tablesKey, cache: facts });
    const known = row.facts as EvaluationRow['facts'] | undefined;
    kept.set(benchmark.id, {
      ...row,
      facts: known ?? {
        expected: await read(row.expected_sql),
        generated: row.generated_sql === null ? null : await read(row.generated_sql),
      },
    });
  }
  return kept;
}
