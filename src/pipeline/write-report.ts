import { readStoredRows, renderReport, reportPathOf, type ReportFacts } from '../report/index.ts';
import { phaseOf, type Run } from './run.ts';

/**
 * Writes the report of a run as Markdown, and the same as JSON beside it; returns the path of the first.
 *
 * @see spec/pipeline.md HC20
 */
export async function writeReport(
  run: Pick<Run, 'ctx' | 'recorder'> & { readonly accepted: Run['accepted'] | null },
): Promise<string> {
  const { ctx, recorder, accepted } = run;
  const { files, outputDir } = ctx.options;
  const session = recorder.current();
  const path = await reportPathOf(session, {
    outputDir,
    // A report of this very run, written before it was killed, is replaced.
    exists: async (name) => !((await files.read(name)) ?? session.session_id).includes(session.session_id),
  });
  const facts: ReportFacts = {
    session,
    rows: await readStoredRows(session.iterations, (name) => files.read(name)),
    evaluator: accepted?.evaluation.evaluator ?? ctx.evaluator.name,
    targets: ctx.options.targets,
    path,
  };
  const { markdown } = await phaseOf(run, 'report', { session }, (input) =>
    Promise.resolve({ markdown: renderReport({ ...facts, session: input.session }) }),
  );
  const json = renderReport(facts, { format: 'json' });
  await files.write(path, markdown);
  await files.write(path.replace(/\.md$/, '.json'), json);
  await ctx.tracking.report({ markdown, json });
  return path;
}
