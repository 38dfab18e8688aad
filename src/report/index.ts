export * from './render-report.ts';
