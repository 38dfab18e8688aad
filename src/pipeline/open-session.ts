import { hasCode, type OptimizerError } from '../core/index.ts';
import { findSessionRun, loadTrackedSession, openExperiment } from '../logged-models/index.ts';
import {
  DEFAULT_SESSION_FILE,
  loadSession,
  saveSession,
  startSession,
  type Session,
} from '../session/index.ts';
import { evaluationPath } from './evaluation-store.ts';
import type { OptimizeOptions, ResolvedOptions } from './options.ts';
import { optionsToRecall, recallOptions } from './recalled-options.ts';
import { SessionMismatchError, UnfinishedSessionError } from './resume.ts';
import { trackingServiceOf } from './tracker-of.ts';

/**
 * The session to go on from, or a new one; an earlier one in the same file is kept elsewhere.
 *
 * @throws {SessionMismatchError} @throws {UnfinishedSessionError} @throws {TrackedSessionError}
 * @throws {SessionFileError}
 */
export async function openSession(
  options: ResolvedOptions,
  given: OptimizeOptions,
): Promise<{
  readonly session: Session;
  readonly resumed: boolean;
  /** Of a resumed run with what its session recalls. */
  readonly options: ResolvedOptions;
}> {
  const { spaceId, sessionFile, benchmarks } = options;
  const stored = await storedSession(options);
  if (stored && (options.resume === true || options.resumeFromRun !== undefined)) {
    if (stored.space_id !== spaceId)
      throw new SessionMismatchError('space', spaceId, stored.space_id, sessionFile);
    if (stored.domain !== benchmarks.domain) {
      throw new SessionMismatchError('domain', benchmarks.domain, stored.domain, sessionFile);
    }
    const recalled = recallOptions(options, given, stored);
    return {
      session: {
        ...stored,
        max_iterations: recalled.maxIterations,
        escalation: null,
        finished_at: null,
      },
      resumed: true,
      options: recalled,
    };
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
    runOptions: optionsToRecall(options),
  });
  return { session: { ...session, ...knownInstability(stored, session) }, resumed: false, options };
}

/**
 * The session of this machine, else that of MLflow where one is asked for. A damaged one is kept under another name
 * before the one of MLflow takes its place.
 *
 * @throws {SessionFileError} @throws {TrackedSessionError}
 */
async function storedSession(options: ResolvedOptions): Promise<Session | null> {
  const { files, sessionFile, resumeFromRun, onEvent } = options;
  let damage: OptimizerError | null = null;
  try {
    const local = await loadSession(files, sessionFile);
    if (local !== null) return local;
  } catch (error) {
    if (!hasCode(error, 'SESSION_FILE') || resumeFromRun === undefined) throw error;
    damage = error;
    await files.write(`${sessionFile}.damaged`, (await files.read(sessionFile)) ?? '');
  }
  const fetched = await fetchSession(options);
  if (damage === null) return fetched;
  // To begin anew would forget how to undo what is under way.
  if (fetched === null) throw damage;
  onEvent?.({
    type: 'warning',
    code: 'SESSION_DAMAGED',
    message: `${sessionFile} could not be read, and is kept as '${sessionFile}.damaged'; the run goes on from its copy in MLflow.`,
  });
  return fetched;
}

/** What asking again showed at the end of the run before, if that was of the same space and questions. */
const knownInstability = (
  stored: Session | null,
  { space_id: spaceId, domain }: Session,
): Partial<Session> =>
  stored !== null && stored.space_id === spaceId && stored.domain === domain
    ? { earlier_repeatability_failures: stored.final_repeatability_failures }
    : {};

/** Keeps the record of an earlier run: it holds what is needed to undo that run. */
async function setAside(stored: Session, { files, outputDir, sessionFile }: ResolvedOptions): Promise<void> {
  const { current_apply_log: record } = stored;
  const isUnfinished =
    (record !== null && record.state !== 'undone') || stored.provisional_apply_logs.length > 0;
  if (isUnfinished) throw new UnfinishedSessionError(sessionFile, stored.session_id);
  await saveSession(files, `${outputDir}/${stored.session_id}/${DEFAULT_SESSION_FILE}`, stored);
}

/** The session that MLflow holds, with its stored evaluations, put where a run of this machine would have them. */
async function fetchSession(options: ResolvedOptions): Promise<Session | null> {
  const { resumeFromRun: from, files, sessionFile, benchmarks } = options;
  const service = trackingServiceOf(options);
  if (from === undefined || service === undefined) return null;
  const call = { signal: options.signal };
  const runId =
    from === 'latest'
      ? await findSessionRun(
          service.mlflow,
          (await openExperiment(service, { name: options.experiment, domain: benchmarks.domain }, call)).name,
          call,
        )
      : from;
  const { session, evaluations, suite } = await loadTrackedSession(
    service.mlflow,
    runId,
    {
      host: options.workspace.host,
      maxIterations: options.maxIterations,
      isolation: options.isolation,
      now: options.clock.now().toISOString(),
      rowsPath: (sessionId, iteration) => evaluationPath(options.outputDir, sessionId, iteration),
    },
    call,
  );
  for (const { iteration, rows_ref: path } of session.iterations) {
    const text = evaluations.get(iteration);
    if (path !== null && text !== undefined) await files.write(path, text);
  }
  if (suite !== null && session.suite_ref !== null) await files.write(session.suite_ref, suite);
  await saveSession(files, sessionFile, session);
  return session;
}
