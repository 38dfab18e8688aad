import type { EvaluationResult, EvaluationRow } from '../../evaluation/index.ts';
import type { P0Result } from '../phases.ts';

/**
 * The hard gate: questions of priority P0.
 *
 * `never-regress` fails when one that was right in the last accepted evaluation is not right now;
 * `zero-failures` when any is wrong. Nothing to evaluate is `inconclusive`, never a pass.
 *
 * @see decisions.md 6, spec/pipeline.md §6.6
 */
export function judgeP0(
  p0: EvaluationResult | null,
  reference: readonly EvaluationRow[],
  mode: 'never-regress' | 'zero-failures',
  /** Lost questions that a second look did not confirm; `zero-failures` forgives none. */
  contested: readonly string[] = [],
): P0Result {
  const rows = p0?.rows ?? [];
  const evaluated = rows.filter((row) => row.correct !== null);
  if (rows.length > 0 && evaluated.length * 2 < rows.length) {
    return { status: 'error', passed: false, failures: [], total_questions: rows.length };
  }
  if (evaluated.length === 0)
    return { status: 'inconclusive', passed: null, failures: [], total_questions: rows.length };
  const wasRight = new Set(reference.filter((row) => row.correct === true).map((row) => row.question_id));
  const isLost = (id: string) => wasRight.has(id) && !contested.includes(id);
  const failures = evaluated
    .filter((row) => row.correct === false && (mode === 'zero-failures' || isLost(row.question_id)))
    .map((row) => row.question_id);
  return {
    status: failures.length === 0 ? 'passed' : 'failed',
    passed: failures.length === 0,
    failures,
    total_questions: rows.length,
    ...(contested.length > 0 && { contested: [...contested] }),
  };
}
