import type * as z from 'zod';
import type {
  ChangeRecord,
  DeployReport,
  FileEdit,
  PostDeployReport,
  RepoEffect,
  SpaceState,
} from '../apply/index.ts';
import type { Benchmark, BenchmarkSuite, EvalScope, SplitBenchmark } from '../benchmarks/index.ts';
import type { CorrectedKeys, EvaluationResult, EvaluationRow } from '../evaluation/index.ts';
import type { AsiRecord, AsiSource, FailureCluster, JudgeQualityFeedback } from '../asi/index.ts';
import type { Eviction, KnownLimit, Lever, Proposal } from '../levers/index.ts';
import type { Patch, PatchPlan } from '../patch-dsl/index.ts';
import type { CatalogSnapshot } from '../ports/index.ts';
import type { CrossIterationRepeatability, RequeryReport } from '../repeatability/index.ts';
import type { Space } from '../spaces/index.ts';
import type {
  Decision,
  LeverSkipReason,
  p0ResultSchema,
  PatchPersistence,
  Session,
  sliceResultSchema,
} from '../session/index.ts';
import type { RunContext } from './context.ts';
import type { PhaseId } from './phase-ids.ts';
import type { PreparedSuite } from './prepare-suite.ts';
import type { LeverExhaustion } from './phases/lever-exhaustion.ts';
import type { LeverImpact, LeverImpactInput } from './phases/lever-impact.ts';
import type { ArbiterTriage } from './phases/arbiter-triage.ts';

export interface EvaluationRequest {
  readonly scope: EvalScope;
  readonly iteration: number;
  readonly questions: readonly Benchmark[];
  readonly state: SpaceState;
  readonly catalog: CatalogSnapshot;
}

/** What proposals are made from. Rows are those of the train split: nothing else may inform a patch. */
export interface ProposeInput {
  readonly lever: Lever;
  readonly rows: readonly EvaluationRow[];
  /**
   * Train questions whose statement changed although nothing was meant for them, as failures of their own: a row
   * of theirs, right or wrong, stays as it is.
   */
  readonly unstable: readonly AsiRecord[];
  readonly state: SpaceState;
  readonly catalog: CatalogSnapshot;
}

/** What may be proposed, and what was noticed on the way; an override need not give the latter. */
export interface ProposeOutput {
  readonly proposals: readonly Proposal[];
  /** The failures that the default made them from. */
  readonly clusters?: readonly FailureCluster[] | undefined;
  /** Failures that no more metadata will lift. */
  readonly limits?: readonly KnownLimit[] | undefined;
  /** Judges whose reasons lead to no change. */
  readonly judgeQuality?: readonly JudgeQualityFeedback[] | undefined;
  /** Instructions that could make room for others; a person decides. */
  readonly evictions?: readonly Eviction[] | undefined;
  /** How many reasons of failures were read from where. */
  readonly asiSources?: Readonly<Partial<Record<AsiSource, number>>> | undefined;
}

export interface ApplyInput {
  readonly lever: Lever;
  readonly plan: PatchPlan;
  readonly from: SpaceState;
  readonly targetText: string;
  /** Repository files that must hold the change too; read back afterwards, whoever wrote them. */
  readonly files: readonly FileEdit[];
}

export interface StateToSnapshot {
  /** Hash of space and Unity Catalog. */
  readonly stateHash: string;
  /** The space, or the copy of it, that is in this state. */
  readonly readFrom: string;
  readonly iteration: number;
  /** 0: the space as found. */
  readonly lever: number;
  readonly patches: readonly Patch[];
  readonly catalog: CatalogSnapshot;
}

export interface GateInput extends EvaluationRequest {
  /** The same questions in the last accepted evaluation. */
  readonly reference: readonly EvaluationRow[];
}

export type SliceResult = z.infer<typeof sliceResultSchema>;
export type P0Result = z.infer<typeof p0ResultSchema>;

export interface RegressionInput {
  /** The last accepted evaluation. */
  readonly accepted: EvaluationResult;
  /** The evaluation of the state the candidate was built on; equals `accepted` unless a change awaits its proof. */
  readonly tip: EvaluationResult;
  readonly candidate: EvaluationResult;
}

export interface HeldOutInput {
  readonly questions: readonly Benchmark[];
  readonly state: SpaceState;
  /** Canonical text of the space before the run. */
  readonly initialText: string;
  readonly catalog: CatalogSnapshot;
}

export interface HeldOutOutput {
  readonly before: EvaluationResult | null;
  readonly after: EvaluationResult;
  readonly note: string | null;
}

/** What each phase takes and gives. */
export interface PhaseIo {
  /** First of all; nothing was read or written yet. The default refuses an evaluator that lacks what the run needs. */
  init: {
    input: {
      readonly spaceId: string;
      readonly domain: string;
      readonly resumed: boolean;
      /** As asked for by the options. */
      readonly experiment: string | null;
    };
    /** Name of the experiment in MLflow; `null`: the default of the workspace. */
    output: { readonly experiment: string | null };
  };
  preconditions: {
    input: { readonly suite: BenchmarkSuite };
    output: { readonly warnings: readonly string[] };
  };
  spaceState: { input: { readonly spaceId: string }; output: SpaceState };
  temporalFreshness: {
    input: { readonly questions: readonly Benchmark[] };
    output: { readonly stale: readonly { readonly question_id: string; readonly question: string }[] };
  };
  /** Asks before generating, runs every answer key once, leaves out what cannot be used. */
  benchmarks: {
    input: { readonly suite: BenchmarkSuite; readonly space: Space; readonly catalog: CatalogSnapshot };
    output: PreparedSuite;
  };
  baseline: { input: EvaluationRequest; output: EvaluationResult };
  propose: { input: ProposeInput; output: ProposeOutput };
  apply: { input: ApplyInput; output: SpaceState };
  /** Every patch on the live side and in its file, or the change is taken back before a question is asked. */
  verifyPersistence: {
    input: { readonly record: ChangeRecord; readonly effects: readonly RepoEffect[] };
    output: { readonly verifications: readonly PatchPersistence[]; readonly missing: readonly string[] };
  };
  propagate: { input: { readonly waitMs: number }; output: { readonly waitedMs: number } };
  /** A version in MLflow of the state that is about to be evaluated; `null` when there is none. */
  snapshot: { input: StateToSnapshot; output: { readonly modelId: string | null } };
  sliceGate: { input: GateInput; output: SliceResult };
  p0Gate: { input: GateInput; output: P0Result };
  fullEval: { input: EvaluationRequest; output: EvaluationResult };
  /** After every full evaluation, the baseline included. */
  arbiterTriage: { input: { readonly rows: readonly EvaluationRow[] }; output: ArbiterTriage };
  /**
   * Answer keys that three or more disputes of one evaluation call wrong, before anything is compared under them;
   * and questions of which neither side was right three times in a row. Only where the arbiter said one of both.
   */
  gtRemediation: {
    input: {
      /** Every full evaluation, the one that was just made last. */
      readonly history: readonly EvaluationResult[];
      readonly questions: readonly SplitBenchmark[];
      /** Questions whose key may be corrected now. */
      readonly only: readonly string[];
    };
    output: CorrectedKeys;
  };
  /** How much of the SQL stayed the same since the last accepted evaluation; asks nothing. */
  crossRepeatability: {
    input: {
      readonly previous: readonly EvaluationRow[];
      readonly current: readonly EvaluationRow[];
      /** Questions that the changes in between were meant to affect. */
      readonly predictedQuestionIds: readonly string[];
      /** Results of relative periods may be compared. */
      readonly sameDay: boolean;
    };
    /** Without `details` the next lever hears of no instability. */
    output: Pick<CrossIterationRepeatability, 'avg_pct'> &
      Partial<Pick<CrossIterationRepeatability, 'details'>>;
  };
  /** The default asks the questions that turned again, as the acceptance rule wants, and decides. */
  regressionCheck: { input: RegressionInput; output: Decision };
  /** What an attempt that was fully evaluated changed. */
  leverImpact: { input: LeverImpactInput; output: LeverImpact };
  /** Before lever 6 and at the end: why each lever never tried was left out. */
  leverExhaustion: {
    input: { readonly audit: Session['lever_audit']; readonly reason: LeverSkipReason };
    output: LeverExhaustion;
  };
  /** What lever 6 tries, once every lever before it is accounted for. The default asks `propose`. */
  gepa: { input: ProposeInput; output: ProposeOutput };
  /** The default undoes the journal entry; everything it names is compared afterwards, whoever did it. */
  rollback: { input: { readonly record: ChangeRecord; readonly reason: string }; output: SpaceState };
  promote: {
    input: { readonly toText: string; readonly fromHash: string };
    output: SpaceState;
  };
  /** Only with `deployTarget`, and only when something was accepted. */
  deploy: {
    input: { readonly target: string; readonly job: string | null; readonly sourceFile: string | null };
    output: DeployReport;
  };
  /** After a successful deployment: the deployed space against the accepted one. */
  postDeploy: {
    input: { readonly iteration: number; readonly inLoopPct: number; readonly state: SpaceState };
    output: PostDeployReport;
  };
  /** Asks the accepted state the same questions again; changes nothing and chooses nothing. */
  finalRepeatability: {
    input: {
      readonly rows: readonly EvaluationRow[];
      readonly state: SpaceState;
      readonly catalog: CatalogSnapshot;
    };
    output: RequeryReport;
  };
  heldOut: { input: HeldOutInput; output: HeldOutOutput };
  /** At the end: answer keys that the arbiter found wrong in any evaluation. */
  corrections: {
    input: { readonly history: readonly EvaluationResult[]; readonly questions: readonly SplitBenchmark[] };
    output: CorrectedKeys;
  };
  report: { input: { readonly session: Session }; output: { readonly markdown: string } };
}

export type PhaseInput<P extends PhaseId> = PhaseIo[P]['input'];
export type PhaseOutput<P extends PhaseId> = PhaseIo[P]['output'];

/**
 * A user's replacement of a phase.
 *
 * It sees what the default saw, may call it with `runDefault`, and its output passes the same schema.
 */
export type PhaseHandler<P extends PhaseId> = (
  ctx: RunContext,
  input: PhaseInput<P>,
  runDefault: (input?: PhaseInput<P>) => Promise<PhaseOutput<P>>,
) => Promise<PhaseOutput<P>> | PhaseOutput<P>;

export type PhaseHandlers = { readonly [P in PhaseId]?: PhaseHandler<P> };
