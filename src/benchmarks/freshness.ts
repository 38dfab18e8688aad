import type { Problem } from '../core/index.ts';
import { withoutComments } from './answer-text.ts';
import type { Benchmark } from './benchmark.ts';

/** A question with a relative period whose answer key is nailed to fixed dates. */
export interface StaleQuestion {
  readonly question_id: string;
  readonly question: string;
  /** The relative periods, as written in the question. */
  readonly phrases: readonly string[];
  /** The fixed dates, as written in the SQL: `'2025-01-01'`, `YEAR(d) = 2025`, `20250101`. */
  readonly hardcoded_dates: readonly string[];
}

const COUNT = String.raw`(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|few|couple of)`;
const UNIT = String.raw`(?:calendar\s+|full\s+|fiscal\s+)?(?:day|week|month|quarter|year)`;

/** Relative periods. @see spec/benchmarks.md §10 */
const RELATIVE_PERIOD = new RegExp(
  [
    String.raw`(?:this|last|past|previous|prior|current|next|trailing)\s+${UNIT}`,
    String.raw`(?:last|past|previous|prior|trailing|next)\s+${COUNT}\s+${UNIT}s?`,
    String.raw`(?:year|quarter|month|week)[-\s]to[-\s]date`,
    'ytd|qtd|mtd|wtd|today|yesterday|rolling|so\\s+far',
  ]
    .map((pattern) => String.raw`\b(?:${pattern})\b`)
    .join('|'),
  'gi',
);

/** "last quarter of 2025", "this month, 2025": the year fixes the period. */
const EXPLICIT_YEAR_AFTER =
  /^\W{0,2}\s*(?:(?:of|in|during|for|from)\s+)?(?:the\s+)?(?:(?:fiscal\s+)?year\s+)?\(?(?:19|20)\d{2}\b/i;

/** End and start marks of open periods; they are no calendar dates of a report. */
const SENTINEL_YEARS = new Set(['0001', '1900', '9999']);

const YEAR_OPERATOR = String.raw`\s*(?:=|<>|!=|>=|<=|>|<|(?:not\s+)?in\s*\(|(?:not\s+)?between)\s*`;
const FIXED_DATES: readonly RegExp[] = [
  /(['"])(\d{4})-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}[^'"]*)?\1/g,
  new RegExp(
    String.raw`\b(?:year|\w+_year|year_\w+)(?:\s*\([^()]*\))?${YEAR_OPERATOR}'?((?:19|20)\d{2})\b(?:\s*(?:,|and)\s*(?:19|20)\d{2}\b)*`,
    'gi',
  ),
  new RegExp(
    String.raw`\bextract\s*\(\s*year\s+from[^()]*(?:\([^()]*\))?[^()]*\)${YEAR_OPERATOR}((?:19|20)\d{2})\b`,
    'gi',
  ),
  /\bmake_date\s*\(\s*((?:19|20)\d{2})\s*,/gi,
  /(?<![\w.])'?((?:19|20)\d{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])'?(?![\w.])/g,
];

/**
 * Questions that will turn wrong by themselves: a relative period in the text, fixed dates in the SQL.
 *
 * A period that names its year ("last quarter of 2025") is not relative, and a date whose year the
 * question names is wanted. Comments of the SQL are not looked at.
 *
 * @see spec/benchmarks.md §10
 */
export function checkTemporalFreshness(
  questions: readonly Pick<Benchmark, 'id' | 'question' | 'expected_sql'>[],
): StaleQuestion[] {
  return questions.flatMap(({ id, question, expected_sql }) => {
    const phrases = relativePeriods(question);
    const hardcoded = phrases.length === 0 ? [] : fixedDates(expected_sql, question);
    return hardcoded.length === 0 ? [] : [{ question_id: id, question, phrases, hardcoded_dates: hardcoded }];
  });
}

/** The findings of {@link checkTemporalFreshness} as warnings. */
export const freshnessProblems = (stale: readonly StaleQuestion[]): Problem[] =>
  stale.map(({ question_id, phrases, hardcoded_dates }) => ({
    code: 'TEMPORAL_STALE',
    severity: 'warning',
    path: question_id,
    message: `${question_id} asks for '${phrases.join("', '")}' but its answer is fixed to ${hardcoded_dates.join(', ')}. Use date expressions relative to current_date().`,
    details: { question_id, hardcoded_dates },
  }));

/**
 * The questions with `temporal_stale` set on the stale ones and taken from the others.
 *
 * An evaluation leaves stale questions out of its accuracy when told to.
 */
export function markStale<Question extends Benchmark>(questions: readonly Question[]): Question[] {
  const stale = new Set(checkTemporalFreshness(questions).map(({ question_id }) => question_id));
  return questions.map((question) => {
    if (stale.has(question.id)) return { ...question, temporal_stale: true };
    if (question.temporal_stale !== true) return question;
    const { temporal_stale: _fresh, ...rest } = question;
    return rest as unknown as Question;
  });
}

/** The relative periods that a question asks for, as written; none when it names their year. */
export function relativePeriods(question: string): string[] {
  return [...question.matchAll(RELATIVE_PERIOD)]
    .filter((match) => !EXPLICIT_YEAR_AFTER.test(question.slice(match.index + match[0].length)))
    .map((match) => match[0]);
}

function fixedDates(sql: string, question: string): string[] {
  const text = withoutComments(sql);
  const found = FIXED_DATES.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({
      at: match.index,
      text: match[0].trim(),
      year: yearOf(match),
    })),
  );
  const wanted = found.filter(
    ({ year }) => !SENTINEL_YEARS.has(year) && !new RegExp(String.raw`\b${year}\b`).test(question),
  );
  return [...new Set(wanted.sort((a, b) => a.at - b.at).map((date) => date.text))];
}

/** The year is the last group of every pattern that is four digits. */
const yearOf = (match: RegExpMatchArray): string =>
  match.slice(1).find((group) => /^\d{4}$/.test(group)) ?? '';
