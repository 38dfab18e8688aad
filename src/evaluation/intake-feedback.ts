import { INTAKE_SIZES } from '../benchmarks/index.ts';
import type { CheckedQuestion, IntakePath } from './intake-checks.ts';

const NEXT = {
  full: 'Go on with these questions.',
  partial: `Allow generating the rest, or add questions: ${INTAKE_SIZES.full} valid ones are needed.`,
  none: `Allow generating questions, or write ${INTAKE_SIZES.full} of them.`,
} as const;

/** What was submitted, what can be used and what to do next, as Markdown. @see spec/benchmarks.md §3.1 */
export function intakeFeedback(
  path: IntakePath,
  supplied: readonly CheckedQuestion[],
  total: number,
): string {
  const count = (status: CheckedQuestion['status']): number =>
    supplied.filter((one) => one.status === status).length;
  const lines = [
    `Submitted ${supplied.length}: ${count('valid')} valid, ${count('needs_info')} to be clarified, ${count('invalid')} that cannot be tested. ${total} questions in the suite.`,
  ];
  for (const { question, status, issues, groundTruth } of supplied) {
    if (status === 'valid' && groundTruth.findings.length === 0) continue;
    lines.push(`- ${question.id} (${status.replace('_', ' ')}): ${question.question}`);
    for (const { message } of issues) lines.push(`  - ${oneLine(message)}`);
    for (const { message } of groundTruth.findings) lines.push(`  - ${oneLine(message)}`);
    for (const { description, expected_sql } of groundTruth.proposals)
      lines.push(`  - Proposal: ${oneLine(description)} \`${oneLine(expected_sql)}\``);
  }
  lines.push(`Next: ${total >= INTAKE_SIZES.full && path !== 'full' ? NEXT.full : NEXT[path]}`);
  return `${lines.join('\n')}\n`;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
