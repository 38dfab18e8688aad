export * from './classes.ts';
export * from './cross-iteration.ts';
export * from './metrics.ts';
export type { RepeatabilityReasons } from './repeatability-reasons.ts';
export { repeatabilityVerdicts, type RepeatabilityVerdict } from './repeatability-verdicts.ts';
export * from './requery.ts';
export * from './routing-sensitivity.ts';
export * from './synthetic-failures.ts';
