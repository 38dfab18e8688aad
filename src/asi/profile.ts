import { compareCodeUnits } from '../core/index.ts';
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
  /** Ids of the records used: `question/judge/failure_type`. */
  readonly evidence: readonly string[];
}

interface CauseDraft {
  readonly weights: { key: string; value: number }[];
  readonly blame: Map<string, BlameRef>;
  readonly judges: Set<string>;
  method: ResolutionMethod;
}

const sortedSet = (values: Iterable<string>): string[] => [...new Set(values)].sort(compareCodeUnits);

/** Key under which two records are the same complaint. */
const recordKey = (record: AsiRecord): string =>
  `${record.judge}\u0001${record.asi.failure_type}\u0001${record.asi.blame_set.join('\u0002')}\u0001${record.asi.confidence}`;

/**
 * Folds every record of one question into its profile.
 *
 * The result does not depend on the order of rows or records, nor on repetitions of either.
 *
 * @param rows - all failing rows of the question, at least one
 */
export function profileQuestion(rows: readonly FailureRow[], index: BlameIndex): QuestionProfile {
  const records = distinctRecords(rows);
  const pairRow = pickRow(rows);
  const drafts = new Map<FailureType, CauseDraft>();
  const evidence: string[] = [];
  const unresolved: string[] = [];
  let severity: Severity = 'info';
  for (const [key, record] of records.length > 0 ? records : ([['', null]] as const)) {
    const { failureType, method } = resolveRootCause(record, pairRow.facts);
    const draft = drafts.get(failureType) ?? newDraft(method);
    drafts.set(failureType, draft);
    if (RESOLUTION_METHODS.indexOf(method) < RESOLUTION_METHODS.indexOf(draft.method)) draft.method = method;
    const trust = RESOLUTION_TRUST[method];
    if (record === null) {
      draft.weights.push({ key, value: trust });
      severity = 'minor';
      continue;
    }
    const judgeWeight = JUDGE_CAUSAL_WEIGHTS[record.judge] ?? DEFAULT_CAUSAL_WEIGHT;
    draft.weights.push({ key, value: record.asi.confidence * judgeWeight * trust });
    draft.judges.add(record.judge);
    for (const raw of record.asi.blame_set) {
      const ref = index.resolve(raw);
      if (ref === null) unresolved.push(raw);
      else draft.blame.set(ref.key, ref);
    }
    if (SEVERITIES.indexOf(record.asi.severity) < SEVERITIES.indexOf(severity))
      severity = record.asi.severity;
    evidence.push(`${record.question_id}/${record.judge}/${failureType}`);
  }
  const causes = [...drafts].map(([type, draft]) => finishCause(type, draft)).sort(byWeight);
  const asi = records.map(([, record]) => record.asi);
  return {
    question_id: pairRow.question_id,
    root_cause: causes[0]?.failure_type ?? 'other',
    causes,
    severity,
    priority: pairRow.priority ?? null,
    judges: sortedSet(records.map(([, record]) => record.judge)),
    wrong_clauses: sortedSet(present(asi.map((item) => item.wrong_clause))),
    missing_metadata: sortedSet(present(asi.map((item) => item.missing_metadata))),
    counterfactual_fixes: sortedSet(present(asi.map((item) => item.counterfactual_fix))),
    unresolved_blame: sortedSet(unresolved),
    sql_pair:
      pairRow.expected_sql === undefined
        ? null
        : { expected: pairRow.expected_sql, generated: pairRow.generated_sql ?? null },
    evidence: sortedSet(evidence),
  };
}

const newDraft = (method: ResolutionMethod): CauseDraft => ({
  weights: [],
  blame: new Map(),
  judges: new Set(),
  method,
});

const present = (values: readonly (string | null)[]): string[] =>
  values.filter((value): value is string => value !== null && value !== '');

/** `other` explains nothing, so it never outvotes a real cause. */
const byWeight = (a: Cause, b: Cause): number =>
  Number(a.failure_type === 'other') - Number(b.failure_type === 'other') ||
  b.weight - a.weight ||
  compareCodeUnits(a.failure_type, b.failure_type);

function distinctRecords(rows: readonly FailureRow[]): [string, AsiRecord][] {
  const byKey = new Map<string, AsiRecord>();
  for (const row of rows) {
    for (const record of row.asi) {
      // A judge that was unavailable says nothing about the cause.
      if (record.asi.confidence === 0 && record.asi.severity === 'info') continue;
      const key = recordKey(record);
      const other = byKey.get(key);
      if (other === undefined || compareCodeUnits(record.rationale, other.rationale) < 0)
        byKey.set(key, record);
    }
  }
  return [...byKey].sort(([a], [b]) => compareCodeUnits(a, b));
}

/** One row to stand for repeated ones, whatever their order. */
function pickRow(rows: readonly FailureRow[]): FailureRow {
  const sortKey = (row: FailureRow): string => `${row.generated_sql ?? ''}\u0001${row.priority ?? ''}`;
  return rows.reduce((best, row) => (compareCodeUnits(sortKey(row), sortKey(best)) < 0 ? row : best));
}

function finishCause(failure_type: FailureType, draft: CauseDraft): Cause {
  return {
    failure_type,
    // Floating sums depend on order; the records are sorted, so the sum is the same every time.
    weight: draft.weights.reduce((sum, item) => sum + item.value, 0),
    method: draft.method,
    blame: [...draft.blame.values()].sort((a, b) => compareCodeUnits(a.key, b.key)),
    judges: sortedSet(draft.judges),
  };
}
