export * from './local-genie.ts';
