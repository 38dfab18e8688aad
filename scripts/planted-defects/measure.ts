import { DEFECTS, makeWorld, type Defect, type PlantedWorld } from './world.ts';
import { runWorld, type Trial } from './run-world.ts';

/** What came of one planted defect. */
export interface Outcome {
  readonly defect: Defect;
  readonly seed: string;
  /** Every question that the defect broke is right again, also those not learned from, and none else turned wrong. */
  readonly repaired: boolean;
  readonly rightLever: boolean;
  /** First proposal and what still fails, for a reader who wants to know why. */
  readonly note: string;
}

export interface Measured {
  readonly outcomes: readonly Outcome[];
  /** Worlds in which the damage changed no answer: there is nothing to repair. */
  readonly harmless: number;
  readonly clean: { readonly total: number; readonly silent: number };
}

/** So many worlds are tried for one defect until enough of them show it. */
const MAX_TRIES_PER_CASE = 8;

/**
 * Plants defects in generated spaces and measures what the top-ranked proposal does.
 *
 * @param perDefect - spaces per kind of defect in which it breaks an answer
 * @param clean - spaces without a defect
 */
export async function measurePlanted(
  { perDefect, clean }: { readonly perDefect: number; readonly clean: number },
  onOutcome: (outcome: Outcome) => void = () => undefined,
): Promise<Measured> {
  const outcomes: Outcome[] = [];
  let harmless = 0;
  for (const defect of DEFECTS) {
    let found = 0;
    for (let at = 0; found < perDefect && at < perDefect * MAX_TRIES_PER_CASE; at += 1) {
      const seed = `${defect}-${at}`;
      const world = makeWorld(defect, seed);
      const trial = await runWorld(world);
      if (trial.failing.length === 0) {
        harmless += 1;
        continue;
      }
      found += 1;
      const outcome = judge(defect, seed, world, trial);
      outcomes.push(outcome);
      onOutcome(outcome);
    }
  }
  let silent = 0;
  for (let at = 0; at < clean; at += 1) {
    const { proposals } = await runWorld(makeWorld(null, `clean-${at}`));
    if (proposals.length === 0) silent += 1;
  }
  return { outcomes, harmless, clean: { total: clean, silent } };
}

function judge(defect: Defect, seed: string, world: PlantedWorld, trial: Trial): Outcome {
  const [first] = trial.proposals;
  return {
    defect,
    seed,
    repaired: first !== undefined && trial.failingAfter.length === 0,
    rightLever: first !== undefined && world.levers.includes(first.lever),
    note: `${first === undefined ? 'nothing proposed' : `lever ${first.lever}: ${first.rationale}`} Still wrong: ${trial.failingAfter.join(', ') || 'none'}.`,
  };
}
