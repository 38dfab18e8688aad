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
import type { Iteration, Session } from '../session/index.ts';
import { loadIteration } from './evaluation-store.ts';
import type { Recorder } from './recorder.ts';
import { changePorts } from './repository.ts';
import { ensureStatements } from './roll-back.ts';
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
 * @throws {ChangeNotUndoneError} the change that was under way could not be taken back whole
 */
export async function reconcile(
  run: Pick<Run, 'ctx'> & { readonly recorder: Recorder },
): Promise<SpaceState> {
  const { ctx, recorder } = run;
  const { genie } = ctx.workspace;
  const { isolation } = recorder.current();
  const undone = await undoUnjudged(run);
  for (const { plan } of recorder.current().provisional_apply_logs)
    await ensureStatements(ctx.workspace, plan);
  const live = await readSpace(genie, ctx.spaceId, { signal: ctx.signal });
  if (isolation === 'clone') return stateOfCopies(run, live);
  const session = recorder.current();
  const target = session.provisional_apply_logs.at(-1)?.post_config ?? session.accepted_config;
  if (target === null) return live;
  const targetHash = spaceHash(parseSpace(target));
  const known = session.provisional_apply_logs.flatMap((log) => [log.pre_hash, log.post_hash]);
  // An edit at another place that was made while the change stood is kept; the run looks at it before it goes on.
  const isFollowed = undone !== null && ![targetHash, undone.post_hash, ...known].includes(live.hash);
  if (live.hash !== targetHash && !isFollowed) {
    if (!known.includes(live.hash)) throw new SpaceEditedElsewhereError(ctx.spaceId, targetHash, live.hash);
    await writeSpace(genie, ctx.spaceId, { text: target, expectedHash: live.hash }, { signal: ctx.signal });
  }
  const state = await readSpace(genie, ctx.spaceId, { signal: ctx.signal });
  if (undone !== null || state.hash !== live.hash)
    ctx.emit({
      type: 'rolled_back',
      lever: session.pending?.lever ?? null,
      reason: 'The run was interrupted during this change.',
      configHash: state.hash,
    });
  return isFollowed ? stateOf(target, live) : state;
}

/** Takes the change back on which nobody has decided; `null` when there is none. */
async function undoUnjudged({
  ctx,
  recorder,
}: Pick<Run, 'ctx'> & { readonly recorder: Recorder }): Promise<ChangeRecord | null> {
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
 * A run on copies leaves the space as found until it is promoted.
 *
 * @returns the state the run goes on from; the copies are made anew
 */
function stateOfCopies(
  { ctx, recorder }: Pick<Run, 'ctx'> & { readonly recorder: Recorder },
  live: SpaceState,
): SpaceState {
  const { initial_config: initial, accepted_config: accepted, promotion } = recorder.current();
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
  run: Pick<Run, 'ctx' | 'recorder' | 'suite'> & { readonly catalog: CatalogSnapshot },
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
