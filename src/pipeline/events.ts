import type { EvalScope } from '../benchmarks/index.ts';
import type { Decision, LeverSkipReason, RunStatus } from '../session/index.ts';
import type { PhaseId } from './phase-ids.ts';
import type { RunBudget } from './run-budget.ts';

/** What a run tells while it works. Percentages are 0–100, durations milliseconds. */
export type OptimizeEvent =
  | {
      readonly type: 'run_started';
      readonly sessionId: string;
      readonly spaceId: string;
      readonly resumed: boolean;
      readonly questions: number;
    }
  | { readonly type: 'phase_started'; readonly phase: PhaseId; readonly lever: number | null }
  | {
      readonly type: 'phase_finished';
      readonly phase: PhaseId;
      readonly lever: number | null;
      readonly durationMs: number;
      readonly overridden: boolean;
    }
  | {
      readonly type: 'question_done';
      readonly scope: EvalScope;
      readonly questionId: string;
      readonly done: number;
      readonly total: number;
      /** Accuracy over the questions of this evaluation so far; `null` until one counts. */
      readonly accuracyPct: number | null;
      readonly elapsedMs: number;
      /** Estimate for the rest of this evaluation. */
      readonly remainingMs: number | null;
    }
  | {
      readonly type: 'evaluation_finished';
      readonly scope: EvalScope;
      readonly iteration: number;
      readonly accuracyPct: number | null;
      readonly correct: number;
      readonly evaluated: number;
      readonly excluded: number;
    }
  | {
      /** Questions that this run leaves out, with the reason. */
      readonly type: 'questions_excluded';
      readonly questions: readonly { readonly questionId: string; readonly reason: string }[];
    }
  | {
      /** Answer keys were checked for fixed dates; `stale`: ids of questions that ask for a relative period. */
      readonly type: 'freshness_checked';
      readonly stale: readonly string[];
    }
  | {
      /** What asking everything again at the end will cost, told before it starts. */
      readonly type: 'repeatability_announced';
      readonly questions: number;
      readonly asks: number;
      /** `null`: the workspace sets no pace. */
      readonly seconds: number | null;
    }
  | {
      /** Answer keys that were corrected; past scores were computed again under them. */
      readonly type: 'keys_corrected';
      readonly questionIds: readonly string[];
      readonly refreshAdvised: boolean;
    }
  | {
      /** What the strategy chose, and why. */
      readonly type: 'strategy_step';
      readonly strategy: string;
      readonly levers: readonly number[];
      readonly log: string;
    }
  | {
      readonly type: 'proposals_ready';
      readonly lever: number;
      readonly proposals: number;
      readonly patches: readonly string[];
    }
  | {
      readonly type: 'lever_skipped';
      readonly lever: number;
      readonly reason: LeverSkipReason;
      readonly detail: string;
    }
  | {
      readonly type: 'patch_set_applied';
      readonly lever: number;
      readonly patches: readonly string[];
      readonly configHash: string;
    }
  | {
      readonly type: 'gate_finished';
      readonly gate: 'slice' | 'p0';
      readonly status: string;
      readonly detail: string;
    }
  | {
      readonly type: 'decision';
      readonly lever: number;
      readonly iteration: number;
      readonly decision: Decision;
      readonly accuracyPct: number | null;
    }
  | {
      readonly type: 'rolled_back';
      readonly lever: number | null;
      readonly reason: string;
      readonly configHash: string;
    }
  | {
      /** One round of fresh asks of the questions that turned. */
      readonly type: 'evidence_round';
      readonly lever: number;
      /** From 1. */
      readonly round: number;
      readonly questions: number;
      /** Fresh asks of this comparison so far, both arms. */
      readonly asksUsed: number;
    }
  | {
      /** Questions that a gate saw lost were asked again under both arms. */
      readonly type: 'losses_rechecked';
      readonly lever: number;
      /** Really lost. */
      readonly confirmed: readonly string[];
      /** The answers waver; left to the acceptance rule. */
      readonly contested: readonly string[];
    }
  | {
      /** The space was given what was accepted on its copy. */
      readonly type: 'promoted';
      readonly spaceId: string;
      readonly configHash: string;
    }
  | {
      /** What the run may cost at most, told before anything is asked; only with `maxMinutes` or `confirmBudget`. */
      readonly type: 'budget_planned';
      readonly budget: RunBudget;
    }
  | {
      /** The run is tracked in MLflow from here on. */
      readonly type: 'experiment_ready';
      readonly name: string;
      readonly experimentId: string;
      /** Run that holds the session. */
      readonly sessionRunId: string;
      /** The experiment in the user interface. */
      readonly url: string;
      /** `catalog.schema.prefix` of the tables that keep its traces; `null`: it keeps them itself, or has none. */
      readonly traceTables: string | null;
    }
  | {
      /** An evaluation has its run in MLflow; its metrics go nowhere else. Comes before the first question of it. */
      readonly type: 'run_ready';
      readonly scope: EvalScope;
      readonly iteration: number;
      readonly runId: string;
      /** The run in the user interface. */
      readonly url: string;
    }
  | {
      /** An evaluation that had finished in MLflow before the run was interrupted; nothing of it is asked again. */
      readonly type: 'evaluation_adopted';
      readonly scope: EvalScope;
      readonly iteration: number;
      readonly runId: string;
    }
  | {
      /** Another evaluator has looked at the same state. */
      readonly type: 'second_opinion';
      readonly evaluator: string;
      readonly iteration: number;
      /** Questions that both decided, and how many of them alike. */
      readonly bothDecided: number;
      readonly agreed: number;
      readonly kappa: number | null;
    }
  | { readonly type: 'session_saved'; readonly path: string }
  | { readonly type: 'warning'; readonly code: string; readonly message: string }
  | {
      readonly type: 'run_finished';
      readonly status: RunStatus;
      readonly reason: string | null;
      readonly reportPath: string | null;
    };

export type EventListener = (event: OptimizeEvent) => void;
