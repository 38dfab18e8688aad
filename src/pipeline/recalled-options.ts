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
  'p0Mode',
  'allowTrainExamples',
  'disabledLevers',
  'strategy',
  'corrections',
  'staleKeys',
  'finalRepeatability',
  'answerKeyCheck',
] as const satisfies readonly (keyof OptimizeOptions)[];

/** What the session of a new run keeps of its options. */
export const optionsToRecall = (options: ResolvedOptions): NonNullable<Session['run_options']> =>
  Object.fromEntries(
    RECALLED.flatMap((name) => {
      const value = options[name];
      // A strategy of one's own has to be given again.
      return value === undefined || (name === 'strategy' && typeof value !== 'string') ? [] : [[name, value]];
    }),
  );

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
