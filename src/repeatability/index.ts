export * from './classes.ts';
export * from './cross-iteration.ts';
export * from './synthetic-failures.ts';
