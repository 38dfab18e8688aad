import { NUMBER, numberOf, overlaps, type QuestionText } from './question-text.ts';
import type { Span } from './tokens.ts';
import { MONTHS, ORDINALS } from './words.ts';

export type Grain = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR';

/** A period asked for. `from` is inclusive, `to` exclusive; SQL expressions of type DATE, `null` when open. */
export interface Period {
  readonly span: Span;
  readonly from: string | null;
  readonly to: string | null;
  /** Both ends are calendar days written out, so a text such as `1995-01-31` can be passed on. */
  readonly literal: { readonly first: string; readonly last: string } | null;
  /** N of "last N days", for functions that take a number. */
  readonly count: number | null;
}

export interface TimeIntent {
  readonly periods: readonly Period[];
  readonly grain: { readonly unit: Grain; readonly span: Span } | null;
  /** Periods that need nested arithmetic: understood as time, but not turned into a filter (KGL-3). */
  readonly nested: readonly Span[];
}

const UNIT = '(day|week|month|quarter|year)';
const MONTH = `(${MONTHS.map((month) => (month.length > 3 ? `${month.slice(0, 3)}(?:${month.slice(3)})?` : month)).join('|')})`;
const YEAR = '((?:19|20)\\d\\d)';
const DAY = '(\\d{4}-\\d{2}-\\d{2})';
const TODAY = 'CURRENT_DATE()';

const NESTED = [
  /\b(?:the )?(?:same|corresponding|equivalent) (?:day|week|month|quarter|year|period)(?: (?:of|in|the|last|previous|prior|a|one) ?)*(?:year|quarter|month)?(?: (?:ago|earlier|before))?\b/g,
  /\b(?<!from )(?:year|quarter|month|week) (?:over|on|to) (?:year|quarter|month|week)\b(?! date)/g,
  /\b(?:day|week|month|quarter|year) before (?:last|that|the last)\b/g,
  /\b(?:first|second|third|last|final) (?:day|week|month|quarter)s? of (?:the )?(?:last|previous|this|current) (?:month|quarter|year)\b/g,
  /\b(?:compared (?:to|with)|versus|vs) (?:the )?(?:last|previous|prior) (?:month|quarter|year)\b/g,
];

/** Finds periods, groupings by time and nested time expressions. `today` resolves a month without a year. */
export function readTime(question: QuestionText, today: string): TimeIntent {
  const nested: Span[] = [];
  const periods: Period[] = [];
  const taken: Span[] = [];
  const claim = (from: number, length: number): Span | null => {
    const span = question.span(from, length);
    if (taken.some((other) => overlaps(other, span))) return null;
    taken.push(span);
    return span;
  };
  for (const pattern of NESTED) {
    for (const match of question.text.matchAll(pattern)) {
      const span = claim(match.index, match[0].length);
      if (span !== null) nested.push(span);
    }
  }
  for (const [pattern, build] of PERIODS) {
    for (const match of question.text.matchAll(pattern)) {
      const range = build(match, today);
      const span = range === null ? null : claim(match.index, match[0].length);
      if (range !== null && span !== null) periods.push({ literal: null, count: null, ...range, span });
    }
  }
  return { periods, grain: readGrain(question, claim), nested };
}

function readGrain(
  question: QuestionText,
  claim: (from: number, length: number) => Span | null,
): TimeIntent['grain'] {
  const match =
    new RegExp(
      `\\b(?:(?:by|per|each|every|for each|for every|across|which|what)(?: the| calendar| single)? ${UNIT}s?|over the ${UNIT}s)\\b(?! (?:is|are) )`,
    ).exec(question.text) ??
    /\b(dai|week|month|quarter|year|annual)ly\b/.exec(question.text) ??
    // "from month to month", "year by year": a row per period.
    /\bfrom (?:one )?(day|week|month|quarter|year) to (?:the next|\1)\b/.exec(question.text) ??
    /\b(day|week|month|quarter|year) (?:by|after) \1\b/.exec(question.text) ??
    /\b(?:over time|trend)\b/.exec(question.text);
  if (match === null) return null;
  const word = match[1] ?? match[2] ?? 'month';
  const unit = { dai: 'DAY', annual: 'YEAR' }[word] ?? word.toUpperCase();
  const span = claim(match.index, match[0].length);
  return span === null ? null : { unit: unit as Grain, span };
}

type Range = Omit<Period, 'span' | 'literal' | 'count'> & Partial<Pick<Period, 'literal' | 'count'>>;
type Builder = (match: RegExpMatchArray, today: string) => Range | null;
const pattern = (source: string): RegExp => new RegExp(`\\b${source}\\b`, 'g');
const PREPOSITION = '(?:(?:in|for|of|during|on|within|from|over|throughout) )?(?:the )?(?:calendar )?';

/** Longer readings first: a claimed word is not read twice. */
const PERIODS: readonly (readonly [RegExp, Builder])[] = [
  [
    pattern(`(?:between|from) ${DAY} (?:and|to|until|through) ${DAY}`),
    (m) => days(m[1] ?? '', addDays(m[2] ?? '', 1)),
  ],
  [
    pattern(`(?:between|from) ${MONTH} ${YEAR} (?:and|to|until|through) ${MONTH} ${YEAR}`),
    (m) => days(monthStart(m[2], monthOf(m[1])), monthStart(m[4], monthOf(m[3]) + 1)),
  ],
  [
    pattern(`(?:between|from) ${MONTH} (?:and|to|until|through) ${MONTH} ${YEAR}`),
    (m) => days(monthStart(m[3], monthOf(m[1])), monthStart(m[3], monthOf(m[2]) + 1)),
  ],
  [
    pattern(`(?:(?:between|from) )?${YEAR} (?:and|to|until|through) ${YEAR}`),
    (m) => days(monthStart(m[1], 1), monthStart(m[2], 13)),
  ],
  [pattern(`(?:since|from|starting|on or after) ${DAY}(?: on)?`), (m) => open(day(m[1] ?? ''), null)],
  [pattern(`after ${DAY}`), (m) => open(day(addDays(m[1] ?? '', 1)), null)],
  [pattern(`(?:before|until|prior to) ${DAY}`), (m) => open(null, day(m[1] ?? ''))],
  [pattern(`${PREPOSITION}${DAY}`), (m) => days(m[1] ?? '', addDays(m[1] ?? '', 1))],
  [pattern(`since ${MONTH} ${YEAR}`), (m) => open(day(monthStart(m[2], monthOf(m[1]))), null)],
  [pattern(`after ${MONTH} ${YEAR}`), (m) => open(day(monthStart(m[2], monthOf(m[1]) + 1)), null)],
  [
    pattern(`(?:before|until|prior to) ${MONTH} ${YEAR}`),
    (m) => open(null, day(monthStart(m[2], monthOf(m[1])))),
  ],
  [
    pattern(`(?:since|starting in|from) ${YEAR}(?: on| onwards?)?`),
    (m) => open(day(monthStart(m[1], 1)), null),
  ],
  [pattern(`after ${YEAR}`), (m) => open(day(monthStart(m[1], 13)), null)],
  [pattern(`(?:before|until|prior to) ${YEAR}`), (m) => open(null, day(monthStart(m[1], 1)))],
  [
    pattern(
      `${PREPOSITION}(?:q([1-4])|(first|second|third|fourth|1st|2nd|3rd|4th) quarter)(?: of| in)? ${YEAR}`,
    ),
    (m) => quarter(m[3], Number(m[1] ?? ORDINALS[m[2] ?? ''] ?? 1)),
  ],
  [pattern(`${PREPOSITION}${YEAR} q([1-4])`), (m) => quarter(m[1], Number(m[2]))],
  [
    pattern(`${PREPOSITION}(first|second|1st|2nd) half(?: of| in)? ${YEAR}`),
    (m) =>
      days(
        monthStart(m[2], m[1] === 'first' || m[1] === '1st' ? 1 : 7),
        monthStart(m[2], m[1] === 'first' || m[1] === '1st' ? 7 : 13),
      ),
  ],
  [
    pattern(`${PREPOSITION}${MONTH} (\\d{1,2})(?:st|nd|rd|th)? ${YEAR}`),
    (m) => oneDay(m[3], monthOf(m[1]), m[2]),
  ],
  [
    pattern(`${PREPOSITION}(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${MONTH} ${YEAR}`),
    (m) => oneDay(m[3], monthOf(m[2]), m[1]),
  ],
  [
    pattern(`${PREPOSITION}${MONTH}(?: of| in)? ${YEAR}`),
    (m) => days(monthStart(m[2], monthOf(m[1])), monthStart(m[2], monthOf(m[1]) + 1)),
  ],
  [pattern(`${PREPOSITION}(?:year )?${YEAR}`), (m) => days(monthStart(m[1], 1), monthStart(m[1], 13))],
  [
    pattern(
      `(?:in|over|during|for|within|from)?(?: ?the)? ?(?:last|past|previous|trailing|preceding) (${NUMBER}) ${UNIT}s?`,
    ),
    (m) => trailing(numberOf(m[1] ?? ''), m[2] ?? ''),
  ],
  [pattern(`(?:so far this year|year to date|ytd)`), () => open(`DATE_TRUNC('YEAR', ${TODAY})`, null)],
  [
    pattern(`${PREPOSITION}(?:this|current) (week|month|quarter|year)(?: so far| to date)?`),
    (m) => open(`DATE_TRUNC('${(m[1] ?? '').toUpperCase()}', ${TODAY})`, null),
  ],
  [
    pattern(`${PREPOSITION}(?:last|previous|past|prior) (week|month|quarter|year)`),
    (m) => previous(m[1] ?? ''),
  ],
  [pattern('(?:(?:of|from|for|on) )?today'), () => open(TODAY, null)],
  [pattern('(?:(?:of|from|for|on) )?yesterday'), () => open(`DATE_SUB(${TODAY}, 1)`, TODAY)],
  [
    pattern(`(?:in|during|for|of)(?: the month of)? (${MONTHS.join('|')})`),
    (m, today) => latestMonth(monthOf(m[1]), today),
  ],
  [
    pattern(`since(?: the beginning of| the start of| last)? (${MONTHS.join('|')})`),
    (m, today) => open(latestMonth(monthOf(m[1]), today)?.from ?? null, null),
  ],
];

const open = (from: string | null, to: string | null): Range => ({ from, to });
const day = (iso: string): string => `DATE '${iso}'`;
const days = (first: string, after: string): Range | null =>
  isDay(first) && isDay(after)
    ? { from: day(first), to: day(after), literal: { first, last: addDays(after, -1) } }
    : null;
const isDay = (iso: string): boolean => !Number.isNaN(Date.parse(`${iso}T00:00:00Z`));
const monthOf = (name: string | undefined): number =>
  MONTHS.findIndex((month) => month.startsWith((name ?? '').slice(0, 3))) + 1;

const isoOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
const monthStart = (year: string | undefined, month: number): string =>
  isoOf(Date.UTC(Number(year), month - 1, 1));
const addDays = (iso: string, count: number): string =>
  isDay(iso) ? isoOf(Date.parse(`${iso}T00:00:00Z`) + count * 86_400_000) : iso;
const quarter = (year: string | undefined, number: number): Range | null =>
  days(monthStart(year, number * 3 - 2), monthStart(year, number * 3 + 1));

function oneDay(year: string | undefined, month: number, dayOfMonth: string | undefined): Range | null {
  const iso = `${year}-${String(month).padStart(2, '0')}-${(dayOfMonth ?? '').padStart(2, '0')}`;
  return isDay(iso) ? days(iso, addDays(iso, 1)) : null;
}

function latestMonth(month: number, today: string): Range | null {
  const year = Number(today.slice(0, 4)) - (month > Number(today.slice(5, 7)) ? 1 : 0);
  return days(monthStart(String(year), month), monthStart(String(year), month + 1));
}

function trailing(count: number, unit: string): Range {
  if (unit === 'day' || unit === 'week')
    return {
      from: `DATE_SUB(${TODAY}, ${unit === 'week' ? count * 7 : count})`,
      to: null,
      count: unit === 'week' ? count * 7 : count,
    };
  const months = count * ({ month: 1, quarter: 3, year: 12 }[unit] ?? 1);
  return { from: `ADD_MONTHS(${TODAY}, -${months})`, to: null, count: months };
}

function previous(unit: string): Range {
  const start = `DATE_TRUNC('${unit.toUpperCase()}', ${TODAY})`;
  if (unit === 'week') return open(`DATE_SUB(${start}, 7)`, start);
  const months = { month: 1, quarter: 3, year: 12 }[unit] ?? 1;
  return open(`ADD_MONTHS(${start}, -${months})`, start);
}
