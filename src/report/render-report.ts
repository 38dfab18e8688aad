import { buildReport } from './build-report.ts';
import { renderMarkdown } from './render-markdown.ts';
import type { ReportFacts } from './report-facts.ts';

/**
 * The report of a run: what changed, what it brought, what was tried, what is still wrong.
 *
 * Pure: the same session and rows give the same text. `json` is the same report as data.
 */
export function renderReport(
  facts: ReportFacts,
  { format = 'md' }: { readonly format?: 'md' | 'json' } = {},
): string {
  const report = buildReport(facts);
  return format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : renderMarkdown(report);
}
