import { askArm, catalogSwitch, isOf, roundsOf, type Arm } from './ask-again.ts';
import { configHashOf, type Run, type Standing } from './run.ts';

/** Fresh asks per arm that a gate makes of a question it would fail for. */
export const GATE_RECHECKS = 3;
/** Rounds beyond those, for asks that were lost on the way. */
const SPARE_ROUNDS = 2;

/** Lost questions after a second look. */
export interface ConfirmedLosses {
  /** Wrong in every fresh ask, while the incumbent was right in every one. */
  readonly confirmed: readonly string[];
  /** The candidate answered it rightly after all, or the incumbent does not answer it reliably either. */
  readonly contested: readonly string[];
}

/**
 * Asks questions that a gate saw lost again, under both arms, before the gate may fail for them.
 *
 * Genie does not answer the same way twice: a question that it answers rightly half of the time would
 * fail a gate on every second change. A real loss survives the second look; one that does not is left to
 * the acceptance rule, which asks every lost question more often. One contradiction is enough to stop asking.
 * Asks that never came back clear nothing.
 */
export async function confirmLosses(
  run: Run,
  candidate: Pick<Standing, 'state' | 'catalog'>,
  losses: readonly string[],
  lever: number,
): Promise<ConfirmedLosses> {
  const { ctx, place } = run;
  // An evaluator that cannot ask again stands by what it saw.
  if (losses.length === 0 || !ctx.evaluator.capabilities.rerun) return { confirmed: losses, contested: [] };
  const iteration = run.recorder.current().current_iteration + 1;
  const comparison = `gate ${iteration} ${configHashOf(run.accepted)} ${configHashOf(candidate)}`;
  const switchTo = catalogSwitch(run);
  const stateOf = (id: string) =>
    lossState(roundsOf(ctx.asks.all(), comparison, id), place.incumbentId !== null);
  for (let round = 0; round < GATE_RECHECKS + SPARE_ROUNDS; round++) {
    const open = losses.filter((id) => stateOf(id) === 'open');
    if (open.length === 0) break;
    const arms: readonly Arm[] = place.incumbentId === null ? ['candidate'] : ['candidate', 'incumbent'];
    for (const arm of round % 2 === 0 ? arms : [...arms].reverse()) {
      const questionIds = open.filter(
        (id) =>
          !ctx.asks.all().some((ask) => isOf(ask, comparison, id) && ask.round === round && ask.arm === arm),
      );
      if (questionIds.length === 0) continue;
      await switchTo(arm);
      const standing = arm === 'incumbent' ? run.accepted : candidate;
      await askArm(run, standing, { arm, round, iteration, comparison, questionIds });
    }
  }
  await switchTo('candidate');
  const contested = losses.filter((id) => stateOf(id) === 'contested');
  const confirmed = losses.filter((id) => stateOf(id) !== 'contested');
  ctx.emit({ type: 'losses_rechecked', lever, confirmed, contested });
  return { confirmed, contested };
}

/** What fresh asks say of a lost question. Without a copy of the incumbent only the candidate can be heard. */
export function lossState(
  rounds: readonly { readonly incumbent: boolean | null; readonly candidate: boolean | null }[],
  isPaired: boolean,
): 'open' | 'contested' | 'confirmed' {
  if (rounds.some(({ candidate, incumbent }) => candidate === true || incumbent === false))
    return 'contested';
  const full = rounds.filter(
    ({ candidate, incumbent }) => candidate !== null && (!isPaired || incumbent !== null),
  );
  return full.length >= GATE_RECHECKS ? 'confirmed' : 'open';
}
