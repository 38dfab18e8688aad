export type * from './call-options.ts';
export * from './catalog-port.ts';
export type * from './chat-model.ts';
export type * from './clock.ts';
export type * from './file-store.ts';
export type * from './genie-port.ts';
export type * from './logger.ts';
export type * from './sql-port.ts';
export type * from './workspace.ts';
