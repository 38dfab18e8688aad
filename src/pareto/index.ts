export * from './dominance.ts';
export * from './frontier.ts';
export * from './hypervolume.ts';
export * from './knee.ts';
export * from './live-frontier.ts';
export * from './patch-cost.ts';
export * from './sort.ts';
export * from './state-frontier.ts';
