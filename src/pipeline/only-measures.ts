import type { OptimizeOptions } from './options.ts';

/** Whether a run changes nothing by its mode, whatever its budget of changes is. */
export const onlyMeasures = ({
  evaluateOnly,
  dryRun,
}: Pick<OptimizeOptions, 'evaluateOnly' | 'dryRun'>): boolean => evaluateOnly === true || dryRun === true;
