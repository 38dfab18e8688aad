import {
  buildBlameIndex,
  clusterFailures,
  judgeQualityFeedback,
  type FailureCluster,
  type FailureType,
  type JudgeQualityFeedback,
} from '../asi/index.ts';
import { compareCodeUnits } from '../core/index.ts';
import { nameResolver, type Snapshot } from '../patch-dsl/index.ts';
import { admit } from './admit.ts';
import { alignPhrases } from './alignment/align.ts';
import { analyzeRow, type AnalyzedRow } from './alignment/row-analysis.ts';
import type { Draft, GeneratorContext } from './generators/draft.ts';
import { GENERATORS } from './generators/index.ts';
import { proposeSiblings } from './generators/sibling-example.ts';
import { STRICT_LADDERS, triedRungs } from './escalation.ts';
import { freeTexts, leakChecker } from './guards/leaks.ts';
import { lintGuard, LINT_WARNING_FACTOR } from './guards/lint.ts';
import { finishProposal, type Candidate, type Scored } from './finish-proposal.ts';
import { trainRows, type ProposalInput } from './input.ts';
import { knownLimits, type KnownLimit, type KnownLimitInput, type KnownLimitResult } from './known-limits.ts';
import { fingerprintOf, mergeCandidates } from './merge-candidates.ts';
import { leverFor, type LeverOrReview } from './lever-for.ts';
import type { Lever, Proposal } from './proposal.ts';
import { buildSchema, type Schema } from './schema.ts';
import { fitInstructions, type Eviction } from './slot-economy.ts';
import { questionStates, type QuestionStates } from './question-states.ts';
import type { ReviewItem, ReviewReason } from './review.ts';
import { netImpact, questionsAtRisk, regressionProbability } from './scoring.ts';

export interface ProposalResult {
  /** Best net impact first, all levers. */
  readonly proposals: readonly Proposal[];
  readonly review: readonly ReviewItem[];
  /** Failures that no more metadata will lift, with what helps. */
  readonly limits: readonly KnownLimit[];
  /** Judges whose fixes cannot be carried out, for those who tune the judges. */
  readonly judgeQuality: readonly JudgeQualityFeedback[];
  /** Instructions of least value that could make room for one that does not fit; a person decides. */
  readonly evictions: readonly Eviction[];
}

/**
 * Writes every proposal that the train questions' failures call for, of all levers.
 *
 * Rows of other splits are not read. Each patch can be applied to the space as it is, is new to the
 * history, quotes no protected text and keeps the owner's words.
 */
export function proposeAll(input: ProposalInput): ProposalResult {
  const review: ReviewItem[] = [];
  const snapshot: Snapshot = { space: input.space, catalog: input.catalog, roles: input.assetRoles };
  const clusters = input.clusters ?? clustersOf(input);
  const context = readInput(input, clusters, review);
  const memory = limitsFrom(context, input);
  const drafts = [
    ...Object.values(GENERATORS).flatMap((generate) => generate(context)),
    ...memory.drafts,
    ...(input.extraDrafts ?? []),
  ].flatMap((draft) =>
    draft.failure_type === 'asset_routing_error'
      ? without((id) => memory.routingSensitive.has(id), draft, 'routing_sensitive', review)
      : [draft],
  );
  const leakOptions = { allowTrainExamples: input.allowTrainExamples };
  const findLeaks = leakChecker(input.protectedTexts, leakOptions);
  const isFree = freeTexts(input.protectedTexts, findLeaks, leakOptions);
  const leverOfCause = causeLevers(clusters, snapshot);
  const stateOf = questionStates(input, leverOfCause);
  const limited = new Set(input.limitedQuestions);
  const admitAll = (list: readonly Draft[]): Candidate[] =>
    list
      .flatMap((draft) => without((id) => limited.has(id), draft, 'routing_sensitive', review))
      .flatMap((draft) =>
        // A failure that belongs to no lever: a person decides on it.
        without((id) => leverOfCause(id, draft.failure_type) === 0, draft, 'unclassified', review),
      )
      .flatMap((draft) =>
        without((id) => stateOf(id, draft.failure_type) === 'exhausted', draft, 'exhausted', review),
      )
      .flatMap((draft) => admit(draft, input, context.schema, findLeaks, review))
      .filter((candidate) => isNewRung(candidate, input, review));
  const metadata = admitAll(drafts);
  const helped = new Set(metadata.flatMap(({ question_ids }) => question_ids));
  const candidates = [...metadata, ...admitAll(siblings(context, helped, isFree))];
  const lint = lintGuard(input);
  const scored = mergeCandidates(candidates)
    .flatMap((candidate) => {
      const findings = lint(candidate);
      const [error] = findings.filter(({ severity }) => severity === 'error');
      if (error === undefined) return [score(candidate, findings.length > 0, context, input, stateOf)];
      const detail = `${describe(candidate)} (${error.check}: ${error.message})`;
      review.push({ reason: 'contradiction', question_ids: candidate.question_ids, detail });
      return [];
    })
    .sort(byImpact);
  const fitted = fitInstructions(
    scored.filter((item) => {
      if (item.net > 0) return true;
      review.push({ reason: 'no_gain', question_ids: item.question_ids, detail: describe(item) });
      return false;
    }),
    context.rows,
    input,
  );
  for (const item of fitted.left)
    review.push({ reason: 'over_budget', question_ids: item.question_ids, detail: describe(item) });
  return {
    proposals: fitted.kept.map((item, at) => finishProposal(item, at, clusters, snapshot)),
    review,
    limits: memory.limits,
    judgeQuality: judgeQualityFeedback(
      trainRows(input.rows).flatMap((row) => row.asi),
      buildBlameIndex(input.space, input.catalog),
    ),
    evictions: fitted.evictions,
  };
}

/**
 * The limits that {@link proposeAll} would report, without a proposal being written.
 *
 * Rows of other splits are not read.
 */
export function limitsOf(input: ProposalInput): readonly KnownLimit[] {
  const schema = buildSchema(input.space, input.catalog);
  const rows = analyzedRows(input, input.clusters ?? clustersOf(input), schema);
  return limitsFrom({ rows, schema }, input).limits;
}

const limitsFrom = (
  { rows, schema }: Pick<KnownLimitInput, 'rows' | 'schema'>,
  input: ProposalInput,
): KnownLimitResult =>
  knownLimits({
    rows,
    schema,
    catalog: input.catalog,
    history: input.history ?? [],
    observations: input.observations ?? [],
  });

/** The lever to try first for a cause of a question, by what that question blames for it. */
function causeLevers(
  clusters: readonly FailureCluster[],
  snapshot: Snapshot,
): (questionId: string, type: FailureType) => LeverOrReview {
  const profiles = new Map(
    clusters.flatMap(({ profiles }) => profiles.map((profile) => [profile.question_id, profile] as const)),
  );
  return (questionId, type) => {
    const cause = profiles.get(questionId)?.causes.find(({ failure_type }) => failure_type === type);
    return leverFor(type, cause?.blame ?? [], snapshot);
  };
}

/** A draft without the questions that something speaks against; one with no question left is reviewed. */
function without(
  isOut: (questionId: string) => boolean,
  draft: Draft,
  reason: ReviewReason,
  review: ReviewItem[],
): Draft[] {
  const question_ids = draft.question_ids.filter((id) => !isOut(id));
  if (question_ids.length > 0) return [{ ...draft, question_ids }];
  review.push({ reason, question_ids: draft.question_ids, detail: draft.reason });
  return [];
}

/** Examples for the questions that nothing else helps. */
const siblings = (
  context: GeneratorContext,
  helped: ReadonlySet<string>,
  isFree: (texts: readonly string[]) => boolean,
): readonly Draft[] =>
  proposeSiblings(
    context.rows.filter(({ row, failed }) => failed && !helped.has(row.question_id)),
    context,
    isFree,
  );

/** On a strict ladder a rung that did not help a question is not tried for it again in other words. */
function isNewRung(candidate: Candidate, input: ProposalInput, review: ReviewItem[]): boolean {
  const { failure_type: type } = candidate.draft;
  const history = input.history ?? [];
  if (!STRICT_LADDERS.has(type)) return true;
  if (candidate.question_ids.some((id) => !triedRungs(history, id, type).has(candidate.lever))) return true;
  review.push({ reason: 'rung_tried', question_ids: candidate.question_ids, detail: describe(candidate) });
  return false;
}

/**
 * The proposals of one lever, best net impact first.
 *
 * Ids are the same as in {@link proposeAll}, so they are unique over all levers of one evaluation.
 */
export const proposeFor = (lever: Lever, input: ProposalInput): readonly Proposal[] =>
  proposeAll(input).proposals.filter((proposal) => proposal.lever === lever);

function clustersOf({ rows, space, catalog }: ProposalInput): readonly FailureCluster[] {
  const { clusters, longTail } = clusterFailures(trainRows(rows), { space, catalog });
  return [...clusters, ...longTail];
}

function readInput(
  input: ProposalInput,
  clusters: readonly FailureCluster[],
  review: ReviewItem[],
): GeneratorContext & { readonly schema: Schema } {
  const schema = buildSchema(input.space, input.catalog);
  const rows = analyzedRows(input, clusters, schema);
  const asked = new Set(rows.map(({ row }) => row.question_id));
  for (const cluster of clusters) {
    const ids = cluster.question_ids.filter((id) => asked.has(id));
    if (leverFor(cluster.root_cause, cluster.blame, input) === 0 && ids.length > 0) {
      review.push({
        reason: 'unclassified',
        question_ids: ids,
        detail: `Cluster ${cluster.cluster_id} has no known cause.`,
      });
    }
  }
  return {
    schema,
    space: input.space,
    catalog: input.catalog,
    rows,
    findings: alignPhrases(rows, schema, input.space),
    unstable: new Set(input.unstable),
    allowTrainExamples: input.allowTrainExamples ?? false,
  };
}

/** One row a question, a failed one before a passed one, in the order of their ids. */
function analyzedRows(
  input: ProposalInput,
  clusters: readonly FailureCluster[],
  schema: Schema,
): AnalyzedRow[] {
  const clustered = new Set(clusters.flatMap((cluster) => cluster.question_ids));
  const rows = new Map<string, AnalyzedRow>();
  for (const row of [...trainRows(input.rows)].sort((a, b) =>
    compareCodeUnits(a.question_id, b.question_id),
  )) {
    // A failure that clustering left out has a doubted answer key: it teaches nothing.
    if (row.correct === false && !clustered.has(row.question_id)) continue;
    const known = rows.get(row.question_id);
    if (known === undefined || (!known.failed && row.correct === false))
      rows.set(row.question_id, analyzeRow(row, schema));
  }
  return [...rows.values()];
}

/** A question that fails now and then promises half of what a constant failure does. */
const INTERMITTENT_WEIGHT = 0.5;

function score(
  candidate: Candidate,
  isWarned: boolean,
  context: GeneratorContext,
  input: ProposalInput,
  stateOf: QuestionStates,
): Scored {
  const names = nameResolver({ space: input.space, catalog: input.catalog });
  const atRisk = [
    ...new Set(
      candidate.changes.flatMap((item) =>
        questionsAtRisk(item, context.rows, context.schema, names, candidate.draft.acts_on),
      ),
    ),
  ].sort(compareCodeUnits);
  const probability = regressionProbability(candidate.changes, names);
  const { confidence } = candidate.draft;
  const fixed = candidate.question_ids.reduce(
    (sum, id) =>
      sum + (stateOf(id, candidate.draft.failure_type) === 'intermittent' ? INTERMITTENT_WEIGHT : 1),
    0,
  );
  const gain = fixed * (isWarned ? LINT_WARNING_FACTOR : 1);
  const net = netImpact(gain, confidence, atRisk.length, probability);
  return { ...candidate, confidence, atRisk, probability, net };
}

const byImpact = (a: Scored, b: Scored): number =>
  b.net - a.net || compareCodeUnits(fingerprintOf(a), fingerprintOf(b));

const describe = (candidate: Candidate): string =>
  candidate.changes.map(({ definition, payload }) => definition.describe(payload)).join('; ');
