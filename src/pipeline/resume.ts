import {
  readSpace,
  SpaceEditedElsewhereError,
  undoChange,
  writeSpace,
  type ChangeRecord,
  type SpaceState,
} from '../apply/index.ts';
import { OptimizerError } from '../core/index.ts';
import { rescore } from '../evaluation/index.ts';
import type { CatalogSnapshot } from '../ports/index.ts';
import { parseSpace, serializeSpace, spaceHash } from '../spaces/index.ts';
import { lastIteration, type Iteration, type Session } from '../session/index.ts';
import { loadIteration } from './evaluation-store.ts';
import {
  acceptedRecords,
  EDITED_BY_OTHERS,
  keptRecords,
  requireEvery,
  requireEveryText,
  withAccepted,
} from './merge-records.ts';
import type { Recorder } from './recorder.ts';
import { changePorts } from './repository.ts';
import { ensureStatements } from './roll-back.ts';
import type { Run, Standing } from './run.ts';
import { withWarnings } from './with-warnings.ts';

/** The session file belongs to another space or another set of questions. */
export class SessionMismatchError extends OptimizerError {
  constructor(field: string, expected: string, found: string, path: string) {
    super(
      `Session file '${path}' is of ${field} ${found}, not ${expected}. Run without resume, or name another session file.`,
      {
        code: 'SESSION_MISMATCH',
        details: { field, expected, found, path },
      },
    );
  }
}

/** An earlier run was interrupted in the middle of a change; starting anew would forget how to undo it. */
export class UnfinishedSessionError extends OptimizerError {
  constructor(path: string, sessionId: string) {
    super(
      `Session file '${path}' belongs to run ${sessionId}, which was interrupted in the middle of a change. Resume it first, or name another session file.`,
      { code: 'SESSION_UNFINISHED', details: { path, sessionId } },
    );
  }
}

type Holder = Pick<Run, 'ctx'> & { readonly recorder: Recorder };

/**
 * Brings a space whose run was killed back to a state the session knows.
 *
 * The state kept is the last one that was decided on: accepted, or awaiting its proof. A change
 * that was under way is taken back. What somebody else edited meanwhile stays; the run goes on with it where it is at
 * places that the run has not changed. Of a run that has ended nothing is written any more, so nothing is compared.
 *
 * @returns the state the run goes on from
 * @throws {SpaceEditedElsewhereError} @throws {CatalogEditedElsewhereError} somebody else edited what the run changed
 * @throws {ChangeNotUndoneError} the change that was under way could not be taken back whole
 * @see docs/decisions/0009-edits-of-others-are-followed.md
 */
export async function reconcile(holder: Holder): Promise<SpaceState> {
  const { ctx, recorder } = holder;
  const { live, undone } = await takeBackUnjudged(holder);
  const session = recorder.current();
  const { iterations, accepted_config: accepted, isolation } = session;
  if (accepted === null) return live;
  if (session.status !== 'in_progress') return stateOf(accepted, live);
  if (iterations.length === 0) {
    // Nothing was measured or changed yet: the run begins with the space as it is now.
    if (live.hash !== spaceHash(parseSpace(accepted)))
      await recorder.update(() => ({ initial_config: live.text, accepted_config: live.text }));
    return live;
  }
  await requireEveryText(ctx.workspace.catalog, keptRecords(session), { signal: ctx.signal });
  return isolation === 'clone' ? stateOfCopies(holder, live) : stateOfSpace(holder, live, undone);
}

/**
 * Takes the change back on which nobody has decided, and puts those back that still await their proof.
 *
 * @throws {ChangeNotUndoneError} @throws {CatalogEditedElsewhereError}
 */
export async function takeBackUnjudged(
  holder: Holder,
): Promise<{ readonly live: SpaceState; readonly undone: ChangeRecord | null }> {
  const { ctx, recorder } = holder;
  const { genie } = ctx.workspace;
  const undone = await undoUnjudged(holder);
  const session = recorder.current();
  for (const { plan } of session.provisional_apply_logs) await ensureStatements(ctx.workspace, plan);
  const found = await readSpace(genie, ctx.spaceId, { signal: ctx.signal });
  if (session.isolation === 'clone') return { live: found, undone };
  const target = targetOf(session);
  const known = session.provisional_apply_logs.flatMap((log) => [log.pre_hash, log.post_hash]);
  const isOwn = target !== null && known.includes(found.hash);
  const live = isOwn
    ? await writeSpace(genie, ctx.spaceId, { text: target, expectedHash: found.hash }, { signal: ctx.signal })
    : found;
  if (undone !== null || live.hash !== found.hash)
    ctx.emit({
      type: 'rolled_back',
      lever: session.pending?.lever ?? null,
      reason: 'The run was interrupted during this change.',
      configHash: live.hash,
    });
  return { live, undone };
}

/** Text of the last state that was decided on. */
const targetOf = ({ provisional_apply_logs: logs, accepted_config: accepted }: Session): string | null =>
  logs.at(-1)?.post_config ?? accepted;

/** @returns the state as decided on, also when the space holds an edit besides: the run looks at that before it goes on */
function stateOfSpace({ ctx, recorder }: Holder, live: SpaceState, undone: ChangeRecord | null): SpaceState {
  const session = recorder.current();
  const target = stateOf(targetOf(session) ?? live.text, live);
  if (live.hash === target.hash) return live;
  if (live.hash === undone?.post_hash)
    throw new SpaceEditedElsewhereError(ctx.spaceId, target.hash, live.hash, { places: undone.plan.touched });
  requireEvery(keptRecords(session), live, { spaceId: ctx.spaceId, hash: target.hash });
  return target;
}

/** Takes the change back on which nobody has decided; `null` when there is none. */
async function undoUnjudged({ ctx, recorder }: Holder): Promise<ChangeRecord | null> {
  const { current_apply_log: found, isolation } = recorder.current();
  if (found === null || found.state === 'undone') return null;
  // The copy that carried the change is made anew.
  const isOnCopy = isolation === 'clone';
  const record: ChangeRecord = isOnCopy
    ? { ...found, progress: { ...found.progress, space: 'untouched' } }
    : found;
  await undoChange(record, changePorts(ctx), {
    save: async (undone) => {
      await recorder.update(() => ({ current_apply_log: undone }));
    },
  });
  return record;
}

/**
 * A run on copies leaves the space as found until it is promoted; the copies are made anew.
 *
 * @returns the state the run goes on from
 */
async function stateOfCopies({ ctx, recorder }: Holder, live: SpaceState): Promise<SpaceState> {
  const session = recorder.current();
  const { initial_config: initial, accepted_config: accepted, promotion } = session;
  if (initial === null || accepted === null) return live;
  const state = stateOf(accepted, live);
  if (promotion?.state !== 'verified') {
    // Whether both go together is known now, and not only after hours.
    const isAsFound = live.hash === state.hash || live.hash === spaceHash(parseSpace(initial));
    if (!isAsFound && live.hash !== promotion?.post_hash) withAccepted(session, live);
    return state;
  }
  if (live.hash === state.hash) return live;
  requireEvery(acceptedRecords(session), live, { spaceId: ctx.spaceId, hash: state.hash });
  const message = `${EDITED_BY_OTHERS} the space after what was accepted had been written to it. The edit is kept; nothing was measured with it.`;
  ctx.emit({ type: 'warning', code: 'SPACE_FOLLOWED', message });
  await recorder.update((now) => ({ accepted_config: live.text, ...withWarnings(now, message) }));
  return live;
}

/** The standings a killed run had reached, from its session and stored evaluations; `null` before the baseline. */
export async function restoreStandings(
  run: Pick<Run, 'ctx' | 'recorder' | 'suite'> & { readonly catalog: CatalogSnapshot },
  live: SpaceState,
): Promise<{ readonly accepted: Standing; readonly tip: Standing } | null> {
  const session = run.recorder.current();
  const accepted = lastIteration(session, 'accepted');
  if (accepted === undefined || session.accepted_config === null) return null;
  const acceptedStanding = await standing(run, accepted, stateOf(session.accepted_config, live));
  const provisional =
    session.provisional_apply_logs.length > 0 ? lastIteration(session, 'provisional') : undefined;
  return {
    accepted: acceptedStanding,
    tip: provisional
      ? await standing(run, provisional, provisionalState(session, live))
      : { ...acceptedStanding, state: live },
  };
}

const provisionalState = (session: Session, live: SpaceState): SpaceState => {
  const text = session.provisional_apply_logs.at(-1)?.post_config;
  return session.isolation === 'clone' && text !== undefined ? stateOf(text, live) : live;
};

const stateOf = (text: string, live: SpaceState): SpaceState => {
  const space = parseSpace(text);
  return { ...live, space, text: serializeSpace(space), hash: spaceHash(space) };
};

async function standing(
  { ctx, suite, catalog }: Pick<Run, 'ctx' | 'suite'> & { readonly catalog: CatalogSnapshot },
  iteration: Iteration,
  state: SpaceState,
): Promise<Standing> {
  const { evaluation, isCurrent } = await loadIteration(ctx.options.files, iteration, catalog);
  if (isCurrent) return { state, catalog, evaluation };
  const { judges, clock, signal } = ctx;
  const again = await rescore(evaluation, suite.questions, {
    catalog,
    judges,
    clock,
    signal,
    variables: ctx.options.variables,
    sql: ctx.workspace.sql,
    space: state.space,
  });
  return { state, catalog, evaluation: again };
}
