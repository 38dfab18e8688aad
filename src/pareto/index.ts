export * from './dominance.ts';
export * from './frontier.ts';
export * from './patch-cost.ts';
export * from './state-frontier.ts';
