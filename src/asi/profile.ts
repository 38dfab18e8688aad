import { canonicalJson, compareCodeUnits } from '../core/index.ts';
import { SEVERITIES, type AsiRecord, type Severity } from './asi.ts';
import type { BlameIndex, BlameRef } from './blame.ts';
import {
  RESOLUTION_METHODS,
  RESOLUTION_TRUST,
  resolveRootCause,
  type ResolutionMethod,
  type StatementPair,
} from './root-cause.ts';
import type { FailureType } from './taxonomy.ts';

/** What clustering reads of one answered question; rows of an evaluation satisfy it. */
export interface FailureRow {
  readonly question_id: string;
  /** `null`: excluded, does not count. */
  readonly correct: boolean | null;
  readonly asi: readonly AsiRecord[];
  readonly priority?: string | undefined;
  readonly verdicts?: Readonly<Record<string, { readonly value: string }>> | undefined;
  readonly expected_sql?: string | undefined;
  readonly generated_sql?: string | null | undefined;
  readonly facts?: StatementPair | undefined;
}

/** How telling each judge is about the cause. @see spec/asi-clustering-levers.md §4 step 3 */
export const JUDGE_CAUSAL_WEIGHTS: Readonly<Record<string, number>> = {
  syntax_validity: 5,
  schema_accuracy: 4,
  asset_routing: 3.5,
  logical_accuracy: 3,
  semantic_equivalence: 2,
  completeness: 1.5,
  result_correctness: 1,
};

/** Weight of a judge that the table does not list. */
export const DEFAULT_CAUSAL_WEIGHT = 1;

/** One reason why a question failed, with everything that blames the same. */
export interface Cause {
  readonly failure_type: FailureType;
  /** Sum of confidence × causal weight × trust over the records that say so. */
  readonly weight: number;
  readonly method: ResolutionMethod;
  readonly blame: readonly BlameRef[];
  readonly judges: readonly string[];
}

/** All complaints about one question, folded. */
export interface QuestionProfile {
  readonly question_id: string;
  readonly root_cause: FailureType;
  /** Root cause first, then the others by falling weight: a question usually needs several fixes. */
  readonly causes: readonly Cause[];
  readonly severity: Severity;
  readonly priority: string | null;
  readonly judges: readonly string[];
  readonly wrong_clauses: readonly string[];
  readonly missing_metadata: readonly string[];
  readonly counterfactual_fixes: readonly string[];
  /** Blame that names nothing in the space or the catalog. */
  readonly unresolved_blame: readonly string[];
  readonly sql_pair: { readonly expected: string; readonly generated: string | null } | null;
}

interface CauseDraft {
  readonly failure_type: FailureType;
  weight: number;
  method: ResolutionMethod;
  readonly blame: BlameRef[];
  readonly judges: string[];
}

const NONE: readonly string[] = [];

/** The values in code-unit order, each once. Most lists come in order, and then nothing is copied. */
export function sortedDistinct(values: readonly string[]): readonly string[] {
  for (let at = 1; at < values.length; at++) {
    if ((values[at - 1] ?? '') >= (values[at] ?? '')) return [...new Set(values)].sort(compareCodeUnits);
  }
  return values.length === 0 ? NONE : values.slice();
}

/**
 * Equal parts of many profiles, kept once.
 *
 * A list that grew keeps room to grow, too: over a million profiles both are most of the memory.
 */
export class ProfilePool {
  readonly #judges = new Map<string, readonly string[]>();
  readonly #blame = new Map<string, readonly BlameRef[]>();

  judges(list: readonly string[]): readonly string[] {
    const key = list.join('\u0001');
    const known = this.#judges.get(key) ?? list.slice();
    this.#judges.set(key, known);
    return known;
  }

  blame(list: readonly BlameRef[]): readonly BlameRef[] {
    const [only] = list;
    if (only === undefined || list.length > 1) return list.slice();
    const known = this.#blame.get(only.key) ?? list.slice();
    this.#blame.set(only.key, known);
    return known;
  }
}

/**
 * Ids of the records that a profile was made of: `question/judge/failure_type`, in code-unit order.
 *
 * They are told by the causes, so none is stored: over a million profiles they were a third of the memory.
 */
export const evidenceOf = ({ question_id, causes }: QuestionProfile): readonly string[] =>
  causes
    .flatMap(({ failure_type, judges }) => judges.map((judge) => `${question_id}/${judge}/${failure_type}`))
    .sort(compareCodeUnits);

/**
 * Folds every record of one question into its profile.
 *
 * The result does not depend on the order of rows or records, nor on repetitions of either.
 *
 * @param rows - all failing rows of the question, at least one
 * @param pool - shared by the questions of one run
 */
export function profileQuestion(
  rows: readonly FailureRow[],
  index: BlameIndex,
  pool = new ProfilePool(),
): QuestionProfile {
  const records = distinctRecords(rows);
  const pairRow = pickRow(rows);
  const drafts: CauseDraft[] = [];
  const judges: string[] = [];
  const clauses: string[] = [];
  const missing: string[] = [];
  const fixes: string[] = [];
  const unresolved: string[] = [];
  let severity: Severity = records.length === 0 ? 'minor' : 'info';
  if (records.length === 0) {
    const { failureType, method } = resolveRootCause(null, pairRow.facts);
    draftOf(drafts, failureType, method).weight += RESOLUTION_TRUST[method];
  }
  // The records come in order, so sums of floating numbers are the same every time.
  for (const record of records) {
    const { asi, judge } = record;
    const { failureType, method } = resolveRootCause(record, pairRow.facts);
    const draft = draftOf(drafts, failureType, method);
    draft.weight +=
      asi.confidence * (JUDGE_CAUSAL_WEIGHTS[judge] ?? DEFAULT_CAUSAL_WEIGHT) * RESOLUTION_TRUST[method];
    if (draft.judges.at(-1) !== judge) draft.judges.push(judge);
    if (judges.at(-1) !== judge) judges.push(judge);
    for (const raw of asi.blame_set) {
      const ref = index.resolve(raw);
      if (ref === null) unresolved.push(raw);
      else if (!draft.blame.some((known) => known.key === ref.key)) draft.blame.push(ref);
    }
    if (SEVERITIES.indexOf(asi.severity) < SEVERITIES.indexOf(severity)) severity = asi.severity;
    if (asi.wrong_clause) clauses.push(asi.wrong_clause);
    if (asi.missing_metadata) missing.push(asi.missing_metadata);
    if (asi.counterfactual_fix) fixes.push(asi.counterfactual_fix);
  }
  for (const draft of drafts) {
    if (draft.blame.length > 1) draft.blame.sort((a, b) => compareCodeUnits(a.key, b.key));
  }
  if (drafts.length > 1) drafts.sort(byWeight);
  return {
    question_id: pairRow.question_id,
    root_cause: drafts[0]?.failure_type ?? 'other',
    causes: drafts.map((draft) => ({
      ...draft,
      blame: pool.blame(draft.blame),
      judges: pool.judges(draft.judges),
    })),
    severity,
    priority: pairRow.priority ?? null,
    judges: pool.judges(judges),
    wrong_clauses: sortedDistinct(clauses),
    missing_metadata: sortedDistinct(missing),
    counterfactual_fixes: sortedDistinct(fixes),
    unresolved_blame: sortedDistinct(unresolved),
    sql_pair:
      pairRow.expected_sql === undefined
        ? null
        : { expected: pairRow.expected_sql, generated: pairRow.generated_sql ?? null },
  };
}

/** The draft of a cause, with the most trusted method seen for it. */
function draftOf(drafts: CauseDraft[], failure_type: FailureType, method: ResolutionMethod): CauseDraft {
  for (const draft of drafts) {
    if (draft.failure_type !== failure_type) continue;
    if (RESOLUTION_METHODS.indexOf(method) < RESOLUTION_METHODS.indexOf(draft.method)) draft.method = method;
    return draft;
  }
  const draft: CauseDraft = { failure_type, weight: 0, method, blame: [], judges: [] };
  drafts.push(draft);
  return draft;
}

/** `other` explains nothing, so it never outvotes a real cause. */
const byWeight = (a: Cause, b: Cause): number =>
  Number(a.failure_type === 'other') - Number(b.failure_type === 'other') ||
  b.weight - a.weight ||
  compareCodeUnits(a.failure_type, b.failure_type);

/** The records of all rows in an order of their own, repeated complaints once. */
function distinctRecords(rows: readonly FailureRow[]): readonly AsiRecord[] {
  const records: AsiRecord[] = [];
  for (const row of rows) {
    for (const record of row.asi) {
      // A judge that was unavailable says nothing about the cause.
      if (record.asi.confidence === 0 && record.asi.severity === 'info') continue;
      records.push(record);
    }
  }
  records.sort(byComplaint);
  return records.filter((record, at) => at === 0 || !isSameComplaint(records[at - 1] ?? record, record));
}

const isSameComplaint = (a: AsiRecord, b: AsiRecord): boolean => compareComplaints(a, b) === 0;

function compareComplaints(a: AsiRecord, b: AsiRecord): number {
  return (
    compareCodeUnits(a.judge, b.judge) ||
    compareCodeUnits(a.asi.failure_type, b.asi.failure_type) ||
    compareLists(a.asi.blame_set, b.asi.blame_set) ||
    a.asi.confidence - b.asi.confidence
  );
}

/** Of equal complaints the one that stays must not depend on the order in which they came. */
const byComplaint = (a: AsiRecord, b: AsiRecord): number =>
  compareComplaints(a, b) ||
  compareCodeUnits(a.rationale, b.rationale) ||
  compareCodeUnits(canonicalJson(a.asi), canonicalJson(b.asi));

function compareLists(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const order = compareCodeUnits(a[at] ?? '', b[at] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** One row to stand for repeated ones, whatever their order. */
function pickRow(rows: readonly FailureRow[]): FailureRow {
  const sortKey = (row: FailureRow): string => `${row.generated_sql ?? ''}\u0001${row.priority ?? ''}`;
  return rows.reduce((best, row) => (compareCodeUnits(sortKey(row), sortKey(best)) < 0 ? row : best));
}
