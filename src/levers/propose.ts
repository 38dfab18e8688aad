import {
  buildBlameIndex,
  clusterFailures,
  judgeQualityFeedback,
  type FailureCluster,
  type JudgeQualityFeedback,
} from '../asi/index.ts';
import { compareCodeUnits } from '../core/index.ts';
import { nameResolver } from '../patch-dsl/index.ts';
import { admit } from './admit.ts';
import { alignPhrases } from './alignment/align.ts';
import { analyzeRow, type AnalyzedRow } from './alignment/row-analysis.ts';
import type { Draft, GeneratorContext } from './generators/draft.ts';
import { GENERATORS } from './generators/index.ts';
import { STRICT_LADDERS, triedRungs } from './escalation.ts';
import { leakChecker } from './guards/leaks.ts';
import { lintGuard, LINT_WARNING_FACTOR } from './guards/lint.ts';
import { finishProposal, type Candidate, type Scored } from './finish-proposal.ts';
import { trainRows, type ProposalInput } from './input.ts';
import { knownLimits, type KnownLimit } from './known-limits.ts';
import { patchFingerprint } from './memory.ts';
import type { Lever, Proposal } from './proposal.ts';
import { buildSchema, type Schema } from './schema.ts';
import { fitInstructions, type Eviction } from './slot-economy.ts';
import { questionStates, type QuestionStates } from './question-states.ts';
import type { ReviewItem } from './review.ts';
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
  const clusters = input.clusters ?? clustersOf(input);
  const context = readInput(input, clusters, review);
  const memory = knownLimits({
    rows: context.rows,
    schema: context.schema,
    catalog: input.catalog,
    history: input.history ?? [],
    observations: input.observations ?? [],
  });
  const drafts = [
    ...Object.values(GENERATORS).flatMap((generate) => generate(context)),
    ...memory.drafts,
    ...(input.extraDrafts ?? []),
  ].flatMap((draft) => withoutSensitive(draft, memory.routingSensitive, review));
  const findLeaks = leakChecker(input.protectedTexts, { allowTrainExamples: input.allowTrainExamples });
  const stateOf = questionStates(input);
  const candidates = drafts
    .flatMap((draft) => withoutExhausted(draft, stateOf, review))
    .flatMap((draft) => admit(draft, input, context.schema, findLeaks, review))
    .filter((candidate) => isNewRung(candidate, input, review));
  const lint = lintGuard(input);
  const scored = mergeEqual(candidates)
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
    proposals: fitted.kept.map((item, at) => finishProposal(item, at, clusters)),
    review,
    limits: memory.limits,
    judgeQuality: judgeQualityFeedback(
      trainRows(input.rows).flatMap((row) => row.asi),
      buildBlameIndex(input.space, input.catalog),
    ),
    evictions: fitted.evictions,
  };
}

/** A draft on routing without the questions whose routing wavers whatever is said. */
function withoutSensitive(draft: Draft, sensitive: ReadonlySet<string>, review: ReviewItem[]): Draft[] {
  if (draft.failure_type !== 'asset_routing_error') return [draft];
  const question_ids = draft.question_ids.filter((id) => !sensitive.has(id));
  if (question_ids.length > 0) return [{ ...draft, question_ids }];
  review.push({ reason: 'routing_sensitive', question_ids: draft.question_ids, detail: draft.reason });
  return [];
}

/** A draft without the questions for which every rung of the ladder of its cause was tried in vain. */
function withoutExhausted(draft: Draft, stateOf: QuestionStates, review: ReviewItem[]): Draft[] {
  const isLeft = (id: string): boolean => stateOf(id, draft.failure_type) !== 'exhausted';
  const question_ids = draft.question_ids.filter(isLeft);
  if (question_ids.length > 0) return [{ ...draft, question_ids }];
  review.push({ reason: 'exhausted', question_ids: draft.question_ids, detail: draft.reason });
  return [];
}

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
  const all = [...rows.values()];
  for (const cluster of clusters) {
    const ids = cluster.question_ids.filter((id) => rows.has(id));
    if (cluster.root_cause === 'other' && ids.length > 0) {
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
    rows: all,
    findings: alignPhrases(all, schema, input.space),
    allowTrainExamples: input.allowTrainExamples ?? false,
  };
}

const fingerprintOf = (candidate: Candidate): string =>
  candidate.changes
    .map(({ change }) => patchFingerprint(change))
    .sort(compareCodeUnits)
    .join(' ');

/** The same changes for several reasons are one proposal; a change is proposed once only. */
function mergeEqual(candidates: readonly Candidate[]): Candidate[] {
  const byPrint = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const print = fingerprintOf(candidate);
    const known = byPrint.get(print);
    const question_ids = [...new Set([...(known?.question_ids ?? []), ...candidate.question_ids])].sort(
      compareCodeUnits,
    );
    byPrint.set(print, { ...(known ?? candidate), question_ids });
  }
  const used = new Set<string>();
  // The larger first: a change that helps alone and together with others is worth more together.
  const largest = [...byPrint.values()].sort((a, b) => b.changes.length - a.changes.length);
  return largest.flatMap((candidate) => {
    const fresh = candidate.changes.filter(({ change }) => {
      const print = patchFingerprint(change);
      if (used.has(print)) return false;
      used.add(print);
      return true;
    });
    return fresh.length === 0 ? [] : [{ ...candidate, changes: fresh }];
  });
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
