import { keptChanges, leverImpact, proposalOutcomes, sentenceOf } from './change-sections.ts';
import { learningsOf, nextSteps, remainingIssues } from './closing-sections.ts';
import { failureGroups } from './failure-groups.ts';
import { optionalFacts } from './optional-facts.ts';
import { lastAccepted, type ReportFacts } from './report-facts.ts';
import { correctionsOf } from './corrections-section.ts';
import { instabilityOf } from './instability-section.ts';
import { notesOf } from './notes-section.ts';
import { secondOpinionsOf } from './second-opinion-section.ts';
import { excludedOf, suiteQualityOf } from './suite-section.ts';
import { REPORT_VERSION, reportSchema, type Report } from './report-schema.ts';
import { REPEATABILITY_TARGET_PCT } from '../repeatability/index.ts';
import { currentAccuracy, currentScores } from '../session/index.ts';

/** Builds the report of a run from its session and stored rows. Pure; validated by {@link reportSchema}. */
export function buildReport(facts: ReportFacts): Report {
  const { session, rows } = facts;
  const clusters = failureGroups(facts);
  const last = lastAccepted(session);
  const finalRows = rows.get(last?.iteration ?? -1) ?? [];
  const remaining = remainingIssues(facts, finalRows);
  return reportSchema.parse({
    report_version: REPORT_VERSION,
    header: headerOf(facts),
    summary: summaryOf(facts),
    iterations: session.iterations.map((iteration) => ({
      iteration: iteration.iteration,
      lever: iteration.lever,
      accuracy: iteration.overall_accuracy,
      accuracy_now: currentAccuracy(iteration),
      correct: iteration.correct_count,
      evaluated: iteration.evaluated_count,
      failures: iteration.failures.length,
      clusters:
        iteration.iteration === session.iterations[0]?.iteration && rows.size > 0 ? clusters.length : null,
      proposals_applied: new Set(iteration.patch_set.map((patch) => patch['source_proposal_id'] ?? patch.id))
        .size,
      regressions: (iteration.decision?.regressions ?? []).map(({ metric }) => metric),
      same_sql_pct: iteration.cross_iteration_repeatability,
      outcome: iteration.outcome,
      reason: iteration.decision?.reason ?? null,
    })),
    attempts: session.attempts.map(({ lever, stage, skip_reason, detail }) => ({
      lever,
      stage,
      result: skip_reason,
      detail,
    })),
    clusters,
    proposals: proposalOutcomes(facts),
    arbiter: arbiterOf(facts),
    questions: finalRows.map((row) => ({
      question_id: row.question_id,
      question: row.question,
      expected_asset: row.expected_asset,
      actual_asset: row.actual_asset,
      verdicts: Object.fromEntries(Object.entries(row.verdicts).map(([judge, { value }]) => [judge, value])),
      status: row.correct === null ? 'EXCLUDED' : row.correct ? 'PASS' : 'FAIL',
    })),
    levers: leverImpact(facts),
    changes: keptChanges(facts),
    mlflow: mlflowOf(facts),
    gepa: optionalFacts(session).gepa_result ?? null,
    persistence: persistenceOf(facts),
    files: [...(optionalFacts(session).files_written ?? []), ...(facts.path === null ? [] : [facts.path])],
    remaining,
    learnings: learningsOf(facts, clusters),
    next_steps: nextSteps(facts, remaining.length),
    additions: additionsOf(facts, finalRows),
  } satisfies Report);
}

const difference = (after: number | null | undefined, before: number | null | undefined): number | null =>
  after === null || after === undefined || before === null || before === undefined ? null : after - before;

function headerOf({ session, evaluator }: ReportFacts): Report['header'] {
  const [first] = session.iterations;
  const last = lastAccepted(session);
  const initial = first === undefined ? null : currentAccuracy(first);
  const final = last === undefined ? null : currentAccuracy(last);
  return {
    date: (session.finished_at ?? session.updated_at).slice(0, 10),
    space_id: session.space_id,
    host: session.host,
    domain: session.domain,
    session_id: session.session_id,
    experiment: session.tracking?.experiment_name ?? null,
    iterations_used: session.iterations_used,
    max_iterations: session.max_iterations,
    status: session.status,
    reason: session.convergence_reason,
    evaluator,
    started_at: session.started_at,
    finished_at: session.finished_at,
    accuracy: { initial, final, change: difference(final, initial) },
    questions: { asked: first?.total_questions ?? 0, excluded: first?.excluded_count ?? 0 },
  };
}

function summaryOf({ session, targets }: ReportFacts): Report['summary'] {
  const [first] = session.iterations;
  const last = lastAccepted(session);
  const repeatability =
    session.repeatability_test?.average_repeatability_pct ?? last?.cross_iteration_repeatability ?? null;
  return [
    ...Object.entries(targets).map(([dimension, target]) => {
      const initial = first === undefined ? null : (currentScores(first)[dimension] ?? null);
      const final = last === undefined ? null : (currentScores(last)[dimension] ?? null);
      return { dimension, initial, final, target, change: difference(final, initial) };
    }),
    {
      dimension: 'repeatability',
      initial: null,
      final: repeatability,
      target: REPEATABILITY_TARGET_PCT,
      change: null,
    },
  ];
}

function arbiterOf({ session }: ReportFacts): Report['arbiter'] {
  const actions = session.iterations.flatMap(({ arbiter_actions }) => arbiter_actions);
  const corrections = session.benchmark_corrections;
  const latest = new Map(actions.map((action) => [action.question_id, action]));
  return {
    invocations: actions.length,
    auto_corrections: corrections.length,
    disambiguations: actions.filter(({ verdict }) => verdict === 'both_correct').length,
    rows: [...latest.values()].map((action) => ({
      question_id: action.question_id,
      verdict: action.verdict,
      old_key: action.expected_sql,
      new_key: corrections.find(({ question_id }) => question_id === action.question_id)?.new_gt ?? null,
      reason: action.rationale,
    })),
  };
}

function mlflowOf({ session }: ReportFacts): Report['mlflow'] {
  const { tracking, best_iteration: best } = session;
  if (tracking === null) return null;
  return {
    experiment: tracking.experiment_name,
    experiment_id: tracking.experiment_id,
    evaluation_runs: Object.keys(tracking.evaluation_runs).length,
    best_run_id: best === null ? null : (tracking.evaluation_runs[String(best)] ?? null),
    best_iteration: best,
    promoted_model_id: tracking.promoted_model_id,
    models: tracking.models,
  };
}

function persistenceOf({ session }: ReportFacts): Report['persistence'] {
  const { deploy_result: deploy, post_deploy_result: after, files_written: files } = optionalFacts(session);
  const kept = session.iterations.filter(({ accepted }) => accepted).flatMap(({ patch_set }) => patch_set);
  return [
    { check: 'Direct updates of space and Unity Catalog', result: `${kept.length} patches read back` },
    { check: 'Repository files updated', result: files === undefined ? null : String(files.length) },
    { check: 'Written to the space once, at the end', result: session.promotion?.state ?? null },
    { check: 'Bundle deployed', result: deploy?.status ?? null },
    { check: 'The space after deployment is as accepted', result: after?.status ?? null },
  ];
}

function additionsOf({ session }: ReportFacts, finalRows: readonly ReportFactsRow[]): Report['additions'] {
  const frontier = new Set(session.pareto_frontier.map(({ iteration }) => iteration));
  const held = session.held_out_result;
  return {
    decisions: session.iterations.flatMap(({ iteration, decision }) =>
      decision === null
        ? []
        : [
            {
              iteration,
              rule: decision.rule,
              decision: decision.decision,
              wins: decision.wins,
              losses: decision.losses,
              estimated_delta_pp: decision.estimated_delta_pp ?? decision.delta_pp,
              p_value: decision.p_value ?? null,
              asks_used: decision.asks_used ?? null,
              reason: decision.reason,
            },
          ],
    ),
    evidence: session.iterations.flatMap(({ iteration, label }) =>
      label === undefined
        ? []
        : [
            {
              iteration,
              scope: label.scope,
              split: label.split,
              evaluator: label.evaluator,
              comparator_version: label.comparator_version,
              answer_key_version: label.answer_key_version,
              questions: label.questions,
              asks: label.asks,
              config_hash: label.config_hash,
            },
          ],
    ),
    pareto: session.pareto_points.map((point) => ({
      iteration: point.iteration,
      correctness: point.correctness,
      repeatability: point.repeatability,
      regressions: point.regressions,
      patch_cost: point.patch_cost,
      accepted: point.accepted,
      on_frontier: frontier.has(point.iteration),
    })),
    repeatability: instabilityOf(session),
    corrections: correctionsOf(session),
    suite_quality: suiteQualityOf(session),
    excluded_questions: excludedOf(session),
    notes: notesOf(session),
    held_out:
      held === null
        ? null
        : {
            questions: held.total_questions,
            before: held.before_accuracy,
            after: held.after_accuracy,
            gap_pp: held.gap_pp,
            note: held.note,
          },
    escalation: session.escalation && {
      code: session.escalation.code,
      detail: session.escalation.detail,
      at: session.escalation.at,
    },
    second_opinions: secondOpinionsOf(session),
    stale_benchmarks: session.stale_benchmarks.map(({ question_id, question }) => ({
      question_id,
      question,
    })),
    queued_patches: session.queued_high_risk.flatMap(({ lever, patches, question_ids, rationale }) =>
      patches.map((patch) => ({
        patch_id: patch.id,
        lever,
        change: sentenceOf(patch),
        questions: question_ids,
        why: rationale,
      })),
    ),
    judge_health: judgeHealth(finalRows),
    known_limits: session.platform_limitations.map(({ code, question_ids, recommendation }) => ({
      id: code,
      questions: question_ids,
      recommendation,
    })),
    uc_changes: Object.entries(session.tracking?.uc_changes ?? {}).flatMap(([iteration, summary]) =>
      summary === null
        ? []
        : [
            {
              iteration: Number(iteration),
              columns: summary.columns_changed,
              tags: summary.tags_changed,
              routines: summary.routines_changed,
              objects: summary.objects_changed,
            },
          ],
    ),
    warnings: [...session.warnings],
  };
}

type ReportFactsRow = NonNullable<ReturnType<ReportFacts['rows']['get']>>[number];

function judgeHealth(rows: readonly ReportFactsRow[]): Report['additions']['judge_health'] {
  const judges = [...new Set(rows.flatMap(({ verdicts }) => Object.keys(verdicts)))];
  return judges.map((judge) => {
    const values = rows.flatMap(({ verdicts }) => verdicts[judge]?.value ?? []);
    return {
      judge,
      scored: values.filter((value) => value !== 'unknown' && value !== 'excluded' && value !== 'skipped')
        .length,
      failed: values.filter((value) => value === 'unknown').length,
      excluded: values.filter((value) => value === 'excluded' || value === 'skipped').length,
    };
  });
}
