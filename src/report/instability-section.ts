import * as z from 'zod';
import type { RepeatabilityFailure, Session } from '../session/index.ts';
import { percent, table } from './markdown.ts';

/** How alike the answers were when the same questions were asked again, and which questions waver. */
export const instabilitySchema = z.strictObject({
  /** Asking again at the end; `null`: not done. */
  test: z
    .strictObject({
      average_pct: z.number().nullable(),
      /** By rows in place of statements. */
      average_answer_pct: z.number().nullable(),
      questions: z.number(),
      asks: z.number(),
      classes: z.array(z.strictObject({ class: z.string(), questions: z.number() })),
      routing_sensitive: z.array(z.string()),
    })
    .nullable(),
  /** Failures made from instability, by where they were found. */
  failures: z.array(
    z.strictObject({
      /** Iteration of the free comparison; `null`: asking again at the end. */
      iteration: z.number().nullable(),
      question_id: z.string(),
      severity: z.string(),
      asset: z.string(),
      why: z.string(),
      fix: z.string().nullable(),
    }),
  ),
});
type Instability = z.infer<typeof instabilitySchema>;

export function instabilityOf(session: Session): Instability {
  const { repeatability_test: test } = session;
  return {
    test: test && {
      average_pct: test.average_repeatability_pct,
      average_answer_pct: test.average_answer_repeatability_pct ?? null,
      questions: test.total_questions,
      asks: test.asks,
      classes: classesOf(test),
      routing_sensitive: test.routing_sensitive,
    },
    failures: [
      ...session.iterations.flatMap(({ iteration, repeatability_failures: found }) =>
        (found ?? []).map((failure) => failureOf(failure, iteration)),
      ),
      ...session.final_repeatability_failures.map((failure) => failureOf(failure, null)),
    ],
  };
}

/** Every question is in one class; an older session does not tell the smaller ones apart. */
function classesOf(test: NonNullable<Session['repeatability_test']>): { class: string; questions: number }[] {
  const { identical, significant_variance: significant, critical_variance: critical } = test;
  const { minor_variance: minor, unmeasured, no_sql: noSql } = test;
  const rest = test.total_questions - identical - significant - critical;
  return [
    { class: 'identical', questions: identical },
    ...(minor === undefined || unmeasured === undefined || noSql === undefined
      ? [{ class: 'minor variance or not measured', questions: rest }]
      : [
          { class: 'minor variance', questions: minor },
          { class: 'without SQL', questions: noSql },
          { class: 'not measured', questions: unmeasured },
        ]),
    { class: 'significant variance', questions: significant },
    { class: 'critical variance', questions: critical },
  ];
}

const failureOf = (
  { question_id, rationale, asi }: RepeatabilityFailure,
  iteration: number | null,
): Instability['failures'][number] => ({
  iteration,
  question_id,
  severity: asi.severity,
  asset: (asi.blame_set[0] ?? 'n/a').replace('asset_routing:', ''),
  why: rationale,
  fix: asi.counterfactual_fix,
});

export function renderInstability({ test, failures }: Instability): string {
  const asked =
    test === null
      ? 'n/a: questions were not asked several times.'
      : [
          `${test.questions} questions asked again (${test.asks} asks): ${percent(test.average_pct)} of the statements stayed the same, ${percent(test.average_answer_pct)} of the answers.${
            test.routing_sensitive.length === 0
              ? ''
              : ` Routed now here, now there, whatever is said: ${test.routing_sensitive.join(', ')}.`
          }`,
          table(
            ['Class', 'Questions'],
            test.classes.map((row) => [row.class, String(row.questions)]),
            '',
          ),
        ].join('\n\n');
  const found = table(
    ['Found by', 'Question', 'Severity', 'Asset', 'Why', 'What would help'],
    failures.map((row) => [
      row.iteration === null ? 'asking again' : `iteration ${row.iteration}`,
      row.question_id,
      row.severity,
      row.asset,
      row.why,
      row.fix ?? 'n/a',
    ]),
    'No right answer changed its statement without need.',
  );
  return `${asked}\n\n${found}`;
}
