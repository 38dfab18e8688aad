import * as z from 'zod';
import { THRESHOLDS } from '../evaluation/index.ts';
import type { Session } from '../session/index.ts';
import type { OptimizeOptions, ResolvedOptions } from './options.ts';

/**
 * Options that decide how a run goes on: a resumed run takes them from its session unless they are given again.
 *
 * Not among them: ports, callbacks and permissions, which a session cannot hold or must not give.
 */
const RECALLED = [
  'acceptance',
  'acceptanceK',
  'maxRounds',
  'alpha',
  'alphaRegression',
  'alphaSpending',
  'maxObjects',
  'maxPatches',
  'sliceTolerancePp',
  'regressionThresholdPp',
  'heldOutMaxGapPp',
  'targets',
  'requireRepeatability',
  'stallPolicy',
  'p0Mode',
  'allowTrainExamples',
  'disabledLevers',
  'strategy',
  'corrections',
  'staleKeys',
  'finalRepeatability',
  'answerKeyCheck',
] as const satisfies readonly (keyof OptimizeOptions)[];

/** What the session of a new run keeps of its options, and the pace of its workspace. */
export const optionsToRecall = (options: ResolvedOptions): NonNullable<Session['run_options']> => {
  const { startsPerMinute } = options.workspace;
  return {
    ...Object.fromEntries(
      RECALLED.flatMap((name) => {
        const value = options[name];
        // A strategy of one's own has to be given again.
        return value === undefined || (name === 'strategy' && typeof value !== 'string')
          ? []
          : [[name, value]];
      }),
    ),
    ...(startsPerMinute === undefined ? {} : { startsPerMinute }),
    ...(options.evaluateOnly === true ? { evaluateOnly: true } : {}),
    ...(options.dryRun === true ? { dryRun: true } : {}),
  };
};

/**
 * Whether a run was to measure or to plan only: whoever resumes it for somebody who says nothing must not change
 * more than was meant.
 */
export const recalledMode = ({
  run_options: recalled,
}: Pick<Session, 'run_options'>): Pick<OptimizeOptions, 'evaluateOnly' | 'dryRun'> => ({
  evaluateOnly: recalled?.['evaluateOnly'] === true,
  dryRun: recalled?.['dryRun'] === true,
});

/**
 * Conversation starts a minute that a run kept to: whoever resumes it connects with them.
 *
 * @returns `null`: no limit; `undefined`: the run said nothing
 */
export function recalledPace({
  run_options: recalled,
}: Pick<Session, 'run_options'>): number | null | undefined {
  const pace = recalled?.['startsPerMinute'];
  return pace === null || typeof pace === 'number' ? pace : undefined;
}

/** Pass rates that a run was to reach, percent per judge. */
export const recalledTargets = ({
  run_options: recalled,
}: Pick<Session, 'run_options'>): Readonly<Record<string, number>> =>
  z.record(z.string(), z.number()).safeParse(recalled?.['targets']).data ?? THRESHOLDS;

/** Options of a resumed run: what was given now, else what the run began with. */
export function recallOptions(
  options: ResolvedOptions,
  given: OptimizeOptions,
  { run_options: recalled, max_iterations: maxIterations }: Session,
): ResolvedOptions {
  const missing = RECALLED.filter((name) => given[name] === undefined && recalled?.[name] !== undefined);
  return {
    ...options,
    ...Object.fromEntries(missing.map((name) => [name, recalled?.[name]])),
    maxIterations: given.maxIterations ?? maxIterations,
  };
}
