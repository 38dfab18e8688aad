import type { BenchmarkSuite } from '../benchmarks/index.ts';
import type { CorrectionMode, CorrectKeysOptions, Evaluator, IntakeOptions } from '../evaluation/index.ts';
import type { Judge, JudgeMode, JudgeName } from '../judges/index.ts';
import type { AssetRoleOptions, Lever, Proposal, STRATEGIES, Strategy } from '../levers/index.ts';
import type { TrackingMode } from '../logged-models/index.ts';
import type { PatchPlan } from '../patch-dsl/index.ts';
import type {
  BundlePort,
  ChatModel,
  Clock,
  FileStore,
  JobsPort,
  TrackingService,
  Workspace,
} from '../ports/index.ts';
import { DEFAULT_SESSION_FILE } from '../session/index.ts';
import type { AlphaSpending } from './acceptance/alpha-spending.ts';
import { ACCEPTANCE_DEFAULTS } from './acceptance/rules.ts';
import type { EventListener } from './events.ts';
import type { PhaseHandlers } from './phases.ts';
import type { RunRepoOptions } from './repository.ts';
import type { RunBudget } from './run-budget.ts';

/** Defaults of `optimize()`; documentation and tests read them from here. @see spec/pipeline.md §1 */
export const OPTIMIZE_DEFAULTS = {
  maxIterations: 5,
  maxObjects: 5,
  maxPatches: 12,
  propagationMs: 30_000,
  sliceTolerancePp: 5,
  regressionThresholdPp: 2,
  heldOutMaxGapPp: 10,
  concurrency: 8,
  acceptance: 'paired',
  isolation: 'clone',
  alphaSpending: 'none',
  acceptanceK: ACCEPTANCE_DEFAULTS.k,
  maxRounds: ACCEPTANCE_DEFAULTS.maxRounds,
  alphaRegression: ACCEPTANCE_DEFAULTS.alphaRegression,
  outputDir: 'docs/genie_space_optimizer',
  sessionFile: DEFAULT_SESSION_FILE,
  corrections: 'propose',
  staleKeys: 'exclude',
  stallPolicy: 'finish-sweep',
} as const;

/** A patch set that is ready to be made; nothing of it was written yet. */
export interface PatchSetToConfirm {
  readonly lever: Lever;
  /** Patches with risk and description, statements, and the text of the space afterwards. */
  readonly plan: PatchPlan;
  /** Why each part of it was proposed. */
  readonly proposals: readonly Proposal[];
}

export interface OptimizeOptions {
  readonly workspace: Workspace;
  /** The space to improve, 32 hex characters. */
  readonly spaceId: string;
  readonly benchmarks: BenchmarkSuite;
  /** Values of `${catalog}`, `${gold_schema}` and others in the answer keys. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Replacements of single phases; each sees what the default saw and passes the same output schema. */
  readonly phases?: PhaseHandlers | undefined;
  /** Told of everything a person would want to see, as it happens. */
  readonly onEvent?: EventListener | undefined;
  /** Measures once and changes nothing: no lever, no held-out question. Status `evaluated`. */
  readonly evaluateOnly?: boolean | undefined;
  /** Patch sets that may reach the space, over all sweeps of levers 1–5. `0` measures and changes nothing. */
  readonly maxIterations?: number | undefined;
  /** Objects that one patch set may touch. */
  readonly maxObjects?: number | undefined;
  /** Patches that one patch set may hold. */
  readonly maxPatches?: number | undefined;
  /** Wait after a change before asking, milliseconds. */
  readonly propagationMs?: number | undefined;
  /** How much worse the questions that touch a change may be at first sight, percentage points. */
  readonly sliceTolerancePp?: number | undefined;
  /** How far the pass rate of one judge may fall, percentage points. */
  readonly regressionThresholdPp?: number | undefined;
  /**
   * Pass rates to reach, percent per judge; those not named keep their own. The run ends when all are reached; `0`
   * leaves a judge out.
   */
  readonly targets?: Readonly<Partial<Record<JudgeName, number>>> | undefined;
  /**
   * `true`: a run has converged only when at least 90 % of the statements stay the same on asking again at the
   * end; needs `finalRepeatability`. Default `false`.
   */
  readonly requireRepeatability?: boolean | undefined;
  /** After two changes in a row that did not help: go on with the other levers (`finish-sweep`), or end (`stop`). */
  readonly stallPolicy?: 'finish-sweep' | 'stop' | undefined;
  /** Gap between seen and held-out accuracy above which the report warns, percentage points. */
  readonly heldOutMaxGapPp?: number | undefined;
  /**
   * How a change is proven: `paired` asks the questions that turned again, a fixed number of times;
   * `sequential` as often as needed; `threshold` not at all, so it keeps what luck brought.
   */
  readonly acceptance?: AcceptanceName | undefined;
  /** `clone` works on two copies and writes to the space once, at the end; `live` in the space itself. */
  readonly isolation?: 'live' | 'clone' | undefined;
  /** Chance of accepting a change that does not help, 0–0.5. Default 0.02 (`paired`), 0.01 (`sequential`). */
  readonly alpha?: number | undefined;
  /** How `alpha` is shared among the candidates of a run. */
  readonly alphaSpending?: AlphaSpending | undefined;
  /** Fresh asks per arm and question of the paired rule, 1–100. */
  readonly acceptanceK?: number | undefined;
  /** Most rounds of the sequential rule, 1–100. */
  readonly maxRounds?: number | undefined;
  /** Level at which a single question counts as broken, 0–0.5. */
  readonly alphaRegression?: number | undefined;
  /** A P0 question may fail only if it failed before (`never-regress`), or never (`zero-failures`). */
  readonly p0Mode?: 'never-regress' | 'zero-failures' | undefined;
  /** Lets train questions become example SQL. */
  readonly allowTrainExamples?: boolean | undefined;
  /** What tables hold, per full name, for what tag, name and columns get wrong: it decides their lever. */
  readonly assetRoles?: AssetRoleOptions | undefined;
  /** Accept patch types of high risk without asking. */
  readonly forceApply?: boolean | undefined;
  /** What to do when the answer keys do not seem to belong to their questions. Default `stop`: measure, change nothing. */
  readonly answerKeyCheck?: 'stop' | 'warn' | undefined;
  /** Levers never used. */
  readonly disabledLevers?: readonly number[] | undefined;
  /** Questions asked at once. */
  readonly concurrency?: number | undefined;
  /**
   * Which implementation of the judges is used, or judges of your own. Default `structural`; `llm` and `both`
   * need `chatModel`.
   */
  readonly judges?: JudgeMode | readonly Judge[] | undefined;
  /** Words texts of patches better, adds changes that no template knows, judges where `judges` says so. */
  readonly chatModel?: ChatModel | undefined;
  /** Which lever comes next. `fixedOrder` (default): 1 to 6; `adaptive`: the best expected gain per question asked. */
  readonly strategy?: keyof typeof STRATEGIES | Strategy | undefined;
  /**
   * Answer keys that the arbiter finds wrong: `propose` (default) lists them, and applies those that
   * `confirmCorrection` allows; `auto` applies them after two confirmations; `off` looks at none.
   */
  readonly corrections?: CorrectionMode | 'off' | undefined;
  /** Asked for every correction that runs. */
  readonly confirmCorrection?: CorrectKeysOptions['confirm'];
  /** Asked before questions are generated, when fewer than ten can be asked; without it none are. */
  readonly generateQuestions?: IntakeOptions['ask'];
  /** Runs every answer key before the baseline and leaves out those that fail. Default `true`. */
  readonly validateKeys?: boolean | undefined;
  /** What becomes of keys with fixed dates whose question asks for a relative period. Default `exclude`. */
  readonly staleKeys?: 'exclude' | 'keep' | undefined;
  /** Asks every question twice more at the end, when something was changed. Default `true`. */
  readonly finalRepeatability?: boolean | undefined;
  /** Asked before patches of high risk; without it, or on `false`, they are queued in the session. */
  readonly approveRisk?: ((proposal: Proposal) => boolean | Promise<boolean>) | undefined;
  /**
   * Asked before each patch set is made, in the space or in a copy of it; on `false` it is left aside, is not
   * proposed again, and costs nothing of `maxIterations`.
   */
  readonly confirmPatchSet?: ((set: PatchSetToConfirm) => boolean | Promise<boolean>) | undefined;
  /** Measures, plans the first step of every lever, and changes nothing. Status `evaluated`. */
  readonly dryRun?: boolean | undefined;
  /** A run that may take longer is not started unless `confirmBudget` says so, minutes. Default `null`: no limit. */
  readonly maxMinutes?: number | null | undefined;
  /** Asked before a run longer than `maxMinutes`; without `maxMinutes` before every run. A resumed run is not asked for again. */
  readonly confirmBudget?: ((budget: RunBudget) => boolean | Promise<boolean>) | undefined;
  /** Asks and judges in place of the evaluator in this process. */
  readonly evaluator?: Evaluator | undefined;
  /**
   * Evaluates the space as found and as accepted once more, such as `evalRunEvaluator()`. Decides nothing: the
   * session and the report say how far the two agree.
   */
  readonly secondOpinion?: Evaluator | undefined;
  /** Continue the run recorded in `sessionFile`. Without a file a new run starts. */
  readonly resume?: boolean | undefined;
  /**
   * Continue the run whose session this MLflow run holds, when `sessionFile` does not exist; `latest`: the last one
   * of the experiment.
   */
  readonly resumeFromRun?: string | undefined;
  /** Record of the run; needed to resume it and to undo it. */
  readonly sessionFile?: string | undefined;
  /** Folder of reports, rows and stored answers, one folder per run in it. */
  readonly outputDir?: string | undefined;
  /** How much of the run goes to MLflow. Default `full` when `experiment` is given, else `off`. */
  readonly tracking?: TrackingMode | undefined;
  /** Stops the run when it cannot be tracked as asked; without it the run goes on, with a warning. Default `false`. */
  readonly requireTracking?: boolean | undefined;
  /**
   * A state that is about to be evaluated has no version in MLflow. Default: the run goes on when it could record
   * none from the start; later it takes the change back and stops with what was accepted. `true`: it goes on.
   * `false`: it ends with an error.
   */
  readonly allowMissingModel?: boolean | undefined;
  /** Name of the MLflow experiment. Default in a workspace `/Users/<you>/genie-optimization/<domain>`. */
  readonly experiment?: string | undefined;
  /** `catalog.schema` for prompts, dataset, the table of verdicts and `ucTraces`; without it they are left out. */
  readonly ucSchema?: string | undefined;
  /**
   * Keeps traces in tables of `ucSchema`, which a new experiment is linked to; needs `tracking: 'full'` in a
   * workspace. An experiment that is linked already keeps them there without this. Default `false`: the experiment.
   */
  readonly ucTraces?: boolean | undefined;
  /** As `ucTraces`, and the run does not begin when they cannot be kept there. Default `false`: a warning. */
  readonly requireUcTraces?: boolean | undefined;
  /** MLflow to use in place of the workspace's own. */
  readonly mlflow?: TrackingService | undefined;
  /** Repository files that every change goes into as well; a change that does not fit them is not made. */
  readonly repo?: RunRepoOptions | undefined;
  /** Target of the bundle to deploy at the end, when something was accepted. Needs `bundles` and `repo.space`. */
  readonly deployTarget?: string | undefined;
  /** Job of the bundle to run after the deployment, by key or name. */
  readonly genieJob?: string | undefined;
  readonly bundles?: BundlePort | undefined;
  /** Runs `genieJob`; without it the tool behind `bundles` does. */
  readonly jobs?: JobsPort | undefined;
  readonly files?: FileStore | undefined;
  readonly clock?: Clock | undefined;
  readonly newSessionId?: (() => string) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The rules by which a change is accepted. @see decisions 7 */
export const ACCEPTANCE_NAMES = ['paired', 'sequential', 'threshold'] as const;
export type AcceptanceName = (typeof ACCEPTANCE_NAMES)[number];

/** Options after defaults and checks. */
export type ResolvedOptions = {
  readonly [K in keyof typeof OPTIMIZE_DEFAULTS]: (typeof OPTIMIZE_DEFAULTS)[K] extends number
    ? number
    : string;
} & Omit<OptimizeOptions, keyof typeof OPTIMIZE_DEFAULTS | 'clock' | 'files' | 'targets'> & {
    readonly acceptance: AcceptanceName;
    readonly isolation: 'live' | 'clone';
    readonly corrections: CorrectionMode | 'off';
    readonly staleKeys: 'exclude' | 'keep';
    readonly stallPolicy: 'finish-sweep' | 'stop';
    /** Of every judge that has one. */
    readonly targets: Readonly<Record<string, number>>;
    readonly alphaSpending: AlphaSpending;
    readonly tracking: TrackingMode;
    readonly clock: Clock;
    readonly files: FileStore;
    readonly p0Mode: 'never-regress' | 'zero-failures';
    readonly disabledLevers: readonly number[];
    readonly variables: Readonly<Record<string, string>>;
    readonly newSessionId: () => string;
  };
