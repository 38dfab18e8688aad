import * as z from 'zod';
import type { Session } from '../session/index.ts';
import { percent, table } from './markdown.ts';

const counts = z.strictObject({ pass: z.number(), fail: z.number(), undecided: z.number() });

/** What another evaluator said of one state of the space. */
export const secondOpinionReportSchema = z.strictObject({
  iteration: z.number(),
  first: z.string(),
  second: z.string(),
  /** Accuracy of the second, percent 0–100. */
  accuracy: z.number().nullable(),
  /** `confusion[a][b]`: questions on which the first said `a` and the second `b`. */
  confusion: z.strictObject({ pass: counts, fail: counts, undecided: counts }),
  both_decided: z.number(),
  agreement_pct: z.number().nullable(),
  kappa: z.number().nullable(),
  disagreements: z.array(
    z.strictObject({
      question_id: z.string(),
      question: z.string(),
      first: z.string(),
      second: z.string(),
      first_reason: z.string(),
      second_reason: z.string(),
      same_sql: z.boolean(),
    }),
  ),
});
type SecondOpinion = z.infer<typeof secondOpinionReportSchema>;

const VERDICTS = ['pass', 'fail', 'undecided'] as const;

export const secondOpinionsOf = ({ second_opinions: opinions }: Session): SecondOpinion[] =>
  opinions.map((opinion) => ({
    iteration: opinion.iteration,
    first: opinion.first,
    second: opinion.second,
    accuracy: opinion.second_accuracy,
    confusion: {
      pass: countsOf(opinion.confusion.pass),
      fail: countsOf(opinion.confusion.fail),
      undecided: countsOf(opinion.confusion.undecided),
    },
    both_decided: opinion.both_decided,
    agreement_pct: opinion.agreement_pct,
    kappa: opinion.kappa,
    disagreements: opinion.disagreements.map((one) => ({
      question_id: one.question_id,
      question: one.question,
      first: one.first,
      second: one.second,
      first_reason: one.first_reason,
      second_reason: one.second_reason,
      same_sql: one.same_sql,
    })),
  }));

const countsOf = ({ pass, fail, undecided }: z.infer<typeof counts>): z.infer<typeof counts> => ({
  pass,
  fail,
  undecided,
});

/** Per state: the table of verdicts, the agreement in figures, and the questions on which the two differ. */
export const renderSecondOpinions = (opinions: readonly SecondOpinion[]): string =>
  opinions.length === 0 ? 'None was asked for.' : opinions.map(renderOne).join('\n\n');

function renderOne(opinion: SecondOpinion): string {
  const { first, second, confusion, kappa, both_decided: decided } = opinion;
  const matrix = table(
    [`${first} \\ ${second}`, ...VERDICTS],
    VERDICTS.map((a) => [a, ...VERDICTS.map((b) => String(confusion[a][b]))]),
    '',
  );
  const figures = `Iteration ${opinion.iteration}: ${second} found ${percent(opinion.accuracy)} right. ${decided} questions decided by both, agreement ${percent(opinion.agreement_pct)}, kappa ${kappa === null ? 'n/a' : kappa.toFixed(2)}.`;
  const differing = table(
    ['Question', first, second, 'Same SQL'],
    opinion.disagreements.map((one) => [
      `${one.question_id}: ${one.question}`,
      `${one.first}: ${one.first_reason}`,
      `${one.second}: ${one.second_reason}`,
      one.same_sql ? 'yes' : 'no',
    ]),
    'The two differ on no question that both decided.',
  );
  return [figures, matrix, differing].join('\n\n');
}
