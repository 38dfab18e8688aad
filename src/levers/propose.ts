import { clusterFailures, type FailureCluster } from '../asi/index.ts';
import { compareCodeUnits, countingIds } from '../core/index.ts';
import { nameResolver, PATCH_DEFINITIONS, type AnyPatchDefinition } from '../patch-dsl/index.ts';
import { instructionText } from '../spaces/index.ts';
import { alignPhrases } from './alignment/align.ts';
import { analyzeRow, type AnalyzedRow } from './alignment/row-analysis.ts';
import type { Draft, GeneratorContext } from './generators/draft.ts';
import { GENERATORS } from './generators/index.ts';
import { leakChecker, type CheckedText, type LeakFinding } from './guards/leaks.ts';
import { finishProposal, type Candidate, type Scored } from './finish-proposal.ts';
import { trainRows, type ProposalInput } from './input.ts';
import { patchFingerprint } from './memory.ts';
import type { Lever, Proposal } from './proposal.ts';
import { buildSchema, type Schema } from './schema.ts';
import { netImpact, questionsAtRisk, regressionProbability, type DefinedChange } from './scoring.ts';

/** Why something was not proposed. */
export const REVIEW_REASONS = [
  'unclassified',
  'leak',
  'tried_before',
  'no_effect',
  'cannot_be_applied',
  'no_gain',
  'over_budget',
] as const;
export type ReviewReason = (typeof REVIEW_REASONS)[number];

/** Something for a person to look at. */
export interface ReviewItem {
  readonly reason: ReviewReason;
  readonly question_ids: readonly string[];
  /** What was left out and why; quotes no benchmark. */
  readonly detail: string;
}

export interface ProposalResult {
  /** Best net impact first, all levers. */
  readonly proposals: readonly Proposal[];
  readonly review: readonly ReviewItem[];
}

/** Characters of the general instruction, existing text included. @see spec/control-levers.md §1 */
export const INSTRUCTION_CHAR_BUDGET = 4000;

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
  const drafts = Object.values(GENERATORS).flatMap((generate) => generate(context));
  const findLeaks = leakChecker(input.protectedTexts, { allowTrainExamples: input.allowTrainExamples });
  const candidates = drafts.flatMap((draft) => admit(draft, input, findLeaks, review));
  const merged = mergeEqual(candidates);
  const scored = merged.map((candidate) => score(candidate, context, input)).sort(byImpact);
  const kept = withinBudget(
    scored.filter((item) => {
      if (item.net > 0) return true;
      review.push({ reason: 'no_gain', question_ids: item.question_ids, detail: describe(item) });
      return false;
    }),
    input,
    review,
  );
  return { proposals: kept.map((item, at) => finishProposal(item, at, clusters)), review };
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
    rows: all,
    findings: alignPhrases(all, schema, input.space),
    allowTrainExamples: input.allowTrainExamples ?? false,
  };
}

/** Checks each change of a draft, and splits what is left by lever. */
function admit(
  draft: Draft,
  input: ProposalInput,
  findLeaks: (texts: readonly CheckedText[]) => readonly LeakFinding[],
  review: ReviewItem[],
): Candidate[] {
  const snapshot = { space: input.space, catalog: input.catalog };
  const tried = new Set((input.history ?? []).map((entry) => entry.fingerprint));
  const admitted: { lever: Lever; item: DefinedChange }[] = [];
  const refuse = (reason: ReviewReason, detail: string): void => {
    review.push({ reason, question_ids: draft.question_ids, detail });
  };
  for (const change of draft.changes) {
    const { type, ...payload } = change;
    const definition: AnyPatchDefinition = PATCH_DEFINITIONS[type];
    const label = `${type}: ${definition.describe(payload)}`;
    const texts = definition.texts(payload).map((text) => ({ where: type, text }));
    const [leak] = findLeaks(texts);
    if (leak !== undefined) {
      refuse('leak', `A patch of type ${type} would quote benchmark ${leak.benchmark_id} (${leak.kind}).`);
    } else if (tried.has(patchFingerprint(change))) {
      refuse('tried_before', label);
    } else {
      const rendering = definition.render(payload, {
        ...snapshot,
        descriptionsIn: 'space',
        newId: countingIds('f'),
      });
      if (rendering.status === 'noop') refuse('no_effect', `${label} (${rendering.reason})`);
      else if (rendering.status === 'failed') refuse('cannot_be_applied', `${label}: ${rendering.message}`);
      else {
        const lever = definition.leverOf(payload, snapshot);
        admitted.push({
          lever,
          item: { change, definition, payload, risk: definition.riskOf(payload, snapshot) },
        });
      }
    }
  }
  if (draft.inseparable === true) {
    const [first] = admitted;
    if (first === undefined || admitted.length < draft.changes.length) return [];
    return [
      {
        draft,
        question_ids: draft.question_ids,
        lever: first.lever,
        changes: admitted.map(({ item }) => item),
      },
    ];
  }
  const levers = [...new Set(admitted.map(({ lever }) => lever))];
  return levers.map((lever) => ({
    draft,
    question_ids: draft.question_ids,
    lever,
    changes: admitted.filter((entry) => entry.lever === lever).map(({ item }) => item),
  }));
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
  return [...byPrint.values()].flatMap((candidate) => {
    const fresh = candidate.changes.filter(({ change }) => {
      const print = patchFingerprint(change);
      if (used.has(print)) return false;
      used.add(print);
      return true;
    });
    return fresh.length === 0 ? [] : [{ ...candidate, changes: fresh }];
  });
}

function score(candidate: Candidate, context: GeneratorContext, input: ProposalInput): Scored {
  const names = nameResolver({ space: input.space, catalog: input.catalog });
  const atRisk = [
    ...new Set(
      candidate.changes.flatMap((item) => questionsAtRisk(item, context.rows, context.schema, names)),
    ),
  ].sort(compareCodeUnits);
  const probability = regressionProbability(candidate.changes, names);
  const { confidence } = candidate.draft;
  const net = netImpact(candidate.question_ids.length, confidence, atRisk.length, probability);
  return { ...candidate, confidence, atRisk, probability, net };
}

const byImpact = (a: Scored, b: Scored): number =>
  b.net - a.net || compareCodeUnits(fingerprintOf(a), fingerprintOf(b));

const describe = (candidate: Candidate): string =>
  candidate.changes.map(({ definition, payload }) => definition.describe(payload)).join('; ');

/** Instructions that do not fit are left out, least useful first; other levers have room. */
function withinBudget(items: readonly Scored[], input: ProposalInput, review: ReviewItem[]): Scored[] {
  let left = (input.instructionCharBudget ?? INSTRUCTION_CHAR_BUDGET) - instructionText(input.space).length;
  return items.filter((item) => {
    const growth = item.changes
      .filter(({ change }) => change.type === 'add_instruction')
      .reduce((sum, { payload }) => sum + String(payload['text']).length + 1, 0);
    if (growth > 0 && growth > left) {
      review.push({ reason: 'over_budget', question_ids: item.question_ids, detail: describe(item) });
      return false;
    }
    left -= growth;
    return true;
  });
}
