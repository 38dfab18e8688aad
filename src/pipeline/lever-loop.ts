import { allThresholdsMet } from '../evaluation/index.ts';
import type { Lever } from '../levers/index.ts';
import type { RunStatus } from '../session/index.ts';
import { runLadder, type LadderOutcome } from './lever-ladder.ts';
import { restoreSpace } from './restore-space.ts';
import type { Run } from './run.ts';

/** Levers of one sweep, in the order the rules demand. Lever 6 comes after the last sweep. */
const SWEEP_LEVERS = [1, 2, 3, 4, 5] as const satisfies readonly Lever[];
const LAST_LEVER = 6 satisfies Lever;

/** Attempts at one lever within a sweep: the first set, and once more without the proposals that did harm. */
const MAX_ATTEMPTS = 2;

export interface LoopEnd {
  readonly status: RunStatus;
  readonly reason: string;
}

/**
 * Sweeps over levers 1–5 until a sweep changes nothing or the budget is used, then lever 6.
 *
 * Starts where the session says, so a resumed run repeats no finished lever. A change that still
 * awaits its proof at the end is rolled back.
 */
export async function runLeverLoop(run: Run): Promise<LoopEnd> {
  const { recorder } = run;
  let end: LoopEnd | null = null;
  while (end === null) {
    const session = recorder.current();
    const lever = session.next_lever;
    if (lever === null) break;
    if (allThresholdsMet(run.accepted.evaluation.scores)) {
      end = { status: 'converged', reason: convergedAt(session.best_iteration) };
      break;
    }
    if (session.iterations_used >= session.max_iterations && (lever !== LAST_LEVER || session.max_iterations === 0)) {
      if (lever === LAST_LEVER || session.max_iterations === 0) {
        end = { status: 'max_iterations', reason: `Max iterations (${session.max_iterations}) reached.` };
        break;
      }
      await recorder.update(() => ({ next_lever: LAST_LEVER }));
      continue;
    }
    const before = session.iterations.filter((iteration) => iteration.outcome !== 'rolled_back').length;
    await workOnLever(run, lever as Lever);
    const changed = recorder.current().iterations.filter((iteration) => iteration.outcome !== 'rolled_back').length > before;
    await recorder.update((state) => nextStep(state.sweep, lever, changed || state.sweep_changed));
  }
  await dropUnproven(run);
  if (end) return end;
  if (allThresholdsMet(run.accepted.evaluation.scores)) {
    return { status: 'converged', reason: convergedAt(recorder.current().best_iteration) };
  }
  const session = recorder.current();
  return session.iterations_used >= session.max_iterations
    ? { status: 'max_iterations', reason: `Max iterations (${session.max_iterations}) reached.` }
    : { status: 'stalled', reason: `Lever sweep exhausted. Best: ${session.best_overall_accuracy?.toFixed(1) ?? '–'}%` };
}

const convergedAt = (iteration: number | null): string =>
  iteration === null || iteration === 0 ? 'All thresholds met at baseline.' : `All thresholds met after iteration ${iteration}.`;

/** Where the loop goes after a lever; saved at once, so a resumed run goes there too. */
function nextStep(sweep: number, lever: number, sweepChanged: boolean) {
  const following = SWEEP_LEVERS.find((candidate) => candidate > lever);
  if (lever === LAST_LEVER) return { next_lever: null, sweep_changed: false };
  if (following !== undefined) return { next_lever: following, sweep_changed: sweepChanged };
  return sweepChanged
    ? { next_lever: SWEEP_LEVERS[0], sweep: sweep + 1, sweep_changed: false }
    : { next_lever: LAST_LEVER, sweep_changed: false };
}

async function workOnLever(run: Run, lever: Lever): Promise<void> {
  const { ctx, recorder } = run;
  if (ctx.options.disabledLevers.includes(lever)) {
    await recorder.update((session) => ({
      lever_audit: {
        ...session.lever_audit,
        [String(lever)]: { attempted: false, proposals_generated: 0, proposals_applied: 0, skip_reason: 'user_disabled' },
      },
    }));
    ctx.emit({ type: 'lever_skipped', lever, reason: 'user_disabled', detail: 'Switched off by disabledLevers.' });
    return;
  }
  const exclude = new Set<string>();
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const session = recorder.current();
    if (lever !== LAST_LEVER && session.iterations_used >= session.max_iterations) return;
    const outcome = await runLadder(run, lever, exclude);
    const suspects = suspectsOf(outcome);
    if (outcome.outcome !== 'rejected' || suspects.length === 0) return;
    for (const id of suspects) exclude.add(id);
  }
}

/** Proposals of a rejected set that put a lost question at risk; empty when none or all of them did. */
function suspectsOf(outcome: LadderOutcome): string[] {
  if (outcome.selection === null || outcome.losses.length === 0) return [];
  const { proposals } = outcome.selection;
  const suspects = proposals.filter((proposal) => proposal.questions_at_risk.some((id) => outcome.losses.includes(id)));
  return suspects.length === proposals.length ? [] : suspects.map((proposal) => proposal.proposal_id);
}

/** Takes back changes that brought answers closer but never turned a question. */
async function dropUnproven(run: Run): Promise<void> {
  const { recorder } = run;
  if (recorder.current().provisional_apply_logs.length === 0) return;
  const reason = 'No later change proved it.';
  const state = await restoreSpace(run, { toText: run.accepted.state.text, fromHash: run.tip.state.hash, reason });
  run.tip = { ...run.accepted, state };
  await recorder.update((session) => ({
    provisional_apply_logs: [],
    iterations: session.iterations.map((entry) =>
      entry.outcome === 'provisional' ? { ...entry, accepted: false, outcome: 'rolled_back' as const } : entry,
    ),
  }));
}
