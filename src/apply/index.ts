export * from './space-state.ts';
