import { allThresholdsMet } from '../evaluation/index.ts';
import type { Run } from './run.ts';

/** Whether the accepted state passes every judge as often as the run asks for. */
export const isConverged = ({ accepted, ctx }: Pick<Run, 'accepted' | 'ctx'>): boolean =>
  allThresholdsMet(accepted.evaluation.scores, ctx.options.targets);
