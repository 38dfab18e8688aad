import { bullets, cell, percent, points, table, text, words } from './markdown.ts';
import { renderAdditions } from './render-additions.ts';
import type { Report } from './report-schema.ts';

/** The report in Markdown, section by section in the order of spec/logged-model-lifecycle.md §10. */
export function renderMarkdown(report: Report): string {
  const sections: [string, string][] = [
    ['Executive summary', executiveSummary(report)],
    ['Iteration history', iterationHistory(report)],
    ['Introspective analysis: failure clusters', clusterTable(report)],
    ['Proposal outcomes', proposalTable(report)],
    ['Arbiter corrections', arbiterSection(report)],
    ['Per-question results', questionTable(report)],
    ['Per-lever impact', leverTable(report)],
    ['Control lever changes', changeTable(report)],
    ['MLflow links', mlflowTable(report)],
    ['GEPA Pareto evolution', gepaSection(report)],
    ['Dual persistence confirmation', persistenceTable(report)],
    ['Files updated', bullets(report.files, 'None.')],
    ['Remaining issues', remainingTable(report)],
    ['Key learnings', bullets(report.learnings, 'None: nothing was changed and nothing failed.')],
    ['Next steps', report.next_steps.map((step) => `- [ ] ${cell(step)}`).join('\n')],
    ['Evidence and further details', renderAdditions(report)],
  ];
  const body = sections.map(([title, content], at) => `## ${at + 1}. ${title}\n\n${content}`);
  return `${[header(report), ...body].join('\n\n')}\n`;
}

function header({ header: facts, additions: { escalation } }: Report): string {
  const rows = [
    ['Date', facts.date],
    ['Space', `${facts.space_id} on ${facts.host}`],
    ['Domain', facts.domain],
    ['Experiment', text(facts.experiment)],
    ['Iterations', `${facts.iterations_used} of ${facts.max_iterations} used`],
    ['Status', `${facts.status}${facts.reason === null ? '' : `: ${facts.reason}`}`],
    [
      'Accuracy (train and validation questions)',
      `${percent(facts.accuracy.initial)} → ${percent(facts.accuracy.final)} (${points(facts.accuracy.change)})`,
    ],
    ['Questions', `${facts.questions.asked} asked, ${facts.questions.excluded} excluded at baseline`],
    ['Measured by', facts.evaluator],
    ['Run', `${facts.session_id}, ${facts.started_at} to ${facts.finished_at ?? 'not finished'}`],
    ...(escalation === null ? [] : [['Needs attention', `${escalation.code}: ${escalation.detail}`]]),
  ];
  return `# Genie space optimization: ${cell(facts.domain)}\n\n${table(['', ''], rows, '')}`;
}

const executiveSummary = ({ summary }: Report): string =>
  table(
    ['Dimension', 'Initial', 'Final', 'Target', 'Change'],
    summary.map((row) => [
      words(row.dimension),
      percent(row.initial),
      percent(row.final),
      `${row.target} %`,
      points(row.change),
    ]),
    'n/a',
  );

function iterationHistory({ iterations, attempts }: Report): string {
  const history = table(
    [
      'Iter',
      'Lever',
      'Accuracy',
      'Failures',
      'Clusters',
      'Proposals applied',
      'Regressions',
      'Same SQL as before',
      'Outcome',
      'Why',
    ],
    iterations.map((row) => [
      String(row.iteration),
      row.lever === 0 ? 'baseline' : String(row.lever),
      `${percent(row.accuracy)} (${row.correct}/${row.evaluated})${
        row.accuracy_now === row.accuracy ? '' : `, ${percent(row.accuracy_now)} under corrected keys`
      }`,
      String(row.failures),
      text(row.clusters),
      String(row.proposals_applied),
      row.regressions.join(', ') || 'none',
      percent(row.same_sql_pct),
      row.outcome,
      text(row.reason, ''),
    ]),
    'Nothing was evaluated.',
  );
  const ended = table(
    ['Lever', 'Stage', 'Result', 'Detail'],
    attempts.map((row) => [String(row.lever), row.stage, row.result, row.detail]),
    'None.',
  );
  return `${history}\n\nAttempts that ended before a full evaluation:\n\n${ended}`;
}

const clusterTable = ({ clusters }: Report): string =>
  table(
    ['Cluster', 'Root cause', 'Blamed', 'Questions', 'Judges', 'Levers', 'Net impact'],
    clusters.map((row) => [
      row.cluster_id,
      row.root_cause,
      text(row.blame),
      row.questions.join(', '),
      row.judges.join(', ') || 'n/a',
      row.levers.join(', ') || 'none',
      `${row.solved} of ${row.questions.length} right in the end`,
    ]),
    'No failures, or their rows are not stored.',
  );

const proposalTable = ({ proposals }: Report): string =>
  table(
    ['Proposal', 'Iter', 'Cluster', 'Change', 'Predicted fix', 'Actual fix', 'Regressions', 'Outcome'],
    proposals.map((row) => [
      row.proposal_id,
      String(row.iteration),
      text(row.cluster),
      row.change,
      row.predicted.join(', ') || 'n/a',
      row.fixed.join(', ') || 'none',
      row.regressions.join(', ') || 'none',
      row.outcome,
    ]),
    'No proposal was evaluated.',
  );

function arbiterSection({ arbiter }: Report): string {
  const totals = `${arbiter.invocations} verdicts, ${arbiter.auto_corrections} answer keys corrected, ${arbiter.disambiguations} disambiguations.`;
  const rows = arbiter.rows.map((row) => [
    row.question_id,
    row.verdict,
    row.old_key,
    text(row.new_key),
    row.reason,
  ]);
  return `${totals}\n\n${table(['Question', 'Verdict', 'Old key', 'New key', 'Reason'], rows, 'None.')}`;
}

/** Judges shown per question, in this order, where they spoke. */
const SHOWN_JUDGES = [
  'syntax_validity',
  'schema_accuracy',
  'logical_accuracy',
  'semantic_equivalence',
  'completeness',
  'result_correctness',
] as const;

const questionTable = ({ questions }: Report): string =>
  table(
    ['Id', 'Question', 'Expected asset', 'Actual asset', ...SHOWN_JUDGES.map(words), 'Status'],
    questions.map((row) => [
      row.question_id,
      row.question,
      row.expected_asset,
      row.actual_asset,
      ...SHOWN_JUDGES.map((judge) => row.verdicts[judge] ?? 'n/a'),
      row.status,
    ]),
    'n/a: the rows of the final evaluation are not stored.',
  );

const leverTable = ({ levers }: Report): string =>
  table(
    ['Lever', 'Before', 'After', 'Change', 'Proposals', 'Kept', 'Status'],
    levers.map((row) => [
      `${row.lever} ${row.name}`,
      percent(row.before),
      percent(row.after),
      points(row.delta),
      String(row.proposals),
      String(row.kept),
      row.status,
    ]),
    'n/a',
  );

const changeTable = ({ changes }: Report): string =>
  table(
    ['Lever', 'Change', 'Questions', 'Where'],
    changes.map((row) => [text(row.lever), row.change, row.questions.join(', ') || 'n/a', row.where]),
    'Nothing: the space is as it was.',
  );

function mlflowTable({ mlflow }: Report): string {
  if (mlflow === null) return 'n/a: the run was not tracked in MLflow.';
  const rows = [
    ['Experiment', `${mlflow.experiment} (${mlflow.experiment_id})`],
    ['Runs of full evaluations', String(mlflow.evaluation_runs)],
    ['Best run', `${text(mlflow.best_run_id)}, iteration ${text(mlflow.best_iteration)}`],
    ['Promoted version', text(mlflow.promoted_model_id)],
    ...Object.entries(mlflow.models).map(([iteration, id]) => [`Version of iteration ${iteration}`, id]),
  ];
  return table(['', ''], rows, '');
}

const gepaSection = ({ gepa }: Report): string =>
  gepa === null || gepa === undefined
    ? 'Not run.'
    : `\`\`\`json\n${JSON.stringify(gepa, null, 2).replaceAll('```', '` ` `')}\n\`\`\``;

const persistenceTable = ({ persistence }: Report): string =>
  table(
    ['Check', 'Result'],
    persistence.map(({ check, result }) => [check, text(result)]),
    'n/a',
  );

const remainingTable = ({ remaining }: Report): string =>
  table(
    ['Question', 'Text', 'Issue', 'Root cause', 'Recommended fix', 'Priority'],
    remaining.map((row) => [
      row.question_id,
      row.question,
      row.issue,
      text(row.root_cause),
      text(row.fix),
      row.priority,
    ]),
    'None.',
  );
