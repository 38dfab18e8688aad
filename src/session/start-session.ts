import { SESSION_SCHEMA_VERSION, type Session } from './session.ts';

const EMPTY_AUDIT = { attempted: false, proposals_generated: 0, proposals_applied: 0, skip_reason: null };

/** A session at its first moment: nothing measured, nothing changed. */
export function startSession(facts: {
  readonly sessionId: string;
  readonly spaceId: string;
  readonly domain: string;
  readonly host: string;
  readonly maxIterations: number;
  readonly now: string;
  /** Default `null`. */
  readonly runOptions?: Session['run_options'];
  /** Default `live`. */
  readonly isolation?: Session['isolation'];
}): Session {
  return {
    schema_version: SESSION_SCHEMA_VERSION,
    session_id: facts.sessionId,
    space_id: facts.spaceId,
    domain: facts.domain,
    host: facts.host,
    started_at: facts.now,
    updated_at: facts.now,
    finished_at: null,
    status: 'in_progress',
    convergence_reason: null,
    escalation: null,
    max_iterations: facts.maxIterations,
    run_options: facts.runOptions ?? null,
    current_iteration: 0,
    iterations_used: 0,
    sweep: 1,
    sweep_changed: false,
    lever_attempts: 0,
    next_lever: 1,
    iterations: [],
    attempts: [],
    best_iteration: null,
    best_overall_accuracy: null,
    remaining_failures: [],
    lever_audit: Object.fromEntries([1, 2, 3, 4, 5, 6].map((lever) => [String(lever), { ...EMPTY_AUDIT }])),
    lever_impacts: {},
    initial_config: null,
    accepted_config: null,
    current_patch_set: null,
    patched_objects: [],
    current_apply_log: null,
    provisional_apply_logs: [],
    history: [],
    pending: null,
    stall_counter: 0,
    benchmark_fingerprint: null,
    stale_benchmarks: [],
    held_out_result: null,
    benchmark_correction_needed: false,
    corrected_questions: [],
    isolation: facts.isolation ?? 'live',
    clones: null,
    promotion: null,
    pareto_points: [],
    pareto_frontier: [],
    tracking: null,
    platform_limitations: [],
    needs_bilateral: [],
    judge_quality: [],
    instruction_evictions: [],
    queued_high_risk: [],
    planned_steps: [],
    closed_levers: [],
    excluded_questions: [],
    suite_ref: null,
    suite_quality: null,
    repeatability_test: null,
    final_repeatability_failures: [],
    earlier_repeatability_failures: [],
    score_history: [],
    patch_history: [],
    second_opinions: [],
    benchmark_corrections: [],
    benchmark_corrections_applied_at: null,
    proposed_corrections: [],
    rebaselined_at: null,
    worker_reads: [],
    warnings: [],
    report_path: null,
  };
}
