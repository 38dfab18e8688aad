import type { Iteration, Session } from '../session/index.ts';
import { percent, points, table } from './markdown.ts';

/** One changed thing of the final space against the first, as a sentence. */
export interface ReportFacts {
  readonly session: Session;
  /** One sentence per difference between the space before and after. */
  readonly changes: readonly string[];
  /** Questions still wrong, with the judges' reasons. */
  readonly remaining: readonly {
    readonly questionId: string;
    readonly question: string;
    readonly reason: string;
  }[];
  /** Which evaluator measured, for the reader to judge the numbers. */
  readonly evaluator: string;
}

const LEVER_LABELS: Readonly<Record<string, string>> = {
  '1': 'Tables and columns',
  '2': 'Metric views and measures',
  '3': 'Functions and filters',
  '4': 'Monitoring tables',
  '5': 'ML tables',
  '6': 'Instructions and examples',
};

/** The report of a run in Markdown: what changed, what it brought, what was tried, what is still wrong. */
export function renderReport(facts: ReportFacts): string {
  const { session } = facts;
  const sections = [
    `# Genie space optimization: ${session.domain}`,
    summary(facts),
    ['## What changed in the space', bullets(facts.changes, 'Nothing: the space is as it was.')].join('\n\n'),
    ['## Levers', leverTable(session)].join('\n\n'),
    ['## Evaluations', evaluationTable(session)].join('\n\n'),
    ['## Attempts that were taken back', attemptTable(session)].join('\n\n'),
    ['## Questions still wrong', remainingTable(facts)].join('\n\n'),
    ...(session.warnings.length > 0 ? [['## Warnings', bullets(session.warnings, '')].join('\n\n')] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

function summary({ session, evaluator }: ReportFacts): string {
  const baseline = session.iterations[0];
  const best = session.iterations.find((iteration) => iteration.iteration === session.best_iteration);
  const heldOut = session.held_out_result;
  const gain = difference(best?.overall_accuracy, baseline?.overall_accuracy);
  const rows = [
    ['Space', `${session.space_id} on ${session.host}`],
    ['Status', `${session.status}${session.convergence_reason ? `: ${session.convergence_reason}` : ''}`],
    [
      'Accuracy (train and validation questions)',
      `${percent(baseline?.overall_accuracy)} → ${percent(best?.overall_accuracy)} (${points(gain)})`,
    ],
    ...(heldOut
      ? [
          [
            `Accuracy (${heldOut.total_questions} held-out questions, asked once at the end)`,
            `${percent(heldOut.before_accuracy)} → ${percent(heldOut.after_accuracy)}${heldOut.note ? ` (${heldOut.note})` : ''}`,
          ],
        ]
      : []),
    [
      'Questions',
      `${baseline?.total_questions ?? 0} asked, ${baseline?.excluded_count ?? 0} excluded at baseline`,
    ],
    ['Measured by', evaluator],
    ['Run', `${session.session_id}, ${session.started_at} to ${session.finished_at ?? session.updated_at}`],
    ...(session.escalation
      ? [['Needs attention', `${session.escalation.code}: ${session.escalation.detail}`]]
      : []),
  ];
  return table(['', ''], rows, '');
}

function leverTable(session: Session): string {
  const rows = Object.entries(session.lever_audit).map(([lever, audit]) => [
    `${lever} ${LEVER_LABELS[lever] ?? ''}`,
    audit.attempted ? 'yes' : 'no',
    String(audit.proposals_generated),
    String(audit.proposals_applied),
    points(session.lever_impacts[lever]?.delta),
    audit.skip_reason ?? '',
  ]);
  return table(
    ['Lever', 'Tried', 'Proposals', 'Kept', 'Last change', 'Not kept because'],
    rows,
    'No lever was tried.',
  );
}

function evaluationTable(session: Session): string {
  const rows = session.iterations.map((iteration) => [
    String(iteration.iteration),
    iteration.lever === 0 ? 'baseline' : String(iteration.lever),
    `${percent(iteration.overall_accuracy)} (${iteration.correct_count}/${iteration.evaluated_count})`,
    percent(iteration.cross_iteration_repeatability),
    iteration.outcome,
    iteration.decision?.reason ?? '',
  ]);
  return table(
    ['#', 'Lever', 'Accuracy', 'Same SQL as before', 'Outcome', 'Why'],
    rows,
    'Nothing was evaluated.',
  );
}

function attemptTable(session: Session): string {
  const rolledBack = session.iterations.filter((iteration: Iteration) => iteration.outcome === 'rolled_back');
  const rows = [
    ...session.attempts.map((attempt) => [
      String(attempt.lever),
      attempt.stage,
      attempt.skip_reason,
      attempt.detail,
    ]),
    ...rolledBack.map((iteration) => [
      String(iteration.lever),
      'full evaluation',
      'rolled back',
      iteration.decision?.reason ?? '',
    ]),
  ];
  return table(['Lever', 'Stage', 'Result', 'Detail'], rows, 'None.');
}

const remainingTable = ({ remaining }: ReportFacts): string =>
  table(
    ['Question', 'Text', 'Reason'],
    remaining.map((row) => [row.questionId, row.question, row.reason]),
    'None.',
  );

const bullets = (lines: readonly string[], empty: string): string =>
  lines.length === 0 ? empty : lines.map((line) => `- ${line}`).join('\n');

const difference = (after: number | null | undefined, before: number | null | undefined): number | null =>
  after === null || after === undefined || before === null || before === undefined ? null : after - before;
