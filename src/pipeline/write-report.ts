import { describePatch, parsePatchSet } from '../patch-dsl/index.ts';
import { renderReport } from '../report/index.ts';
import { phaseOf, type Run } from './run.ts';

/** Writes the Markdown report of a run; returns its path. @see spec/pipeline.md HC20 */
export async function writeReport(
  run: Pick<Run, 'ctx' | 'recorder'> & { readonly accepted: Run['accepted'] | null },
): Promise<string> {
  const { ctx, recorder, accepted } = run;
  const session = recorder.current();
  const { markdown } = await phaseOf(run, 'report', { session }, (input) =>
    Promise.resolve({
      markdown: renderReport({
        session: input.session,
        changes: input.session.iterations
          .filter((iteration) => iteration.accepted)
          .flatMap((iteration) => parsePatchSet(iteration.patch_set).map((patch) => describePatch(patch))),
        remaining: (accepted?.evaluation.rows ?? [])
          .filter((row) => row.correct === false)
          .map((row) => ({
            questionId: row.question_id,
            question: row.question,
            reason: row.asi[0]?.rationale ?? row.comparison.matchType,
          })),
        evaluator: accepted?.evaluation.evaluator ?? ctx.evaluator.name,
      }),
    }),
  );
  const path = `${ctx.options.outputDir}/${session.session_id}/report.md`;
  await ctx.options.files.write(path, markdown);
  return path;
}
