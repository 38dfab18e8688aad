import type { EvaluationResult, EvaluationRow } from './evaluation-result.ts';

/** What an evaluator said of a row; `undecided`: the row did not count there. */
export const ROW_OUTCOMES = ['pass', 'fail', 'undecided'] as const;
export type RowOutcome = (typeof ROW_OUTCOMES)[number];

export interface EvaluatorDisagreement {
  readonly question_id: string;
  readonly question: string;
  readonly first: RowOutcome;
  readonly second: RowOutcome;
  /** Why, in the words of each. */
  readonly first_reason: string;
  readonly second_reason: string;
  /** Both judged the same statement, so they differ in judgement and not in what Genie answered. */
  readonly same_sql: boolean;
}

/** How far two evaluations of the same questions agree. */
export interface AgreementReport {
  readonly first: string;
  readonly second: string;
  /** `confusion[a][b]`: questions on which the first said `a` and the second `b`. */
  readonly confusion: Readonly<Record<RowOutcome, Readonly<Record<RowOutcome, number>>>>;
  /** Questions that both decided. */
  readonly both_decided: number;
  /** Share of these on which they agree, percent 0–100; `null` when there are none. */
  readonly agreement_pct: number | null;
  /** Cohen's kappa over these, −1 to 1; `null` when there are none or when both gave one and the same verdict throughout. */
  readonly kappa: number | null;
  /** In the order of the first evaluation; those that one side left undecided are in the table only. */
  readonly disagreements: readonly EvaluatorDisagreement[];
  /** Ids of questions that only one of the two asked. */
  readonly unmatched: readonly string[];
}

/**
 * Compares two evaluations row by row, as of the native evaluator and of Genie's own.
 *
 * Both asked Genie on their own, so a disagreement may come from another answer: `same_sql` tells.
 */
export function agreementReport(
  first: Pick<EvaluationResult, 'evaluator' | 'rows'>,
  second: Pick<EvaluationResult, 'evaluator' | 'rows'>,
): AgreementReport {
  const others = new Map(second.rows.map((row) => [row.question_id, row]));
  const confusion = emptyTable();
  const disagreements: EvaluatorDisagreement[] = [];
  const unmatched: string[] = [];
  for (const row of first.rows) {
    const other = others.get(row.question_id);
    if (other === undefined) {
      unmatched.push(row.question_id);
      continue;
    }
    others.delete(row.question_id);
    const [a, b] = [outcomeOf(row), outcomeOf(other)];
    confusion[a][b] += 1;
    if (a !== b && a !== 'undecided' && b !== 'undecided') disagreements.push(disagreement(row, other));
  }
  const agreed = confusion.pass.pass + confusion.fail.fail;
  const decided = agreed + confusion.pass.fail + confusion.fail.pass;
  return {
    first: first.evaluator,
    second: second.evaluator,
    confusion,
    both_decided: decided,
    agreement_pct: decided === 0 ? null : (100 * agreed) / decided,
    kappa: kappaOf(confusion, decided),
    disagreements,
    unmatched: [...unmatched, ...others.keys()],
  };
}

const emptyTable = (): Record<RowOutcome, Record<RowOutcome, number>> => ({
  pass: { pass: 0, fail: 0, undecided: 0 },
  fail: { pass: 0, fail: 0, undecided: 0 },
  undecided: { pass: 0, fail: 0, undecided: 0 },
});

const outcomeOf = ({ correct }: EvaluationRow): RowOutcome =>
  correct === null ? 'undecided' : correct ? 'pass' : 'fail';

/** Agreement beyond what the two shares of passes would give by chance. */
function kappaOf({ pass, fail }: AgreementReport['confusion'], decided: number): number | null {
  if (decided === 0) return null;
  const observed = (pass.pass + fail.fail) / decided;
  const [firstPasses, secondPasses] = [(pass.pass + pass.fail) / decided, (pass.pass + fail.pass) / decided];
  const expected = firstPasses * secondPasses + (1 - firstPasses) * (1 - secondPasses);
  return expected === 1 ? null : (observed - expected) / (1 - expected);
}

const disagreement = (row: EvaluationRow, other: EvaluationRow): EvaluatorDisagreement => ({
  question_id: row.question_id,
  question: row.question,
  first: outcomeOf(row),
  second: outcomeOf(other),
  first_reason: reasonOf(row),
  second_reason: reasonOf(other),
  same_sql: row.generated_sql !== null && row.generated_sql === other.generated_sql,
});

const reasonOf = ({ verdicts }: EvaluationRow): string => verdicts['result_correctness']?.rationale ?? '';

/** The report as Markdown: table, figures, and the list of disagreements. */
export function renderAgreement(report: AgreementReport): string {
  const { first, second, confusion, kappa, agreement_pct: agreement } = report;
  const cell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll(/\s+/g, ' ');
  const lines = [
    `| ${first} \\ ${second} | ${ROW_OUTCOMES.join(' | ')} |`,
    '| --- | --- | --- | --- |',
    ...ROW_OUTCOMES.map((a) => `| ${a} | ${ROW_OUTCOMES.map((b) => confusion[a][b]).join(' | ')} |`),
    '',
    `${report.both_decided} questions decided by both; agreement ${agreement === null ? 'unknown' : `${agreement.toFixed(1)} %`}, kappa ${kappa === null ? 'undefined' : kappa.toFixed(2)}.`,
  ];
  if (report.disagreements.length > 0)
    lines.push(
      '',
      `| Question | ${first} | ${second} | Same SQL |`,
      '| --- | --- | --- | --- |',
      ...report.disagreements.map(
        (one) =>
          `| ${cell(`${one.question_id}: ${one.question}`)} | ${cell(`${one.first}: ${one.first_reason}`)} | ${cell(`${one.second}: ${one.second_reason}`)} | ${one.same_sql ? 'yes' : 'no'} |`,
      ),
    );
  if (report.unmatched.length > 0) lines.push('', `Asked by one side only: ${report.unmatched.join(', ')}.`);
  return `${lines.join('\n')}\n`;
}
