import type { AsiRecord, FailureRow } from '../asi/index.ts';
import { isQuarantined } from '../benchmarks/index.ts';
import type { EvaluationRow } from '../evaluation/index.ts';
import type { Run } from './run.ts';
import { waveringRouting } from './wavering-routing.ts';

/**
 * The failures that instability adds to those of the next lever.
 *
 * From the second full evaluation on they are those of the latest one, unless that was taken back. As long as the
 * space is as the run found it, those count too that an earlier run found by asking again. Only questions to learn
 * from are among them, and none whose routing is known to waver, whose key is doubted, or that is in quarantine.
 *
 * @see spec/pipeline.md §6.6 step 2.2, §6.12
 */
export function unstableQuestions(run: Run): readonly AsiRecord[] {
  const { suite, accepted, tip, recorder } = run;
  const { iterations, earlier_repeatability_failures: earlier } = recorder.current();
  const wavering = new Set(waveringRouting(run));
  const latest = iterations.at(-1)?.repeatability_failures ?? [];
  const isAsFound = accepted.evaluation.iteration === 0 && tip.evaluation.iteration === 0;
  const open = new Set(
    suite.questions
      .filter((question) => question.split === 'train' && !isQuarantined(question))
      .filter(({ id }) => !wavering.has(id))
      .map(({ id }) => id),
  );
  const doubted = new Set(
    tip.evaluation.rows
      .filter(({ verdicts }) => verdicts['arbiter']?.value === 'genie_correct')
      .map(({ question_id: id }) => id),
  );
  const byQuestion = new Map<string, AsiRecord>();
  for (const failure of [...latest, ...(isAsFound ? earlier : [])]) {
    const { question_id: id } = failure;
    if (open.has(id) && !doubted.has(id) && !byQuestion.has(id)) byQuestion.set(id, failure);
  }
  return [...byQuestion.values()];
}

/**
 * What clustering reads: evaluated rows as they are, and beside them a failing record for each unstable question.
 *
 * Such a record shows where it came from: its only complaint is that of `repeatability`.
 */
export function clusterInput(
  rows: readonly EvaluationRow[],
  unstable: readonly AsiRecord[],
): readonly FailureRow[] {
  const byId = new Map(rows.map((row) => [row.question_id, row]));
  return [
    ...rows,
    ...unstable.map(({ question_id, judge, rationale, asi }): FailureRow => {
      const row = byId.get(question_id);
      return {
        question_id,
        correct: false,
        asi: [{ question_id, judge, rationale, asi }],
        ...(row && {
          priority: row.priority,
          expected_sql: row.expected_sql,
          generated_sql: row.generated_sql,
          facts: row.facts,
        }),
      };
    }),
  ];
}
