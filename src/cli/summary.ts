import { counted } from '../core/index.ts';
import type { OptimizeResult } from '../pipeline/index.ts';
import { currentAccuracy, currentScores } from '../session/index.ts';

/** The closing table of a run, with the paths of what it wrote. */
export function summaryTable(result: OptimizeResult): string {
  const { session } = result;
  if (result.status === 'evaluated') return evaluationSummary(result);
  const kept = session.iterations.filter((iteration) => iteration.accepted && iteration.lever > 0);
  const takenBack =
    session.attempts.length +
    session.iterations.filter((iteration) => iteration.outcome === 'rolled_back').length;
  const rows: [string, string, string, string][] = [
    ['', 'before', 'after', 'change'],
    [
      'Train + validation questions',
      percent(result.baselineAccuracyPct),
      percent(result.finalAccuracyPct),
      change(result.baselineAccuracyPct, result.finalAccuracyPct),
    ],
    ...(result.heldOut
      ? [
          [
            'Held-out questions',
            percent(result.heldOut.beforePct),
            percent(result.heldOut.afterPct),
            change(result.heldOut.beforePct, result.heldOut.afterPct),
          ] as [string, string, string, string],
        ]
      : []),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `  ${row.map((text, column) => (column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0))).join('   ')}`;
  return [
    '',
    ...rows.map(line),
    ...(result.heldOut?.note ? ['', `  ${result.heldOut.note}`] : []),
    '',
    `  ${counted(kept.length, 'change set')} kept, ${takenBack} taken back. ${result.status}: ${result.reason ?? ''}`,
    '',
    `  Report:  ${result.reportPath}`,
    `  Session: ${result.sessionPath}`,
    '',
  ].join('\n');
}

/** What a run that changed nothing found. */
function evaluationSummary({ session, reportPath, sessionPath }: OptimizeResult): string {
  const baseline = session.iterations[0];
  const scores = Object.entries(baseline === undefined ? {} : currentScores(baseline)).map(
    ([judge, score]) => [judge, percent(score)] as const,
  );
  const rows = [
    ['Questions right', percent(baseline === undefined ? null : currentAccuracy(baseline))] as const,
    ...scores,
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    '',
    ...rows.map(([name, score]) => `  ${name.padEnd(width)}   ${score.padStart(7)}`),
    '',
    `  ${baseline?.correct_count ?? 0} of ${baseline?.evaluated_count ?? 0} right, ${baseline?.excluded_count ?? 0} excluded${isRescored(baseline) ? ', before answer keys were corrected' : ''}. The space was not touched.`,
    ...(session.planned_steps.length > 0
      ? [
          `  Planned: ${session.planned_steps.map(({ lever, changes }) => `lever ${lever}: ${counted(changes.length, 'change')}`).join(', ')}. Leave out --dry-run to try them.`,
        ]
      : []),
    '',
    `  Report:  ${reportPath}`,
    `  Session: ${sessionPath}`,
    '',
  ].join('\n');
}

/** Its counts were taken under keys that are in force no more. */
const isRescored = (baseline: OptimizeResult['session']['iterations'][number] | undefined): boolean =>
  baseline?.rescored_accuracy !== undefined;

const percent = (value: number | null): string => (value === null ? '–' : `${value.toFixed(1)} %`);

const change = (before: number | null, after: number | null): string =>
  before === null || after === null
    ? '–'
    : `${after >= before ? '+' : '−'}${Math.abs(after - before).toFixed(1)}`;

/** A result for a program, with `run_id`: the MLflow run of the last evaluation, which `--job-mode` reads. */
export function resultAsJson({ space: _space, ...result }: OptimizeResult): string {
  const { iterations, tracking } = result.session;
  const last = iterations.at(-1)?.iteration;
  return `${JSON.stringify({ run_id: tracking?.evaluation_runs[String(last)] ?? null, ...result }, null, 2)}\n`;
}
