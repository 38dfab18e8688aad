export * from './space-state.ts';
export * from './catalog-statements.ts';
