import { NUMBER, numberOf, type QuestionText } from './question-text.ts';
import type { Span } from './tokens.ts';
import { ASCENDING, DESCENDING } from './words.ts';

/** "more than 5": an operator and numbers; the column is linked later. */
export interface Comparison {
  readonly span: Span;
  readonly operator: '>' | '>=' | '<' | '<=' | '=' | 'BETWEEN';
  readonly values: readonly number[];
}

/** Direction and limit asked for. */
export interface Ranking {
  /** Words that say so; they name nothing. */
  readonly span: Span;
  readonly direction: 'DESC' | 'ASC';
  readonly limit: number | null;
  /** `false` for "first 10": so many rows, in no order of size. */
  readonly byMeasure: boolean;
}

const COMPARATORS: readonly (readonly [string, Comparison['operator']])[] = [
  ['(?:at least|no less than|not less than|a minimum of|minimum of)', '>='],
  ['(?:at most|no more than|not more than|up to|a maximum of|maximum of)', '<='],
  [
    '(?:(?:more|greater|higher|larger|bigger|longer|older|heavier|later|better|taller) than|over|above|exceed(?:s|ed|ing)?)',
    '>',
  ],
  ['(?:(?:less|fewer|lower|smaller|shorter|younger|lighter|earlier|worse|cheaper) than|under|below)', '<'],
  ['(?:exactly|equal to|equals)', '='],
];
const SCALE: Readonly<Record<string, number>> = { thousand: 1e3, k: 1e3, million: 1e6, billion: 1e9 };
const VALUE = `(${NUMBER})(?: (thousand|k|million|billion))?`;

/** Numeric comparisons of a question. Read time first: a year after "before" is no plain number. */
export function readComparisons(question: QuestionText): Comparison[] {
  const found: Comparison[] = [];
  for (const match of question.text.matchAll(new RegExp(`\\bbetween ${VALUE} (?:and|to) ${VALUE}\\b`, 'g'))) {
    found.push({
      span: question.span(match.index, match[0].length),
      operator: 'BETWEEN',
      values: [scaled(match[1], match[2]), scaled(match[3], match[4])],
    });
  }
  for (const [words, operator] of COMPARATORS) {
    for (const match of question.text.matchAll(new RegExp(`\\b${words} ${VALUE}\\b`, 'g'))) {
      const span = question.span(match.index, match[0].length);
      if (!found.some((other) => other.span.end === span.end))
        found.push({ span, operator, values: [scaled(match[1], match[2])] });
    }
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}

const scaled = (number: string | undefined, scale: string | undefined): number =>
  numberOf(number ?? '0') * (SCALE[scale ?? ''] ?? 1);

const SUPERLATIVES = [...DESCENDING, ...ASCENDING]
  .filter((word) => !/ing$|than|^(?:max|min)$/.test(word))
  .join('|');

/** Behind a number any "…est" ranks, the words that only end like that apart. */
const ANY_SUPERLATIVE =
  '(?!(?:\\w*(?:quest|fest|test|vest|wrest)|[a-z]est|guest|chest|crest|forest|interest|tempest)\\b)[a-z]{2,}est';

/** "top 5", "5 highest", "the most", "five … with the most", "first 10". `null` when nothing is ranked. */
export function readRanking(question: QuestionText): Ranking | null {
  const numbered = exec(`(?<!at )(?<word>${SUPERLATIVES}|first|last) (?<number>${NUMBER})`, question);
  const reversed = numbered ?? exec(`(?<number>${NUMBER}) (?:of the )?(?<word>${SUPERLATIVES})`, question);
  if (reversed !== null) return reversed;
  const numberedAny = exec(`(?<number>${NUMBER}) (?:of the )?(?<word>${ANY_SUPERLATIVE})`, question);
  if (numberedAny !== null) return numberedAny;
  const plain = exec(`(?<!at )(?<word>${SUPERLATIVES})(?! than)`, question);
  if (plain === null) return null;
  const counted = new RegExp(
    `\\b(${NUMBER}) (?:\\w+ ){1,8}(?:with|by|having|has|have) (?:the )?(?:${SUPERLATIVES})\\b`,
  ).exec(question.text);
  return counted === null ? plain : { ...plain, limit: numberOf(counted[1] ?? '1') };
}

function exec(source: string, question: QuestionText): Ranking | null {
  const match = new RegExp(`\\b${source}\\b`).exec(question.text);
  if (match === null) return null;
  const { word = '', number } = match.groups ?? {};
  return {
    span: question.span(match.index, match[0].length),
    direction: directionOf(word),
    limit: number === undefined ? null : numberOf(number),
    byMeasure: word !== 'first' && word !== 'last',
  };
}

const directionOf = (word: string): 'DESC' | 'ASC' => (ASCENDING.has(word) ? 'ASC' : 'DESC');
