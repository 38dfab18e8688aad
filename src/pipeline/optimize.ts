import { readSpace } from '../apply/index.ts';
import { checkTemporalFreshness, questionsInScope } from '../benchmarks/index.ts';
import { allThresholdsMet, nativeEvaluator, type EvaluationResult } from '../evaluation/index.ts';
import { EMPTY_CATALOG, type CatalogSnapshot, type Clock, type FileStore } from '../ports/index.ts';
import type { Space } from '../spaces/index.ts';
import {
  DEFAULT_SESSION_FILE,
  loadSession,
  saveSession,
  startSession,
  type RunStatus,
  type Session,
} from '../session/index.ts';
import { openAskLedger } from './ask-ledger.ts';
import type { RunContext } from './context.ts';
import { checkHeldOut } from './held-out.ts';
import { tryRemoveClones, removeClones } from './isolation.ts';
import { iterationRecord, saveRows, triageOf, withTriage } from './iteration-record.ts';
import { runLeverLoop, type LoopEnd } from './lever-loop.ts';
import { resolveOptions, type OptimizeOptions, type ResolvedOptions } from './options.ts';
import { checkPreconditions, whyKeysAreImplausible } from './preconditions.ts';
import { promote } from './promote.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { reconcile, restoreStandings, SessionMismatchError, UnfinishedSessionError } from './resume.ts';
import { ask, phaseOf, readCatalog, type Run, type Standing } from './run.ts';
import { openRowJournal } from './row-journal.ts';
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
 */
export async function optimize(
  input: OptimizeOptions,
  system: { readonly clock: Clock; readonly files: FileStore },
): Promise<OptimizeResult> {
  const options = resolveOptions(input, system);
  const { session, resumed } = await openSession(options);
  const emit = options.onEvent ?? (() => undefined);
  const recorder = createRecorder(session, {
    files: options.files,
    path: options.sessionFile,
    clock: options.clock,
    emit,
  });
  emit({
    type: 'run_started',
    sessionId: session.session_id,
    spaceId: options.spaceId,
    resumed,
    questions: options.benchmarks.questions.length,
  });
  const prepared = await prepare(options, recorder, emit);
  let run: Run | null = null;
  try {
    run = await standAtBaseline(prepared);
    const end = await improve(run);
    await promote(run);
    await checkUnseen(run);
    return await finish(run, end);
  } catch (error) {
    if (options.signal?.aborted) await reconcile({ ctx: { ...prepared.ctx, signal: undefined }, recorder });
    await tryRemoveClones({ ctx: prepared.ctx, recorder });
    const detail = error instanceof Error ? error.message : String(error);
    await recorder.update(() => ({
      escalation: { code: 'aborted', detail, at: options.clock.now().toISOString() },
    }));
    await reportAborted({ ctx: { ...prepared.ctx, signal: undefined }, recorder, run });
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

async function openSession(options: ResolvedOptions): Promise<{ session: Session; resumed: boolean }> {
  const { spaceId, sessionFile, benchmarks, files } = options;
  const stored = await loadSession(files, sessionFile);
  if (stored && options.resume === true) {
    if (stored.space_id !== spaceId)
      throw new SessionMismatchError('space', spaceId, stored.space_id, sessionFile);
    if (stored.domain !== benchmarks.domain) {
      throw new SessionMismatchError('domain', benchmarks.domain, stored.domain, sessionFile);
    }
    return { session: { ...stored, escalation: null, finished_at: null }, resumed: true };
  }
  if (stored) await setAside(stored, options);
  const session = startSession({
    sessionId: options.newSessionId(),
    spaceId,
    domain: benchmarks.domain,
    host: options.workspace.host,
    maxIterations: options.maxIterations,
    now: options.clock.now().toISOString(),
    isolation: options.isolation,
  });
  return { session, resumed: false };
}

/** Keeps the record of an earlier run: it holds what is needed to undo that run. */
async function setAside(stored: Session, { files, outputDir, sessionFile }: ResolvedOptions): Promise<void> {
  const isUnfinished = stored.current_apply_log !== null || stored.provisional_apply_logs.length > 0;
  if (isUnfinished) throw new UnfinishedSessionError(sessionFile, stored.session_id);
  await saveSession(files, `${outputDir}/${stored.session_id}/${DEFAULT_SESSION_FILE}`, stored);
}

/** Everything a run needs before it has measured anything. */
interface Prepared {
  readonly ctx: RunContext;
  readonly recorder: Recorder;
  readonly options: ResolvedOptions;
  readonly live: Standing['state'];
  readonly catalog: CatalogSnapshot;
}

async function prepare(
  options: ResolvedOptions,
  recorder: Recorder,
  emit: RunContext['emit'],
): Promise<Prepared> {
  const { workspace, spaceId, benchmarks } = options;
  const evaluator =
    options.evaluator ??
    nativeEvaluator({
      workspace,
      clock: options.clock,
      variables: options.variables,
      concurrency: options.concurrency,
      ...(options.judges ? { judges: options.judges } : {}),
    });
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
    answers: await openRowJournal(options.files, `${folder}/answers.json`),
    asks: await openAskLedger(options.files, `${folder}/asks.json`),
  };
  const { warnings } = await phaseOf({ ctx, recorder }, 'preconditions', { suite: benchmarks }, ({ suite }) =>
    Promise.resolve({
      warnings: checkPreconditions(
        suite,
        evaluator,
        options.evaluateOnly === true ? 0 : options.maxIterations,
        options.acceptance !== 'threshold',
      ),
    }),
  );
  for (const message of warnings) emit({ type: 'warning', code: 'PRECONDITION', message });
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
  return { ctx, recorder, options, live, catalog };
}

const reconcileOrRead = (ctx: RunContext, recorder: Recorder) =>
  recorder.current().accepted_config === null
    ? readSpace(ctx.workspace.genie, ctx.spaceId, { signal: ctx.signal })
    : reconcile({ ctx, recorder });

/** The run at its baseline, measured now or read back from a killed run. */
async function standAtBaseline({ ctx, recorder, options, live, catalog }: Prepared): Promise<Run> {
  const suite = options.benchmarks;
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
  return runLeverLoop(run);
}

/** The one moment held-out questions are asked. */
async function checkUnseen(run: Run): Promise<void> {
  const { ctx, recorder, suite } = run;
  const questions = questionsInScope(suite, 'held_out');
  const initialText = recorder.current().initial_config;
  if (ctx.options.evaluateOnly === true || questions.length === 0) return;
  if (initialText === null || recorder.current().held_out_result !== null) return;
  await recorder.update((session) => ({
    next_lever: null,
    pending: {
      phase: 'heldOut',
      lever: null,
      sweep: session.sweep,
      started_at: ctx.clock.now().toISOString(),
    },
  }));
  const { before, after, note } = await phaseOf(
    run,
    'heldOut',
    { questions, state: run.accepted.state, initialText, catalog: run.accepted.catalog },
    (input) => checkHeldOut(ctx, input),
  );
  const best = recorder.current().best_overall_accuracy;
  const gapPp = best === null || after.overall_accuracy === null ? null : best - after.overall_accuracy;
  if (gapPp !== null && gapPp > ctx.options.heldOutMaxGapPp) {
    ctx.emit({
      type: 'warning',
      code: 'OVERFITTING_SUSPECTED',
      message: `Held-out accuracy is ${gapPp.toFixed(1)} points below the accuracy on the questions the run has seen.`,
    });
  }
  await recorder.update(() => ({
    pending: null,
    held_out_result: {
      before_accuracy: before?.overall_accuracy ?? null,
      after_accuracy: after.overall_accuracy,
      total_questions: after.total_questions,
      gap_pp: gapPp,
      failures: [...after.failures],
      note,
    },
  }));
}

async function finish(run: Run, end: LoopEnd): Promise<OptimizeResult> {
  const { ctx, recorder } = run;
  await recorder.update(() => ({
    status: end.status,
    convergence_reason: end.reason,
    finished_at: ctx.clock.now().toISOString(),
    pending: null,
    next_lever: null,
  }));
  const reportPath = await writeReport(run);
  const session = await recorder.update(() => ({ report_path: reportPath }));
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
