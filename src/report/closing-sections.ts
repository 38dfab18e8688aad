import { LEVER_NAMES } from './change-sections.ts';
import { mainReason } from './failure-groups.ts';
import type { ReportFacts, ReportRow } from './report-facts.ts';
import type { Report } from './report-schema.ts';

const PRIORITY: Readonly<Record<string, 'High' | 'Medium' | 'Low'>> = { P0: 'High', P1: 'Medium', P2: 'Low' };
const ORDER = ['High', 'Medium', 'Low'] as const;

/** Questions still wrong, the most important first; without stored rows their ids alone. */
export function remainingIssues(
  { session }: ReportFacts,
  finalRows: readonly ReportRow[],
): Report['remaining'] {
  if (finalRows.length === 0) {
    return session.remaining_failures.map((id) => ({
      question_id: id,
      question: '',
      issue: 'wrong answer',
      root_cause: null,
      fix: null,
      priority: 'Medium',
    }));
  }
  return finalRows
    .filter((row) => row.correct === false)
    .map((row) => {
      const reason = mainReason(row);
      return {
        question_id: row.question_id,
        question: row.question,
        issue: reason?.rationale || row.comparison.matchType,
        root_cause: reason?.asi.failure_type ?? null,
        fix: reason?.asi.counterfactual_fix ?? null,
        priority: PRIORITY[row.priority] ?? 'Medium',
      };
    })
    .sort((a, b) => ORDER.indexOf(a.priority) - ORDER.indexOf(b.priority));
}

/** What the run showed, from its facts alone. */
export function learningsOf({ session }: ReportFacts, clusters: Report['clusters']): string[] {
  const impacts = Object.entries(session.lever_impacts).flatMap(([lever, { delta, status }]) =>
    delta === null || status === 'rolled_back' ? [] : [{ lever: Number(lever), delta }],
  );
  const best = [...impacts].sort((a, b) => b.delta - a.delta)[0];
  const reverted = session.iterations.filter(({ outcome }) => outcome === 'rolled_back');
  const [largest] = clusters;
  return [
    ...(best !== undefined && best.delta > 0
      ? [
          `Lever ${best.lever} (${LEVER_NAMES[best.lever - 1] ?? ''}) brought most: ${best.delta.toFixed(1)} points.`,
        ]
      : []),
    ...(largest === undefined
      ? []
      : [
          `The most frequent failure was ${largest.root_cause}${largest.blame === null ? '' : ` at ${largest.blame}`}: ${largest.questions.length} questions, ${largest.solved} of them right in the end.`,
        ]),
    ...reverted.map(
      ({ lever, iteration, decision }) =>
        `Lever ${lever} was taken back in iteration ${iteration}: ${decision?.reason ?? 'no reason recorded'}`,
    ),
    ...session.platform_limitations.map(
      ({ code, recommendation }) => `Known limit ${code} was met: ${recommendation}`,
    ),
  ];
}

/** What to do next. */
export function nextSteps({ session }: ReportFacts, remaining: number): string[] {
  const doubted = session.iterations.some(({ arbiter_actions }) => arbiter_actions.length > 0);
  const judges = session.iterations.at(-1)?.scores ?? {};
  const lowest = Object.entries(judges).sort(([, a], [, b]) => a - b)[0];
  return [
    remaining > 0
      ? `Re-test the ${remaining} questions that are still wrong after their data or metadata changed.`
      : 'Add questions: all of the present ones are right.',
    doubted
      ? 'Review the arbiter’s verdicts: answer keys it doubts may be wrong.'
      : 'Check a sample of answer keys by hand: the arbiter doubted none.',
    'Watch the feedback that people give in the space.',
    'Measure again in four weeks, or sooner when tables change: genie-optimizer evaluate.',
    lowest !== undefined && lowest[1] < 50
      ? `Look at judge ${lowest[0]} (${lowest[1].toFixed(1)} %): its prompt or rules may be too strict.`
      : 'Judge prompts need no work: no judge rejects half of the answers.',
  ];
}
