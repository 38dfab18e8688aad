export * from './fake-clock.ts';
export * from './memory-file-store.ts';
export * from './memory-workspace.ts';
export type { StatementResult } from '../ports/index.ts';
