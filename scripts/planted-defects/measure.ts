import { TYPICAL_VARIANCE } from '../../src/local/index.ts';
import { DEFECTS, type Defect } from './defects.ts';
import type { Level } from './crowd.ts';
import { makeWorld, type PlantedWorld } from './world.ts';
import { sumWavering, type Wavering, type WaveringTrial } from './wavering.ts';
import { runWavering, runWorld, type Trial } from './run-world.ts';

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
  readonly wavering: Wavering;
}

/** How much to measure. */
export interface MeasureOptions {
  readonly level: Level;
  /** Begins the seed of every space: other seeds, other words, schemas and rows. */
  readonly seeds: string;
  /** Spaces per kind of defect in which it breaks an answer. */
  readonly perDefect: number;
  /** Spaces without a defect. */
  readonly clean: number;
  /** Spaces without a defect whose Genie answers some questions wrongly by chance. */
  readonly wavering: number;
}

/** So many worlds are tried for one defect until enough of them show it. */
const MAX_TRIES_PER_CASE = 8;

/** Plants defects in generated spaces and measures what the top-ranked proposal does. */
export async function measurePlanted(options: MeasureOptions): Promise<Measured> {
  const { seeds, perDefect, level } = options;
  const outcomes: Outcome[] = [];
  let harmless = 0;
  for (const defect of DEFECTS) {
    let found = 0;
    for (let at = 0; found < perDefect && at < perDefect * MAX_TRIES_PER_CASE; at += 1) {
      const seed = `${seeds}-${defect}-${at}`;
      const world = makeWorld(defect, seed, level);
      const trial = await runWorld(world);
      if (trial.failing.length === 0) {
        harmless += 1;
        continue;
      }
      found += 1;
      outcomes.push(judge(defect, seed, world, trial));
    }
  }
  let silent = 0;
  for (let at = 0; at < options.clean; at += 1) {
    const { proposals } = await runWorld(makeWorld(null, `${seeds}-clean-${at}`, level));
    if (proposals.length === 0) silent += 1;
  }
  const trials: WaveringTrial[] = [];
  for (let at = 0; at < options.wavering; at += 1)
    trials.push(await runWavering(makeWorld(null, `${seeds}-wavering-${at}`, level), TYPICAL_VARIANCE, at));
  const wavering = sumWavering(trials);
  return { outcomes, harmless, clean: { total: options.clean, silent }, wavering };
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
