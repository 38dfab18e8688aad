import { describe, expect, it } from 'vitest';
import { asiSchema } from '../../src/asi/index.ts';
import { buildReport, renderMarkdown, reportSchema } from '../../src/report/index.ts';
import { converged, iteration, PATCH } from './converged-run.ts';

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
