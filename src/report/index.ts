export { buildReport } from './build-report.ts';
export { renderMarkdown } from './render-markdown.ts';
export { renderReport } from './render-report.ts';
export type { ReportFacts, ReportRow } from './report-facts.ts';
export { reportPathOf } from './report-path.ts';
export { REPORT_VERSION, reportSchema, type Report } from './report-schema.ts';
export { readStoredRows } from './stored-rows.ts';
