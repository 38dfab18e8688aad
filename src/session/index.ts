export * from './session.ts';
export * from './session-file.ts';
export * from './start-session.ts';
