import type { Clock, FileStore } from '../ports/index.ts';
import { standAtBaseline } from './baseline.ts';
import { breakOff } from './break-off.ts';
import { checkUnseen } from './check-unseen.ts';
import { correctAnswerKeys } from './correct-answer-keys.ts';
import { deployAccepted, verifyDeployment } from './deployment.ts';
import { finalRepeatability } from './final-repeatability.ts';
import { finish, type OptimizeResult } from './finish.ts';
import { improve } from './improve.ts';
import { assertInvariants } from './invariants.ts';
import { openSession } from './open-session.ts';
import type { OptimizeOptions, ResolvedOptions } from './options.ts';
import { prepare } from './prepare.ts';
import { promote } from './promote.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { resolveOptions } from './resolve-options.ts';
import type { Run } from './run.ts';
import { askSecondOpinion } from './second-opinion.ts';
import { lockSession, type SessionLock } from './session-lock.ts';
import { trackRun } from './tracking.ts';

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
    return await runLocked(options, input, lock);
  } finally {
    await lock.release();
  }
}

async function runLocked(
  resolved: ResolvedOptions,
  given: OptimizeOptions,
  lock: SessionLock,
): Promise<OptimizeResult> {
  const { session, resumed, options } = await openSession(resolved, given);
  const emit = options.onEvent ?? (() => undefined);
  const tracking = trackRun(options, () => recorder, emit, resumed);
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
  const prepared = await prepare(options, recorder, emit, { tracking, resumed });
  let run: Run | null = null;
  try {
    run = await standAtBaseline(prepared);
    await askSecondOpinion(run);
    const end = await finalRepeatability(run, await improve(run));
    await promote(run);
    await assertInvariants(run, 'promote');
    await askSecondOpinion(run);
    await deployAccepted(run);
    await checkUnseen(run);
    await assertInvariants(run, 'heldOut');
    await verifyDeployment(run);
    await correctAnswerKeys(run);
    return await finish(run, end);
  } catch (error) {
    throw await breakOff({ ctx: prepared.ctx, recorder, run }, error);
  }
}
