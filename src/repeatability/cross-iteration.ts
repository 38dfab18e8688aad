import { OptimizerError } from '../core/index.ts';
import { canonicalSql } from '../sql/index.ts';

/** What of an evaluated row is compared; rows of an evaluation fit. */
export interface RepeatabilityRow {
  readonly question_id: string;
  readonly question: string;
  readonly expected_sql: string;
  readonly generated_sql: string | null;
  readonly actual_asset: string;
  /** `null`: the row did not count. */
  readonly correct: boolean | null;
  readonly comparison: { readonly actualHash: string | null };
}

export interface CrossIterationOptions {
  /** Questions that the changes between both evaluations were meant to affect. */
  readonly predictedQuestionIds?: readonly string[] | undefined;
  /** Both evaluations ran on one day, so that results of relative periods may be compared. Default `true`. */
  readonly sameDay?: boolean | undefined;
}

/**
 * What a change means: `expected` after a wrong answer, `intended` by the patch, `harmless` when the
 * result stayed right, `concerning` otherwise.
 */
export type ChangeKind = 'stable' | 'expected' | 'intended' | 'harmless' | 'concerning';

/** One question seen twice, with its wire names. */
export interface RepeatabilityDetail {
  readonly question_id: string;
  readonly question: string;
  readonly matched: boolean;
  /** `sql`: same statement; `result`: other statement, same result. */
  readonly tier: 'sql' | 'result' | 'none';
  readonly kind: ChangeKind;
  /** MD5 of the canonical statement. */
  readonly current_hash: string;
  readonly prev_hash: string;
  readonly dominant_asset: string;
  readonly prev_asset: string;
  readonly was_previously_correct: boolean | null;
}

export interface CrossIterationRepeatability {
  /** Share of questions whose statement stayed the same, percent 0–100; `null` when nothing could be compared. */
  readonly avg_pct: number | null;
  /** The same, with another statement of the same result counted as stable. */
  readonly answer_pct: number | null;
  readonly total_questions: number;
  readonly matched: number;
  readonly changed: number;
  readonly details: readonly RepeatabilityDetail[];
  readonly unstable_details: readonly RepeatabilityDetail[];
  /** Questions left out: seen on one side only, changed, excluded, or without a statement. */
  readonly unmatched: readonly string[];
}

/** Two rows of one evaluation carry the same question id. */
export class DuplicateQuestionError extends OptimizerError {
  constructor(questionId: string) {
    super(`Question '${questionId}' occurs twice in one evaluation. Give every question its own id.`, {
      code: 'DUPLICATE_QUESTION',
      details: { questionId },
    });
  }
}

/**
 * How stable the statements stayed since the last accepted full evaluation; costs nothing.
 *
 * Statements compare in canonical form, so layout, comments and aliases do not count, and literals do.
 * Missing SQL equals nothing.
 *
 * @throws {DuplicateQuestionError}
 * @see spec/repeatability.md §3, spec/pipeline.md §6.12
 */
export async function crossIterationRepeatability(
  previous: readonly RepeatabilityRow[],
  current: readonly RepeatabilityRow[],
  options: CrossIterationOptions = {},
): Promise<CrossIterationRepeatability> {
  const before = byId(previous);
  const now = byId(current);
  const predicted = new Set(options.predictedQuestionIds);
  const details: RepeatabilityDetail[] = [];
  const unmatched = [...before.keys()].filter((id) => !now.has(id));
  for (const [id, row] of now) {
    const old = before.get(id);
    const detail =
      old === undefined ? null : await compareRows(old, row, predicted.has(id), options.sameDay !== false);
    if (detail === null) unmatched.push(id);
    else details.push(detail);
  }
  const matched = details.filter((detail) => detail.matched).length;
  const stableAnswers = details.filter(({ tier }) => tier !== 'none').length;
  const percent = (count: number): number | null =>
    details.length === 0 ? null : (100 * count) / details.length;
  return {
    avg_pct: percent(matched),
    answer_pct: percent(stableAnswers),
    total_questions: details.length,
    matched,
    changed: details.length - matched,
    details,
    unstable_details: details.filter((detail) => !detail.matched),
    unmatched,
  };
}

function byId(rows: readonly RepeatabilityRow[]): Map<string, RepeatabilityRow> {
  const map = new Map<string, RepeatabilityRow>();
  for (const row of rows) {
    if (row.question_id === '') continue;
    if (map.has(row.question_id)) throw new DuplicateQuestionError(row.question_id);
    map.set(row.question_id, row);
  }
  return map;
}

/** `null` when the two rows cannot be compared. */
async function compareRows(
  old: RepeatabilityRow,
  row: RepeatabilityRow,
  predicted: boolean,
  sameDay: boolean,
): Promise<RepeatabilityDetail | null> {
  const sameQuestion = old.question === row.question && old.expected_sql === row.expected_sql;
  if (
    !sameQuestion ||
    old.correct === null ||
    row.correct === null ||
    isBlank(old.generated_sql) ||
    isBlank(row.generated_sql)
  )
    return null;
  const [{ hash: prev_hash }, { hash: current_hash }] = [
    await canonicalSql(old.generated_sql),
    await canonicalSql(row.generated_sql),
  ];
  const matched = prev_hash === current_hash;
  const sameResult =
    sameDay && row.comparison.actualHash !== null && row.comparison.actualHash === old.comparison.actualHash;
  return {
    question_id: row.question_id,
    question: row.question,
    matched,
    tier: matched ? 'sql' : sameResult ? 'result' : 'none',
    kind: matched ? 'stable' : kindOfChange(old, row, predicted, sameResult),
    current_hash,
    prev_hash,
    dominant_asset: row.actual_asset,
    prev_asset: old.actual_asset,
    was_previously_correct: old.correct,
  };
}

const isBlank = (sql: string | null): sql is null => sql === null || sql.trim() === '';

function kindOfChange(
  old: RepeatabilityRow,
  row: RepeatabilityRow,
  predicted: boolean,
  sameResult: boolean,
): ChangeKind {
  if (old.correct !== true) return 'expected';
  if (predicted) return 'intended';
  return row.correct === true && sameResult ? 'harmless' : 'concerning';
}
