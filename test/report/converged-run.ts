import type { ReportFacts, ReportRow } from '../../src/report/index.ts';
import { startSession, type Iteration, type Session } from '../../src/session/index.ts';

export const HEADINGS = [
  'Executive summary',
  'Iteration history',
  'Introspective analysis: failure clusters',
  'Proposal outcomes',
  'Arbiter corrections',
  'Per-question results',
  'Per-lever impact',
  'Control lever changes',
  'MLflow links',
  'GEPA Pareto evolution',
  'Dual persistence confirmation',
  'Files updated',
  'Remaining issues',
  'Key learnings',
  'Next steps',
  'Evidence and further details',
];

export const TARGETS = { syntax_validity: 98, schema_accuracy: 95, result_correctness: 85 };

export const started = (changes: Partial<Session> = {}): Session => ({
  ...startSession({
    sessionId: 'run_20261001T080000_abc123',
    spaceId: 's1',
    domain: 'Sales | EU',
    host: 'https://example.com',
    maxIterations: 5,
    now: '2026-10-01T08:00:00.000Z',
  }),
  ...changes,
});

export const iteration = (changes: Partial<Iteration>): Iteration => ({
  iteration: 0,
  lever: 0,
  eval_scope: 'full',
  timestamp: '2026-10-01T08:10:00.000Z',
  overall_accuracy: 50,
  adjusted_accuracy: 50,
  total_questions: 2,
  evaluated_count: 2,
  correct_count: 1,
  excluded_count: 0,
  failures: ['q2'],
  scores: { schema_accuracy: 50, result_correctness: 50 },
  thresholds_passed: false,
  config_hash: 'h0',
  benchmark_fingerprint: 'f',
  rows_ref: 'rows-0.json',
  patch_set: [],
  slice_result: null,
  p0_result: null,
  decision: null,
  accepted: true,
  outcome: 'accepted',
  cross_iteration_repeatability: null,
  arbiter_actions: [],
  next_action: '',
  ...changes,
});

export const row = (id: string, correct: boolean | null): ReportRow => ({
  question_id: id,
  question: `How many | orders\nfor ${id}?`,
  priority: id === 'q2' ? 'P0' : 'P1',
  expected_asset: 'TABLE',
  actual_asset: 'TABLE',
  correct,
  verdicts: {
    result_correctness: { value: correct === null ? 'excluded' : correct ? 'yes' : 'no', rationale: '' },
    schema_accuracy: { value: 'unknown', rationale: 'Timed out.' },
  },
  asi:
    correct === false
      ? [
          {
            question_id: id,
            judge: 'result_correctness',
            rationale: 'The filter on the region is missing.',
            asi: {
              failure_type: 'missing_filter',
              failure_type_raw: null,
              severity: 'major',
              confidence: 0.9,
              wrong_clause: 'WHERE',
              blame_set: ['main.sales.orders.region'],
              quoted_metadata_text: null,
              missing_metadata: null,
              ambiguity_detected: false,
              expected_value: null,
              actual_value: null,
              counterfactual_fix: 'Describe the column region.',
              affected_question_pattern: null,
            },
          },
        ]
      : [],
  comparison: { matchType: 'mismatch' },
});

export const PATCH = {
  id: 'P001',
  type: 'add_synonym',
  lever: 1,
  risk_level: 'low',
  confidence: 0.9,
  grounded_in: [],
  predicted_affected_questions: ['q2'],
  source_proposal_id: 'PR1',
  cluster_id: 'C001',
  table: 'main.sales.orders',
  column: 'region',
  synonym: 'territory | area',
};

export const converged = (): ReportFacts => ({
  session: started({
    status: 'converged',
    finished_at: '2026-10-01T09:00:00.000Z',
    iterations_used: 1,
    best_iteration: 1,
    best_overall_accuracy: 100,
    iterations: [
      iteration({}),
      iteration({
        iteration: 1,
        lever: 1,
        overall_accuracy: 100,
        correct_count: 2,
        failures: [],
        scores: { schema_accuracy: 100, result_correctness: 100 },
        patch_set: [PATCH],
        cross_iteration_repeatability: 90,
        decision: {
          rule: 'paired',
          decision: 'accepted',
          reason: 'It helps.',
          wins: ['q2'],
          losses: [],
          delta_pp: 50,
          regressions: [],
          p_value: 0.012,
          asks_used: 6,
        },
        arbiter_actions: [
          {
            question_id: 'q1',
            question: 'Q',
            verdict: 'both_correct',
            expected_sql: 'SELECT 1',
            generated_sql: 'SELECT 1 AS a',
            rationale: 'Two ways.',
          },
        ],
      }),
    ],
    lever_impacts: { '1': { before: 50, after: 100, delta: 50, proposals: ['PR1'], status: 'accepted' } },
  }),
  rows: new Map([
    [0, [row('q1', true), row('q2', false)]],
    [1, [row('q1', true), row('q2', true)]],
  ]),
  evaluator: 'native',
  targets: TARGETS,
  path: 'out/sales_optimization_2026-10-01.md',
});
