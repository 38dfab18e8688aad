import { describe, expect, it } from 'vitest';
import { asiSchema } from '../../src/asi/index.ts';
import {
  buildReport,
  renderMarkdown,
  renderReport,
  reportPathOf,
  reportSchema,
  type ReportFacts,
  type ReportRow,
} from '../../src/report/index.ts';
import { startSession, type Iteration, type Session } from '../../src/session/index.ts';

const HEADINGS = [
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

const TARGETS = { syntax_validity: 98, schema_accuracy: 95, result_correctness: 85 };

const started = (changes: Partial<Session> = {}): Session => ({
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

const iteration = (changes: Partial<Iteration>): Iteration => ({
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

const row = (id: string, correct: boolean | null): ReportRow => ({
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

const PATCH = {
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

const converged = (): ReportFacts => ({
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

describe('the report of a converged run', () => {
  it('has every section, in order', () => {
    const markdown = renderReport(converged());
    const found = [...markdown.matchAll(/^## \d+\. (.*)$/gm)].map(([, heading]) => heading);
    expect(found).toEqual(HEADINGS);
  });

  it('is the same in JSON, and passes its schema', () => {
    const facts = converged();
    const report = reportSchema.parse(JSON.parse(JSON.stringify(buildReport(facts))));
    expect(renderMarkdown(report)).toBe(renderReport(facts));
    expect(renderReport(facts, { format: 'json' })).toBe(`${JSON.stringify(report, null, 2)}\n`);
  });

  it('compares the first evaluation with the last accepted one, with a sign', () => {
    const { summary } = buildReport(converged());
    expect(summary).toContainEqual({
      dimension: 'schema_accuracy',
      initial: 50,
      final: 100,
      target: 95,
      change: 50,
    });
    expect(renderReport(converged())).toContain(
      '| schema accuracy | 50.0 % | 100.0 % | 95 % | +50.0 points |',
    );
  });

  it('says n/a where nothing was measured, and never zero', () => {
    const { summary } = buildReport(converged());
    expect(summary[0]).toEqual({
      dimension: 'syntax_validity',
      initial: null,
      final: null,
      target: 98,
      change: null,
    });
    expect(renderReport(converged())).toContain('| syntax validity | n/a | n/a | 98 % | n/a |');
  });

  it('keeps tables whole whatever people wrote in their questions and patches', () => {
    const markdown = renderReport(converged());
    expect(markdown).toContain('How many \\| orders for q2?');
    for (const block of markdown.split('\n\n').filter((part) => part.startsWith('|'))) {
      const widths = block.split('\n').map((line) => line.split(/(?<!\\)\|/).length);
      expect(new Set(widths).size).toBe(1);
    }
  });

  it('tells for each proposal what it was meant to mend and what it mended', () => {
    expect(buildReport(converged()).proposals).toMatchObject([
      { proposal_id: 'PR1', cluster: 'C001', predicted: ['q2'], fixed: ['q2'], outcome: 'accepted' },
    ]);
  });

  it('groups the failures it began with by root cause and blamed object', () => {
    expect(buildReport(converged()).clusters).toEqual([
      {
        cluster_id: 'F001',
        root_cause: 'missing_filter',
        blame: 'main.sales.orders.region',
        questions: ['q2'],
        judges: ['result_correctness'],
        levers: [1],
        solved: 1,
      },
    ]);
  });

  it('shows decisions, arbiter and the health of judges', () => {
    const { additions, arbiter } = buildReport(converged());
    expect(additions.decisions).toMatchObject([{ rule: 'paired', p_value: 0.012, asks_used: 6 }]);
    expect(arbiter).toMatchObject({ invocations: 1, disambiguations: 1, auto_corrections: 0 });
    expect(additions.judge_health).toContainEqual({
      judge: 'schema_accuracy',
      scored: 0,
      failed: 2,
      excluded: 0,
    });
  });
});

describe('further facts of a session', () => {
  const { session, ...rest } = converged();
  const report = buildReport({
    ...rest,
    session: {
      ...session,
      queued_high_risk: [
        { lever: 1, rationale: 'Drops a column.', question_ids: ['q2'], patches: [{ ...PATCH, id: 'P009' }] },
      ],
      platform_limitations: [{ code: 'KGL-1', question_ids: ['q2'], recommendation: 'Give it a default.' }],
      repeatability_test: {
        average_repeatability_pct: 88.9,
        total_questions: 6,
        identical: 4,
        significant_variance: 1,
        critical_variance: 1,
        failures: ['q2'],
        routing_sensitive: [],
        asks: 12,
      },
      benchmark_corrections: [
        {
          question_id: 'q1',
          old_gt: 'SELECT 1',
          new_gt: 'SELECT 1 AS a',
          key_version: 2,
          arbiter_run_id: null,
          timestamp: '2026-10-01T08:30:00.000Z',
        },
      ],
      held_out_result: {
        before_accuracy: 40,
        after_accuracy: 60,
        total_questions: 5,
        gap_pp: 40,
        failures: [],
        note: null,
      },
    },
  });

  it('are shown: patches that wait, known limits, held-out questions', () => {
    expect(report.additions).toMatchObject({
      queued_patches: [{ patch_id: 'P009', lever: 1 }],
      known_limits: [{ id: 'KGL-1', questions: ['q2'] }],
      held_out: { before: 40, after: 60, gap_pp: 40 },
    });
    const markdown = renderMarkdown(report);
    expect(markdown).toContain('| KGL-1 | q2 | Give it a default. |');
    expect(markdown).toContain('P009');
  });

  it('take repeatability from the test that measured it, and account for every question', () => {
    expect(report.summary.at(-1)).toMatchObject({ dimension: 'repeatability', final: 88.9 });
    const classes = report.additions.repeatability.test?.classes ?? [];
    expect(classes.reduce((sum, { questions }) => sum + questions, 0)).toBe(6);
  });

  it('show the corrected key beside the old one', () => {
    expect(report.arbiter).toMatchObject({
      auto_corrections: 1,
      rows: [{ question_id: 'q1', old_key: 'SELECT 1', new_key: 'SELECT 1 AS a' }],
    });
  });
});

describe('everything the session knows', () => {
  const { session, ...rest } = converged();
  const failure = {
    question_id: 'q1',
    judge: 'repeatability',
    synthetic: true,
    rationale: 'The statement changed.',
    asi: asiSchema.parse({
      failure_type: 'repeatability_issue',
      severity: 'major',
      blame_set: ['asset_routing:MV'],
      counterfactual_fix: 'Describe the columns.',
    }),
  } as const;
  const [baseline, first] = session.iterations;
  const report = buildReport({
    ...rest,
    session: {
      ...session,
      iterations: [
        { ...(baseline ?? iteration({})), rescored_accuracy: 75, rescored_scores: { schema_accuracy: 60 } },
        { ...(first ?? iteration({})), repeatability_failures: [failure] },
      ],
      repeatability_test: {
        average_repeatability_pct: 66.7,
        total_questions: 2,
        identical: 1,
        significant_variance: 0,
        critical_variance: 1,
        failures: ['q2'],
        routing_sensitive: ['q2'],
        asks: 4,
        average_answer_repeatability_pct: 83.3,
        minor_variance: 0,
        unmeasured: 0,
        no_sql: 0,
      },
      final_repeatability_failures: [
        { ...failure, question_id: 'q2', asi: { ...failure.asi, severity: 'critical' } },
      ],
      benchmark_corrections: [
        {
          question_id: 'q1',
          old_gt: 'SELECT 1',
          new_gt: 'SELECT 2',
          key_version: 2,
          arbiter_run_id: null,
          timestamp: '2026-10-01T08:30:00.000Z',
        },
      ],
      proposed_corrections: [{ question_id: 'q2', new_gt: 'SELECT 3', confirmations: 1, declined: true }],
      excluded_questions: [
        { question_id: 'q3', reason_code: 'temporal_stale', detail: 'Fixed to 2024-01-01.' },
      ],
      suite_quality: {
        questions: 2,
        quarantined: 1,
        families: 2,
        smallest_gain_pp: null,
        fewest_wins: null,
        findings: [
          { kind: 'too_easy', question_ids: ['q1'], reason: 'Always right.', advice: 'Add harder ones.' },
        ],
        coverage: {
          domain_size: 'small',
          required_questions: 10,
          missing_categories: ['ranking'],
          uncovered_assets: ['mv_sales'],
          p0: 1,
          held_out: 0,
          warnings: ['2 questions are open to the loop; a small domain needs 10. Add questions.'],
        },
      },
      judge_quality: [
        {
          judge_name: 'schema_accuracy',
          feedback_type: 'x',
          example: 'Check it.',
          desired: 'Name it.',
          count: 7,
        },
      ],
      planned_steps: [{ lever: 3, patches: [], changes: ['Adds PARAMS to get_calls.'] }],
      needs_bilateral: [{ lever: 2, rationale: 'Says one side.', question_ids: ['q1'] }],
      instruction_evictions: [
        {
          patch: { type: 'remove_instruction', old_text: 'Be nice.' },
          value: 0,
          for_question_ids: ['q2'],
          reason: 'No passing question needs it.',
        },
      ],
      worker_reads: [
        { worker: 'optimizer', handler: 'propose', overridden: true, ok: true, at: '', duration_ms: 1 },
        { worker: 'optimizer', handler: 'propose', overridden: true, ok: true, at: '', duration_ms: 1 },
        { worker: 'evaluator', handler: 'p0Gate', overridden: true, ok: true, at: '', duration_ms: 1 },
        { worker: 'evaluator', handler: 'sliceGate', overridden: false, ok: true, at: '', duration_ms: 1 },
      ],
      warnings: ["Phase 'p0Gate' decides about safety and was replaced by your own handler."],
    },
  });
  const markdown = renderMarkdown(report);

  it.each([
    ['what the questions are worth', '| too easy | q1 | Always right. | Add harder ones. |'],
    ['that the suite shows no gain', 'The suite is too small to show any gain.'],
    ['what is missing in the suite', 'a small domain needs 10'],
    ['questions left out', '| q3 | temporal stale | Fixed to 2024-01-01. |'],
    ['how alike repeated answers were', '66.7 % of the statements stayed the same, 83.3 % of the answers'],
    ['the class of every question', '| without SQL | 0 |'],
    ['questions whose routing wavers', 'whatever is said: q2'],
    [
      'instability found for free',
      '| iteration 1 | q1 | major | MV | The statement changed. | Describe the columns. |',
    ],
    ['instability found by asking again', '| asking again | q2 | critical | MV |'],
    ['corrected keys', '| q1 | 2 | SELECT 1 | SELECT 2 |'],
    ['what the corrections alone changed', 'changed the first figure by +25.0 points; no lever'],
    ['corrections that wait', '| q2 | SELECT 3 | 1 | yes |'],
    ['judges that say nothing specific', '| schema_accuracy | 7 | Check it. | Name it. |'],
    ['instructions that could go', 'No passing question needs it.'],
    ['what a dry run would try', '| 3 | Adds PARAMS to get_calls. |'],
    ['one-sided routing proposals', '| 2 | q1 | Says one side. |'],
    ['phases that were replaced', '| p0Gate | 1 | yes |'],
    ['how often they ran', '| propose | 2 | no |'],
  ])('is in the report: %s', (_, line) => {
    expect(markdown).toContain(line);
  });

  it('is in the JSON too', () => {
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report.additions.notes.overridden_phases.map(({ phase }) => phase)).toEqual(['p0Gate', 'propose']);
    expect(report.additions.corrections).toMatchObject({ gain_pp: 25, refresh_advised: false });
  });

  it('compares both ends under the answer keys in force: a corrected key is no progress', () => {
    expect(report.header.accuracy).toEqual({ initial: 75, final: 100, change: 25 });
    expect(report.summary.find(({ dimension }) => dimension === 'schema_accuracy')?.initial).toBe(60);
    expect(markdown).toContain('50.0 % (1/2), 75.0 % under corrected keys');
  });
});

describe('the report of a run that ended early', () => {
  it('still has every section when nothing was evaluated', () => {
    const facts: ReportFacts = {
      session: started({
        escalation: { code: 'aborted', detail: 'Genie is down.', at: '2026-10-01T08:01:00.000Z' },
      }),
      rows: new Map(),
      evaluator: 'native',
      targets: TARGETS,
      path: null,
    };
    const markdown = renderReport(facts);
    expect([...markdown.matchAll(/^## \d+\. (.*)$/gm)].map(([, heading]) => heading)).toEqual(HEADINGS);
    expect(markdown).toContain('Nothing was evaluated.');
    expect(markdown).toContain('aborted: Genie is down.');
  });

  it('lists what is still wrong, P0 first, with the recommended fix', () => {
    const { session } = converged();
    const facts = {
      ...converged(),
      session: { ...session, iterations: session.iterations.slice(0, 1) },
      rows: new Map([[0, [row('q1', false), row('q2', false)]]]),
    };
    expect(buildReport(facts).remaining).toMatchObject([
      { question_id: 'q2', priority: 'High', fix: 'Describe the column region.' },
      { question_id: 'q1', priority: 'Medium', root_cause: 'missing_filter' },
    ]);
  });

  it('falls back to the session alone when rows are not stored', () => {
    const facts = { ...converged(), rows: new Map() };
    const report = buildReport({ ...facts, session: { ...facts.session, remaining_failures: ['q9'] } });
    expect(report.remaining).toMatchObject([{ question_id: 'q9', root_cause: null }]);
    expect(report.questions).toEqual([]);
    expect(report.clusters).toEqual([]);
    expect(report.iterations[0]?.clusters).toBeNull();
  });

  it('does not take an evaluation that was rolled back for the final one', () => {
    const facts = converged();
    const iterations = facts.session.iterations.map((entry) =>
      entry.iteration === 1 ? { ...entry, accepted: false, outcome: 'rolled_back' as const } : entry,
    );
    const report = buildReport({ ...facts, session: { ...facts.session, iterations } });
    expect(report.header.accuracy).toEqual({ initial: 50, final: 50, change: 0 });
    expect(report.changes).toEqual([]);
    expect(report.learnings.some((line) => line.startsWith('Lever 1 was taken back'))).toBe(true);
  });
});

describe('reportPathOf', () => {
  const place = (existing: readonly string[]) => ({
    outputDir: 'out',
    exists: (path: string) => Promise.resolve(existing.includes(path)),
  });
  it.each([
    ['names the report after domain and day', [], {}, 'out/Sales-EU_optimization_2026-10-01.md'],
    [
      'does not overwrite the report of an earlier run of that day',
      ['out/Sales-EU_optimization_2026-10-01.md'],
      {},
      'out/Sales-EU_optimization_2026-10-01_80000_abc123.md',
    ],
    [
      'keeps the path of a run that was reported before',
      ['out/mine.md'],
      { report_path: 'out/mine.md' },
      'out/mine.md',
    ],
  ])('%s', async (_name, existing, changes, expected) => {
    expect(await reportPathOf(started(changes), place(existing))).toBe(expected);
  });
});
