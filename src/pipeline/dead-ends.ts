import { STUCK_BELOW } from '../evaluation/index.ts';
import type { Session } from '../session/index.ts';
import { isConverged } from './converged.ts';
import { escalated } from './escalated.ts';
import type { Run } from './run.ts';

/** Changes tried in vain after which a run counts as being at its end. @see spec/pipeline.md §7.2 */
const TRIED_IN_VAIN = 5;

/** What metadata did not move: a person has to look. */
interface DeadEnd {
  readonly code: 'no_improvement' | 'judge_stuck';
  readonly detail: string;
}

/** A judge is stuck when it passes less often than its floor, and no oftener than at baseline. */
export function deadEndOf({ iterations }: Pick<Session, 'iterations'>, thresholdPp: number): DeadEnd | null {
  const [baseline, ...tried] = iterations;
  const accepted = iterations.findLast((entry) => entry.accepted);
  if (baseline === undefined || accepted === undefined || tried.length === 0) return null;
  if (tried.length >= TRIED_IN_VAIN && tried.every((entry) => !entry.accepted)) {
    return {
      code: 'no_improvement',
      detail: `${tried.length} changes were evaluated and none helped. What still fails may lie in the questions, the data or Genie itself: see the failures in the report.`,
    };
  }
  const stuck = Object.entries(STUCK_BELOW).flatMap(([judge, floor]) => {
    const before = scoresOf(baseline)[judge];
    const after = scoresOf(accepted)[judge];
    if (before === undefined || after === undefined) return [];
    return after < floor && after - before <= thresholdPp
      ? [`${judge} (${before.toFixed(1)} → ${after.toFixed(1)} %, floor ${floor})`]
      : [];
  });
  if (stuck.length === 0) return null;
  return {
    code: 'judge_stuck',
    detail: `No change moved ${stuck.join(', ')}. Look at these failures by hand; more of the same metadata will not lift them.`,
  };
}

const scoresOf = ({ rescored_scores: rescored, scores }: Session['iterations'][number]) => rescored ?? scores;

/** Leaves word of a dead end, unless something graver was noted already. */
export async function noteDeadEnd(run: Run): Promise<void> {
  const { ctx, recorder } = run;
  const session = recorder.current();
  if (session.escalation !== null || isConverged(run)) return;
  const deadEnd = deadEndOf(session, ctx.options.regressionThresholdPp);
  if (deadEnd === null) return;
  ctx.emit({ type: 'warning', code: deadEnd.code.toUpperCase(), message: deadEnd.detail });
  await recorder.update(() => escalated(ctx.clock, deadEnd.code, deadEnd.detail));
}
