import { readSpace } from '../apply/index.ts';
import { checkTemporalFreshness, questionsInScope, type BenchmarkSuite } from '../benchmarks/index.ts';
import type { CatalogSnapshot } from '../ports/index.ts';
import { openAskLedger } from './ask-ledger.ts';
import type { RunContext } from './context.ts';
import { evaluatorOf } from './evaluator-of.ts';
import { removeClones } from './isolation.ts';
import { onlyMeasures } from './only-measures.ts';
import type { ResolvedOptions } from './options.ts';
import { checkPreconditions, NoQuestionsError, requireAssets, requireCapabilities } from './preconditions.ts';
import { loadSuite, prepareSuite, saveSuite } from './prepare-suite.ts';
import type { Recorder } from './recorder.ts';
import { reconcile } from './resume.ts';
import { agreeOnBudget } from './run-budget.ts';
import { openRowJournal } from './row-journal.ts';
import { phaseOf, readCatalog, type Standing } from './run.ts';
import type { RunTracking } from './tracking.ts';
import { withWarnings } from './with-warnings.ts';

/** Everything a run needs before it has measured anything. */
export interface Prepared {
  readonly ctx: RunContext;
  readonly recorder: Recorder;
  readonly suite: BenchmarkSuite;
  readonly live: Standing['state'];
  readonly catalog: CatalogSnapshot;
}

export async function prepare(
  options: ResolvedOptions,
  recorder: Recorder,
  emit: RunContext['emit'],
  { tracking, resumed }: { readonly tracking: RunTracking; readonly resumed: boolean },
): Promise<Prepared> {
  const { workspace, spaceId, benchmarks } = options;
  await workspace.verifyAccess?.({ signal: options.signal });
  const { evaluator, judges, groundTruth } = await evaluatorOf(options, emit);
  const folder = `${options.outputDir}/${recorder.current().session_id}/evaluation`;
  const ctx: RunContext = {
    workspace,
    spaceId,
    options,
    evaluator,
    clock: options.clock,
    signal: options.signal,
    emit,
    session: () => recorder.current(),
    judges,
    groundTruth,
    answers: await openRowJournal(options.files, `${folder}/answers.json`),
    asks: await openAskLedger(options.files, `${folder}/asks.json`),
    tracking,
  };
  const { experiment } = await phaseOf(
    { ctx, recorder },
    'init',
    { spaceId, domain: benchmarks.domain, resumed, experiment: options.experiment ?? null },
    ({ experiment: asked }) => {
      requireCapabilities(evaluator, needsOf(options));
      return Promise.resolve({ experiment: asked });
    },
  );
  const { warnings } = await phaseOf({ ctx, recorder }, 'preconditions', { suite: benchmarks }, ({ suite }) =>
    Promise.resolve({
      warnings: checkPreconditions(suite, options.generateQuestions !== undefined),
    }),
  );
  for (const message of warnings) emit({ type: 'warning', code: 'PRECONDITION', message });
  if (!resumed) await agreeOnBudget(options, emit);
  await tracking.open(benchmarks.questions, experiment);
  await removeClones({ ctx, recorder });
  const live = await phaseOf({ ctx, recorder }, 'spaceState', { spaceId }, () =>
    reconcileOrRead(ctx, recorder),
  );
  requireAssets(spaceId, live.space);
  const catalog = await readCatalog(ctx, live.space);
  const { stale } = await phaseOf(
    { ctx, recorder },
    'temporalFreshness',
    { questions: benchmarks.questions },
    ({ questions }) => Promise.resolve({ stale: checkTemporalFreshness(questions) }),
  );
  emit({ type: 'freshness_checked', stale: stale.map(({ question_id: id }) => id) });
  await recorder.update((session) => ({
    initial_config: session.initial_config ?? live.text,
    accepted_config: session.accepted_config ?? live.text,
    stale_benchmarks: stale.map(({ question_id, question }) => ({ question_id, question })),
    ...withWarnings(session, ...warnings),
  }));
  const suite = (await loadSuite(ctx)) ?? (await takeIn(ctx, recorder, { live, catalog }));
  return { ctx, recorder, suite, live, catalog };
}

/** What this run needs of its evaluator; one that changes nothing needs little. */
function needsOf(options: ResolvedOptions) {
  const changes = !onlyMeasures(options) && options.maxIterations > 0;
  const asksAgain = options.acceptance !== 'threshold' || options.requireRepeatability === true;
  return { changes, asksAgain: changes && asksAgain };
}

/** Settles which questions this run asks, and tells which it leaves out. */
async function takeIn(
  ctx: RunContext,
  recorder: Recorder,
  { live, catalog }: Pick<Prepared, 'live' | 'catalog'>,
): Promise<BenchmarkSuite> {
  const { suite, excluded } = await phaseOf(
    { ctx, recorder },
    'benchmarks',
    { suite: ctx.options.benchmarks, space: live.space, catalog },
    (input) => prepareSuite(ctx, input.suite, input),
  );
  if (excluded.length > 0) {
    ctx.emit({
      type: 'questions_excluded',
      questions: excluded.map(({ question_id, detail }) => ({ questionId: question_id, reason: detail })),
    });
  }
  if (questionsInScope(suite, 'full').length === 0) throw new NoQuestionsError(suite.domain, excluded);
  const suiteRef = await saveSuite(ctx, suite);
  await recorder.update(() => ({
    suite_ref: suiteRef,
    excluded_questions: excluded.map((question) => ({ ...question })),
  }));
  return suite;
}

const reconcileOrRead = (ctx: RunContext, recorder: Recorder) =>
  recorder.current().accepted_config === null
    ? readSpace(ctx.workspace.genie, ctx.spaceId, { signal: ctx.signal })
    : reconcile({ ctx, recorder });
