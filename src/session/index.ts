export * from './decision.ts';
export * from './evidence-label.ts';
export * from './pareto.ts';
export * from './session-file.ts';
export * from './session.ts';
export * from './start-session.ts';
export * from './tracking.ts';
