import {
  correctKeys,
  rescoreHistory,
  type CorrectedKeys,
  type EvaluationResult,
} from '../evaluation/index.ts';
import { assignSplits, type SplitBenchmark } from '../benchmarks/index.ts';
import { parseSpace, type Space } from '../spaces/index.ts';
import type { Iteration } from '../session/index.ts';
import { loadEvaluation } from './evaluation-store.ts';
import { saveSuite } from './prepare-suite.ts';
import { phaseOf, type Run } from './run.ts';

/**
 * Looks at the answer keys that the arbiter doubts, and scores every evaluation again under those corrected.
 *
 * Genie is not asked. A corrected key never looks like progress: the new figures stand beside the old ones.
 *
 * @see decisions 11, spec/pipeline.md §6.11
 */
export async function correctAnswerKeys(run: Run): Promise<void> {
  const { ctx, recorder, suite } = run;
  const { corrections } = ctx.options;
  const done = recorder.current().rebaselined_at !== null;
  if (corrections === 'off' || ctx.options.evaluateOnly === true || done) return;
  const { catalog } = run.accepted;
  const past: EvaluationResult[] = [];
  for (const { rows_ref: path } of recorder.current().iterations) {
    if (path !== null) past.push(await loadEvaluation(ctx.options.files, path, catalog));
  }
  const conditions = {
    sql: ctx.workspace.sql,
    catalog,
    variables: ctx.options.variables,
    clock: ctx.clock,
    signal: ctx.signal,
  };
  const found = await phaseOf(run, 'corrections', { history: past, questions: suite.questions }, (input) =>
    correctKeys(input.history, input.questions, {
      ...conditions,
      chatModel: ctx.options.chatModel,
      mode: corrections,
      confirm: ctx.options.confirmCorrection,
      runId: ctx.session().session_id,
      rescoring: { space: run.accepted.state.space, judges: ctx.judges },
    }),
  );
  await recorder.update(() => ({ proposed_corrections: found.proposed.map((item) => ({ ...item })) }));
  if (found.records.length === 0) return;
  run.suite = { ...suite, questions: [...withSplits(found, suite.questions)] };
  const suiteRef = await saveSuite(ctx, run.suite);
  const rescored = new Map<number, number | null>();
  for (const evaluation of past) {
    const iteration = recorder.current().iterations.find((one) => one.iteration === evaluation.iteration);
    const space = iteration && spaceOf(iteration, recorder.current().initial_config);
    if (!space) continue;
    const [again] = await rescoreHistory([evaluation], found.questions, {
      ...conditions,
      rescoring: { space, judges: ctx.judges },
    });
    if (again) rescored.set(evaluation.iteration, again.evaluation.overall_accuracy);
  }
  await recorder.update((session) => ({
    suite_ref: suiteRef,
    benchmark_corrections: [
      ...session.benchmark_corrections,
      ...found.records.map((record) => ({ ...record })),
    ],
    rebaselined_at: ctx.clock.now().toISOString(),
    iterations: session.iterations.map((entry) => ({
      ...entry,
      ...(rescored.has(entry.iteration) && { rescored_accuracy: rescored.get(entry.iteration) ?? null }),
    })),
  }));
  ctx.emit({
    type: 'keys_corrected',
    questionIds: found.records.map(({ question_id }) => question_id),
    refreshAdvised: found.refreshAdvised,
  });
}

/** The space as an iteration found it; `null` where an older session does not say. */
function spaceOf(iteration: Iteration, initialConfig: string | null): Space | null {
  const text = iteration.lever === 0 ? initialConfig : (iteration.apply_log?.post_config ?? null);
  return text === null ? null : parseSpace(text);
}

const withSplits = (
  { questions }: Pick<CorrectedKeys, 'questions'>,
  before: readonly SplitBenchmark[],
): readonly SplitBenchmark[] => {
  const splits = new Map(before.map(({ id, split }) => [id, split]));
  return assignSplits(questions.map((question) => ({ ...question, split: splits.get(question.id) })))
    .questions;
};
