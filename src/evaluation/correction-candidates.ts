import { isQuarantined, type Benchmark } from '../benchmarks/index.ts';
import { templatizeSql, type TemplateVariables } from '../sql/index.ts';
import type { EvaluationResult, EvaluationRow } from './evaluation-result.ts';
import { answerKeyText } from './statements.ts';

/** How often the arbiter must say the same before something happens. @see spec/evaluation.md §12.3, decisions 11 */
export const CORRECTION_DEFAULTS = {
  /** Evaluations that call the same answer of Genie right against the key. */
  confirmations: 2,
  /** Evaluations in a row that call both wrong, for repair and for quarantine. */
  repairAfter: 2,
  quarantineAfter: 3,
  /** So many corrections make a refresh of the benchmarks advisable. */
  refreshAfter: 3,
} as const;

/** A better answer key that the arbiter sees; nothing is changed yet. */
export interface CorrectionCandidate {
  readonly question_id: string;
  readonly question: string;
  readonly old_gt: string;
  /** With template variables, as it would stand in the file. */
  readonly new_gt: string;
  readonly rationale: string;
  /** Distinct evaluations that call this answer right. */
  readonly confirmations: number;
  /** Enough of them to be applied without a person. */
  readonly confirmed: boolean;
  /** Other answers that the arbiter called right as well: then a person must choose. */
  readonly disputed: boolean;
}

/** A question of which neither the key nor Genie's answer is right. */
export interface DoubtfulQuestion {
  readonly question_id: string;
  readonly consecutive: number;
  readonly action: 'repair' | 'quarantine';
  readonly rationale: string;
}

export interface ArbiterFindings {
  readonly candidates: readonly CorrectionCandidate[];
  readonly doubtful: readonly DoubtfulQuestion[];
}

/**
 * What the arbiter's verdicts of all evaluations so far say about the answer keys as they are now.
 *
 * Verdicts on an older version of a key do not count, and the same evaluation counts once. Questions in quarantine
 * wait for a person.
 *
 * @param history - evaluations in the order they were made
 */
export function arbiterFindings(
  history: readonly EvaluationResult[],
  questions: readonly Benchmark[],
  options: {
    readonly variables?: TemplateVariables | undefined;
    readonly confirmations?: number | undefined;
  } = {},
): ArbiterFindings {
  const variables = options.variables ?? {};
  const needed = options.confirmations ?? CORRECTION_DEFAULTS.confirmations;
  const candidates: CorrectionCandidate[] = [];
  const doubtful: DoubtfulQuestion[] = [];
  for (const question of questions) {
    if (isQuarantined(question)) continue;
    const key = answerKeyText(question.expected_sql, variables);
    const rows = history.flatMap((evaluation) =>
      evaluation.rows.filter((row) => row.question_id === question.id && row.expected_sql === key),
    );
    const candidate = candidateOf(question, rows, needed, variables);
    if (candidate !== null) candidates.push(candidate);
    const consecutive = trailing(rows, 'neither_correct');
    if (consecutive.length >= CORRECTION_DEFAULTS.repairAfter)
      doubtful.push({
        question_id: question.id,
        consecutive: consecutive.length,
        action: consecutive.length >= CORRECTION_DEFAULTS.quarantineAfter ? 'quarantine' : 'repair',
        rationale: rationaleOf(consecutive.at(-1)),
      });
  }
  return { candidates, doubtful };
}

const verdictOf = (row: EvaluationRow): string => row.verdicts['arbiter']?.value ?? 'skipped';
const rationaleOf = (row: EvaluationRow | undefined): string => row?.verdicts['arbiter']?.rationale ?? '';

function candidateOf(
  question: Benchmark,
  rows: readonly EvaluationRow[],
  needed: number,
  variables: TemplateVariables,
): CorrectionCandidate | null {
  const answers = new Map<string, EvaluationRow[]>();
  for (const row of rows) {
    if (verdictOf(row) !== 'genie_correct' || row.generated_sql === null) continue;
    // The same result counts as the same answer, however it was written.
    const answer = row.comparison.actualHash ?? row.generated_sql;
    answers.set(answer, [...(answers.get(answer) ?? []), row]);
  }
  const [first] = [...answers.values()].toSorted((a, b) => b.length - a.length);
  const latest = first?.at(-1);
  if (first === undefined || latest === undefined || latest.generated_sql === null) return null;
  const disputed = answers.size > 1;
  return {
    question_id: question.id,
    question: question.question,
    old_gt: question.expected_sql,
    new_gt: templatizeSql(latest.generated_sql, variables),
    rationale: rationaleOf(latest),
    confirmations: first.length,
    confirmed: first.length >= needed && !disputed,
    disputed,
  };
}

/** The last rows that all have this verdict; excluded rows are passed over. */
function trailing(rows: readonly EvaluationRow[], verdict: string): EvaluationRow[] {
  const judged = rows.filter(({ exclusion }) => exclusion === null);
  const from = judged.findLastIndex((row) => verdictOf(row) !== verdict);
  return judged.slice(from + 1);
}
