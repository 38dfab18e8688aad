import {
  readSpace,
  SpaceEditedElsewhereError,
  undoFileEdits,
  undoStatements,
  writeSpace,
  type SpaceState,
} from '../apply/index.ts';
import { OptimizerError } from '../core/index.ts';
import type { CatalogSnapshot } from '../ports/index.ts';
import { parseSpace, serializeSpace, spaceHash } from '../spaces/index.ts';
import type { Iteration, Session } from '../session/index.ts';
import { loadEvaluation } from './evaluation-store.ts';
import type { Recorder } from './recorder.ts';
import { repoStore } from './repository.ts';
import type { Run, Standing } from './run.ts';

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

/**
 * Brings a space whose run was killed back to a state the session knows.
 *
 * The state kept is the last one that was decided on: accepted, or awaiting its proof. A change
 * that was under way is taken back; a state the session does not know is left alone.
 *
 * @throws {SpaceEditedElsewhereError} the live space is in none of the recorded states
 */
export async function reconcile(
  run: Pick<Run, 'ctx'> & { readonly recorder: Recorder },
): Promise<SpaceState> {
  const { ctx, recorder } = run;
  const session = recorder.current();
  const live = await readSpace(ctx.workspace.genie, ctx.spaceId, { signal: ctx.signal });
  if (session.isolation === 'clone') return reconcileCopies(run, live);
  // Functions and comments first: undoing what never ran changes nothing.
  await undoFileEdits(repoStore(ctx.options), session.current_apply_log?.files ?? []);
  await undoStatements(ctx.workspace.sql, session.current_apply_log?.statements ?? []);
  const target = session.provisional_apply_logs.at(-1)?.post_config ?? session.accepted_config;
  if (target === null) return live;
  const targetHash = spaceHash(parseSpace(target));
  if (live.hash === targetHash) return live;
  const known = [
    ...session.provisional_apply_logs,
    ...(session.current_apply_log ? [session.current_apply_log] : []),
  ].flatMap((log) => [log.pre_hash, log.post_hash]);
  if (!known.includes(live.hash)) throw new SpaceEditedElsewhereError(ctx.spaceId, targetHash, live.hash);
  const state = await writeSpace(
    ctx.workspace.genie,
    ctx.spaceId,
    { text: target, expectedHash: live.hash },
    { signal: ctx.signal },
  );
  ctx.emit({
    type: 'rolled_back',
    lever: session.pending?.lever ?? null,
    reason: 'The run was interrupted during this change.',
    configHash: state.hash,
  });
  return state;
}

/**
 * A run on copies leaves the space as found until it is promoted; only Unity Catalog is taken back.
 *
 * @returns the state the run goes on from; the copies are made anew
 */
async function reconcileCopies(
  { ctx, recorder }: Pick<Run, 'ctx'> & { readonly recorder: Recorder },
  live: SpaceState,
): Promise<SpaceState> {
  const session = recorder.current();
  await undoFileEdits(repoStore(ctx.options), session.current_apply_log?.files ?? []);
  await undoStatements(ctx.workspace.sql, session.current_apply_log?.statements ?? []);
  const { initial_config: initial, accepted_config: accepted, promotion } = session;
  if (initial === null || accepted === null) return live;
  const known = [
    ...(promotion?.state === 'verified' ? [] : [spaceHash(parseSpace(initial))]),
    ...(promotion === null ? [] : [promotion.post_hash]),
  ];
  if (!known.includes(live.hash)) {
    throw new SpaceEditedElsewhereError(ctx.spaceId, known.at(-1) ?? '', live.hash);
  }
  return stateOf(accepted, live);
}

/** The standings a killed run had reached, from its session and stored evaluations; `null` before the baseline. */
export async function restoreStandings(
  run: Pick<Run, 'ctx' | 'recorder'> & { readonly catalog: CatalogSnapshot },
  live: SpaceState,
): Promise<{ readonly accepted: Standing; readonly tip: Standing } | null> {
  const session = run.recorder.current();
  const accepted = lastWith(session, 'accepted');
  if (accepted === undefined || session.accepted_config === null) return null;
  const acceptedStanding = await standing(run, accepted, stateOf(session.accepted_config, live));
  const provisional =
    session.provisional_apply_logs.length > 0 ? lastWith(session, 'provisional') : undefined;
  return {
    accepted: acceptedStanding,
    tip: provisional
      ? await standing(run, provisional, provisionalState(session, live))
      : { ...acceptedStanding, state: live },
  };
}

const lastWith = (session: Session, outcome: Iteration['outcome']): Iteration | undefined =>
  session.iterations.findLast((iteration) => iteration.outcome === outcome);

const provisionalState = (session: Session, live: SpaceState): SpaceState => {
  const text = session.provisional_apply_logs.at(-1)?.post_config;
  return session.isolation === 'clone' && text !== undefined ? stateOf(text, live) : live;
};

const stateOf = (text: string, live: SpaceState): SpaceState => {
  const space = parseSpace(text);
  return { ...live, space, text: serializeSpace(space), hash: spaceHash(space) };
};

async function standing(
  run: Pick<Run, 'ctx'> & { readonly catalog: CatalogSnapshot },
  iteration: Iteration,
  state: SpaceState,
): Promise<Standing> {
  const path = iteration.rows_ref ?? '';
  return {
    state,
    catalog: run.catalog,
    evaluation: await loadEvaluation(run.ctx.options.files, path, run.catalog),
  };
}
