import { readSpace } from '../apply/index.ts';
import { checkTemporalFreshness, questionsInScope, type BenchmarkSuite } from '../benchmarks/index.ts';
import { allThresholdsMet, type EvaluationResult } from '../evaluation/index.ts';
import { EMPTY_CATALOG, type CatalogSnapshot, type Clock, type FileStore } from '../ports/index.ts';
import type { Space } from '../spaces/index.ts';
import type { RunStatus, Session } from '../session/index.ts';
import { openAskLedger } from './ask-ledger.ts';
import type { RunContext } from './context.ts';
import { correctAnswerKeys } from './correct-answer-keys.ts';
import { deployAccepted, verifyDeployment } from './deployment.ts';
import { planEveryLever } from './dry-run.ts';
import { evaluatorOf } from './evaluator-of.ts';
import { finalRepeatability } from './final-repeatability.ts';
import { checkUnseen } from './check-unseen.ts';
import { tryRemoveClones, removeClones } from './isolation.ts';
import { iterationRecord, saveRows, triageOf, withTriage } from './iteration-record.ts';
import { runLeverLoop, type LoopEnd } from './lever-loop.ts';
import { openSession } from './open-session.ts';
import { resolveOptions, type OptimizeOptions, type ResolvedOptions } from './options.ts';
import { loadSuite, prepareSuite, saveSuite } from './prepare-suite.ts';
import { checkPreconditions, NoQuestionsError, whyKeysAreImplausible } from './preconditions.ts';
import { promote } from './promote.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { reconcile, restoreStandings } from './resume.ts';
import { ask, configHashOf, phaseOf, readCatalog, type Run, type Standing } from './run.ts';
import { openRowJournal } from './row-journal.ts';
import { lockSession, type SessionLock } from './session-lock.ts';
import { trackRun, type RunTracking } from './tracking.ts';
import { writeReport } from './write-report.ts';

/** What a finished run hands back. */
export interface OptimizeResult {
  readonly status: RunStatus;
  readonly reason: string | null;
  /** Accuracy on train and validation questions, percent. */
  readonly baselineAccuracyPct: number | null;
  readonly finalAccuracyPct: number | null;
  /** Accuracy on the held-out questions before and after, percent; `null` when not measured. */
  readonly heldOut: { readonly beforePct: number | null; readonly afterPct: number | null } | null;
  /** The space as the run left it. */
  readonly space: Space;
  readonly session: Session;
  readonly sessionPath: string;
  readonly reportPath: string;
}

/**
 * Makes a space answer better: measures it, finds the metadata to blame, changes it, keeps what helps.
 *
 * The run writes its session before every change and can be killed at any moment; call it again
 * with `resume: true` to go on. Held-out questions are asked once, at the very end.
 *
 * @throws {InvalidOptionError} @throws {NoQuestionsError} @throws {SpaceNotReadableError}
 * @throws {SpaceEditedElsewhereError} @throws {RollbackFailedError} @throws {AbortedError}
 * @throws {UnfinishedSessionError} an earlier run left a change in the space
 * @throws {SessionLockedError} another run works with the same session file
 */
export async function optimize(
  input: OptimizeOptions,
  system: { readonly clock: Clock; readonly files: FileStore },
): Promise<OptimizeResult> {
  const options = resolveOptions(input, system);
  const { files, clock, sessionFile } = options;
  const lock = await lockSession({ files, clock, sessionFile, id: options.newSessionId() });
  try {
    return await runLocked(options, lock);
  } finally {
    await lock.release();
  }
}

async function runLocked(options: ResolvedOptions, lock: SessionLock): Promise<OptimizeResult> {
  const { session, resumed } = await openSession(options);
  const emit = options.onEvent ?? (() => undefined);
  const tracking = trackRun(options, () => recorder, emit);
  const recorder: Recorder = createRecorder(session, {
    files: options.files,
    path: options.sessionFile,
    clock: options.clock,
    emit,
    onSaved: async (saved) => {
      await lock.beat();
      await tracking.mirror(saved);
    },
  });
  emit({
    type: 'run_started',
    sessionId: session.session_id,
    spaceId: options.spaceId,
    resumed,
    questions: options.benchmarks.questions.length,
  });
  const prepared = await prepare(options, recorder, emit, tracking);
  let run: Run | null = null;
  try {
    run = await standAtBaseline(prepared);
    const end = await improve(run);
    await finalRepeatability(run);
    await promote(run);
    await deployAccepted(run);
    await checkUnseen(run);
    await verifyDeployment(run);
    await correctAnswerKeys(run);
    return await finish(run, end);
  } catch (error) {
    if (options.signal?.aborted) await reconcile({ ctx: { ...prepared.ctx, signal: undefined }, recorder });
    await tryRemoveClones({ ctx: prepared.ctx, recorder });
    const detail = error instanceof Error ? error.message : String(error);
    await recorder.update(() => ({
      escalation: { code: 'aborted', detail, at: options.clock.now().toISOString() },
    }));
    await reportAborted({ ctx: { ...prepared.ctx, signal: undefined }, recorder, run });
    await tracking.close();
    throw error;
  }
}

/** A run that broke off is reported too; the error that ended it matters more than one of the report. */
async function reportAborted({
  ctx,
  recorder,
  run,
}: Pick<Run, 'ctx' | 'recorder'> & { readonly run: Run | null }): Promise<void> {
  try {
    const reportPath = await writeReport({ ctx, recorder, accepted: run?.accepted ?? null });
    await recorder.update(() => ({ report_path: reportPath }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    ctx.emit({ type: 'warning', code: 'REPORT_FAILED', message: `The report could not be written: ${why}` });
  }
}

/** Everything a run needs before it has measured anything. */
interface Prepared {
  readonly ctx: RunContext;
  readonly recorder: Recorder;
  readonly suite: BenchmarkSuite;
  readonly live: Standing['state'];
  readonly catalog: CatalogSnapshot;
}

async function prepare(
  options: ResolvedOptions,
  recorder: Recorder,
  emit: RunContext['emit'],
  tracking: RunTracking,
): Promise<Prepared> {
  const { workspace, spaceId, benchmarks } = options;
  const { evaluator, judges, groundTruth } = await evaluatorOf(options, emit);
  let catalog = EMPTY_CATALOG;
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
    catalog: () => catalog,
    judges,
    groundTruth,
    answers: await openRowJournal(options.files, `${folder}/answers.json`),
    asks: await openAskLedger(options.files, `${folder}/asks.json`),
    tracking,
  };
  const { warnings } = await phaseOf({ ctx, recorder }, 'preconditions', { suite: benchmarks }, ({ suite }) =>
    Promise.resolve({
      warnings: checkPreconditions(
        suite,
        evaluator,
        options.evaluateOnly === true || options.dryRun === true ? 0 : options.maxIterations,
        options.acceptance !== 'threshold',
        options.generateQuestions !== undefined,
      ),
    }),
  );
  for (const message of warnings) emit({ type: 'warning', code: 'PRECONDITION', message });
  await tracking.open(benchmarks.questions);
  await removeClones({ ctx, recorder });
  const live = await phaseOf({ ctx, recorder }, 'spaceState', { spaceId }, () =>
    reconcileOrRead(ctx, recorder),
  );
  catalog = await readCatalog(ctx, live.space);
  const { stale } = await phaseOf(
    { ctx, recorder },
    'temporalFreshness',
    { questions: benchmarks.questions },
    ({ questions }) => Promise.resolve({ stale: checkTemporalFreshness(questions) }),
  );
  await recorder.update((session) => ({
    initial_config: session.initial_config ?? live.text,
    accepted_config: session.accepted_config ?? live.text,
    stale_benchmarks: stale.map(({ question_id, question }) => ({ question_id, question })),
    warnings: [...new Set([...session.warnings, ...warnings])],
  }));
  const suite = (await loadSuite(ctx)) ?? (await takeIn(ctx, recorder, { live, catalog }));
  return { ctx, recorder, suite, live, catalog };
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
  if (questionsInScope(suite, 'full').length === 0) throw new NoQuestionsError(suite.domain);
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

/** The run at its baseline, measured now or read back from a killed run. */
async function standAtBaseline({ ctx, recorder, suite, live, catalog }: Prepared): Promise<Run> {
  const restored = await restoreStandings({ ctx, recorder, catalog }, live);
  const place = { candidateId: ctx.spaceId, incumbentId: null };
  if (restored) return { ctx, suite, recorder, place, ...restored };

  await recorder.update((session) => ({
    pending: {
      phase: 'baseline',
      lever: null,
      sweep: session.sweep,
      started_at: ctx.clock.now().toISOString(),
    },
  }));
  await ctx.tracking.recordState({
    stateHash: configHashOf({ state: live, catalog }),
    readFrom: ctx.spaceId,
    iteration: 0,
    lever: 0,
    patches: [],
    catalog,
  });
  const evaluation: EvaluationResult = await phaseOf(
    { ctx, recorder },
    'baseline',
    { scope: 'full', iteration: 0, questions: questionsInScope(suite, 'full'), state: live, catalog },
    (request) => ask(ctx, request, ctx.spaceId),
  );
  const baseline: Standing = { state: live, catalog, evaluation };
  const run: Run = { ctx, suite, recorder, accepted: baseline, tip: baseline, place };
  const rowsRef = await saveRows(run, evaluation);
  const triage = await triageOf(run, evaluation);
  const record = await iterationRecord(run, {
    triage,
    lever: 0,
    candidate: baseline,
    patches: [],
    decision: null,
    gates: null,
    rowsRef,
  });
  await recorder.update(() => ({
    pending: null,
    ...withTriage(triage),
    iterations: [record],
    best_iteration: 0,
    best_overall_accuracy: evaluation.overall_accuracy,
    remaining_failures: [...evaluation.failures],
    benchmark_fingerprint: evaluation.benchmark_fingerprint,
  }));
  await ctx.tracking.noteOutcome('accepted', 'The space as found.');
  return run;
}

async function improve(run: Run): Promise<LoopEnd> {
  const { ctx, recorder, suite } = run;
  if (ctx.options.evaluateOnly === true) return { status: 'evaluated', reason: 'Measured only.' };
  const implausible = whyKeysAreImplausible(suite);
  if (implausible !== null) {
    ctx.emit({ type: 'warning', code: 'IMPLAUSIBLE_ANSWER_KEYS', message: implausible });
    await recorder.update((session) => ({ warnings: [...new Set([...session.warnings, implausible])] }));
    if (ctx.options.answerKeyCheck !== 'warn' && !allThresholdsMet(run.accepted.evaluation.scores)) {
      await recorder.update(() => ({
        next_lever: null,
        escalation: {
          code: 'implausible_answer_keys',
          detail: implausible,
          at: ctx.clock.now().toISOString(),
        },
      }));
      return {
        status: 'stalled',
        reason: 'The answer keys do not seem to belong to their questions; nothing was changed.',
      };
    }
  }
  return ctx.options.dryRun === true ? planEveryLever(run) : runLeverLoop(run);
}

/** Files that hold accepted changes. */
const filesWritten = ({ iterations }: Session): string[] => [
  ...new Set(
    iterations
      .filter(({ accepted }) => accepted)
      .flatMap(({ apply_log: log }) => (log?.files ?? []).map(({ path }) => path)),
  ),
];

async function finish(run: Run, end: LoopEnd): Promise<OptimizeResult> {
  const { ctx, recorder } = run;
  await recorder.update((session) => ({
    status: end.status,
    convergence_reason: end.reason,
    finished_at: ctx.clock.now().toISOString(),
    pending: null,
    next_lever: null,
    ...(ctx.options.repo === undefined ? {} : { files_written: filesWritten(session) }),
  }));
  if (ctx.options.evaluateOnly !== true) await ctx.tracking.promote();
  const reportPath = await writeReport(run);
  const session = await recorder.update(() => ({ report_path: reportPath }));
  await ctx.tracking.close();
  ctx.emit({ type: 'run_finished', status: end.status, reason: end.reason, reportPath });
  const heldOut = session.held_out_result;
  return {
    status: end.status,
    reason: end.reason,
    baselineAccuracyPct: session.iterations[0]?.overall_accuracy ?? null,
    finalAccuracyPct: session.best_overall_accuracy,
    heldOut: heldOut ? { beforePct: heldOut.before_accuracy, afterPct: heldOut.after_accuracy } : null,
    space: run.accepted.state.space,
    session,
    sessionPath: ctx.options.sessionFile,
    reportPath,
  };
}
